"""A1 and A2: does the plan's model rank and foretell posts that were still to come?

Nine real series, strictly forward in time: learn from the posts before, judge the next 20 (twelve such
blocks a series, evenly spread), never look ahead. Beside it the peers' way, the mean of every weekday and
hour, and the plain overall mean. A2 is a new brand with few posts of its own: the prior comes from the
eight other pages only.
"""

from __future__ import annotations

import csv
import gzip
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bench import Row, data
from diskarte.science.timing import Past, Prior, fit, pool

Floats = NDArray[np.float64]
Series = list[Past]
Guess = Callable[[Series, Series], tuple[Floats, Floats]]  # expectation and sd of each post to come
FIRST, BLOCK, BLOCKS, WINDOW, STARTS = 60, 20, 40, 400, 5
TUNED_ON = ("seller 9582", "seller 8584", "seller 0304")  # where the steps of the pause were chosen


def cosmetics(metric: str) -> Series:
    """One cosmetics brand's page in 2014, oldest first."""
    with data("fb_cosmetics_moro2016", "dataset_Facebook.csv").open() as file:
        rows = list(csv.DictReader(file, delimiter=";"))[::-1]
    return [
        Past(
            r["Type"].lower(), r["Category"], int(r["Post Weekday"]) - 1, float(r["Post Hour"]),
            paid=r["Paid"] in ("1", "1.0"), y=float(np.log1p(float(r[metric]))),
        )
        for r in rows
    ]  # fmt: skip


def sellers() -> dict[str, list[tuple[datetime, Past]]]:
    """Nine pages of live sellers, doubles removed, the longest first; reactions, comments and shares together."""
    with gzip.open(data("fb_live_thailand", "fb_live_thailand.csv.gz"), "rt") as file:
        rows = {row["status_id"]: row for row in csv.DictReader(file)}
    pages = defaultdict(list)
    for key, row in rows.items():
        at = datetime.strptime(row["status_published"], "%m/%d/%Y %H:%M")
        count = sum(float(row[name]) for name in ("num_reactions", "num_comments", "num_shares"))
        post = Past(row["status_type"], "", at.weekday(), at.hour + at.minute / 60, y=float(np.log1p(count)))
        pages[f"seller {key.split('_')[0][-4:]}"].append((at, post))
    return {
        name: sorted(posts, key=lambda p: p[0])
        for name, posts in sorted(pages.items(), key=lambda i: -len(i[1]))
    }


def tweets() -> list[dict[str, str]]:
    """Five years of one organisation's posts, oldest first."""
    with gzip.open(data("x_exports_ropensci", "tweets_merged.csv.gz"), "rt") as file:
        return sorted(csv.DictReader(file), key=lambda row: row["time"])


def with_gaps(posts: list[tuple[datetime, Past]]) -> Series:
    """The posts with the hours since the one before; a plan knows them in advance."""
    before = [None, *(at for at, _ in posts)]
    hours = [
        None if last is None else (at - last).total_seconds() / 3600
        for last, (at, _) in zip(before, posts, strict=False)
    ]
    return [replace(post, gap=gap) for gap, (_, post) in zip(hours, posts, strict=True)]


def as_post(row: dict[str, str]) -> tuple[datetime, Past]:
    """A tweet: answer, link or plain text, at its UTC hour."""
    at, text = datetime.strptime(row["time"], "%Y-%m-%d %H:%M %z"), row["Tweet text"]
    kind = "reply" if text.startswith("@") else "link" if "http" in text else "text"
    y = float(np.log1p(float(row["engagements"])))
    return at, Past(kind, "", at.weekday(), at.hour + at.minute / 60, y=y)


def series() -> dict[str, Series]:
    """The nine series of A1."""
    told = {"cosmetics interactions": cosmetics("Total Interactions")}
    told["cosmetics consumers"] = cosmetics("Lifetime Post Consumers")
    told |= {name: with_gaps(posts) for name, posts in list(sellers().items())[:6]}
    told["tweets"] = with_gaps([as_post(row) for row in tweets()])
    return told


def ours(past: Series, coming: Series) -> tuple[Floats, Floats]:
    """The model of the plan; the block stands ten posts ahead on average."""
    told = fit(past, ahead=BLOCK / 2)
    mean, sd = told.score(coming)
    return mean, np.hypot(sd, told.noise)


def heatmap(past: Series, coming: Series) -> tuple[Floats, Floats]:
    """What tools show: mean engagement of each weekday and hour; the overall mean where there is none."""
    cells = defaultdict(list)
    for post in past:
        cells[post.weekday, int(post.hour)].append(np.expm1(post.y))
    everything = [np.expm1(post.y) for post in past]
    guess = [np.mean(cells.get((post.weekday, int(post.hour)), everything)) for post in coming]
    return np.log1p(np.array(guess)), np.full(len(coming), np.nan)


def overall(past: Series, coming: Series) -> tuple[Floats, Floats]:
    """The mean of the logarithms, whatever and whenever."""
    y = np.array([post.y for post in past])
    return np.full(len(coming), y.mean()), np.full(len(coming), y.std())


def rank_agreement(guess: Floats, truth: Floats) -> float:
    """Spearman's rho; 0 when one side makes no difference."""
    from scipy.stats import spearmanr

    return 0.0 if np.ptp(guess) < 1e-12 or np.ptp(truth) == 0 else float(spearmanr(guess, truth).statistic)


