"""Whose turn it is. Workspaces take turns, and within one its channels do: no backlog hides what others wait for."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from diskarte import networks

from . import lanes, pace
from .models import Channel, Delivery
from .question import Question

FIRST = (F("priority").desc(), F("due_at").asc(), F("pk").asc())
SECOND = timedelta(seconds=1)
Placed = tuple[int, int, datetime, int, tuple[str, dict[str, Any], int | None, int | None]]
JOINED = ("channel__network", "channel__limits_told", "channel__app", "channel__server")
QUEUED = Delivery.objects.filter(state="queued")
WAITING = Question(lambda now: QUEUED.filter(due_at__lte=now).values_list("pk")[:1])
SOON = Question(
    lambda now, until: (
        QUEUED.filter(due_at__gt=now, due_at__lt=until).order_by("due_at").values_list("due_at")[:1]
    )
)


def due(now: datetime) -> QuerySet[Delivery]:
    """Everything that could be taken at this moment."""
    return Delivery.objects.filter(
        Q(after=None) | Q(after__state="sent"),
        pace.is_open(now, "channel__") | pace.BEGUN | Q(action="delete"),
        lanes.is_open(now, "channel__"),
        state="queued",
        due_at__lte=now,
        channel__state="ready",
    )


@cache
def backlog(most: int) -> Question:
    """The first so many of what is due, the foremost of each channel first."""

    def build(now: datetime) -> QuerySet[Any, Any]:
        nth = Window(RowNumber(), partition_by=[F("channel")], order_by=FIRST)
        turn = Window(RowNumber(), partition_by=[F("workspace")], order_by=FIRST)
        rows = due(now).annotate(nth=nth, turn=turn).order_by("nth", "turn", "due_at", "pk")
        return rows.values_list("nth", "priority", "due_at", "pk", "workspace", "channel", *JOINED)[:most]

    return Question(build)


def in_turn(limit: int, now: datetime) -> list[int]:
    """Ids in the order in which they should be taken, some more than wanted: a few may be gone by then.

    The workspaces take turns, counting what each has in hand already; within one, higher priority goes first, then
    its channels take turns, of each no more than its pace and its lanes let through within a second.
    """
    if not WAITING(now):
        return []  # the usual answer, and a cheap question
    found = [row for row in backlog(max(40 * limit, 200))(now) if row[0] <= _within_a_second(row[6])]
    if lacking := {row[5] for row in found if lanes.lacks(*row[6:])}:
        lanes.join(Channel.objects.filter(pk__in=lacking))
    found.sort(key=lambda row: (-row[1], row[0], row[2], row[3]))
    turns: Counter[int] = Counter()
    if len({row[4] for row in found}) > 1:
        turns.update(Delivery.objects.filter(state="sending").values_list("workspace", flat=True))
    placed = []
    for _nth, priority, due_at, pk, workspace, _channel, *place in found:
        turns[workspace] += 1
        placed.append((turns[workspace], -priority, due_at, pk, tuple(place)))
    return _let_through(sorted(placed, key=itemgetter(0, 1, 2, 3)), now + SECOND)


def _let_through(placed: list[Placed], until: datetime) -> list[int]:
    """The ids of those that find room in their lanes: a backlog behind one is not looked at row by row."""
    left = lanes.rooms((place for *_turn, place in placed), until)
    through = []
    for *_turn, pk, (_network, _told, *lane) in placed:
        mine = [one for one in lane if one in left]
        if all(left[one] > 0 for one in mine):
            through.append(pk)
            left.update((one, left[one] - 1) for one in mine)
    return through


def _within_a_second(network: str) -> float:
    """How many posts of one channel may go out within a second, by its network's own limits."""
    gap = networks.get(network).limits.gap_seconds
    return 1 + 1 // gap if gap else float("inf")


def next_due(now: datetime, within: float) -> float:
    """Seconds until the next queued delivery is due, `within` when none is sooner: it is sent on the second."""
    soon = SOON(now, now + timedelta(seconds=within))
    return (soon[0][0] - now).total_seconds() if soon else within
