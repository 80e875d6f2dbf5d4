"""What a whole plan may bring: the sum over its posts with what is not known about them, and two plans compared.

Each channel's model is drawn many times; one draw holds for all posts of the channel, so what is unknown about the
channel does not average away. Both plans are read by the same draws, so what they share cancels between them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .worth import BETWEEN_CHANNELS, Worth

DRAWS = 400
WIDTH = 1.2816  # sd from the median to either end of an 80 % interval
SAFE = 12.0  # log counts beyond this are no counts any more

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """A slot of a plan as its outlook needs it."""

    line: str
    kind: str
    pillar: str
    day: int
    minute: int


@dataclass(frozen=True)
class Outlook:
    """Engagements of all posts that can tell, with the luck of each: median, 80 % interval; None: none can."""

    mid: float | None
    low: float | None
    high: float | None
    telling: int
    posts: int


@dataclass(frozen=True)
class Difference:
    """A second plan against a first, as a fraction of the first: median, 80 % interval, chance of being better."""

    mid: float
    low: float
    high: float
    chance: float


def expected(worth: Mapping[str, Worth], slots: Sequence[Standing], seed: int) -> Floats:
    """The expected engagements of the whole plan in each of DRAWS plausible truths, (DRAWS,)."""
    return _totals(worth, slots, seed, luck=False)


def outlook(worth: Mapping[str, Worth], slots: Sequence[Standing], seed: int) -> Outlook:
    """What the plan may bring."""
    telling = [s for s in slots if s.line in worth and worth[s.line].model.signal]
    if not telling:
        return Outlook(None, None, None, 0, len(slots))
    low, mid, high = np.quantile(_totals(worth, telling, seed, luck=True), [0.1, 0.5, 0.9])
    return Outlook(float(mid), float(low), float(high), len(telling), len(slots))


def difference(
    worth: Mapping[str, Worth], first: Sequence[Standing], second: Sequence[Standing], seed: int
) -> Difference | None:
    """How much more the second plan is expected to bring; None when nothing can tell."""
    before, after = expected(worth, first, seed), expected(worth, second, seed)
    if not before.any() or not after.any():
        return None
    lift = after / before - 1
    low, mid, high = np.quantile(lift, [0.1, 0.5, 0.9])
    same = bool(np.ptp(lift) == 0 and mid == 0)
    return Difference(float(mid), float(low), float(high), 0.5 if same else float((lift > 0).mean()))


def mean_of(mid: float, low: float, high: float) -> float:
    """The mean of a post whose median and 80 % interval are known: of these, not of medians, a sum is made."""
    sd = max(math.log1p(max(high, 0)) - math.log1p(max(low, 0)), 0) / (2 * WIDTH)
    return math.expm1(math.log1p(mid) + sd**2 / 2)


def _totals(worth: Mapping[str, Worth], slots: Iterable[Standing], seed: int, luck: bool) -> Floats:
    total = np.zeros(DRAWS)
    by_line: dict[str, list[Standing]] = {}
    for slot in slots:
        by_line.setdefault(slot.line, []).append(slot)
    for line, mine in sorted(by_line.items()):
        told = worth.get(line)
        if told is not None and told.model.signal:
            total += _of_line(told, mine, np.random.default_rng([seed, *line.encode()]), luck)
    return total


def _of_line(worth: Worth, slots: Sequence[Standing], rng: np.random.Generator, luck: bool) -> Floats:
    level = rng.normal(0, 0 if worth.own else BETWEEN_CHANNELS, (DRAWS, 1))
    candidates = [worth.candidate(s.kind, s.pillar, s.day, s.minute) for s in slots]
    logs = worth.model.sample(candidates, rng, DRAWS) + level
    noise = worth.model.noise
    logs = logs + (rng.normal(0, noise, logs.shape) if luck else noise**2 / 2)
    total: Floats = np.maximum(np.expm1(np.minimum(logs, SAFE)), 0).sum(axis=1)
    return total
