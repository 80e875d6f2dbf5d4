"""Who really gets more? The levels of several pages from a few posts each, and which of them cannot be told apart.

Answers: what a typical post of each page brings, with its interval; a ranking in which pages that share a
    letter cannot be separated; which single posts broke out.
Formula: the mean of log(1 + count) of each page, shrunk to the grand mean (shrink.py) and taken back to
    counts, which is a geometric mean; two pages are separated when the chance that the first is higher
    exceeds 95 %. With `kinds`, what is explained by the kind of post is taken off first, so that a page
    is not called better because it films more: two rounds of kind effects, shrunk, inside pages.
    Breakouts: more than 3.5 robust sd (1.4826 MAD) above the page's median.
Assumptions: posts are of about the same age; followers are not known, so levels compare attention, not
    efficiency.
Units: counts in, counts out. Shapes: names, counts and kinds (n,). Errors: none given, a negative count,
    unequal lengths: ValueError. Under 5 posts a page is marked `few`.
Source: method j; letters after Piepho 2004, J. Comp. Graph. Stat. 13. The plain mean, which tools show,
    misses a page's level twice to four times as far.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from diskarte.science.scale import chance_above, from_log, to_log
from diskarte.science.shrink import Group, shrink

SEPARATED, FEW, BREAKOUT = 0.95, 5, 3.5


@dataclass(frozen=True)
class Level:
    """A page's typical post, as a count, with its 90 % interval. Pages sharing a letter cannot be separated."""

    name: Hashable
    n: int
    typical: float
    low: float
    high: float
    letters: str
    few: bool


def levels(
    names: Sequence[Hashable], counts: Sequence[float], kinds: Sequence[Hashable] | None = None
) -> list[Level]:
    """The level of every page, the highest first."""
    y = to_log(counts)
    if len(names) != len(y) or (kinds is not None and len(kinds) != len(y)):
        raise ValueError("give one name (and kind) for each count")
    taken = np.zeros(len(y))
    for _ in range(2 if kinds is not None else 0):
        pages = shrink(names, (y - taken).tolist())
        rest = y - np.array([pages[name].mean for name in names])
        effects = shrink(kinds or (), rest.tolist())
        taken = np.array([effects[kind].mean - effects.grand for kind in kinds or ()])
    groups = sorted(shrink(names, (y - taken).tolist()).groups, key=lambda g: -g.mean)
    letters = _letters(groups)
    return [
        Level(g.label, g.n, from_log(g.mean), from_log(g.low), from_log(g.high), text, g.n < FEW)
        for g, text in zip(groups, letters, strict=True)
    ]


def chance_higher(one: Group, other: Group) -> float:
    """The chance that the first group's true level is the higher one."""
    return chance_above(one.mean - other.mean, math.hypot(one.sd, other.sd))


def breakouts(counts: Sequence[float]) -> list[bool]:
    """Which posts of one page stand far above its others; none when there are under five."""
    y = to_log(counts)
    if len(y) < FEW:
        return [False] * len(y)
    middle = float(np.median(y))
    spread = max(0.1, 1.4826 * float(np.median(np.abs(y - middle))))
    return [bool(far) for far in (y - middle) / spread > BREAKOUT]


def _letters(groups: Sequence[Group]) -> list[str]:
    """For groups from high to low: the letters of the largest sets in which nobody is separated."""
    everyone = frozenset(range(len(groups)))
    sets = {everyone}
    for i, j in combinations(sorted(everyone), 2):
        if chance_higher(groups[i], groups[j]) > SEPARATED:
            split = {part for s in sets for part in ((s - {i}, s - {j}) if {i, j} <= s else (s,))}
            sets = {s for s in split if not any(s < other for other in split)}
    ordered = sorted(sets, key=sorted)
    return ["".join(_name(k) for k, s in enumerate(ordered) if i in s) for i in range(len(groups))]


def _name(k: int) -> str:
    """a, b ... z, then a', b' ..."""
    return chr(ord("a") + k % 26) + "'" * (k // 26)
