"""A month as the page shows it: mix, hours, conflicts, days of note; and one slot explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any, NamedTuple

from django.db.models import Func, IntegerField, QuerySet
from django.urls import reverse

from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who

from . import bank, in_force, wording
from .models import Occasion, Pillar, Slot
from .rules import demand, moments, outlook, watching

MOST_REMARKS = 50  # with a thousand of them nobody reads a thousand sentences


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
    remarks: list[Remark]  # the first of them
    remarked: int  # how many there are
    occasions: list[Noted]
    expected: float | None  # engagements of all slots that can tell; None: none can
    telling: int  # how many of them can
    ahead: bool  # a draft may still change it
    channels: list[Channel] = field(repr=False)
    pillars: list[Pillar] = field(repr=False)

    @property
    def hours(self) -> float:
        return sum(week.hours for week in self.weeks)


def slots_between(who: Who, start: date, end: date) -> list[Slot]:
    """The slots from one local day to another (included), with what a page shows of them. One query."""
    rows = between(who, start, end)
    return list(rows.select_related("channel", "pillar", "goal", "segment", "hook").order_by("at", "pk"))


def passing(
    rows: list[Slot], channel: int | None, pillar: int | None, state: str | None, goal: int | None = None,
    segment: int | None = None,
) -> list[Slot]:  # fmt: skip
    """Those of these slots that are on the channel, of the pillar, for the goal and so on («locked» is a state)."""
    rows = [row for row in rows if segment in (None, row.segment_id)]
    if goal is not None:
        rows = [row for row in rows if row.goal and goal in (row.goal_id, row.goal.part_of_id)]
    keep = [row for row in rows if channel in (None, row.channel_id) and pillar in (None, row.pillar_id)]
    return [row for row in keep if not state or state == row.state or (state == "locked" and row.locked)]


def between(who: Who, start: date, end: date) -> QuerySet[Slot]:
    """The slots from one local day to another (included), as a question not asked yet."""
    assert who.brand is not None
    first = moments.to_utc(start.toordinal(), 0, who.brand.zone)
    last = moments.to_utc(end.toordinal() + 1, 0, who.brand.zone)
    rows: QuerySet[Slot] = who.own(Slot).filter(at__gte=first, at__lt=last).exclude(state="dropped")
    return rows


class Seconds(Func):
    """A moment as whole seconds since 1970: thousands of them need no datetimes."""

    function, template, output_field = (
        "strftime",
        "CAST(%(function)s('%%%%s', %(expressions)s) AS INTEGER)",
        IntegerField(),
    )

    def get_db_converters(self, connection: Any) -> list[Any]:
        return []  # it is a whole number already; a converter would make a list of every row

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)::bigint", **more
        )


class Range(NamedTuple):
    """What a slot is expected to bring, with its 80 % interval; many slots of a month have the same."""

    mid: float
    low: float
    high: float


class Line(NamedTuple):
    """A slot in short: what a month's figures are counted from; thousands of them are read at once."""

    pk: int
    seconds: int  # of its moment, since 1970
    channel_id: int
    kind: str
    pillar_id: int | None
    state: str
    expected: float | None
    expected_low: float | None
    expected_high: float | None


def month_of(
    who: Who, month: date, now: datetime, moved: Mapping[int, tuple[datetime, int]] | None = None
) -> Month:
    """Everything the page says about one month. Eight queries.

    `moved` (slot → moment and channel) tells how the month would look with some slots elsewhere.
    """
    assert who.brand is not None
    days = moments.days_of(month)
    lines = _lines(who, days, moved or {})
    channels, pillars = in_force.lines(who), list(who.own(Pillar))
    settings = in_force.current(who, channels)
    names = {str(c.pk): str(c) for c in channels}
    settings = {**settings, "channels": {pk: c for pk, c in settings["channels"].items() if pk in names}}
    seen = _seen(who, lines, pillars, in_force.zones(settings))
    found, remarked = watching.first_conflicts(settings, seen, MOST_REMARKS)
    lacking = watching.missing(settings, month, seen, now.astimezone(who.brand.zone).date()) if lines else []
    told = Counter(Range._make(line[-3:]) for line in lines if None not in line[-3:])
    return Month(
        days[0], len(lines), sum(line.state == "written" for line in lines), shares(pillars, lines, settings),
        watching.weeks(settings, month, seen), _remarks(found + lacking, lines, names), remarked + len(lacking),
        noted(who, days[0], days[-1]), _sum_of(told), told.total(),
        days[-1] >= now.astimezone(who.brand.zone).date(), channels, pillars,
    )  # fmt: skip


def _lines(who: Who, days: Sequence[date], moved: Mapping[int, tuple[datetime, int]]) -> list[Line]:
    rows = between(who, days[0], days[-1]).exclude(pk__in=list(moved))
    lines = list(map(Line._make, _read(rows.order_by("at", "pk"))))
    for values in _read(who.own(Slot).filter(pk__in=list(moved))):
        at, channel = moved[values[0]]
        if days[0] <= at.astimezone(who.brand.zone).date() <= days[-1]:  # type: ignore[union-attr]
            lines.append(Line(*values)._replace(seconds=int(at.timestamp()), channel_id=channel))
    return lines


def _read(rows: QuerySet[Slot]) -> QuerySet[Slot, tuple[Any, ...]]:
    return rows.annotate(seconds=Seconds("at")).values_list(*Line._fields)


def _sum_of(told: Counter[Range]) -> float | None:
    """What slots are expected to bring together: a sum of means, not of medians. None: nobody can tell."""
    return sum(n * outlook.mean_of(*one) for one, n in told.items()) if told else None


def _seen(
    who: Who, lines: Sequence[Line], pillars: Sequence[Pillar], zones: Mapping[str, tzinfo]
) -> list[watching.Seen]:
    named: dict[int | None, str] = {row.pk: row.name for row in pillars}
    ours = who.brand.zone  # type: ignore[union-attr]
    walls = {zone: moments.Wall(zone) for zone in {ours, *zones.values()}}
    places = {pk: (str(pk), walls[zones.get(str(pk)) or ours]) for pk in {row.channel_id for row in lines}}
    told = []
    for pk, seconds, channel, kind, pillar, *_rest in lines:
        line, wall = places[channel]
        told.append(watching.Seen(pk, line, kind, named.get(pillar, ""), *wall(seconds)))
    return told


def _remarks(
    found: Sequence[watching.Conflict], lines: Sequence[Line], names: Mapping[str, str]
) -> list[Remark]:
    """What was found, in words."""
    asked = {conflict.slots[-1] for conflict in found if conflict.slots}
    at = {row.pk: datetime.fromtimestamp(row.seconds, UTC) for row in lines if row.pk in asked}
    return [_remark(conflict, at, names) for conflict in found]


def _remark(found: watching.Conflict, at: Mapping[int, datetime], names: Mapping[str, str]) -> Remark:
    values = {**found.values, "channel": names.get(found.values.get("line", ""), "")}
    slot = found.slots[-1] if found.slots else None
    url = reverse("plan.slot", args=[slot]) if slot else ""
    return Remark(wording.conflict(found.code, values), found.slots, at[slot] if slot else None, url)


def shares(pillars: Sequence[Pillar], rows: Sequence[Line | Slot], settings: dict[str, Any]) -> list[Share]:
    """The mix of these slots against its target (as preferences have moved it)."""
    named = {row.pk: row.name for row in pillars}
    counts = Counter(named[row.pillar_id] for row in rows if row.pillar_id in named)
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
