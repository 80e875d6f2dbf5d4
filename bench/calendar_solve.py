"""The month's calendar: proven best arrangement, against the best pair first, and against the usual fixed queue times.

Instances of method i: 30-90 days, 4-6 channels, 120-432 posts with a window of 14 days each, two a day and channel,
three hours apart, no topic on neighbouring days of a channel. Values are drawn from effects of the size fitted on real
pages (hour .33, weekday .17, weekday x hour .19, kind x hour .3 on the log scale). Nothing is tuned on them.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from bench import Row
from diskarte.science.calendar import Item, Limits, Place, Question, conflict, greedy, solve

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
        return 1 + float(
            hour[line, h] + weekday[line, day] + both[line, day, h] + kind_hour[KINDS.index(item.kind), h]
        )

    return items, places, value


def queue(items: list[Item], places: list[Place], value: Any) -> float:
    """The usual queue: each channel's best hours of the week as fixed times, filled in order; the sum of values.

    It is given more than queues have: times picked by the same numbers, and no rule about topics to keep.
    """
    total = 0.0
    for line in sorted({item.line for item in items}):
        mine = sorted((i for i in items if i.line == line), key=lambda i: (i.release, i.name))
        days = max(place.day for place in places) + 1
        times = fixed_times(mine, line, value, -(-len(mine) * 7 // days) + 1)
        open_ = sorted(p for p in places if p.line == line and (p.day % 7, p.minute) in times)
        for item in mine:
            at = next((p for p in open_ if item.release <= p.day <= item.due), None)
            if at is not None:
                open_.remove(at)
                total += value(item, item.topics[0], at)
    return total


def fixed_times(items: list[Item], line: str, value: Any, a_week: int) -> list[tuple[int, int]]:
    """The best times of a channel's week that keep the distance and the cap a day."""
    ranked = sorted(
        ((day, h * 60) for day in range(7) for h in HOURS),
        key=lambda at: -sum(value(item, "", Place(line, *at)) for item in items),
    )
    told: list[tuple[int, int]] = []
    for day, minute in ranked:
        near = [m for d, m in told if d == day]
        if (
            len(told) < a_week
            and len(near) < LIMITS.per_day
            and all(abs(m - minute) >= LIMITS.gap for m in near)
        ):
            told.append((day, minute))
    return told


def timed(call: Any, *given: Any, **more: Any) -> tuple[Any, float]:
    """The answer and the seconds of one core it took; the search has one thread, so a busy machine does not count."""
    begun = time.process_time()
    return call(*given, **more), time.process_time() - begun


def run() -> list[Row]:
    """Four sizes; then one that cannot be done, where every post left over must come with a reason."""
    warm = instance(99, 14, 2, 12)
    solve(*warm, LIMITS)  # loading the solver is not the solver's time

    rows: list[Row] = []
    for seed, (days, lines, posts) in enumerate(SIZES):
        case = f"{posts} posts, {days} days, {lines} channels"
        given = instance(seed, days, lines, posts)
        first, quick = timed(greedy, *given, LIMITS)
        plan, slow = timed(solve, *given, LIMITS)
        again = solve(*given, LIMITS)
        below = [100 * (1 - told / plan.bound) for told in (plan.objective, first.objective, queue(*given))]
        same = 100.0 * (again == plan)
        rows += [
            Row(
                case,
                "below the best, beside greedy",
                "%",
                round(below[0], 4),
                round(below[1], 3),
                0.5,
                "lower",
            ),
            Row(
                case,
                "below the best, beside queue times",
                "%",
                round(below[0], 4),
                round(below[2], 3),
                0.5,
                "lower",
            ),
            Row(case, "posts without a place", "posts", len(plan.unplaced), len(first.unplaced), 0, "lower"),
            Row(
                case,
                "time to the proof, one core",
                "s",
                round(slow, 2),
                None,
                5.0 if posts <= 300 else None,
                "lower",
            ),
            Row(case, "time to a first plan, one core", "s", round(quick, 3), None, 0.3, "lower"),
            Row(case, "the same again", "%", same, None, 100.0, "higher"),
        ]
    return [*rows, *explained()]


def explained() -> list[Row]:
    """Half of the places are shut: what cannot stand must say why, down to the wishes that exclude each other."""
    items, places, value = instance(9, 30, 4, 300)
    few = places[: len(places) // 3]
    plan, seconds = timed(solve, items, few, value, LIMITS)
    told = sum(bool(left.reasons) for left in plan.unplaced) / max(len(plan.unplaced), 1)
    found, slow = timed(conflict, Question(tuple(items), tuple(few), LIMITS), plan)
    case = "300 posts in too few places"
    return [
        Row(case, "left over with a reason", "%", round(100 * told, 1), 0.0, 100.0, "higher"),
        Row(case, "time, one core", "s", round(seconds, 2), None, 10.0, "lower"),
        Row(case, "smallest conflict", "wishes", len(found.claims) if found else None, None, None, "lower"),
        Row(case, "time to the conflict, one core", "s", round(slow, 2), None, 10.0, "lower"),
    ]
