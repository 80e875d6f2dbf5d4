"""What would happen until some day: everything planned against a clock that only pretends. Nothing is written or sent.

The order, the pace, the habit with late posts and the end of permissions are those of the engine; each post is
taken through its network's own `publish`, over a line that says yes to everything and remembers what was asked.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from diskarte.core.people.who import Who

from .machine import LATE, SPREAD

Spans = Sequence[tuple[timedelta, int]]


@dataclass
class Lane:
    """A channel as the pretended clock sees it; `tried` grows while it runs."""

    state: str = "ready"
    spans: Spans = ()  # at most so many within so long
    tried: list[datetime] = field(default_factory=list)  # when it was used lately, oldest first
    ends: datetime | None = (
        None  # when its permission ends for good; None: never, it renews itself, nobody told
    )
    asks: bool = False  # posted by hand
    late: datetime | None = None  # the last moment given to a late post


@dataclass(frozen=True)
class Thing:
    """One delivery as the pretended clock sees it."""

    pk: int
    channel: int
    due_at: datetime
    action: str = "publish"
    begun: bool = False  # a part of it is out, or a call of it is in doubt
    after: int | None = None
    state: str = "queued"
    refused: str = ""  # why its network would refuse it


@dataclass(frozen=True)
class Fate:
    """What becomes of a thing: a code of VERDICTS and the moment, None when there is none."""

    verdict: str
    at: datetime | None
    held: timedelta = timedelta(0)  # by the channel's pace


VERDICTS = (
    "goes", "held", "refused", "asks", "late", "skipped", "rests", "blocked", "ends", "waits", "doubt",
    "approval", "draft", "unwritten",
)  # fmt: skip


def rehearse(
    things: Iterable[Thing], lanes: Mapping[int, Lane], now: datetime, habit: str
) -> dict[int, Fate]:
    """The fate of each thing, by its id; `habit` with late posts is publish, ask or skip. Pure but for `lanes`."""
    fates: dict[int, Fate] = {}
    order = sorted(things, key=lambda t: (t.after is not None, t.due_at, t.pk))
    for thing in sorted(order, key=lambda t: t.due_at):
        if thing.after is None:
            fates[thing.pk] = _fate(thing, lanes[thing.channel], now, habit)
    for thing in order:
        if thing.after is not None:
            fates[thing.pk] = _follows(thing, lanes[thing.channel], fates.get(thing.after), now, habit)
    return fates


def _follows(thing: Thing, lane: Lane, first: Fate | None, now: datetime, habit: str) -> Fate:
    """A comment goes out when its post is: nothing becomes of it when nothing becomes of the post."""
    if first is None or first.verdict in ("goes", "held"):
        at = max(thing.due_at, first.at) if first and first.at else thing.due_at
        return _fate(replace(thing, due_at=at), lane, now, habit)
    return Fate("waits", None)


def _fate(thing: Thing, lane: Lane, now: datetime, habit: str) -> Fate:
    standing = {
        "blocked": "blocked",
        "asked": "asks",
        "refused": "refused",
        "unknown": "doubt",
        "lost": "doubt",
    }
    if thing.state in standing:
        return Fate(standing[thing.state], None)
    if lane.state != "ready":
        return Fate("rests" if lane.state == "paused" else "blocked", None)
    at = max(thing.due_at, now)
    if now - thing.due_at > LATE and thing.action == "publish" and not thing.begun:
        if habit != "publish":
            return Fate("late" if habit == "ask" else "skipped", now)
        at = lane.late = at if lane.late is None else lane.late + SPREAD
    if thing.refused:
        return Fate("refused", at)
    return _out(thing, lane, at)


def _out(thing: Thing, lane: Lane, at: datetime) -> Fate:
    free = at if thing.begun or thing.action == "delete" else free_from(lane.tried, lane.spans, at)
    if lane.ends and free >= lane.ends:
        return Fate("ends", free)
    if thing.action != "delete":
        insort(lane.tried, free)
    if lane.asks:
        return Fate("asks", free)
    return Fate("held" if free > at else "goes", free, free - at)


def free_from(tried: Sequence[datetime], spans: Spans, at: datetime) -> datetime:
    """The first moment from `at` on when no span would hold more than it may; `tried` in order, oldest first."""
    while True:
        until = bisect_right(tried, at)
        opens = [tried[until - most] + span for span, most in spans if until >= most > 0]
        later = max(opens, default=at)
        if later <= at:
            return at
        at = later


@dataclass(frozen=True)
class Promise:
    """Something a stage knows of and has not handed over yet."""

    at: datetime
    label: str
    channel: int
    verdict: str  # approval, draft, unwritten; or goes, for what will be handed over by itself
    kind: str = ""


Source = Callable[[Who, datetime, datetime], list[Promise]]
SOURCES: list[Source] = []


def foreseen(source: Source) -> Source:
    """A stage's way to tell what it will hand over between two moments; a rehearsal asks all of them."""
    SOURCES.append(source)
    return source


def promised(who: Who, now: datetime, until: datetime) -> list[Promise]:
    """What every stage knows of."""
    return [promise for source in SOURCES for promise in source(who, now, until)]
