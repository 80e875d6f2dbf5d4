"""What other brands teach a new one: a prior for timing from the histories of its neighbours.

Answers: before a brand has posts of its own, which kinds, topics, weekdays and hours are likely to do
    better, and how loud is it likely to be?
Formula: every brand b says m_b +- s_b (log lift) about a level; brands differ by TAU in truth, and the
    common effect is N(0, OMEGA^2) before: effect = sum m_b w_b / (sum w_b + 1 / OMEGA^2), w_b = 1 /
    (s_b^2 + TAU^2). Level and spread are the brands' mean usual level and median spread; the sd of the
    level is their sd, at least .5.
Assumptions: the brands are independent, names mean the same in each, hours are local.
Units: log scale. Errors: none; without brands it is the general prior.
Source: method a (cross-brand prior); DerSimonian & Laird 1986, Controlled Clinical Trials 7.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from diskarte.science.timing.answers import Lift, Timing
from diskarte.science.timing.learn import Prior

TAU, OMEGA, GENERAL = 0.3, 0.5, 3.0
NINETY = 2 * 1.6449  # a 90 % interval is so many sd wide


def pool(brands: Sequence[Timing], general: Prior | None = None) -> Prior:
    """The prior of a new brand, from fitted ones; those without a signal teach nothing."""
    general = general or Prior()
    speaking = [brand for brand in brands if brand.signal]
    if not speaking:
        return general
    usual = np.array([brand.usual for brand in speaking])
    return Prior(
        level=float(usual.mean()),
        level_sd=max(0.5, float(usual.std())) if len(usual) > 1 else general.level_sd,
        spread=float(np.median([np.std([post.y for post in brand.past]) for brand in speaking])),
        log_variance=general.log_variance,
        log_variances=_sizes(speaking, general),
        log_variance_sd=general.log_variance_sd,
        log_noise=general.log_noise,
        log_noise_sd=general.log_noise_sd,
        effects={cause: _common(_told(brand, cause) for brand in speaking) for cause in CAUSES},
    )


CAUSES = ("type", "topic", "weekday", "hour", "gap")


def _sizes(brands: Sequence[Timing], general: Prior) -> dict[str, float]:
    """The usual log variance of every cause, the general prior counting as GENERAL brands."""
    names = dict.fromkeys(name for brand in brands for name in brand.strengths if name != "noise")
    met = {
        name: [math.log(brand.strengths[name]) for brand in brands if name in brand.strengths]
        for name in names
    }
    return {n: (sum(v) + GENERAL * general.log_variance) / (len(v) + GENERAL) for n, v in met.items()}


def _told(brand: Timing, cause: str) -> dict[str | int, Lift]:
    """What one brand says about the levels it has tried."""
    if cause == "hour":
        return {hour: told for hour, told in enumerate(brand.hours()) if told.tried}
    return {effect.level: effect for effect in brand.effects(cause) if effect.n}


def _common(brands: Iterable[dict[str | int, Lift]]) -> dict[str | int, float]:
    """The common effect of each level, on the log scale."""
    sums: dict[str | int, list[float]] = defaultdict(lambda: [0.0, 1 / OMEGA**2])
    for told in brands:
        for level, seen in told.items():
            sd = math.log(seen.high / seen.low) / NINETY
            weight = 1 / (sd**2 + TAU**2)
            sums[level][0] += weight * math.log(seen.mean)
            sums[level][1] += weight
    return {level: total / weight for level, (total, weight) in sums.items()}
