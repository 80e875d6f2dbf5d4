"""Which customers belong together for a decision, and would the same groups come out of other data of the same kind?

Answers: terciles, the cell of each customer by (chance of being alive) x (worth to come), and how stable a label is.
Assumptions: customers are exchangeable; a label that changes when customers are drawn again is no group.
Formula: cuts at the 1/3 and 2/3 quantiles of those who came back; stability of a label is the mean over bootstrap
    rounds of the Jaccard index between its customers and those who get it by the cuts of the round.
Units: any. Shapes: (n,). Errors: no values: ValueError.
Source: Hughes 1994 (RFM cells); Hennig 2007, Computational Statistics & Data Analysis 52, 258-271 (stability, .75).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
STABLE = 0.75


def cuts(values: Floats) -> tuple[float, float]:
    """The two values that split these into thirds."""
    if not len(values):
        raise ValueError("nothing to split")
    low, high = np.quantile(values, [1 / 3, 2 / 3])
    return float(low), float(high)


def third(values: Floats, at: tuple[float, float]) -> Labels:
    """0, 1 or 2: below, between and above the cuts."""
    return np.searchsorted(np.asarray(at), values, side="right").astype(np.int64)


def jaccard(one: NDArray[np.bool_], two: NDArray[np.bool_]) -> float:
    """Shared members over all members; two empty sets are the same."""
    either = int((one | two).sum())
    return float((one & two).sum()) / either if either else 1.0


def stability(
    labels: Labels, again: Callable[[np.random.Generator], Labels], rounds: int, seed: int
) -> dict[int, float]:
    """Label -> mean Jaccard over rounds; `again` labels the same customers as other data would."""
    rng = np.random.default_rng(seed)
    names = np.unique(labels).tolist()
    told = dict.fromkeys(names, 0.0)
    for _round in range(rounds):
        new = again(rng)
        for name in names:
            told[name] += jaccard(labels == name, new == name) / rounds
    return told
