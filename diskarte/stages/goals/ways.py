"""The ways to a goal: moves with what they may bring, cost and take. Pure; only what numbers carry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from diskarte.science.scale import from_log, normal_width, to_log
from diskarte.science.shrink import shrink
from diskarte.words import Kind

MOVES = ("more_posts", "contest", "partner", "placement", "own")
LEVEL = 0.8
FEWEST = 8  # posts with this number, before anything is said
HOURS: dict[str, float] = {
    Kind.TEXT: 0.5, Kind.IMAGE: 1, Kind.CAROUSEL: 2, Kind.REEL: 3, Kind.VIDEO: 5, Kind.STORY: 0.5, Kind.LINK: 0.5,
    Kind.POLL: 0.5, Kind.LIVE: 3, Kind.ARTICLE: 4,
}  # fmt: skip
OTHER_HOURS = {"contest": 2.0, "partner": 1.5, "placement": 1.0}  # a week while it runs
BEST = 3  # kinds offered


@dataclass(frozen=True)
class Move:
    """One way: what it may bring until the deadline (None: nobody knows), and what it takes."""

    move: str  # MOVES
    kind: str = ""
    a_week: float | None = None
    low: float | None = None
    mid: float | None = None
    high: float | None = None
    n: int | None = None  # posts behind the expectation
    hours: float | None = None  # a week; a rule of thumb until the person says otherwise


def moves(labels: Sequence[str], values: Sequence[float], weeks: float, a_week: float = 1) -> list[Move]:
    """The moves worth a look: more posts of the kinds that brought most, then what only a try can tell.

    `labels` and `values`: kind and number of past posts. A kind's level is shrunk towards the others', so a
    lucky single post promises little; the interval holds both that doubt and the scatter of the new posts.
    """
    known = _kinds(labels, values, weeks, a_week) if len(values) >= FEWEST and weeks > 0 else []
    return known + [Move(name, hours=hours) for name, hours in OTHER_HOURS.items()]


def _kinds(labels: Sequence[str], values: Sequence[float], weeks: float, a_week: float) -> list[Move]:
    found = shrink(labels, to_log(values).tolist(), level=LEVEL)
    best = sorted(found.groups, key=lambda group: -group.mean)[:BEST]
    return [_more(str(g.label), g.mean, g.sd, g.n, found.within, weeks * a_week, a_week) for g in best]


def _more(kind: str, mean: float, sd: float, n: int, within: float, posts: float, a_week: float) -> Move:
    """The sum of log-normal posts: mean exp(m + s2/2), relative variance expm1(s2) / posts beside the doubt about m."""
    mid = posts * from_log(mean + within**2 / 2)
    reach = normal_width(LEVEL) * math.sqrt(sd**2 + math.expm1(within**2) / max(posts, 1))
    return Move(
        "more_posts",
        kind,
        a_week,
        mid * math.exp(-reach),
        mid,
        mid * math.exp(reach),
        n,
        HOURS[kind] * a_week,
    )
