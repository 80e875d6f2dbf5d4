"""C1: the total of the next 30 days, foretold from rolling origins, beside what is usually done.

Eight daily series of three owners. The score is the CRPS, the mean distance between the forecast
distribution and what came, in units of what came; lower is better, and a point forecast scores its
absolute error. Three ways stand beside ours: the naive one with the ratios of past windows as its spread,
the best simple way; the last 30 days as a point; and exponential smoothing (ETS of statsmodels) fitted to
each series anew at every origin, its form chosen by the corrected AIC, its totals from 999 simulated
paths. Each series is also printed by itself beside ETS, won or lost. The memory lengths were chosen on
three of the series, the others are reported by themselves.
"""

from __future__ import annotations

import csv
import warnings
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import Row, data
from bench.timing import sellers, tweets
from diskarte.science.forecast import POINTS, flow

Floats = NDArray[np.float64]
Guess = Callable[[Floats, int], Floats]  # history, days -> equally likely totals, rising
DAYS, FIRST, STEP = 30, 90, 10
BETTER = 0.155 / 0.165  # the wish for the CRPS over that of the ratios, from the design's own set of series
TUNED_ON = ("site users", "tweet likes", "seller 9582")
WEEK, CHOICE = 7, 5  # ETS: days of its season; origins after which its form is chosen again


def site(file: str, column: str) -> Floats:
    """One column of a media site's daily traffic."""
    with data("upworthy", f"2013.01.01-2015.04.30-daily-{file}.csv").open(encoding="utf-8-sig") as rows:
        return np.array([float(row[column].replace(",", "")) for row in csv.DictReader(rows)])


def by_day(events: list[tuple[date, float]]) -> Floats:
    """Sums per day without holes; a day without posts is a zero."""
    total: dict[date, float] = defaultdict(float)
    for day, value in events:
        total[day] += value
    first, last = min(total), max(total)
    return np.array([total[first + timedelta(days=i)] for i in range((last - first).days + 1)])


def series() -> dict[str, Floats]:
    """The daily series."""
    told = {
        "site views": site("pageviews", "Pageviews"),
        "site users": site("users-info", "Users"),
        "site new users": site("users-info", "New Users"),
    }
    rows = [(datetime.strptime(row["time"][:10], "%Y-%m-%d").date(), row) for row in tweets()]
    for name in ("impressions", "engagements", "likes"):
        told[f"tweet {name}"] = by_day([(day, float(row[name])) for day, row in rows])
    for name, posts in list(sellers().items())[:2]:
        told[name] = by_day([(at.date(), float(np.expm1(post.y))) for at, post in posts])
    return told


def ours(history: Floats, days: int) -> Floats:
    """The forecast of the goals page."""
    return flow(history.tolist(), days).totals


def same_again(history: Floats, days: int) -> Floats:
    """The last days once more, as a point."""
    return np.full(len(POINTS), history[-days:].sum())


def ratios(history: Floats, days: int) -> Floats:
    """The last days times every ratio of neighbouring windows so far."""
    sums = np.convolve(history, np.ones(days), "valid") + 0.05 * days
    logs = np.log(sums[days:] / sums[:-days])
    return history[-days:].sum() * np.exp(np.quantile(logs, POINTS))


class Ets:
    """Exponential smoothing at growing histories of one series: level, damped trend, week, each if it pays."""

    def __init__(self) -> None:
        self.asked = 0
        self.form: dict[str, Any] = {}

    def __call__(self, history: Floats, days: int) -> Floats:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        if not history.std():
            return same_again(history, days)
        unit = history.mean()  # in units of its own mean the fit converges; in millions it stops early
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            forms = [self.form] if self.asked % CHOICE else self._forms(history)
            fits = [ETSModel(history / unit, **form).fit(disp=False) for form in forms]
            best = min(range(len(fits)), key=lambda i: fits[i].aicc if np.isfinite(fits[i].aicc) else np.inf)
            rng = np.random.default_rng(0)
            paths = fits[best].simulate(days, anchor="end", repetitions=len(POINTS), rng=rng)
        self.asked, self.form = self.asked + 1, forms[best]
        return np.asarray(np.maximum(0, np.nan_to_num(paths).sum(axis=0)) * unit)

    @staticmethod
    def _forms(history: Floats) -> list[dict[str, Any]]:
        """What R's `ets` tries, too: multiplied errors and weeks only where no day is nought."""
        kinds = ("add", "mul") if history.min() > 0 else ("add",)
        trends: list[dict[str, Any]] = [{}, {"trend": "add", "damped_trend": True}]
        return [
            {"error": kind, **trend, **week}
            for kind in kinds
            for trend in trends
            for week in ({}, {"seasonal": kind, "seasonal_periods": WEEK})
        ]


