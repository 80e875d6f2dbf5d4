"""The month's calendar: proven best arrangement, against what a person with a spreadsheet does (best pair first).

Instances of method i: 30-90 days, 4-6 channels, 120-432 posts with a window of 14 days each, two a day and channel,
three hours apart, no topic on neighbouring days of a channel. Values are drawn from effects of the size fitted on real
pages (hour .33, weekday .17, weekday x hour .19, kind x hour .3 on the log scale). Nothing is tuned on them.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from bench import Row
from diskarte.science.calendar import Item, Limits, Place, Plan, greedy, solve

SIZES = ((30, 4, 120), (60, 5, 270), (60, 5, 300), (90, 6, 432))
HOURS = (8, 12, 15, 18, 20, 21)
KINDS = ("image", "reel", "carousel", "text")
TOPICS = tuple(f"topic {n}" for n in range(8))
LIMITS = Limits(per_day=2, gap=180, apart=2)
WINDOW = 14


def instance(seed: int, days: int, lines: int, posts: int) -> tuple[list[Item], list[Place], Any]:
    """Items, places and the value of each pair."""
    rng = np.random.default_rng(seed)
    hour, weekday = rng.normal(0, 0.33, (lines, 24)), rng.normal(0, 0.17, (lines, 7))
    both, kind_hour = rng.normal(0, 0.19, (lines, 7, 24)), rng.normal(0, 0.3, (len(KINDS), 24))
    places = [Place(str(line), day, h * 60) for line in range(lines) for day in range(days) for h in HOURS]
    items = []
    for n in range(posts):
        line, first = int(rng.integers(lines)), int(rng.integers(max(days - WINDOW, 1)))
        topic, kind = TOPICS[int(rng.integers(len(TOPICS)))], KINDS[int(rng.integers(len(KINDS)))]
        items.append(Item(f"post {n}", str(line), (topic,), kind, first, first + WINDOW))

    def value(item: Item, _topic: str, place: Place) -> float:
        line, h, day = int(item.line), place.minute // 60, place.day % 7
        return 1 + float(hour[line, h] + weekday[line, day] + both[line, day, h] + kind_hour[KINDS.index(item.kind), h])

    return items, places, value


def timed(call: Any, *given: Any, **more: Any) -> tuple[Plan, float]:
    """The plan and the seconds it took."""
    begun = time.perf_counter()
    return call(*given, **more), time.perf_counter() - begun


def run() -> list[Row]:
    """Four sizes; then one that cannot be done, where every post left over must come with a reason."""
    import ortools.sat.python.cp_model  # noqa: F401 - loading the solver is not the solver's time

    rows: list[Row] = []
    for seed, (days, lines, posts) in enumerate(SIZES):
        case = f"{posts} posts, {days} days, {lines} channels"
        given = instance(seed, days, lines, posts)
        first, quick = timed(greedy, *given, LIMITS)
        plan, slow = timed(solve, *given, LIMITS)
        soon = 0.3 if posts <= 300 else None
        below = [100 * (1 - p.objective / plan.bound) for p in (plan, first)]
        rows += [
            Row(case, "below the proven best", "%", round(below[0], 4), round(below[1], 3), 0.01, "lower"),
            Row(case, "posts without a place", "posts", len(plan.unplaced), len(first.unplaced), 0, "lower"),
            Row(case, "time to the proof", "s", round(slow, 2), None, 5.0 if posts <= 300 else None, "lower"),
            Row(case, "time to a first plan", "s", round(quick, 3), round(quick, 3), soon, "lower"),
        ]
    return [*rows, *explained()]


def explained() -> list[Row]:
    """Half of the places are shut: what cannot stand must say why."""
    items, places, value = instance(9, 30, 4, 300)
    plan, seconds = timed(solve, items, places[: len(places) // 3], value, LIMITS)
    told = sum(bool(left.reasons) for left in plan.unplaced) / max(len(plan.unplaced), 1)
    return [
        Row("300 posts in too few places", "left over with a reason", "%", round(100 * told, 1), 0.0, 100.0, "higher"),
        Row("300 posts in too few places", "time", "s", round(seconds, 2), None, 10.0, "lower"),
    ]
