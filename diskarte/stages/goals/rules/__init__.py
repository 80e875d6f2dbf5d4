"""Pure decisions about goals: what a goal still lacks, how a year divides into months, and whether it is on pace."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from diskarte.words import Metric

STOCKS = (Metric.FOLLOWERS,)  # a level on a day
RATES = (Metric.ENGAGEMENT_RATE,)  # in percent
TOLD = (Metric.FOLLOWERS, Metric.LEADS, Metric.SALES)  # kept as readings, so a person can write them down
FLOWS = (
    Metric.REACH, Metric.VIEWS, Metric.ENGAGEMENTS, Metric.CLICKS, Metric.LIKES, Metric.REPLIES, Metric.SHARES,
    Metric.SAVES, Metric.NEW_FOLLOWERS, Metric.PROFILE_VISITS, Metric.LEADS, Metric.SALES,
)  # fmt: skip
METRICS = (*FLOWS, *STOCKS, *RATES)

AHEAD, ON_PACE = 0.8, 0.5  # chances
STEEP, EASY = 0.2, 0.95
SHORT, MONTH, YEAR = 7, 45, 400  # days
QUIET = 28  # after this many days without news a number is history
SEASON_TRUST = 24  # months of history after which the season is believed fully
VAGUE = re.compile(
    r"\b(more|better|improve\w*|increas\w*|grow\w*|maximi[sz]e|boost|mas (?:marami|mataas)|dagdagan|palakihin)\b",
    re.I,
)


@dataclass(frozen=True)
class Wish:
    """A goal as the rules see it. Rates are in percent, days in brand time, both ends included."""

    sentence: str
    metric: str
    target: float
    starts: date
    deadline: date
    baseline: float | None = None
    period: str = "month"
    has_worth: bool = False


@dataclass(frozen=True)
class Hint:
    """One letter of SMART: `state` is good, missing or open (nobody can tell yet); `code` says what about it."""

    letter: str  # S, M, A, R, T
    state: str
    code: str
    values: Mapping[str, str | float | None] = field(default_factory=dict)


def smart(wish: Wish, today: date, told: bool, chance: float | None, safe: float | None) -> list[Hint]:
    """What the goal still lacks. `told`: its number has ever arrived; `safe`: the target with 80 % chance."""
    achievable = _achievable(wish, chance, safe)
    relevant = Hint("R", "good", "worth") if wish.has_worth else Hint("R", "missing", "no_worth")
    return [_specific(wish), _measurable(wish, told), achievable, relevant, _timed(wish, today)]


def _specific(wish: Wish) -> Hint:
    vague = VAGUE.search(wish.sentence)
    if vague and not re.search(r"\d", wish.sentence):
        return Hint("S", "missing", "vague", {"word": vague.group(0)})
    if len(wish.sentence.split()) < 3:
        return Hint("S", "missing", "say_more")
    return Hint("S", "good", "clear")


def _measurable(wish: Wish, told: bool) -> Hint:
    if not told:
        return Hint("M", "missing", "never_told")
    if wish.baseline is None:
        return Hint("M", "missing", "no_baseline")
    return Hint("M", "good", "measured", {"baseline": wish.baseline})


def _achievable(wish: Wish, chance: float | None, safe: float | None) -> Hint:
    if wish.baseline is not None and wish.target <= wish.baseline and wish.metric not in STOCKS:
        return Hint("A", "missing", "not_more", {"baseline": wish.baseline})
    if chance is None:
        return Hint("A", "open", "cannot_tell")
    if chance < STEEP:
        return Hint("A", "missing", "steep", {"safe": safe})
    return Hint("A", "good", "easy" if chance > EASY else "fair")


def _timed(wish: Wish, today: date) -> Hint:
    days = (wish.deadline - wish.starts).days + 1
    if wish.deadline < today:
        return Hint("T", "missing", "past")
    if days < SHORT:
        return Hint("T", "missing", "short", {"days": days})
    if days > (MONTH if wish.period == "month" else YEAR):
        return Hint("T", "missing", "long_month" if wish.period == "month" else "long_year", {"days": days})
    return Hint("T", "good", "dated")


def period_of(starts: date, deadline: date) -> str:
    """A goal of up to 45 days is a month's, a longer one a year's."""
    return "month" if (deadline - starts).days + 1 <= MONTH else "year"


def expected(wish: Wish, today: date) -> float:
    """What should be there by the end of `today` on an even pace."""
    days = (wish.deadline - wish.starts).days + 1
    share = min(1.0, max(0.0, ((today - wish.starts).days + 1) / days))
    if wish.metric in RATES:
        return wish.target
    if wish.metric in STOCKS:
        base = wish.baseline or 0.0
        return base + (wish.target - base) * share
    return wish.target * share


def state_of(chance: float | None, now: float | None, due: float, lived: int) -> str:
    """ahead, on pace, behind or unknown: by the chance, and without it by what should be there after `lived` days."""
    if chance is not None:
        return "ahead" if chance >= AHEAD else "on pace" if chance >= ON_PACE else "behind"
    if now is None or not due or lived < SHORT:
        return "unknown"
    share = now / due
    return "ahead" if share >= 1.1 else "on pace" if share >= 0.9 else "behind"


def needed_per_day(wish: Wish, now: float | None, today: date) -> float | None:
    """What every day left must bring; None for a rate, an unknown number, or when no day is left."""
    left = (wish.deadline - max(today, wish.starts - timedelta(days=1))).days
    if now is None or left <= 0 or wish.metric in RATES:
        return None
    return max(0.0, wish.target - now) / left


def months(starts: date, deadline: date) -> list[tuple[date, date]]:
    """The calendar months a span touches, cut at its ends: (first day, last day) each."""
    found, first = [], starts
    while first <= deadline:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        found.append((first, min(last, deadline)))
        first = last + timedelta(days=1)
    return found


def season(totals: Mapping[tuple[int, int], float]) -> dict[int, float]:
    """Calendar month → its factor around 1, from whole months' totals; even until every month was seen once.

    Half believed at 12 months of history, fully from 24 on.
    """
    seen = {month for _year, month in totals}
    mean = sum(totals.values()) / len(totals) if totals else 0.0
    if len(seen) < 12 or mean <= 0:
        return {month: 1.0 for month in range(1, 13)}
    trust = min(1.0, len(totals) / SEASON_TRUST)
    raw = {m: [v for (_y, month), v in totals.items() if month == m] for m in range(1, 13)}
    return {m: 1 + trust * (sum(values) / len(values) / mean - 1) for m, values in raw.items()}


def split(wish: Wish, factors: Mapping[int, float]) -> list[tuple[date, date, float]]:
    """(first day, last day, target) of every month: shares of a flow, steps of a stock, the same rate each month."""
    spans = months(wish.starts, wish.deadline)
    weights = [max(factors[a.month], 0.05) * ((b - a).days + 1) for a, b in spans]
    if wish.metric in RATES:
        return [(a, b, wish.target) for a, b in spans]
    if wish.metric in STOCKS:
        base, total = wish.baseline or 0.0, sum(weights)
        steps = [base + (wish.target - base) * sum(weights[: n + 1]) / total for n in range(len(spans))]
        return [(a, b, float(round(step))) for (a, b), step in zip(spans, steps, strict=True)]
    parts = shared_out(round(wish.target), weights)
    return [(a, b, float(part)) for (a, b), part in zip(spans, parts, strict=True)]


def shared_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to `weights` whose sum is exactly `total` (largest remainder)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [math.floor(value) for value in exact]
    by_rest = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for n in by_rest[: total - sum(parts)]:
        parts[n] += 1
    return parts
