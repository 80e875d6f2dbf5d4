"""Strengths, weaknesses, opportunities and threats as measured facts: a figure, its sign and interval, or no line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, stdev

from diskarte.science.scale import count_interval

Z90, SURE = 1.645, 1.0
FEWEST = 5  # posts of a side
S, W, O, T = "strength", "weakness", "opportunity", "threat"  # noqa: E741


@dataclass(frozen=True)
class Usual:
    """One page's usual post in the log, with its sd and the posts behind it."""

    page: str
    mean: float
    sd: float
    n: int


@dataclass(frozen=True)
class Fact:
    """One line: `gain` is a ratio minus one (0.2: a fifth more) with its 90 % interval; z is its size in errors."""

    side: str  # strength, weakness, opportunity, threat
    platform: str
    about: str  # engagement, cadence, platform_trend, rival_trend
    who: str  # the competitor of a rival_trend, else empty
    own: float | None
    theirs: float | None
    gain: float
    low: float
    high: float
    z: float
    n: int  # our posts, or all of a trend
    n_theirs: int


def fact(sides: tuple[str, str], platform: str, about: str, gap: float, sd: float, n: int, n_theirs: int = 0,
         who: str = "", own: float | None = None, theirs: float | None = None) -> Fact | None:  # fmt: skip
    """A line where the difference (in the log) is larger than its error, on the side its sign says; else None."""
    z = gap / sd if sd > 0 else 0.0
    if abs(z) <= SURE:
        return None
    low, high = (math.expm1(gap + end * Z90 * sd) for end in (-1, 1))
    return Fact(sides[0] if z > 0 else sides[1], platform, about, who, own, theirs, math.expm1(gap), low, high, z,
                n, n_theirs)  # fmt: skip


def engagement(platform: str, own: Usual, rivals: Sequence[Usual]) -> Fact | None:
    """Our usual post against the median of the competitors'.

    They are those somebody named, not a sample of others, so how far they lie apart is no doubt: the median is as sure
    as the one or two pages in the middle.
    """
    rivals = sorted((one for one in rivals if one.n >= FEWEST), key=lambda one: one.mean)
    if own.n < FEWEST or not rivals:
        return None
    between = rivals[(len(rivals) - 1) // 2 : len(rivals) // 2 + 1]
    middle = sum(one.mean for one in between) / len(between)
    sd = math.hypot(own.sd, *(one.sd / len(between) for one in between))
    return fact((S, W), platform, "engagement", own.mean - middle, sd, own.n, sum(r.n for r in rivals),
                own=math.expm1(own.mean), theirs=math.expm1(middle))  # fmt: skip


def cadence(platform: str, own: int, rivals: Sequence[int], weeks: float) -> Fact | None:
    """Our posts in the period against the median competitor's; counts scatter as Poisson."""
    told = [n for n in rivals if n > 0]
    if not own or not told:
        return None
    middle = median(told)
    sd = math.hypot(*(_log_sd(round(n)) for n in (own, middle)))
    return fact((S, W), platform, "cadence", math.log(own / middle), sd, own, sum(told), own=own / weeks,
                theirs=middle / weeks)  # fmt: skip


def _log_sd(n: int) -> float:
    low, high = count_interval(max(n, 1))
    return (math.log(high) - math.log(max(low, 0.1))) / (2 * Z90)


def trend(values: Sequence[tuple[float, float]]) -> tuple[float, float, int] | None:
    """(log change from the first half of the period to the second, its sd, posts); None with too few in a half.

    `values`: (place in the period from 0 to 1, engagement) of posts of one page.
    """
    halves = [[math.log1p(v) for at, v in values if (at < 0.5) == first] for first in (True, False)]
    if min(len(half) for half in halves) < FEWEST:
        return None
    means = [sum(half) / len(half) for half in halves]
    errors = [stdev(half) / math.sqrt(len(half)) for half in halves]
    return means[1] - means[0], max(math.hypot(*errors), 0.01), len(values)


def platform_trend(platform: str, pages: dict[str, Sequence[tuple[float, float]]]) -> Fact | None:
    """Whether engagement on the platform rises for everybody: the trends of its pages, weighed by their sureness."""
    found = [told for values in pages.values() if (told := trend(values))]
    if not found:
        return None
    weights = [1 / sd**2 for _gap, sd, _n in found]
    gap = sum(w * told[0] for w, told in zip(weights, found, strict=True)) / sum(weights)
    sd = 1 / math.sqrt(sum(weights))
    if len(found) > 1:
        sd = max(sd, stdev([told[0] for told in found]) / math.sqrt(len(found)))
    return fact((O, T), platform, "platform_trend", gap, sd, sum(told[2] for told in found))


def rival_trend(platform: str, page: str, values: Sequence[tuple[float, float]]) -> Fact | None:
    """A competitor that rises is a threat, one that falls an opening."""
    told = trend(values)
    return told and fact((T, O), platform, "rival_trend", told[0], told[1], told[2], who=page)


PAIRS = (("SO", S, O), ("ST", S, T), ("WO", W, O), ("WT", W, T))


def tows(facts: Sequence[Fact]) -> list[tuple[str, Fact, Fact]]:
    """(SO, ST, WO or WT; the inner fact, the outer one): on each platform the surest of each side together."""
    found = []
    for platform in dict.fromkeys(one.platform for one in facts):
        best = {side: _surest(facts, platform, side) for side in (S, W, O, T)}
        for name, inner, outer in PAIRS:
            one, other = best[inner], best[outer]
            if one and other:
                found.append((name, one, other))
    return found


def _surest(facts: Sequence[Fact], platform: str, side: str) -> Fact | None:
    here = [one for one in facts if (one.platform, one.side) == (platform, side)]
    return max(here, key=lambda one: abs(one.z), default=None)
