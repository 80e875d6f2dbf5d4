"""Is the goal within reach? The total of the days that are left, as a distribution.

Answers: what will we have by the deadline, low to high; the chance of a target; the target that has an 80
    % chance; what would be needed a day.
Formula: the pace is a mix of the means of the last 7, 14, 28, 56 and 112 days, each weighted by 1 /
    MSE^2, where its MSE is how badly it foretold windows of this length in the past, shrunk towards an
    error of 25 %. The error of that mix over past windows (their number nu = days / window - 1, joined by
    4 imagined windows of 25 %) gives the spread; its shape is half Student t with 6 degrees, half the
    past errors themselves, made symmetric. Windows longer than a third of the history are not observed:
    the spread of shorter ones grows with (length / window)^0.4. `flow` works on logarithms (reach, leads,
    engagement: never below zero); `stock` adds daily net gains to a level (followers), on the plain scale
    because a day may lose some.
Edge cases: under 21 days `short` is True and the width allows for the few days, joined by `similar`
    brands if given; only zeros so far: the rate is exponential with the rule of three (95 % below 3 /
    days); one-off spikes are cut at the 99.5 % point for the pace and kept for the spread; None is a day
    we know nothing about.
Units: those of the daily series; season: factor of every day left against the recent ones. Errors: no
    known day and no similar brand, negative days_left or flow: ValueError. Everything is deterministic.
Source: method c; Gneiting & Raftery 2007 (proper scoring) for the bench. On held-out series it scored a
    CRPS a quarter below that of the empirical ratios of 30-day windows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from diskarte.science.scale import Floats

MEMORIES = (7, 14, 28, 56, 112)  # days whose mean may stand for the pace
PRIOR_ERROR, PRIOR_WINDOWS, GROWTH, FREEDOM = 0.25, 4.0, 0.4, 6
NET = 1.4  # gains less losses err by so much more than a flow of that size
ENOUGH_DAYS = 21
POINTS = (np.arange(999) + 0.5) / 999  # the distribution is kept as this many equally likely totals


@dataclass(frozen=True)
class Forecast:
    """The total at the deadline as 999 equally likely values in rising order, `done` included."""

    totals: Floats
    done: float
    days_left: int
    pace: float  # per day at present
    short: bool  # fewer than 21 known days

    @property
    def low(self) -> float:
        """One in ten futures ends below this."""
        return self._at(0.1)

    @property
    def mid(self) -> float:
        """As many futures end above this as below."""
        return self._at(0.5)

    @property
    def high(self) -> float:
        """One in ten futures ends above this."""
        return self._at(0.9)

    def chance(self, target: float) -> float:
        """The chance to reach the target; certain only when no day is left."""
        if not self.days_left:
            return float(self.done >= target)
        below = float(np.searchsorted(self.totals, target, side="left")) / len(self.totals)
        return min(0.999, max(0.001, 1 - below))

    def target_with_chance(self, chance: float = 0.8) -> float:
        """The highest target that is reached with this chance."""
        if not 0 < chance < 1:
            raise ValueError("a chance lies between 0 and 1")
        return self._at(1 - chance)

    def needed_per_day(self, target: float) -> float | None:
        """What every day left must bring to reach the target; None when no day is left and it is not reached."""
        missing = max(0.0, target - self.done)
        if not missing:
            return 0.0
        return missing / self.days_left if self.days_left else None

    def _at(self, share: float) -> float:
        return float(np.interp(share, POINTS, self.totals))


def flow(
    daily: Sequence[float | None],
    days_left: int,
    *,
    done: float = 0.0,
    season: Sequence[float] | None = None,
    similar: tuple[float, float] | None = None,
    shift: float = 0.0,
) -> Forecast:
    """The total of a flow: `done` so far in the period plus the days left.

    `similar` is (pace a day, sd of its logarithm) of brands like this one and helps in the first three weeks;
    `shift` is the log of a change already measured, such as more posts a week from now on.
    """
    x, factor = _clean(daily, days_left, season)
    known = x[~np.isnan(x)]
    short = len(known) < ENOUGH_DAYS
    if (known < 0).any():
        raise ValueError("a flow cannot be negative; use stock for net gains")
    if not len(known) and similar is None:
        raise ValueError("no day is known and no similar brand was given")
    if not days_left:
        return _reached(done, known)
    if len(known) and not known.any() and similar is None:
        return Forecast(done + _never_yet(len(known), days_left), done, days_left, 0.0, short)
    small = 0.05 * max(1.0, 0.02 * float(known.mean())) if len(known) else 0.05
    outlook = _outlook(x, days_left, np.ones(len(x) + 1), lambda v: np.log(v + small)) if len(known) else None
    if similar is not None and short:
        outlook = _joined(outlook, math.log(similar[0] + small), similar[1])
    assert outlook is not None
    totals = np.maximum(0, np.exp(outlook.centre + outlook.deviations + shift) - small) * days_left * factor
    pace = max(0.0, math.exp(outlook.centre) - small)
    return Forecast(done + totals, done, days_left, pace, short)


def stock(
    level: float, gains: Sequence[float | None], days_left: int, *, season: Sequence[float] | None = None
) -> Forecast:
    """A level such as followers at the deadline, from its daily net gains."""
    x, factor = _clean(gains, days_left, season)
    known = x[~np.isnan(x)]
    if not len(known):
        raise ValueError("no day is known")
    if not days_left:
        return _reached(level, known)
    floor = max(0.25 * float(np.abs(known).mean()), 1 / (len(known) + 1))
    usual = NET * np.maximum(floor, np.nan_to_num(_means(np.abs(_cut(x)), MEMORIES[-2])))
    outlook = _outlook(x, days_left, usual, lambda v: v)
    totals = level + (outlook.centre * factor + outlook.deviations) * days_left
    return Forecast(totals, level, days_left, outlook.centre, len(known) < ENOUGH_DAYS)


@dataclass(frozen=True)
class _Outlook:
    """The pace on the working scale, and 999 deviations of the mean of the days left from it."""

    centre: float
    deviations: Floats


def _outlook(x: Floats, days_left: int, unit: Floats, scale: Callable[[Floats], Floats]) -> _Outlook:
    """How the pace was foretold so far, carried to the days left; `unit` (n + 1,) is an error of 100 % at a time."""
    n = len(x)
    window = min(days_left, max(7, n // 3))
    origins = np.arange(min(window, 28), n - window + 1)
    memories = _memories(x)
    future = scale(_means(x, window)[origins + window])
    observed = max(0.0, n / window - 1) if len(origins) else 0.0
    mse = _shrunk((future - scale(memories[:, origins])) / unit[origins], observed)
    pace = (mse**-2 / (mse**-2).sum()) @ memories
    error = (future - scale(pace[origins])) / unit[origins]
    variance = float(_shrunk(error[None], observed)[0]) + _few_days(x)
    spread = math.sqrt(variance) * (days_left / window) ** GROWTH * float(unit[-1])
    return _Outlook(float(scale(pace[-1:])[0]), spread * _shape(error[~np.isnan(error)]))


def _shrunk(errors: Floats, observed: float) -> Floats:
    """Variance of each row of errors (k, m), joined by the imagined windows; above 300 % counts as 300 %."""
    good = ~np.isnan(errors)
    squares = np.where(good, np.clip(np.nan_to_num(errors), -3, 3) ** 2, 0)
    mean: Floats = squares.sum(axis=1) / np.maximum(1, good.sum(axis=1))
    weight = np.where(good.any(axis=1), observed, 0.0)
    return (weight * mean + PRIOR_WINDOWS * PRIOR_ERROR**2) / (weight + PRIOR_WINDOWS - 1)


def _few_days(x: Floats) -> float:
    """Extra variance of a pace that rests on under three weeks: one day's spread over their number."""
    known = x[~np.isnan(x)]
    if len(known) >= ENOUGH_DAYS:
        return 0.0
    ratio = float(known.std()) / max(1e-9, float(np.abs(known).mean())) if len(known) > 1 else 1.0
    return max(0.3, min(1.5, ratio)) ** 2 / len(known)


