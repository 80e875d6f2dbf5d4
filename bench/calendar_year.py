"""A year at once: 52 weeks, 10 channels, 5 posts a week each, month by month, against a bound on the whole year.

As the product does it: each month is drafted by the rules of the plan with the months before it standing, so gaps,
caps and hours hold over the turn of the month. The bound: every month alone, without its neighbours, is an easier
question; no year can be better than the sum of what these can reach at most. The baseline takes the best pair first.
Values come from ten histories of 60 posts made by the simulator; times are of one core, the search has one thread.
"""

from __future__ import annotations

import math
import time
from datetime import date, timedelta

import numpy as np

from bench import Row
from diskarte.science.simulator import World
from diskarte.stages.plan.rules import asking, draft, settings, worth

CHANNELS, A_WEEK, FIRST = 10, 5, date(2027, 1, 1)
KINDS = {"image": 3.0, "reel": 2.0, "carousel": 1.0}
PILLARS = {"Useful": 0.4, "Fun": 0.3, "Community": 0.2, "Selling": 0.1}
HISTORY, EFFORT = 60, 6.0


def histories() -> dict[str, worth.Worth]:
    """Ten channels that have learnt from 60 posts each, every one in a world of its own."""
    rng, posts = np.random.default_rng(7), []
    for channel in range(CHANNELS):
        world = World(channel, "median")
        for n in range(HISTORY):
            day = FIRST - timedelta(days=2 * (HISTORY - n) + 8)
            kind, pillar = str(rng.choice([*KINDS])), str(rng.choice([*PILLARS]))
            hour = int(rng.choice((8, 12, 15, 18, 20)))
            seen = world.outcome(f"{n}", world.types[[*KINDS].index(kind)], world.topics[[*PILLARS].index(pillar)],
                                 day.weekday(), hour, 0)  # fmt: skip
            posts.append(worth.Post(str(channel), kind, pillar, day.toordinal(), hour * 60, float(seen)))
    return worth.learn(posts, [str(c) for c in range(CHANNELS)], [*KINDS], [*PILLARS], ())


def asked(month: date, known: dict[str, worth.Worth], had: tuple[asking.Had, ...] = ()) -> asking.Ask:
    """One month of the year; tries are left out, they are placed to learn and not to win."""
    channels = {str(c): {"a_week": A_WEEK, "kinds": KINDS} for c in range(CHANNELS)}
    told = settings.checked(
        {**settings.first_settings(), "pillars": PILLARS, "channels": channels, "explore": 0}
    )
    lines = tuple(asking.Line(str(c), tuple(KINDS)) for c in range(CHANNELS))
    return asking.Ask(month, (FIRST.toordinal() - 30, 0), told, lines, known, had, seed=1)


def standing(found: draft.Draft, start: int) -> list[asking.Had]:
    """A drafted month as what stands when the next one is drafted."""
    return [
        asking.Had(start + n, w.line, w.kind, w.pillar, w.day, w.minute, stays=True)
        for n, w in enumerate(found.slots)
    ]


def year(known: dict[str, worth.Worth], quick: bool) -> tuple[float, int, int, float]:
    """The sum of values, posts, posts without a place, and seconds of one core."""
    begun, had, total, left = time.process_time(), [], 0.0, 0
    for number in range(12):
        month = date(FIRST.year, number + 1, 1)
        near = tuple(h for h in had if h.day >= month.toordinal() - 7)
        ask = asked(month, known, near)
        found = draft.sketch(ask) if quick else draft.draft(ask, effort=EFFORT)
        had += standing(found, len(had) + 1)
        total, left = total + found.plan.objective, left + len(found.unplaced)
    return total, len(had), left, time.process_time() - begun


def run() -> list[Row]:
    """The year drafted, the bound on it, the same by the best pair first."""
    known = histories()
    warm = asked(date(2026, 12, 1), known)
    draft.draft(warm, effort=0.1)  # loading the solver is not the solver's time
    ours, posts, left, seconds = year(known, quick=False)
    theirs, _posts, missing, fast = year(known, quick=True)
    alone = [draft.draft(asked(date(FIRST.year, n + 1, 1), known), effort=EFFORT) for n in range(12)]
    bound = math.fsum(found.plan.bound for found in alone)
    case = f"{posts} posts, 52 weeks, {CHANNELS} channels"
    return [
        Row(case, "below a proven bound on the year", "%", round(100 * (1 - ours / bound), 3),
            round(100 * (1 - theirs / bound), 3), 1.0, "lower"),
        Row(case, "time, one core", "s", round(seconds, 1), round(fast, 1), 60.0, "lower"),
        Row(case, "posts without a place", "posts", left, missing, 0, "lower"),
    ]  # fmt: skip
