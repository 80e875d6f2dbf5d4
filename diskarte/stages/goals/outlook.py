"""Where a goal will end if nothing changes: a total, a level or a rate on a later day, with its doubt. Pure.

Totals and levels are foretold by `science.forecast`. A rate is the views-weighted mean of what is there and what the
last eight weeks bring. Below a week of numbers (three for a rate) nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from diskarte.science import forecast

from . import rules
from .days import Days

FEWEST, MANY = 7, 21  # days of numbers before a chance is told; of a rate
EIGHT_WEEKS = 56
LEVEL = 0.8


@dataclass(frozen=True)
class Outlook:
    """`now`: what is there; low, mid, high: where it ends (80 % interval); `safe`: the target with 80 % chance."""

    now: float | None = None
    per_day: float | None = None
    chance: float | None = None
    low: float | None = None
    mid: float | None = None
    high: float | None = None
    safe: float | None = None
    why: str = ""  # never_told, too_little, old; short: told from under three weeks


def look(wish: rules.Wish, days: Days, today: date) -> Outlook:
    """The goal on its deadline, if the pace stays."""
    if not days.told or days.until is None:
        return Outlook(why="never_told")
    now = _now(wish, days, today)
    start = max(days.until, wish.starts - timedelta(days=1))
    left = (wish.deadline - start).days
    if left <= 0 and now is not None:
        return Outlook(now, None, float(now >= wish.target), now, now, now)
    if (today - days.until).days > rules.QUIET:
        return Outlook(now, why="old")
    known = sum(value is not None for value in days.values)
    if now is None or known < (MANY if wish.metric in rules.RATES else FEWEST):
        return Outlook(now, why="too_little")
    if wish.metric in rules.STOCKS:
        return _stock(wish, now, days, left)
    if wish.metric in rules.RATES:
        return _rate(wish, now, days, left)
    return _flow(wish, now, days, left, (start - days.until).days)


def fan(wish: rules.Wish, days: Days, today: date, points: int = 6) -> list[tuple[date, Outlook]]:
    """Where it will stand on days between now and the deadline: the band widens as the days go on."""
    start = max(days.until or today, wish.starts - timedelta(days=1))
    left = (wish.deadline - start).days
    if left <= 0 or wish.metric in rules.RATES:
        return []
    ends = sorted({start + timedelta(days=max(1, round(left * k / points))) for k in range(1, points + 1)})
    seen = [(day, look(replace(wish, deadline=day), days, today)) for day in ends]
    return [(day, found) for day, found in seen if found.mid is not None]


def baseline(wish: rules.Wish, days: Days) -> tuple[float | None, tuple[date, date] | None]:
    """The number of an equally long time before the goal begins, at most a year, and that time; a level on one day."""
    before = wish.starts - timedelta(days=1)
    if not days.told or days.first is None or days.until is None:
        return None, None
    if wish.metric in rules.STOCKS:
        return _level_on(days, min(wish.starts, days.until))
    last = min(before, days.until)
    first = max(days.first, last - (wish.deadline - wish.starts))
    values = days.between(first, last)
    if not any(v is not None for v in values):
        return None, None
    if wish.metric in rules.RATES:
        return running_rate(values, days.weights_between(first, last))[-1], (first, last)
    return math.fsum(v or 0.0 for v in values), (first, last)


def _level_on(days: Days, day: date) -> tuple[float | None, tuple[date, date] | None]:
    """The level on that day or the last one before it; where nobody looked yet, the first one after."""
    assert days.first is not None
    day = max(day, days.first)
    found = [v for v in days.between(days.first, day) if v is not None]
    return (found[-1], (day, day)) if found else (None, None)


def running_rate(values: Sequence[float | None], weights: Sequence[float]) -> list[float]:
    """The rate of everything so far, a value a day."""
    top = bottom = 0.0
    line = []
    for value, weight in zip(values, weights, strict=True):
        top, bottom = top + (value or 0.0) * weight, bottom + (weight if value is not None else 0.0)
        line.append(top / bottom if bottom else 0.0)
    return line


def _now(wish: rules.Wish, days: Days, today: date) -> float | None:
    last = min(today, wish.deadline)
    if wish.metric in rules.STOCKS:
        found = [v for v in days.between(days.first or last, last) if v is not None]
        return found[-1] if found else None
    values = days.between(wish.starts, last)
    if wish.starts > today or not values:
        return 0.0 if wish.metric not in rules.RATES else None
    if not any(v is not None for v in values) or days.silent(wish.starts, last):
        return None
    if wish.metric in rules.RATES:
        return running_rate(values, days.weights_between(wish.starts, last))[-1]
    return math.fsum(v or 0.0 for v in values)


def _flow(wish: rules.Wish, now: float, days: Days, left: int, gap: int) -> Outlook:
    """`gap` days lie before the first day: the whole span is foretold, and the goal's share of it taken."""
    seen = forecast.flow(days.values, left + gap)
    share = left / (left + gap)
    low, mid, high = (now + share * total for total in (seen.low, seen.mid, seen.high))
    chance = seen.chance((wish.target - now) / share)
    safe = now + share * seen.target_with_chance(LEVEL)
    return Outlook(now, seen.pace, chance, low, mid, high, safe, "short" if seen.short else "")


def _stock(wish: rules.Wish, now: float, days: Days, left: int) -> Outlook:
    levels = [value for value in days.values if value is not None]
    seen = forecast.stock(now, [b - a for a, b in pairwise(levels)], left)
    low, mid, high, safe = (
        max(0.0, x) for x in (seen.low, seen.mid, seen.high, seen.target_with_chance(LEVEL))
    )
    return Outlook(
        now, seen.pace, seen.chance(wish.target), low, mid, high, safe, "short" if seen.short else ""
    )


def _rate(wish: rules.Wish, now: float, days: Days, left: int) -> Outlook:
    """The days left bring the mean of the last eight weeks, weighted by views, with the scatter of those days."""
    known = [(v, w) for v, w in zip(days.values, days.weights, strict=True) if v is not None and w > 0][
        -EIGHT_WEEKS:
    ]
    values, weights = (np.array(side) for side in zip(*known, strict=True))
    mean = float(np.average(values, weights=weights))
    scatter = math.sqrt(float(np.average((values - mean) ** 2, weights=weights)))
    share = min(1.0, left / ((wish.deadline - wish.starts).days + 1))
    future = max(1.0, left * len(known) / EIGHT_WEEKS)  # days with posts still to come
    ends = NormalDist(
        now + (mean - now) * share, max(scatter * share * math.sqrt(1 / future + 1 / len(known)), 1e-6)
    )
    low, mid, high, safe = (max(0.0, ends.inv_cdf(p)) for p in (0.1, 0.5, 0.9, 1 - LEVEL))
    return Outlook(now, None, 1 - ends.cdf(wish.target), low, mid, high, safe)
