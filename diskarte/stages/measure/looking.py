"""Looking at the ledger: periods, totals, levels with their uncertainty, one post's story."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Min, QuerySet
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay

from diskarte.core.numbers.models import Publication, Reading
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan.models import Slot
from diskarte.words import Metric

from .rules import Level, Total, total

Rows = QuerySet[Publication]
TOTALS = (
    Metric.VIEWS,
    Metric.REACH,
    Metric.LIKES,
    Metric.REPLIES,
    Metric.SHARES,
    Metric.SAVES,
    Metric.CLICKS,
)
COLUMNS = ("at", "kind", "pillar", "day_only", "engagements", "network", *(m.value for m in TOTALS))
NEWEST = 2000  # posts on which levels are estimated
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both included, in the brand's days."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def before(self) -> Period:
        """The same length just before."""
        return Period(self.start - self.days * DAY, self.start - DAY)


@dataclass(frozen=True)
class Overview:
    """A period in numbers. Levels are engagements per post, shrunk, with 90 % intervals."""

    period: Period
    posts: int
    posts_before: int
    totals: list[Total]
    engaged: Total
    rate: float | None  # engagements / views over the posts that told both
    rate_n: int
    months: list[dict[str, Any]]
    levels: dict[str, list[Level]]  # kind, pillar, weekday, hour
    cells: list[list[dict[str, Any] | None]] = field(default_factory=list)  # weekday x 3-hour block


def period(rows: Rows, start: date | None, end: date | None, zone: ZoneInfo) -> Period:
    """The period asked for; else the last 90 days before the newest post, so an old archive shows something."""
    if start and end:
        return Period(min(start, end), max(start, end))
    newest = rows.aggregate(at=Max("at"))["at"] or datetime.now(UTC)
    last = end or newest.astimezone(zone).date()
    return Period(start or last - 89 * DAY, last)


def between(rows: Rows, start: date | None, end: date | None, zone: ZoneInfo) -> Rows:
    """The rows of these days of the brand."""
    if start:
        rows = rows.filter(at__gte=datetime.combine(start, time(), zone))
    if end:
        rows = rows.filter(at__lt=datetime.combine(end + DAY, time(), zone))
    return rows


def at_times(rows: Rows, weekday: int | None, hours: str, zone: ZoneInfo) -> Rows:
    """The rows of one weekday (Monday = 0) and one part of the day («21-5» runs over midnight)."""
    if weekday is not None:
        rows = rows.annotate(weekday=ExtractIsoWeekDay("at", tzinfo=zone)).filter(weekday=weekday + 1)
    first, _dash, last = hours.partition("-")
    if first.isdigit() and last.isdigit():
        wanted = [hour % 24 for hour in range(int(first), int(last) + 24 * (int(last) <= int(first)))]
        rows = (
            rows.filter(day_only=False).annotate(hour=ExtractHour("at", tzinfo=zone)).filter(hour__in=wanted)
        )
    return rows


def goal_with_parts(goal: int) -> list[int]:
    """The ids of a goal and of the months it was split into."""
    return [goal, *Goal.objects.filter(part_of=goal).values_list("pk", flat=True)]


def sorted_by(rows: Rows, sort: str) -> Rows:
    """Newest or largest first; what nobody told comes last."""
    if sort == "at":
        return rows.order_by("-at")
    parts = [Coalesce(F(m), 0) for m in ("likes", "replies", "shares", "saves", "clicks")]
    engaged = Coalesce(F("engagements"), sum(parts[1:], parts[0]))
    if sort == "rate":
        rows = rows.filter(views__gt=0)
        return rows.annotate(score=engaged * 1.0 / F("views")).order_by("-score")
    if sort == "views":
        return rows.order_by(F("views").desc(nulls_last=True))
    return rows.annotate(score=engaged).order_by(F("score").desc(nulls_last=True))


def overview(rows: Rows, when: Period, zone: ZoneInfo) -> Overview:
    """Two queries: the rows of both periods, and what the levels are learnt from."""
    both = list(between(rows, when.before.start, when.end, zone).only(*COLUMNS).order_by("at"))
    edge = datetime.combine(when.start, time(), zone)
    now, before = [r for r in both if r.at >= edge], [r for r in both if r.at < edge]
    totals = [total(m.value, [getattr(r, m) for r in now], [getattr(r, m) for r in before]) for m in TOTALS]
    with_views = [r for r in now if r.engaged is not None and r.views]
    views = sum(r.views or 0 for r in with_views)
    learnt = list(reversed(rows.only(*COLUMNS).order_by("-at")[:NEWEST]))
    return Overview(
        period=when, posts=len(now), posts_before=len(before),
        totals=[t for t in totals if t.n or t.before is not None],
        engaged=total("engagements", [r.engaged for r in now], [r.engaged for r in before]),
        rate=sum(r.engaged or 0 for r in with_views) / views if views else None, rate_n=len(with_views),
        months=months(learnt, zone), levels=levels(learnt, zone), cells=cells(learnt, zone),
    )  # fmt: skip


def months(rows: Sequence[Publication], zone: ZoneInfo) -> list[dict[str, Any]]:
    """For each month: posts, engagements and views, None where nobody told."""
    found: dict[str, list[Publication]] = {}
    for row in rows:
        found.setdefault(f"{row.at.astimezone(zone):%Y-%m}", []).append(row)
    return [
        {"month": month, "posts": len(group), "engaged": _sum(r.engaged for r in group),
         "views": _sum(r.views for r in group)}
        for month, group in sorted(found.items())[-36:]
    ]  # fmt: skip


def _sum(values: Iterable[int | None]) -> int | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def levels(rows: Sequence[Publication], zone: ZoneInfo) -> dict[str, list[Level]]:
    """Engagements per post by kind, pillar, weekday and hour, pulled to the mean as far as few posts deserve."""
    told = [r for r in rows if r.engaged is not None]
    timed = [r for r in told if not r.day_only]
    return {
        "kind": _levels([r.kind for r in told], told),
        "pillar": _levels([r.pillar for r in told if r.pillar], [r for r in told if r.pillar]),
        "weekday": sorted(_levels([str(r.at.astimezone(zone).weekday()) for r in told], told), key=_by_name),
        "hour": sorted(_levels([f"{r.at.astimezone(zone).hour:02}" for r in timed], timed), key=_by_name),
    }


def _by_name(level: Level) -> str:
    return level.name


def _levels(names: Sequence[str], rows: Sequence[Publication]) -> list[Level]:
    from diskarte.science.shrink import shrink

    if len(set(names)) < 2:
        return []
    told = shrink(names, [math.log1p(r.engaged or 0) for r in rows])
    found = [
        Level(str(g.label), g.n, math.expm1(g.mean), math.expm1(g.low), math.expm1(g.high))
        for g in told.groups
    ]
    return sorted(found, key=lambda level: -level.value)


def cells(rows: Sequence[Publication], zone: ZoneInfo) -> list[list[dict[str, Any] | None]]:
    """Weekday by blocks of three hours: shrunk level, or None for «never tried»."""
    timed = [r for r in rows if r.engaged is not None and not r.day_only]
    names = [f"{r.at.astimezone(zone).weekday()}-{r.at.astimezone(zone).hour // 3}" for r in timed]
    found = {level.name: level for level in _levels(names, timed)}
    return [[_cell(found.get(f"{day}-{block}")) for block in range(8)] for day in range(7)]


def _cell(level: Level | None) -> dict[str, Any] | None:
    return {"value": level.value, "n": level.n, "low": level.low, "high": level.high} if level else None


@dataclass(frozen=True)
class Story:
    """One post: its readings over time, its place among the others of its kind, and where it came from."""

    publication: Publication
    readings: list[Reading]
    usual: float | None  # engagements of the usual post of this kind (geometric mean)
    n: int  # posts that is learnt from
    better_than: float | None  # share of those posts that it beats
    post: int | None  # of the stage «publish», if it was written here
    slot: Slot | None  # of the plan it was written for
    goal: Goal | None  # it served


def story(row: Publication, rows: Rows) -> Story:
    """Compare a post with the others of its kind; at most five queries."""
    others = (
        rows.filter(kind=row.kind, is_reply=row.is_reply).exclude(pk=row.pk).only(*COLUMNS).order_by("-at")
    )
    known = [r.engaged for r in others[:NEWEST] if r.engaged is not None]
    usual = math.expm1(sum(math.log1p(v) for v in known) / len(known)) if known else None
    beats = sum(v < row.engaged for v in known) / len(known) if known and row.engaged is not None else None
    slot = Slot.objects.filter(brand=row.brand_id, pk=row.slot).first() if row.slot else None
    goal = Goal.objects.filter(brand=row.brand_id, pk=row.goal).first() if row.goal else None
    readings = list(row.readings.order_by("at"))
    return Story(row, readings, usual, len(known), beats, _written(row.origin), slot, goal)


def _written(origin: str) -> int | None:
    """12 for «publish.post:12», None for everything that came from elsewhere."""
    where, _colon, pk = origin.partition(":")
    return int(pk) if where == "publish.post" and pk.isdigit() else None


def span(rows: Rows) -> tuple[datetime | None, datetime | None]:
    """The earliest and the latest post."""
    told = rows.aggregate(first=Min("at"), last=Max("at"))
    return told["first"], told["last"]
