"""How many of one thing come with another: a number a post, clicks of those reached, sales of those who asked.

Answers: the rate with its 90 % interval, from posts or from two totals.
Formula: `a_post` is the mean of n posts, its relative error s / (mean sqrt(n)); `of_sums` is sum(t) / sum(b), its
    error from the residuals t - rate b of the posts (linearisation); `of_counts` takes a count as Poisson and its
    base as known. Intervals are made on the log scale, so that none falls below zero.
Assumptions: posts are a sample of what the brand does; with under 5 the interval is wide and `few` is True.
Units: those of the numerator per one of the denominator. Shapes: (n,). Errors: negative numbers or unequal
    lengths: ValueError. Nothing to divide, or a single post: None.
Source: Cochran 1977, Sampling Techniques 3, chapter 6; Byar's approximation for counts (scale.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diskarte.science.scale import count_interval, normal_width

LEVEL, FEW = 0.9, 5


@dataclass(frozen=True)
class Rate:
    """So many per one, with its 90 % interval and the sample behind it."""

    value: float
    low: float
    high: float
    n: int

    @property
    def few(self) -> bool:
        """Whether a handful of cases is all there is."""
        return self.n < FEW

    @property
    def log_sd(self) -> float:
        """Its error on the log scale."""
        if not 0 < self.low < self.high:
            return 1.0
        return math.log(self.high / self.low) / (2 * normal_width(LEVEL))


def a_post(values: Sequence[float]) -> Rate | None:
    """The mean number of a post."""
    return of_sums(values, [1.0] * len(values))


def of_sums(tops: Sequence[float], bottoms: Sequence[float]) -> Rate | None:
    """How much of the numerator comes with one of the denominator, over posts that tell both."""
    if len(tops) != len(bottoms):
        raise ValueError("give a denominator for each numerator")
    t, b = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
    if (t < 0).any() or (b < 0).any():
        raise ValueError("a number cannot be negative")
    n, whole = len(t), float(b.sum())
    if n < 2 or not whole or not t.sum():
        return None
    rate = float(t.sum()) / whole
    spread = math.sqrt(float(((t - rate * b) ** 2).sum()) * n / (n - 1)) / whole
    reach = math.exp(normal_width(LEVEL) * spread / rate)
    return Rate(rate, rate / reach, rate * reach, n)


def of_counts(count: float, base: float) -> Rate | None:
    """`count` events came with `base` chances."""
    if count < 0 or base < 0:
        raise ValueError("a number cannot be negative")
    if not base or not count:
        return None
    low, high = count_interval(round(count))
    return Rate(count / base, low / base, high / base, round(count))
