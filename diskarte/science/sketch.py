"""How many people follow both, when only small summaries of each audience are at hand?

Answers: overlap, union and share of two audiences with an interval, from the k smallest hashes of each.
Assumptions: hashes are uniform on 64 bits and the same id has the same hash everywhere; sizes are counted exactly
    when the summary is made.
Formula: among the k smallest hashes of the union, the share c/k that lies in both estimates the Jaccard index J; with
    the exact sizes the overlap is (n1 + n2) J / (1 + J). Sampling is without replacement, so the spread of J
    shrinks by the finite factor (U - k) / (U - 1); the interval is the Beta(c + 1/2, k - c + 1/2) quantile of an
    effective sample k (U - 1) / (U - k). Where a summary holds a whole audience, its members below the other's
    largest hash are counted instead; where both do, the answer is exact.
Units: people. Shapes: hashes (k,) rising. Errors: sizes below the hashes kept, k < 1: ValueError.
Source: Cohen & Kaplan 2007, PODC (bottom-k); Beyer et al. 2007, SIGMOD. Brown, Cai & DasGupta 2001 (Jeffreys interval).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
K = 4096
SPACE = 2.0**64


@dataclass(frozen=True)
class Bottom:
    """The smallest hashes of an audience, rising, and how many people it has."""

    hashes: Hashes
    size: int

    @property
    def whole(self) -> bool:
        """Whether every member is kept."""
        return self.size <= len(self.hashes)


@dataclass(frozen=True)
class Overlap:
    """People in both, with an interval; `exact` when nothing was estimated."""

    both: float
    low: float
    high: float
    union: float
    exact: bool


def bottom(hashes: Hashes, k: int = K) -> Bottom:
    """The summary of an audience by the hashes of its members; repeats count once."""
    if k < 1:
        raise ValueError("a summary keeps at least one hash")
    unique = np.unique(hashes)
    return Bottom(unique[:k], len(unique))


def overlap(one: Bottom, two: Bottom, level: float = 0.9) -> Overlap:
    """How many people are in both."""
    if one.size < len(one.hashes) or two.size < len(two.hashes):
        raise ValueError("an audience is not smaller than its summary")
    total, most = one.size + two.size, min(one.size, two.size)
    if one.whole and two.whole:
        both = float(_shared(one.hashes, two.hashes))
        return Overlap(both, both, both, total - both, True)
    edge = min(float(side.hashes[-1]) for side in (one, two) if not side.whole)
    kept = [side.hashes[side.hashes.astype(np.float64) <= edge] for side in (one, two)]
    hits = _shared(*kept)
    seen = len(kept[0]) + len(kept[1]) - hits
    floor = _shared(one.hashes, two.hashes)  # the overlap is no smaller than what was seen in both
    both = total * _half(hits / seen)
    union = max(total - both, seen)
    sample = seen * (union - 1) / max(union - seen, 1e-9) if union > seen else seen * 1e6
    low, high = _jeffreys(hits * sample / seen, sample, level)
    ends = [min(max(total * _half(share), floor), most) for share in (low, high)]
    both = min(max(both, floor), most)
    return Overlap(both, min(ends[0], both), max(ends[1], both), total - both, False)


def _half(jaccard: float) -> float:
    """The overlap over the sum of both sizes."""
    return jaccard / (1 + jaccard)


def _shared(one: Hashes, two: Hashes) -> int:
    """Hashes that stand in both."""
    return len(np.intersect1d(one, two, assume_unique=True))


def _jeffreys(hits: float, n: float, level: float) -> tuple[float, float]:
    from scipy.stats import beta

    tail = (1 - level) / 2
    low = float(beta.ppf(tail, hits + 0.5, n - hits + 0.5)) if hits > 0 else 0.0
    return low, float(beta.ppf(1 - tail, hits + 0.5, n - hits + 0.5)) if hits < n else 1.0


def union_size(parts: list[Bottom]) -> float:
    """How many different people several audiences have together."""
    if all(part.whole for part in parts):
        return float(len(np.unique(np.concatenate([part.hashes for part in parts]))))
    edge = min(float(part.hashes[-1]) for part in parts if not part.whole)
    seen = np.unique(np.concatenate([part.hashes for part in parts]))
    below = seen[seen.astype(np.float64) <= edge]
    return float((len(below) - 1) / (edge / SPACE))
