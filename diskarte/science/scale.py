"""From counts to the log scale and back, and what the normal and Student curves say about an estimate.

Answers: how do we compare posts whose engagement spans 3 to 30 000? On the log scale, where a kind that
    doubles the numbers doubles them for small and large posts alike.
Formula: y = log(1 + count); a difference d on that scale is a factor exp(d), "lift", 1.0 meaning no
    difference.
Errors: a negative count raises ValueError.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def to_log(counts: Iterable[float]) -> Floats:
    """log(1 + count) of every count, shape (n,)."""
    values = np.asarray(list(counts), dtype=np.float64)
    if (values < 0).any():
        raise ValueError("a count cannot be negative")
    return np.log1p(values)


def from_log(y: float) -> float:
    """The count whose log-scale value is y, never below 0."""
    return max(0.0, math.expm1(y))


def lift(difference: float) -> float:
    """A difference on the log scale as a factor: 0 is 1.0, log 2 is 2.0."""
    return math.exp(difference)


def chance_above(mean: float, sd: float, threshold: float = 0.0) -> float:
    """The chance that a normal quantity lies above the threshold (with sd 0 a tie is one half)."""
    if sd <= 0:
        return 0.5 if mean == threshold else float(mean > threshold)
    return 0.5 * math.erfc((threshold - mean) / sd / math.sqrt(2))


def normal_width(level: float) -> float:
    """How many sd an interval of this probability reaches to each side: 0.90 gives 1.645."""
    from statistics import NormalDist

    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
    return NormalDist().inv_cdf(0.5 + level / 2)


def count_interval(n: int, level: float = 0.9) -> tuple[float, float]:
    """Between which means a Poisson count of `n` was drawn, with this probability (Byar's approximation)."""
    if n < 0:
        raise ValueError("a count cannot be negative")
    z = normal_width(level)
    low = n * (1 - 1 / (9 * n) - z / (3 * math.sqrt(n))) ** 3 if n else 0.0
    high = (n + 1) * (1 - 1 / (9 * (n + 1)) + z / (3 * math.sqrt(n + 1))) ** 3
    return low, high
