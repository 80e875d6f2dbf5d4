"""A month as the page shows it: mix, hours, conflicts, days of note; and one slot explained."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from django.urls import reverse

from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who

from . import bank, in_force, wording
from .models import Occasion, Pillar, Slot
from .rules import demand, moments, outlook, watching


@dataclass(frozen=True)
class Share:
    """One pillar's part of a month; `now` is None while the month has no slot."""

    pillar: str
    tone: int
    now: float | None
    target: float
    posts: int


@dataclass(frozen=True)
class Remark:
    """Something about the month a person should look at, with the slots it is about."""

    text: str
    slots: tuple[int, ...]
    at: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Noted:
    """A day of note as a person sees it; `id` only for one of the brand's own."""

    id: int | None
    day: date
    name: str
    key: str  # its English name, which mutes it
    kind: str
    source: str
    lead_days: int


@dataclass(frozen=True)
class Month:
    """One month of the plan."""

    month: date
    posts: int
    written: int
    mix: list[Share]
    weeks: list[watching.Week]
    remarks: list[Remark]
    occasions: list[Noted]
    expected: float | None  # engagements of all slots that can tell; None: none can
    telling: int  # how many of them can
    ahead: bool  # a draft may still change it
    slots: list[Slot] = field(repr=False)
    channels: list[Channel] = field(repr=False)
    pillars: list[Pillar] = field(repr=False)

    @property
    def hours(self) -> float:
        return sum(week.hours for week in self.weeks)


def slots_between(who: Who, start: date, end: date) -> list[Slot]:
    """The slots from one local day to another (included), with what a page shows of them. One query."""
    assert who.brand is not None
    first = moments.to_utc(start.toordinal(), 0, who.brand.zone)
    last = moments.to_utc(end.toordinal() + 1, 0, who.brand.zone)
    rows = who.own(Slot).filter(at__gte=first, at__lt=last).exclude(state="dropped")
    return list(rows.select_related("channel", "pillar", "goal", "segment", "hook").order_by("at", "pk"))


def passing(
    rows: list[Slot], channel: int | None, pillar: int | None, state: str | None, goal: int | None = None
) -> list[Slot]:
    """Those of these slots that are on the channel, of the pillar, for the goal and in the state («locked» is one)."""
    if goal is not None:
        rows = [row for row in rows if row.goal and goal in (row.goal_id, row.goal.part_of_id)]
    keep = [row for row in rows if channel in (None, row.channel_id) and pillar in (None, row.pillar_id)]
    return [row for row in keep if not state or state == row.state or (state == "locked" and row.locked)]


def month_of(who: Who, month: date, now: datetime) -> Month:
    """Everything the page says about one month. Six queries."""
    assert who.brand is not None
    days = moments.days_of(month)
    rows = slots_between(who, days[0], days[-1])
    channels = in_force.lines(who)
    settings = in_force.current(who, channels)
    zones = in_force.zones(settings)
    seen = [_seen(row, zones.get(str(row.channel_id), who.brand.zone)) for row in rows]
    by_id = {row.pk: row for row in rows}
    names = {str(c.pk): str(c) for c in channels}
    settings = {**settings, "channels": {pk: c for pk, c in settings["channels"].items() if pk in names}}
    found = watching.conflicts(settings, seen)
    today = now.astimezone(who.brand.zone).date()
    if rows:
        found += watching.missing(settings, month, seen, today)
    remarks = [_remark(c, by_id, names) for c in found]
    told = [mean for row in rows if (mean := _mean(row)) is not None]
    pillars = list(who.own(Pillar))
    return Month(
        days[0], len(rows), sum(row.state == "written" for row in rows), shares(pillars, rows, settings),
        watching.weeks(settings, month, seen), remarks, noted(who, days[0], days[-1]),
        sum(told) if told else None, len(told), days[-1] >= today, rows, channels, pillars,
    )  # fmt: skip


def _mean(row: Slot) -> float | None:
    """What a slot is expected to bring on average; a month's sum is made of these, not of medians."""
    if row.expected is None or row.expected_low is None or row.expected_high is None:
        return None
    return outlook.mean_of(row.expected, row.expected_low, row.expected_high)


def _seen(row: Slot, zone: tzinfo) -> watching.Seen:
    day, minute = moments.to_local(row.at, zone)
    return watching.Seen(row.pk, str(row.channel_id), row.kind, row.pillar.name if row.pillar else "", day, minute)


def _remark(found: watching.Conflict, rows: dict[int, Slot], names: dict[str, str]) -> Remark:
    values = {**found.values, "channel": names.get(found.values.get("line", ""), "")}
    at = rows[found.slots[-1]].at if found.slots else None
    url = reverse("plan.slot", args=[found.slots[-1]]) if found.slots else ""
    return Remark(wording.conflict(found.code, values), found.slots, at, url)


def shares(pillars: list[Pillar], rows: list[Slot], settings: dict[str, Any]) -> list[Share]:
    """The mix of these slots against its target (as preferences have moved it)."""
    counts = Counter(row.pillar.name for row in rows if row.pillar)
    wished = demand.pillar_shares(settings)
    tones = {row.name: int(row.colour or 0) for row in pillars}
    total = len(rows)
    return [
        Share(name, tones.get(name, 0), counts[name] / total if total else None, target, counts[name])
        for name, target in wished.items()
    ]


def noted(who: Who, first: date, last: date) -> list[Noted]:
    """The days of note with their names in the reader's language."""

    def told(day: Any, row: Occasion | None) -> Noted:
        name = day.name if row else wording.occasion_name(day)
        source = day.source if row else wording.source_name(day)
        return Noted(row.pk if row else None, day.day, name, day.name, day.kind, source, day.lead_days)

    return [told(day, row) for day, row in bank.seen(who, first, last)]
