"""The tree of a goal: posts bring reach, reach brings clicks, clicks bring leads, leads bring sales."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from diskarte.science.ratio import Rate
from diskarte.science.scale import normal_width

POSTS = "posts"
BELOW = ("clicks", "leads", "sales")  # what comes after being seen, each from the one before
SEEN = ("reach", "views")
STEPS = (*SEEN, *BELOW)  # numbers whose rate a person may set by hand
LEVEL = 0.9


@dataclass(frozen=True)
class Edge:
    """How many of one level come with one of the level before; `measured` and what somebody `said`, with its source.

    What was said wins until it is taken away.
    """

    measured: Rate | None = None
    said: float | None = None
    source: str = ""

    @property
    def rate(self) -> float | None:
        """The rate that counts; None when nobody knows it."""
        if self.said is not None:
            return self.said
        return self.measured.value if self.measured else None

    @property
    def log_sd(self) -> float:
        """Its error on the log scale; what somebody said is taken as they said it."""
        return self.measured.log_sd if self.said is None and self.measured else 0.0


@dataclass(frozen=True)
class Level:
    """One level of the tree for the whole time of the goal, with its 90 % interval; None where a rate is not known."""

    name: str
    edge: Edge | None  # from the level before; None for the first
    total: float | None
    low: float | None
    high: float | None
    a_week: float | None
    now_a_week: float | None  # at today's pace
    is_goal: bool

    @property
    def gap(self) -> float | None:
        """How many more a week than now; None when one of the two is not known."""
        if self.a_week is None or self.now_a_week is None:
            return None
        return self.a_week - self.now_a_week


def chain(metric: str, seen: str) -> tuple[str, ...]:
    """The levels of a goal's tree; `seen` is the number of people or views that is told. Empty: no tree."""
    if metric in (*BELOW, seen):
        return (POSTS, seen, *BELOW)
    if metric in SEEN:
        return (POSTS, metric, *BELOW)
    return ()


def tree(
    metric: str,
    target: float,
    weeks: float,
    names: tuple[str, ...],
    edges: Mapping[str, Edge],
    now: Mapping[str, float],
) -> list[Level]:
    """What every level must bring so that the goal is reached, and what it brings the levels beyond."""
    at = names.index(metric)
    logs: dict[int, tuple[float, float] | None] = {at: (math.log(target), 0.0) if target > 0 else None}
    for k in range(at - 1, -1, -1):
        logs[k] = _moved(logs[k + 1], edges.get(names[k + 1]), -1)
    for k in range(at + 1, len(names)):
        logs[k] = _moved(logs[k - 1], edges.get(names[k]), 1)
    return [
        _level(name, None if k == 0 else edges.get(name, Edge()), logs[k], weeks, now.get(name), k == at)
        for k, name in enumerate(names)
    ]


def _moved(known: tuple[float, float] | None, edge: Edge | None, way: int) -> tuple[float, float] | None:
    """One level further, its error grown by the edge's."""
    if known is None or edge is None or not edge.rate:
        return None
    return known[0] + way * math.log(edge.rate), math.hypot(known[1], edge.log_sd)


def _level(
    name: str,
    edge: Edge | None,
    known: tuple[float, float] | None,
    weeks: float,
    now: float | None,
    is_goal: bool,
) -> Level:
    if known is None:
        return Level(name, edge, None, None, None, None, now, is_goal)
    total, reach = math.exp(known[0]), math.exp(normal_width(LEVEL) * known[1])
    return Level(name, edge, total, total / reach, total * reach, total / weeks, now, is_goal)
