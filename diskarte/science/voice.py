"""Share of voice: how much of all the attention a market gives goes to each page.

Answers: which part of the engagement of all pages together each one got, and how sure that is.
Formula: a page's engagements over everybody's. The interval is a Poisson bootstrap: every post gets a weight
    drawn from Poisson(1), so that both how many posts there were and how large they came out are seen as chance.
Assumptions: posts are independent; one page's posts in the period are a sample of what it does.
Units: counts in, shares between 0 and 1 out. Shapes: counts of each page (n,). Errors: a negative count:
    ValueError. Nobody engaged at all: no shares (an empty list).
Source: Hanley & MacGibbon 2006, Statist. Med. 25 (Poisson bootstrap); method j.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS, LEVEL = 500, 0.9


@dataclass(frozen=True)
class Share:
    """One page's part of all engagements with its 90 % interval; `n` posts stand behind it."""

    name: Hashable
    n: int
    total: float
    share: float
    low: float
    high: float


def share_of_voice(counts: Mapping[Hashable, Sequence[float]], seed: int = 0) -> list[Share]:
    """The share of every page, the largest first; the same seed gives the same intervals."""
    known = {name: np.asarray(values, dtype=np.float64) for name, values in counts.items()}
    if any((values < 0).any() for values in known.values()):
        raise ValueError("a count cannot be negative")
    totals = {name: float(values.sum()) for name, values in known.items()}
    everybody = sum(totals.values())
    if not everybody:
        return []
    rng = np.random.default_rng(seed)
    drawn = np.array([rng.poisson(1.0, (DRAWS, len(values))) @ values for values in known.values()])
    sums = drawn.sum(axis=0)
    parts = drawn[:, sums > 0] / sums[sums > 0]
    edges = np.quantile(parts, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
    found = [
        Share(
            name, len(values), totals[name], totals[name] / everybody, float(edges[0, k]), float(edges[1, k])
        )
        for k, (name, values) in enumerate(known.items())
    ]
    return sorted(found, key=lambda share: -share.share)
