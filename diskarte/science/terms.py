"""What others win with and we do not touch: terms of their posts that do well and are rare in ours.

Answers: which words, hashtags and pairs of words competitors use more than we do, and whether their posts with
    the term bring more than their other posts.
Formula: a term is counted once a post. Its effect d is the mean of log(1 + engagement) of posts with the term,
    after the level of each page is taken off (shrink.py), minus that of the other posts of the same pages; of n
    posts among m it weighs as much as w = n (m - n) / m. With noise s and terms that differ by t the effect keeps
    w t^2 / (w t^2 + s^2) of itself; t^2 comes from all terms together, the mean of w d^2 - s^2 over the mean of
    w, so that where no term matters none is found. A gap is a term of at least `least` of their posts whose
    effect is above 0 with chance 0.9 and whose share in our posts is under half of theirs. How much more they
    use it is the log-odds ratio with a prior of the pooled shares (Monroe), as a z value.
Assumptions: words, not meanings; many terms are looked at, so one gap is a hint and no proof.
Units: lift is a factor, 1.0 meaning no difference; shares between 0 and 1. Shapes: texts (n,), pages (n,),
    counts (n,) with None for a post whose engagement is not known. Errors: unequal lengths: ValueError.
Source: Monroe, Colaresi & Quinn 2008, Political Analysis 16(4), fightin' words; method j.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from diskarte.science.scale import Floats, chance_above, lift, to_log
from diskarte.science.shrink import shrink

SURE, PRIOR = 0.9, 100.0  # chance wanted; posts the pooled share weighs
LEAST_SD = 0.02  # effects of terms differ at least by this much, on the log scale
MOST_COMMON = 0.4  # what stands in more of all posts than this is no topic
SAME = 0.7  # terms whose posts overlap by this much are one
WORD = re.compile(r"#?[^\W\d_][\w'’-]+")
LINK = re.compile(r"https?://\S+|\bwww\.\S+|@\w+")
IDLE = frozenset(Path(__file__).with_name("idle_words.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class Gap:
    """A term of theirs: in how many of their posts, by how many pages, with which effect there; and our share."""

    term: str
    n: int
    pages: int
    theirs: float  # share of their posts with the term
    ours: float
    lift: float  # of their posts with the term, with its 90 % interval
    low: float
    high: float
    chance: float  # that the effect is above 0
    z: float  # of the log-odds: how far chance alone would have to go

    @property
    def gain(self) -> float:
        """The effect as a part: 0.5 for half as much again."""
        return self.lift - 1

    @property
    def low_gain(self) -> float:
        """The lower end of its interval."""
        return self.low - 1

    @property
    def high_gain(self) -> float:
        """The upper end of its interval."""
        return self.high - 1


def terms(text: str) -> set[str]:
    """The words, hashtags and neighbouring pairs of a text, in small letters, without idle words and links."""
    words = [w.replace("’", "'").rstrip("'-") for w in WORD.findall(LINK.sub(" ", text.casefold()))]
    kept = [w if len(w) > 2 and w not in IDLE else "" for w in words]
    pairs = {f"{a} {b}" for a, b in pairwise(kept) if a and b and "#" not in a + b}
    return {w for w in kept if w} | pairs


def gaps(
    theirs: Sequence[str],
    pages: Sequence[Hashable],
    counts: Sequence[float | None],
    ours: Sequence[str],
    least: int = 5,
    most: int = 12,
) -> list[Gap]:
    """The terms competitors win with and we hardly use, by how much they win; at most `most`."""
    if not len(theirs) == len(pages) == len(counts):
        raise ValueError("give a page and a count (or None) for each text")
    known = [k for k, count in enumerate(counts) if count is not None]
    if not known:
        return []
    of = [pages[k] for k in known]
    rest, noise = _above_their_page(of, [counts[k] or 0.0 for k in known])
    where = {
        term: posts
        for term, posts in _where([theirs[k] for k in known]).items()
        if least <= len(posts) <= MOST_COMMON * len(known)
    }
    mine = _where(ours)
    whole = {page: rest[[k for k, other in enumerate(of) if other == page]] for page in set(of)}
    effects = {term: _effect(posts, of, rest, whole) for term, posts in where.items()}
    spread = _spread([*effects.values()], noise)
    found = []
    for term, posts in where.items():
        gap = _gap(
            term, posts, effects[term], (noise, spread), len(known), len(mine.get(term, ())), len(ours)
        )
        if gap.chance > SURE and gap.ours < gap.theirs / 2:
            found.append((replace(gap, pages=len({of[k] for k in posts})), posts))
    return _distinct(found, most)


def _above_their_page(pages: list[Hashable], counts: list[float]) -> tuple[Floats, float]:
    """Each post's log engagement above its page's level, and the sd of that."""
    y = to_log(counts)
    level = {group.label: group.mean for group in shrink(pages, y.tolist()).groups}
    rest = y - np.array([level[page] for page in pages])
    return rest, max(0.1, float(rest.std()))


def _where(texts: Sequence[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for k, text in enumerate(texts):
        for term in terms(text):
            found.setdefault(term, set()).add(k)
    return found


def _effect(
    posts: set[int], of: Sequence[Hashable], rest: Floats, whole: dict[Hashable, Floats]
) -> tuple[float, float]:
    """How far posts with a term lie above the others of the same pages, and what that difference weighs."""
    pages = {of[k] for k in posts}
    n, m = len(posts), sum(len(whole[page]) for page in pages)
    if n == m:  # every post of these pages has it: their level is all there is to see
        return 0.0, 0.0
    total = sum(float(whole[page].sum()) for page in pages)
    mean = float(rest[sorted(posts)].mean())
    return mean - (total - n * mean) / (m - n), n * (m - n) / m


def _spread(effects: list[tuple[float, float]], noise: float) -> float:
    """By how much the effects of terms really differ (sd), from all of them together."""
    d, w = np.array(effects).reshape(-1, 2).T
    if not w.sum():
        return LEAST_SD
    return math.sqrt(max(LEAST_SD**2, float((w * d**2 - noise**2).mean() / w.mean())))


def _gap(
    term: str,
    posts: set[int],
    effect: tuple[float, float],
    sds: tuple[float, float],
    all_: int,
    mine: int,
    own: int,
) -> Gap:
    (d, w), (noise, spread), n = effect, sds, len(posts)
    prior = spread**2
    keep = w * prior / (w * prior + noise**2)
    mean = keep * d
    sd = math.sqrt(prior * (1 - keep))
    theirs, ours = n / all_, mine / own if own else 0.0
    reach = 1.645 * sd
    return Gap(
        term, n, 0, theirs, ours, lift(mean), lift(mean - reach), lift(mean + reach), chance_above(mean, sd),
        _log_odds(n, all_, mine, own),
    )  # fmt: skip


def _log_odds(n: int, all_: int, mine: int, own: int) -> float:
    """How much more often they use it, in sd: positive is theirs."""
    pooled = PRIOR * (n + mine) / (all_ + own)
    a, b = n + pooled, all_ - n + PRIOR - pooled
    c, d = mine + pooled, own - mine + PRIOR - pooled
    return (math.log(a / b) - math.log(c / d)) / math.sqrt(1 / a + 1 / c)


def _distinct(found: list[tuple[Gap, set[int]]], most: int) -> list[Gap]:
    """The best first; of terms that stand in the same posts the longest one stays."""
    kept: list[tuple[Gap, set[int]]] = []
    for gap, posts in sorted(found, key=lambda f: (-f[0].chance, -len(f[0].term), f[0].term)):
        if all(len(posts & other) < SAME * min(len(posts), len(other)) for _gap, other in kept):
            kept.append((gap, posts))
    return [gap for gap, _posts in kept[:most]]