def crps(totals: Floats, came: float) -> float:
    """The continuous ranked probability score of equally likely totals in rising order."""
    n = len(totals)
    spread = ((2 * np.arange(1, n + 1) - n - 1) @ totals) / n**2
    return float(np.abs(totals - came).mean() - spread)


def judged(history: Floats, guess: Guess) -> Floats:
    """CRPS over what came, share inside the 80 % interval, Brier score of «10 % more than the last window»."""
    told, came = [], []
    for origin in range(FIRST, len(history) - DAYS + 1, STEP):
        truth, last = history[origin : origin + DAYS].sum(), history[origin - DAYS : origin].sum()
        if truth > 0:
            totals = np.sort(guess(history[:origin], DAYS))
            low, high = np.interp((0.1, 0.9), POINTS, totals)
            reached = (totals >= 1.1 * last).mean() - float(truth >= 1.1 * last)
            told.append((crps(totals, truth), low <= truth <= high, reached**2))
            came.append(truth)
    score, inside, brier = np.mean(told, axis=0)
    return np.array([score / np.mean(came), inside, brier, len(told)])


def compared(case: str, told: list[list[Floats]]) -> list[Row]:
    """Rows of some series; each holds what `judged` says of ours, the ratios, the point and ETS."""
    mine, ratio, point, ets = np.mean(told, axis=0)
    worst = max(one[0][0] / one[1][0] for one in told)
    case = f"{case}, {sum(int(one[0][3]) for one in told)} origins"
    target = BETTER * ratio[0]
    rows = [
        Row(f"{case}, against the last 30 days", "CRPS", "of the total", mine[0], point[0], target, "lower")
    ]
    for name, other in (("ratios of windows", ratio), ("fitted ETS", ets)):
        beside, misses = f"{case}, against {name}", [_missed(one) for one in (mine, other)]
        rows += [
            Row(beside, "CRPS", "of the total", mine[0], other[0], min(target, other[0]), "lower"),
            Row(beside, "80 % interval misses by", "points", *misses, 4, "lower"),
            Row(beside, "Brier of +10 %", "", mine[2], other[2], other[2], "lower"),
        ]
    return [*rows, Row(f"{case}, worst series", "CRPS over that of ratios", "", worst, 1.0, 1.0, "lower")]


def _missed(one: Floats) -> float:
    return 100 * abs(float(one[1]) - 0.8)


def beside_ets(name: str, told: list[Floats]) -> list[Row]:
    """One series by itself beside ETS, won or lost."""
    mine, ets = told[0], told[-1]
    case = f"{name}, {int(mine[3])} origins, against fitted ETS"
    return [
        Row(case, "CRPS", "of the total", mine[0], ets[0], ets[0], "lower"),
        Row(case, "80 % interval misses by", "points", _missed(mine), _missed(ets), _missed(ets), "lower"),
    ]


def run() -> list[Row]:
    """Everything about goals."""
    found = {name: [judged(x, g) for g in (ours, ratios, same_again, Ets())] for name, x in series().items()}
    fresh = [told for name, told in found.items() if name not in TUNED_ON]
    return [
        *compared(f"{len(found)} series", [*found.values()]),
        *compared(f"{len(fresh)} untouched series", fresh),
        *(row for name, told in found.items() for row in beside_ets(name, told)),
    ]
