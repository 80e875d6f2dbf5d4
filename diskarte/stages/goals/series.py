"""The numbers of goals day by day, in brand time: three queries for any number of goals, sums made in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate

from diskarte.core.numbers.models import COUNTS, Publication, Reading
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.words import Metric

from . import rules
from .days import Days
from .models import Goal

HISTORY = timedelta(days=400)
PARTS = ("likes", "replies", "shares", "saves", "clicks")


def read(who: Who, goals: Sequence[Goal], now: datetime) -> dict[int, Days]:
    """Goal id → its number day by day, from 400 days before the earliest first day until today."""
    assert who.brand is not None
    if not goals:
        return {}
    today = now.astimezone(who.brand.zone).date()
    since = min([today, *(goal.starts for goal in goals)]) - HISTORY
    metrics = {goal.metric for goal in goals}
    posts = _posts(who, metrics - set(rules.TOLD), since, now)
    readings = _readings(who, metrics & set(rules.TOLD), since, now)
    return {goal.pk: _of(goal, posts, readings, today) for goal in goals}


def _of(goal: Goal, posts: list[dict[str, Any]], readings: list[tuple[Any, ...]], today: date) -> Days:
    if goal.metric in rules.TOLD:
        mine = [r for r in readings if r[0] == goal.metric and goal.channel_id in (None, r[1])]
        return _levels(mine, today) if goal.metric in rules.STOCKS else _told(mine, today)
    mine_posts = [p for p in posts if goal.channel_id in (None, p["channel"])]
    return _rates(mine_posts, today) if goal.metric in rules.RATES else _sums(mine_posts, goal.metric, today)


def _posts(who: Who, metrics: set[str], since: date, now: datetime) -> list[dict[str, Any]]:
    """A row for every day and channel with posts: how many, and the sum of each number; None where none was told."""
    wanted = {m for m in metrics if m in COUNTS} | (
        {"engagements", "views"} if metrics & set(rules.RATES) else set()
    )
    if not wanted:
        return []
    zone = who.brand.zone  # type: ignore[union-attr]
    start = datetime(since.year, since.month, since.day, tzinfo=zone)
    rows = who.own(Publication).filter(is_reply=False, at__gte=start, at__lte=now)
    if "engagements" in wanted:
        rows = rows.annotate(engaged_here=_engaged())
    sums = {f"sum_{m}": Sum("engaged_here" if m == "engagements" else m) for m in wanted}
    days = rows.annotate(day=TruncDate("at", tzinfo=zone)).values("day", "channel")
    return list(days.annotate(n=Count("pk"), news=Max("numbers_at"), **sums).order_by("day"))


def _engaged() -> Any:
    """`Publication.engaged` in SQL: the network's own total, else the sum of what is known, else unknown."""
    nothing = {f"{part}__isnull": True for part in PARTS}
    known: Any = sum(
        (Coalesce(F(part), Value(0)) for part in PARTS[1:]), start=Coalesce(F(PARTS[0]), Value(0))
    )
    rest = Case(When(**nothing, then=Value(None)), default=known, output_field=IntegerField())
    return Coalesce(F("engagements"), rest)


def _readings(who: Who, metrics: set[str], since: date, now: datetime) -> list[tuple[Any, ...]]:
    """(metric, channel, day, value, source) in the order of time."""
    if not metrics:
        return []
    zone = who.brand.zone  # type: ignore[union-attr]
    start = datetime(since.year, since.month, since.day, tzinfo=zone)
    rows = who.own(Reading).filter(publication=None, metric__in=metrics, at__gte=start, at__lte=now)
    found = list(rows.order_by("at", "pk").values_list("metric", "channel", "at", "value", "source"))
    if metrics & set(rules.STOCKS) and not any(row[0] in rules.STOCKS for row in found):
        found += _last_known(who)
    return [
        (name, channel, at.astimezone(zone).date(), value, source)
        for name, channel, at, value, source in found
    ]


def _last_known(who: Who) -> list[tuple[Any, ...]]:
    """Without a series, what each channel said when it was last looked at."""
    rows = who.own(Channel).exclude(followers=None).exclude(checked_at=None)
    return [(Metric.FOLLOWERS, row.pk, row.checked_at, float(row.followers), row.network) for row in rows]


def _span(first: date, last: date, today: date, news: date | None) -> tuple[int, date]:
    """How many days to list. Quiet days are zero while news keeps coming, at most four weeks after the last."""
    until = min(today, max(last, min(news or today, last + timedelta(days=rules.QUIET))))
    return (until - first).days + 1, until


def _sums(rows: list[dict[str, Any]], metric: str, today: date) -> Days:
    if not rows:
        return Days()
    first, last = rows[0]["day"], rows[-1]["day"]
    length, until = _span(first, last, today, _news(rows))
    if all(row[f"sum_{metric}"] is None for row in rows):
        return Days()
    values: list[float | None] = [0.0] * length
    posts = [0] * length
    for row in rows:
        place, value = (row["day"] - first).days, row[f"sum_{metric}"]
        before = values[place] if posts[place] else None
        posts[place] += row["n"]
        values[place] = before if value is None else (before or 0.0) + value
    return Days(first, values, posts=posts, until=until)


def _rates(rows: list[dict[str, Any]], today: date) -> Days:
    """Engagements per 100 views, weighted by views; only days on which both are known."""
    tops, views = _sums(rows, "engagements", today), _sums(rows, "views", today)
    if not tops.told or not views.told:
        return Days()
    rates = [
        100 * a / b if a is not None and b else None for a, b in zip(tops.values, views.values, strict=True)
    ]
    weights = [b or 0.0 for b in views.values]
    return Days(tops.first, rates, weights, tops.posts, tops.until)


def _news(rows: list[dict[str, Any]]) -> date | None:
    moments = [row["news"] for row in rows if row["news"] is not None]
    return max(moments).date() if moments else None


def _levels(rows: list[tuple[Any, ...]], today: date) -> Days:
    """A level such as followers: the last one read stays until the next; channels are added up.

    A level of the whole brand counts only where no channel tells its own.
    """
    rows = [row for row in rows if row[1] is not None] or rows
    if not rows:
        return Days()
    first, last = rows[0][2], min(rows[-1][2], today)
    by_day: dict[date, list[tuple[Any, float]]] = {}
    for _metric, channel, day, value, _source in rows:
        by_day.setdefault(day, []).append((channel, value))
    now: dict[Any, float] = {}
    values: list[float | None] = []
    for n in range((last - first).days + 1):
        now.update(by_day.get(first + timedelta(days=n), []))
        values.append(sum(now.values()))
    return Days(first, values, posts=[0] * len(values), until=last, source=rows[-1][4])


def _told(rows: list[tuple[Any, ...]], today: date) -> Days:
    """A flow written down by hand or by a program: the numbers of a day are added up."""
    if not rows:
        return Days()
    first = rows[0][2]
    length, until = _span(first, rows[-1][2], today, None)
    values: list[float | None] = [0.0] * length
    for _metric, _channel, day, value, _source in rows:
        values[(day - first).days] = (values[(day - first).days] or 0.0) + value
    return Days(first, values, posts=[0] * length, until=until, source=rows[-1][4])
