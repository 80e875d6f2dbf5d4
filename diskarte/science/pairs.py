"""Did it really help? Randomised pairs of posts: how many are needed, who gets what, and what came out.

Answers: before a test, how many pairs of similar posts make an effect of this size visible; which post of
    each pair gets the new way; after it, how large the effect is, how sure we are, and in how many pairs
    the new way won.
Formula: a pair's difference has variance 2 s^2, so for effect d (on the log scale ln(1 + wish)) pairs =
    (z_a/2 + z_power)^2 * 2 s^2 / d^2. The estimate is the mean difference with Student's t for its
    interval; the p-value flips the signs of the differences, as the draw did, and so holds whatever the
    shape of the luck (all flips up to 12 pairs, else 20 000 drawn ones). `chance` is the probability that
    the effect is above zero, with the effect believed N(0, .3^2) before the data.
Assumptions: which post of a pair got the new way was drawn by `deal`, and both are final; values are
    log(1 + engagement), or what is left of it after a model's expectation, which shrinks s.
Units: log scale; `lift` as a factor. Shapes: new and old (pairs,). Errors: fewer than 2 pairs, unequal
    lengths, a value that is not finite, wish <= -1 or 0: ValueError.
Source: method h; Box, Hunter & Hunter, Statistics for Experimenters 2, chapter 3. On placebo dates a
    before / after t-test declares an effect in 15 to 29 % of the cases where there is none; this draw
    keeps to 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from diskarte.science.scale import Floats, chance_above, lift

PRIOR_SD = 0.3
EXACT_PAIRS, FLIPS = 12, 20_000


@dataclass(frozen=True)
class PairResult:
    """What a finished test says. Factors: 1.18 is 18 % more with the new way."""

    pairs: int
    wins: int  # pairs in which the new way ended higher; a tie is not a win
    lift: float
    low: float
    high: float
    p_value: float
    chance: float  # that the new way is better
    noise: float  # sd of one post on the log scale, for planning the next test


def pairs_needed(wish: float, noise: float = 0.8, *, power: float = 0.8, error: float = 0.05) -> int:
    """How many pairs show a true effect of `wish` (0.3 is +30 %) with this power at this two-sided error."""
    if wish <= -1 or wish == 0 or noise <= 0:
        raise ValueError("wish must be a gain or a loss above -100 %, and noise above 0")
    normal = NormalDist()
    z = normal.inv_cdf(1 - error / 2) + normal.inv_cdf(power)
    return max(2, math.ceil(2 * (z * noise / math.log1p(wish)) ** 2))


def detectable(pairs: int, noise: float = 0.8, *, power: float = 0.8, error: float = 0.05) -> float:
    """The smallest gain that this many pairs are likely to show (0.3 is +30 %)."""
    if pairs < 1:
        raise ValueError("at least one pair")
    normal = NormalDist()
    z = normal.inv_cdf(1 - error / 2) + normal.inv_cdf(power)
    return math.expm1(z * noise * math.sqrt(2 / pairs))


def deal(pairs: int, rng: np.random.Generator) -> list[bool]:
    """For every pair a fair coin: True when its first post gets the new way."""
    return [bool(heads) for heads in rng.integers(0, 2, pairs)]


def result(new: Sequence[float], old: Sequence[float], *, level: float = 0.9, seed: int = 0) -> PairResult:
    """The effect of the new way over the old one, pair by pair; `seed` draws the flips of large tests."""
    from scipy.special import stdtrit

    difference = np.asarray(new, dtype=np.float64) - np.asarray(old, dtype=np.float64)
    if len(new) != len(old) or len(difference) < 2 or not np.isfinite(difference).all():
        raise ValueError("give two or more pairs of finite values")
    n, mean = len(difference), float(difference.mean())
    error = float(difference.std(ddof=1)) / math.sqrt(n)
    reach = float(stdtrit(n - 1, 0.5 + level / 2)) * error
    keep = PRIOR_SD**2 / (PRIOR_SD**2 + error**2)
    return PairResult(
        pairs=n,
        wins=int((difference > 0).sum()),
        lift=lift(mean),
        low=lift(mean - reach),
        high=lift(mean + reach),
        p_value=_flipped(difference, seed),
        chance=chance_above(keep * mean, math.sqrt(keep) * error),
        noise=error * math.sqrt(n / 2),
    )


def _flipped(difference: Floats, seed: int) -> float:
    """The share of sign flips whose mean lies at least as far from zero as the one that was seen."""
    n = len(difference)
    if n <= EXACT_PAIRS:
        signs = 1 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
        return float((np.abs(signs @ difference) >= abs(difference.sum()) - 1e-12).mean())
    signs = 1 - 2.0 * np.random.default_rng(seed).integers(0, 2, (FLIPS, n))
    further = int((np.abs(signs @ difference) >= abs(difference.sum()) - 1e-12).sum())
    return (further + 1) / (FLIPS + 1)
