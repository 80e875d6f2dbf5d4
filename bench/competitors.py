"""J1: how far a page's level is missed when only a few of its posts were seen, beside the plain mean.

Nine real pages; 5, 10, 20 or 40 posts of each are drawn, and the level of all its posts is the truth: the
mean of log(1 + engagement). The baseline is the plain mean, which tools show; the geometric mean, without
pulling thin pages to the middle, stands beside it. Also: does the 90 % interval hold the truth, are the
pages in the right order, and are two pages that we separate really in that order?
"""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau

from bench import Row, data
from diskarte.science.levels import Level, levels

Floats = NDArray[np.float64]
SIZES, DRAWS, SEED = (5, 10, 20, 40), 300, 20161
WISHES = {5: (0.574, 0.84), 10: (0.427, 0.89), 20: (0.306, 0.93), 40: (0.226, 0.96)}  # RMSE, Kendall


def pages() -> dict[str, Floats]:
    """Engagement of every post with numbers, by page."""
    found: dict[str, list[float]] = defaultdict(list)
    with data("buzzfeed_fb_pages", "facebook-fact-check.csv").open(encoding="utf-8-sig") as rows:
        for row in csv.DictReader(rows):
            told = [row[c] for c in ("share_count", "reaction_count", "comment_count")]
            if any(told):
                found[row["Page"]].append(sum(float(x or 0) for x in told))
    return {page: np.array(counts) for page, counts in sorted(found.items())}


def draw(all_posts: dict[str, Floats], n: int, rng: np.random.Generator) -> dict[str, Floats]:
    """`n` posts of every page, drawn with repetition: a page of a few posts would otherwise be known too well."""
    return {page: rng.choice(counts, n, replace=True) for page, counts in all_posts.items()}


def judged(truth: dict[str, float], sample: dict[str, Floats]) -> Floats:
    """Squared errors and Kendall of ours, plain and geometric, then what our intervals and letters hold."""
    names = [page for page, counts in sample.items() for _ in counts]
    told = {level.name: level for level in levels(names, np.concatenate([*sample.values()]).tolist())}
    ours = {page: np.log1p(told[page].typical) for page in truth}
    plain = {page: np.log1p(counts.mean()) for page, counts in sample.items()}
    geometric = {page: np.log1p(counts).mean() for page, counts in sample.items()}
    scores: list[float] = []
    for guess in (ours, plain, geometric):
        scores += [float(np.mean([(guess[p] - truth[p]) ** 2 for p in truth])), _order(truth, guess)]
    inside = [np.log1p(told[p].low) <= truth[p] <= np.log1p(told[p].high) for p in truth]
    return np.array([*scores, np.mean(inside), *_separated(truth, told)])


def _order(truth: dict[str, float], guess: dict[str, float]) -> float:
    return float(kendalltau([truth[p] for p in truth], [guess[p] for p in truth]).statistic)


def _separated(truth: dict[str, float], told: dict[object, Level]) -> tuple[float, float]:
    """How many pairs share no letter, and how many of those stand in the wrong order."""
    apart = [(a, b) for a, b in combinations(truth, 2) if not set(told[a].letters) & set(told[b].letters)]
    wrong = [(told[a].typical > told[b].typical) != (truth[a] > truth[b]) for a, b in apart]
    return len(apart), sum(wrong)


def of_size(n: int, all_posts: dict[str, Floats], truth: dict[str, float]) -> list[Row]:
    """The rows for one number of posts a page."""
    rng = np.random.default_rng(SEED + n)
    told = np.mean([judged(truth, draw(all_posts, n, rng)) for _ in range(DRAWS)], axis=0)
    mine, order, plain, plain_order, geometric, _geometric_order, inside, apart, wrong = told
    rmse, kendall = WISHES[n]
    case = f"{n} posts a page"
    missed = 100 * abs(inside - 0.9)
    return [
        Row(f"{case}, against the plain mean", "RMSE of the log level", "", mine**0.5, plain**0.5, rmse, "lower"),
        Row(f"{case}, against the geometric mean", "RMSE of the log level", "", mine**0.5, geometric**0.5, rmse,
            "lower"),
        Row(f"{case}, against the plain mean", "Kendall", "", order, plain_order, kendall, "higher"),
        Row(case, "90 % interval misses by", "points", missed, None, 4, "lower"),
        Row(case, "separated pairs in wrong order", "%", 100 * wrong / apart if apart else None, None, 5, "lower"),
    ]  # fmt: skip


def run() -> list[Row]:
    """Everything about competitors' levels."""
    all_posts = pages()
    truth = {page: float(np.log1p(counts).mean()) for page, counts in all_posts.items()}
    return [row for n in SIZES for row in of_size(n, all_posts, truth)]