def top_quarter(guess: Floats, truth: Floats) -> float:
    """How far the quarter chosen by the guess lies above the block, on the log scale; ties share."""
    n, edge = len(truth) // 4, np.sort(guess)[-(len(truth) // 4)]
    sure, tie = guess > edge + 1e-12, np.abs(guess - edge) <= 1e-12
    return float((truth[sure].sum() + truth[tie].mean() * (n - sure.sum())) / n - truth.mean())


def judged(posts: Series, guess: Guess) -> Floats:
    """Mean of error, rank agreement, lift, oracle's lift, and 90 % coverage over the blocks of one series."""
    starts = np.arange(FIRST, len(posts) - BLOCK + 1, BLOCK)
    some = starts[np.linspace(0, len(starts) - 1, min(BLOCKS, len(starts))).astype(int)]
    told = []
    for start in some:
        coming = posts[start : start + BLOCK]
        truth = np.array([post.y for post in coming])
        mean, sd = guess(posts[max(0, start - WINDOW) : start], coming)
        held = (np.abs(truth - mean) < 1.645 * sd).mean()
        best = top_quarter(truth, truth)
        told.append(
            (np.abs(truth - mean).mean(), rank_agreement(mean, truth), top_quarter(mean, truth), best, held)
        )
    return np.mean(told, axis=0)


def forward() -> list[Row]:
    """A1, on all series and on those that no choice of the model was made on."""
    found = {
        name: [judged(posts, guess) for guess in (ours, heatmap, overall)] for name, posts in series().items()
    }
    fresh = [told for name, told in found.items() if name not in TUNED_ON]
    return [
        *compared(f"{len(found)} series", [*found.values()]),
        *compared(f"{len(fresh)} untouched series", fresh),
    ]


def compared(case: str, told: list[list[Floats]]) -> list[Row]:
    """The rows of A1 for some series; each holds what `judged` says of ours, the heat map and the overall mean."""
    mine, heat, flat = np.mean(told, axis=0)
    share = [100 * m[2] / m[3] for m in (mine, heat)]
    gain = [100 * np.expm1(m[2]) for m in (mine, heat)]
    missed = [100 * abs(m[4] - 0.9) for m in (mine, flat)]
    return [
        Row(f"{case}, against the heat map", "mean error", "log", mine[0], heat[0], 0.815, "lower"),
        Row(f"{case}, against the overall mean", "mean error", "log", mine[0], flat[0], 0.815, "lower"),
        Row(f"{case}, against the heat map", "rank agreement", "rho", mine[1], heat[1], 0.34, "higher"),
        Row(f"{case}, against the heat map", "best quarter", "% of an oracle's lift", *share, 46, "higher"),
        Row(f"{case}, against the heat map", "best quarter", "% above the block", *gain, None, "higher"),
        Row(f"{case}, against the overall mean", "90 % interval misses by", "points", *missed, 2, "lower"),
    ]


def cold_start() -> list[Row]:
    """A2."""
    pages = {"cosmetics": [replace(p, topic="", paid=False) for p in cosmetics("Total Interactions")]}
    pages |= {name: with_gaps(posts) for name, posts in sellers().items()}
    fitted = {name: fit(posts) for name, posts in pages.items()}
    priors = {name: pool([f for other, f in fitted.items() if other != name]) for name in pages}
    rows, worst = [], 0.0
    for n, target in ((10, 0.22), (20, 0.26), (40, 0.33), (80, 0.38)):
        told = np.array(
            [started(posts, n, priors[name]) for name, posts in pages.items() if len(posts) >= n + 40]
        )
        rho, heat, error, flat = told.mean(axis=0)
        worst = max(worst, float((told[:, 2] / told[:, 3]).max()))
        case = f"{len(told)} new pages after {n} posts, next 40"
        rows.append(Row(case, "rank agreement", "rho", rho, heat, target, "higher"))
        rows.append(Row(f"{case}, against the overall mean", "mean error", "log", error, flat, flat, "lower"))
    rows.append(
        Row("the worst of these pages", "error over the overall mean's", "", worst, 1.0, 1.0, "lower")
    )
    return rows


def started(posts: Series, n: int, prior: Prior) -> Floats:
    """Rank agreement ours and the heat map's, error ours and the overall mean's, over a few starting points."""
    told = []
    for start in np.unique(np.linspace(0, len(posts) - n - 40, STARTS).astype(int)):
        past, coming = posts[start : start + n], posts[start + n : start + n + 40]
        truth = np.array([post.y for post in coming])
        mine, heat = fit(past, prior, ahead=20).score(coming)[0], heatmap(past, coming)[0]
        errors = (np.abs(truth - guess).mean() for guess in (mine, overall(past, coming)[0]))
        told.append((rank_agreement(mine, truth), rank_agreement(heat, truth), *errors))
    return np.mean(told, axis=0)


def seconds(posts: Sequence[Past]) -> float:
    """Processor time of one fit, the middle of five."""
    times = []
    for _ in range(5):
        start = time.process_time()
        fit(posts)
        times.append(time.process_time() - start)
    return statistics.median(times)


def run() -> list[Row]:
    """Everything about timing."""
    speed = Row(
        "400 posts",
        "time to learn",
        "s",
        seconds(cosmetics("Total Interactions")[-WINDOW:]),
        None,
        0.3,
        "lower",
    )
    return [*forward(), *cold_start(), speed]
