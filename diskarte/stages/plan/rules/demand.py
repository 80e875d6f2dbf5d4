"""How many posts of which kind are due on each channel in each week, and how many of each pillar in all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .moments import avoided, preferred


def apportioned(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers that sum to `total` and follow the weights: largest remainder, ties by order."""
    whole = sum(weights.values())
    if total <= 0 or whole <= 0:
        return dict.fromkeys(weights, 0)
    exact = {name: total * weight / whole for name, weight in weights.items()}
    given = {name: math.floor(share) for name, share in exact.items()}
    order = sorted(exact, key=lambda name: given[name] - exact[name])
    for name in order[: total - sum(given.values())]:
        given[name] += 1
    return given


def cadence(a_week: float, weeks: Sequence[Sequence[date]]) -> list[int]:
    """Posts in each week, short weeks in proportion; carried over, so the sum is right to half a post."""
    counts, due, given = [], 0.0, 0
    for week in weeks:
        due += a_week * len(week) / 7
        counts.append(max(math.floor(due + 0.5) - given, 0))
        given += counts[-1]
    return counts


def kind_weights(
    settings: Mapping[str, Any], channel: Mapping[str, Any], offered: Sequence[str]
) -> dict[str, float]:
    """The wished shares of kinds after `prefer` and `avoid`, only those the network takes."""
    wished = channel["kinds"] or dict.fromkeys(offered[:1], 1.0)
    weights = {
        kind: weight * preferred(settings, kind=kind)
        for kind, weight in wished.items()
        if kind in offered and weight > 0 and not avoided(settings, kind=kind)
    }
    left = [kind for kind in offered if not avoided(settings, kind=kind)]
    return weights or dict.fromkeys(left[:1], 1.0)


def kinds_by_week(
    counts: Sequence[int], weights: Mapping[str, float], before: Sequence[Counter[str]]
) -> list[Counter[str]]:
    """Which kinds in which week: the month's shares, kept as they were before where that still fits."""
    left = Counter(apportioned(sum(counts), weights))
    weeks: list[Counter[str]] = [Counter() for _ in counts]
    for week, count, old in zip(weeks, counts, before, strict=True):
        for kind, n in sorted(old.items()):
            kept = min(n, left[kind], count - week.total())
            week[kind] += kept
            left[kind] -= kept
    even = sorted(((i + 0.5) / n, kind) for kind, n in left.items() for i in range(n))
    rest = iter([kind for _place, kind in even])
    for week, count in zip(weeks, counts, strict=True):
        week.update(kind for _n, kind in zip(range(count - week.total()), rest, strict=False))
    return [+week for week in weeks]


def pillar_shares(settings: Mapping[str, Any]) -> dict[str, float]:
    """The target share of every pillar after `prefer` and `avoid`; they sum to 1 unless all are avoided."""
    raw = {
        name: 0.0 if avoided(settings, pillar=name) else share * preferred(settings, pillar=name)
        for name, share in settings["pillars"].items()
    }
    whole = sum(raw.values())
    return {name: share / whole for name, share in raw.items()} if whole else raw


def pillar_ranges(shares: Mapping[str, float], total: int, tolerance: float) -> dict[str, tuple[int, int]]:
    """The fewest and most posts of every pillar among `total`; without tolerance the nearest whole numbers."""
    goal = apportioned(total, shares)
    room = math.floor(tolerance * total)
    return {name: (0, 0) if not shares[name] else (max(n - room, 0), n + room) for name, n in goal.items()}


def apart_days(a_week: float, largest_share: float) -> int:
    """How many days lie between two posts of one pillar on a channel: as many as surely fit."""
    often = a_week * largest_share
    return 2 if often <= 2.2 else 1 if often <= 5 else 0


def most_a_day(a_week: float, per_day: int) -> int:
    """A cap that spreads the posts over the week instead of piling them on the best day."""
    return min(per_day, max(math.ceil(a_week / 6), 1))
