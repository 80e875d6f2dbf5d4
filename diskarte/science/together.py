"""How many different people do several audiences reach together, when only the size of each is known?

Answers: the union of audiences inside one population, its sure bounds, and how nested the audiences are when a
    survey or a sketch tells some of their overlaps.
Formula: without knowledge the audiences are taken as independent (Sainsbury): 1 - prod(1 - r). Whatever the truth,
    the union lies between max(r) (all inside the largest) and min(1, sum(r)) (nobody twice), the Frechet bounds.
    `nesting` n in [-1, 1] moves between them: n > 0 towards the lower bound, n < 0 towards the upper one.
    Known pair overlaps give n: (both - r1 r2) / (min(r1, r2) - r1 r2) above independence,
    (both - r1 r2) / (r1 r2 - max(0, r1 + r2 - 1)) below it; the mean of the pairs.
Assumptions: one nesting for all audiences; shares are of the same population.
Units: shares of that population in [0, 1]. Shapes: reach (..., p), answers (...). Errors: a share outside [0, 1],
    a nesting outside [-1, 1]: ValueError.
Source: Sainsbury (in Agostini 1961, J. Advertising Research 1); Frechet 1935, Fund. Math. 25.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]


def bounds(reach: Shares) -> tuple[Shares, Shares]:
    """The least and the most people the audiences can reach together, whatever their overlap."""
    told = _checked(reach)
    if told.shape[-1] == 0:
        return np.zeros(told.shape[:-1]), np.zeros(told.shape[:-1])
    return np.asarray(told.max(axis=-1)), np.minimum(1.0, told.sum(axis=-1))


def union(reach: Shares, nesting: float = 0.0) -> Shares:
    """The expected share of different people."""
    told = _checked(reach)
    if not -1 <= nesting <= 1:
        raise ValueError("nesting lies between -1 and 1")
    apart = 1.0 - np.prod(1.0 - told, axis=-1)
    if nesting == 0:
        return np.asarray(apart)
    least, most = bounds(told)
    return np.asarray(apart + abs(nesting) * ((least if nesting > 0 else most) - apart))


def nesting(pairs: Sequence[tuple[float, float, float]]) -> float:
    """How nested audiences are, from pairs (share of one, share of the other, share of both); none known: 0."""
    found = [_one(*pair) for pair in pairs if 0 < pair[0] < 1 and 0 < pair[1] < 1]
    return float(np.mean(found)) if found else 0.0


def _one(one: float, other: float, both: float) -> float:
    apart = one * other
    span = min(one, other) - apart if both >= apart else apart - max(0.0, one + other - 1)
    return float(np.clip((both - apart) / span, -1, 1)) if span > 0 else 0.0


def _checked(reach: Shares) -> Shares:
    told = np.asarray(reach, dtype=np.float64)
    if told.size and (told.min() < 0 or told.max() > 1):
        raise ValueError("a share lies between 0 and 1")
    return told
