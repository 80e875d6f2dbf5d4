"""What the tree of a goal is made of: rates measured on the brand's own posts and sales, or said by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.people.who import Who
from diskarte.science.ratio import Rate, a_post, of_counts, of_sums
from diskarte.words import Metric

from .models import Conversion, Goal
from .rules.tree import BELOW, POSTS, SEEN, Edge

WINDOW = timedelta(days=90)
MOST = 5000
BY_HAND = (Metric.LEADS, Metric.SALES)


@dataclass(frozen=True)
class Ground:
    """What a tree grows from: the number of people or views that is told, the edges, today's pace a week, the days."""

    seen: str
    edges: dict[str, Edge]
    a_week: dict[str, float]
    first: datetime
    posts: int


def ground(who: Who, goal: Goal, now: datetime) -> Ground:
    """Rates of the last 90 days, on the goal's channel when it has one. Three queries."""
    rows = _posts(who, goal, now)
    first = min((row["at"] for row in rows), default=now - WINDOW)
    weeks = max(1.0, (now - first) / timedelta(weeks=1))
    seen = _seen(rows, goal.metric)
    told = _told(who, now)
    edges = {seen: a_post(_known(rows, seen)), "clicks": of_sums(*_both(rows, "clicks", seen))}
    edges |= {"leads": _leads(rows, told["leads"]), "sales": _sales(told)}
    a_week = {POSTS: len(rows) / weeks}
    a_week |= {name: sum(values) / weeks for name in (seen, "clicks") if (values := _known(rows, name))}
    a_week |= {name: sum(n for _at, n in told[name]) / _weeks(told[name], now) for name in told if told[name]}
    said = {row.step: row for row in who.own(Conversion)}
    made = {name: _edge(edges.get(name), said.get(name)) for name in (*SEEN, *BELOW)}
    return Ground(seen, made, a_week, first, len(rows))


def _posts(who: Who, goal: Goal, now: datetime) -> list[dict[str, Any]]:
    rows = who.own(Publication).filter(is_reply=False, at__gt=now - WINDOW, at__lte=now).order_by("-at")
    rows = rows if goal.channel_id is None else rows.filter(channel=goal.channel_id)
    return list(rows.values("at", "reach", "views", "clicks")[:MOST])


def _seen(rows: Sequence[dict[str, Any]], metric: str) -> str:
    """Reach where it is told as often as views, unless the goal itself is about one of them."""
    if metric in SEEN:
        return metric
    return "reach" if len(_known(rows, "reach")) >= len(_known(rows, "views")) else "views"


def _known(rows: Sequence[dict[str, Any]], name: str) -> list[float]:
    return [float(row[name]) for row in rows if row[name] is not None]


def _both(rows: Sequence[dict[str, Any]], top: str, bottom: str) -> tuple[list[float], list[float]]:
    both = [(row[top], row[bottom]) for row in rows if row[top] is not None and row[bottom] is not None]
    return [float(t) for t, _b in both], [float(b) for _t, b in both]


def _told(who: Who, now: datetime) -> dict[str, list[tuple[datetime, float]]]:
    """Leads and sales of the whole brand as they were written down: (moment, number) each."""
    rows = who.own(Reading).filter(publication=None, metric__in=BY_HAND, at__gt=now - WINDOW, at__lte=now)
    found: dict[str, list[tuple[datetime, float]]] = {str(name): [] for name in BY_HAND}
    for metric, at, value in rows.order_by("at").values_list("metric", "at", "value"):
        found[metric].append((at, value))
    return found


def _leads(rows: Sequence[dict[str, Any]], leads: list[tuple[datetime, float]]) -> Rate | None:
    """Leads among the clicks since the first lead was written down: before that nobody counted."""
    if not leads:
        return None
    since = leads[0][0] - timedelta(days=7)  # the clicks that led to the first ones
    clicks = sum(row["clicks"] or 0 for row in rows if row["at"] >= since)
    return of_counts(sum(n for _at, n in leads), clicks)


def _sales(told: dict[str, list[tuple[datetime, float]]]) -> Rate | None:
    if not told["sales"] or not told["leads"]:
        return None
    since = max(told["sales"][0][0], told["leads"][0][0]) - timedelta(days=7)
    sales, leads = (sum(n for at, n in told[name] if at >= since) for name in ("sales", "leads"))
    return of_counts(sales, leads)


def _weeks(rows: list[tuple[datetime, float]], now: datetime) -> float:
    return max(1.0, (now - rows[0][0]) / timedelta(weeks=1))


def _edge(measured: Rate | None, said: Conversion | None) -> Edge:
    return Edge(measured, said.value, said.source) if said else Edge(measured)
