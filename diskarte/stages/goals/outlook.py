"""Where a goal will end if nothing changes: a total, a level or a rate on a later day, with its doubt. Pure.

A total of the coming H days is today's level times the exponential of what H days usually do to it: the level is
half the last week's pace and half the last H days'; the doubt comes from the ratios of the brand's own successive
stretches, mixed with what other brands' months do (8 stretches of sd .25), with the tails of Student's t.
Below 21 days of numbers nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from diskarte.science.scale import Floats

from . import rules
from .days import Days

FEWEST = 21  # days of numbers before a chance is told
WEEK = 7
PRIOR_WINDOWS, PRIOR_SD = 8, 0.25  # of log ratios of successive windows, other brands'
TAILS = 6  # degrees of freedom
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
    why: str = ""  # never_told, too_little, old


def look(wish: rules.Wish, days: Days, today: date, end: date | None = None) -> Outlook:
    """The goal on its deadline (or on `end`) at today's pace."""
    end = end or wish.deadline
    if not days.told or days.until is None:
        return Outlook(why="never_told")
    now = _now(wish, days, today)
    start = max(days.until, wish.starts - timedelta(days=1))
    left = (end - start).days
    if left <= 0 and now is not None:
        return Outlook(now, None, float(now >= wish.target), now, now, now)
    if (today - days.until).days > rules.QUIET:
        return Outlook(now, why="old")
    past = _past(days)
    if now is None or len(past) < FEWEST:
        return Outlook(now, why="too_little")
    if wish.metric in rules.STOCKS:
        return _stock(wish, now, past, left)
    if wish.metric in rules.RATES:
        return _rate(wish, now, days, left)
    return _flow(wish, now, past, left, (start - days.until).days)


def baseline(wish: rules.Wish, days: Days) -> tuple[float | None, tuple[date, date] | None]:
    """The number of an equally long time before the goal begins, at most a year, and that time; a level on one day."""
    before = wish.starts - timedelta(days=1)
    if not days.told or days.first is None or days.until is None:
        return None, None
    last = min(before, days.until)
    if wish.metric in rules.STOCKS:
        last = min(wish.starts, days.until)
        found = [v for v in days.between(days.first, last) if v is not None]
        return (found[-1], (last, last)) if found else (None, None)
    first = max(days.first, last - (wish.deadline - wish.starts))
    values = days.between(first, last)
    if not any(v is not None for v in values):
        return None, None
    if wish.metric in rules.RATES:
        return running_rate(values, days.weights_between(first, last))[-1], (first, last)
    return math.fsum(v or 0.0 for v in values), (first, last)


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
    if not any(v is not None for v in values):
        return None
    if wish.metric in rules.RATES:
        return running_rate(values, days.weights_between(wish.starts, last))[-1]
    return math.fsum(v or 0.0 for v in values)


def _past(days: Days) -> Floats:
    """Every known day; a day with posts of unknown number counts as an average one."""
    known = [v for v in days.values if v is not None]
    middle = sum(known) / len(known) if known else 0.0
    return np.array([middle if v is None else v for v in days.values], dtype=np.float64)


def _flow(wish: rules.Wish, now: float, past: Floats, left: int, gap: int) -> Outlook:
    """The doubt grows with the root of the distance: `gap` days lie between today and the first day."""
    per_day = _level(past, left)
    if per_day <= 0:
        return Outlook(now, 0.0, why="too_little")
    spread = _spread(past, left) * math.sqrt(1 + gap / left)
    need = wish.target - now
    chance = 1.0 if need <= 0 else 1 - _t_below(math.log(need / (per_day * left)) / spread)
    low, mid, high = (now + per_day * left * math.exp(spread * q) for q in _quantiles())
    safe = now + per_day * left * math.exp(spread * _t_at(1 - LEVEL))
    return Outlook(now, per_day, chance, low, mid, high, safe)


def _stock(wish: rules.Wish, now: float, past: Floats, left: int) -> Outlook:
    gains = np.diff(past)
    per_day = _level(gains, left)
    weekly = gains[-(len(gains) // WEEK) * WEEK :].reshape(-1, WEEK).sum(axis=1)
    a_week = float(weekly.std(ddof=1)) if len(weekly) > 2 else abs(per_day) * WEEK
    growth = abs(per_day) * left * PRIOR_SD  # the pace itself may change, as other brands' does
    doubt = math.hypot(a_week * math.sqrt(left / WEEK), a_week / math.sqrt(len(weekly)) * left / WEEK, growth)
    return _around(wish, now, per_day, now + per_day * left, max(doubt, 1.0))


def _rate(wish: rules.Wish, now: float, days: Days, left: int) -> Outlook:
    pairs = [(v, w) for v, w in zip(days.values, days.weights, strict=True) if v is not None and w > 0][-8 * WEEK :]
    values, weights = (np.array(side) for side in zip(*pairs, strict=True))
    mean = float(np.average(values, weights=weights))
    scatter = math.sqrt(float(np.average((values - mean) ** 2, weights=weights)))
    share = left / ((wish.deadline - wish.starts).days + 1)
    future = math.sqrt(1 / max(1.0, left * len(pairs) / (8 * WEEK)) + 1 / len(pairs))
    return _around(wish, now, None, now + (mean - now) * min(1.0, share), max(scatter * future * min(1.0, share), 1e-6))


def _around(wish: rules.Wish, now: float, per_day: float | None, mid: float, sd: float) -> Outlook:
    low, _mid, high = (max(0.0, mid + sd * q) for q in _quantiles())
    chance = 1 - _t_below((wish.target - mid) / sd)
    return Outlook(now, per_day, chance, low, mid, high, max(0.0, mid + sd * _t_at(1 - LEVEL)))


def _level(past: Floats, left: int) -> float:
    """What a day brings: half the last week's, half as long a stretch as is to come."""
    return float(past[-WEEK:].mean() + past[-max(left, WEEK) :].mean()) / 2


def _spread(past: Floats, left: int) -> float:
    """The sd of the log ratio of a stretch's total to the one before, own ones shrunk towards others'."""
    size = min(max(left, WEEK), len(past) // 2)
    sums = past[-(len(past) // size) * size :].reshape(-1, size).sum(axis=1)
    ratios = np.diff(np.log(sums[sums > 0]))
    return math.sqrt((float((ratios**2).sum()) + PRIOR_WINDOWS * PRIOR_SD**2) / (len(ratios) + PRIOR_WINDOWS))


def _quantiles() -> tuple[float, float, float]:
    reach = _t_at(0.5 + LEVEL / 2)
    return -reach, 0.0, reach


def _t_below(x: float) -> float:
    from scipy.special import stdtr

    return float(stdtr(TAILS, x))


def _t_at(p: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(TAILS, p))
