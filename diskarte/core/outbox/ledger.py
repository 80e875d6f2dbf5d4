"""Reading the outbox: which deliveries, how many in which state, and the list as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.people.who import Who
from diskarte.words import Problem

from .machine import MOVES
from .models import Channel, Delivery

MOST = 10_000  # rows of one file
COLUMNS = (
    "id", "planned", "due", "sent", "state", "action", "label", "channel", "network", "tries", "why", "do", "link",
    "remote id", "origin", "text",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Which deliveries: of these states (comma separated), on a channel, planned in a period, with some words."""

    state: str = ""
    channel: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    search: str = ""


def found(who: Who, asked: Asked) -> QuerySet[Delivery]:
    """The brand's deliveries that fit, newest plan first. Raises Problem for a state that does not exist."""
    rows = who.own(Delivery).select_related("channel", "brand")
    if asked.state:
        rows = rows.filter(state__in=_states(asked.state))
    if asked.channel:
        rows = rows.filter(channel=who.one(Channel, asked.channel))
    if asked.start:
        rows = rows.filter(planned_at__gte=asked.start)
    if asked.end:
        rows = rows.filter(planned_at__lt=asked.end)
    for word in asked.search.split()[:8]:
        rows = rows.filter(_about(word))
    answer: QuerySet[Delivery] = rows.order_by("-planned_at", "-pk")
    return answer


def _states(text: str) -> list[str]:
    states = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in states if name not in MOVES]
    if wrong:
        raise Problem(_("There is no state «%s».") % wrong[0], do=", ".join(MOVES), field="state")
    return states


def _about(word: str) -> Q:
    """A word in what it is called, what it says, why it stands, or its link; a number is also an id."""
    places = ("label", "content__text", "why", "url", "remote_id", "channel__name", "channel__handle")
    fits = Q(pk=int(word)) if word.isdecimal() and len(word) < 18 else Q()
    for place in places:
        fits |= Q(**{f"{place}__icontains": word})
    return fits


def tally(rows: QuerySet[Delivery]) -> dict[str, int]:
    """How many are in each state; one query."""
    counted = rows.order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(MOVES, 0) | dict(counted)


def as_csv(rows: Iterable[Delivery], zone: Any) -> str:
    """The list with times on the brand's clock, for a spreadsheet."""
    lines = [_line(delivery, zone) for delivery in rows]
    return tables.write_csv(COLUMNS, lines).decode("utf-8-sig")


def _line(d: Delivery, zone: Any) -> list[str]:
    times = [_local(at, zone) for at in (d.planned_at, d.due_at, d.sent_at)]
    text = str(d.content.get("text", ""))
    told = [d.state, d.action, d.label, str(d.channel), d.channel.network, str(d.tries), d.why, d.do, d.url]
    return [str(d.pk), *times, *told, d.remote_id, d.origin, text]


def _local(at: datetime | None, zone: Any) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""