def _shape(error: Floats) -> Floats:
    """999 deviations of mean 0 and sd 1: Student t, mixed with the past errors where there are some."""
    from scipy.special import stdtrit

    student: Floats = stdtrit(FREEDOM, POINTS) * math.sqrt((FREEDOM - 2) / FREEDOM)
    both = np.concatenate([error, -error])
    size = math.sqrt(float((both**2).mean())) if len(both) else 0.0
    return (student + np.quantile(both, POINTS) / size) / 2 if len(error) > 5 and size > 0 else student


def _joined(own: _Outlook | None, other: float, sd: float) -> _Outlook:
    """The brand's few days and what similar brands do, weighted by how much each can be trusted."""
    if own is None:
        return _Outlook(other, sd * _shape(np.zeros(0)))
    own_sd = float(own.deviations.std())
    trust = sd**2 / (sd**2 + own_sd**2)
    return _Outlook(trust * own.centre + (1 - trust) * other, own.deviations * math.sqrt(trust))


def _memories(x: Floats) -> Floats:
    """The mean of the last 7 ... 112 days before each origin, (5, n + 1); an unknown one is the next longer."""
    rows = [_means(_cut(x), days) for days in (*MEMORIES, max(1, len(x)))]
    for i in reversed(range(len(MEMORIES))):
        rows[i] = np.where(np.isnan(rows[i]), rows[i + 1], rows[i])
    return np.array(rows[:-1])


def _means(x: Floats, days: int) -> Floats:
    """The mean of the last `days` days before each origin 0 ... n that are known, (n + 1,); else nan."""
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(x))])
    count = np.concatenate([[0.0], np.cumsum(~np.isnan(x))])
    end = np.arange(len(x) + 1)
    start = np.maximum(0, end - days)
    seen = count[end] - count[start]
    return np.where(seen > 0, (total[end] - total[start]) / np.maximum(seen, 1), np.nan)


def _cut(x: Floats) -> Floats:
    """The series without what stands above its 99.5 % or below its 0.5 % point."""
    return np.clip(x, *np.nanquantile(x, [0.005, 0.995]))


def _never_yet(days: int, days_left: int) -> Floats:
    """Totals after nothing but zeros: P(total >= k) = (days_left / (days + days_left))^k."""
    return np.floor(np.log1p(-POINTS) / math.log(days_left / (days + days_left)))


def _reached(done: float, known: Floats) -> Forecast:
    """No day is left: what is done is the total."""
    pace = float(known[-28:].mean()) if len(known) else 0.0
    return Forecast(np.full(len(POINTS), done), done, 0, pace, len(known) < ENOUGH_DAYS)


def _clean(
    daily: Sequence[float | None], days_left: int, season: Sequence[float] | None
) -> tuple[Floats, float]:
    """The series with nan for unknown days, and the mean factor of the days left."""
    if days_left < 0:
        raise ValueError("days_left cannot be negative")
    if season is not None and len(season) != days_left:
        raise ValueError("season needs one factor for every day left")
    x = np.array([np.nan if v is None else v for v in daily], dtype=np.float64)
    return x, float(np.mean(season)) if season else 1.0
