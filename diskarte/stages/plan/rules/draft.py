"""The draft of a month: what is due, where it goes, what stays, and what became of every slot there was."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diskarte.science.calendar import (
    DAY,
    Conflict,
    Item,
    Limits,
    Place,
    Placed,
    Plan,
    Question,
    Stay,
    Unplaced,
    Wishes,
    conflict,
    greedy,
    solve,
)
from diskarte.science.calendar.shapes import Watch

from . import demand
from .asking import Ask as Ask
from .asking import Had as Had
from .asking import Line as Line
from .due import TRIAL, items_of
from .moments import avoided, days_of
from .values import Value, values

SAME_ALL = 0.06  # log value of leaving a slot as it is in all
CHANGE_AT_MOST = 0.4  # of the slots that may move
WISH = 0.1  # log value of not crowding a day, and of one post nearer to the target mix
EFFORT = 2.0  # about seconds


@dataclass(frozen=True)
class Wanted:
    """One slot of the new draft; `was` is the slot it was before, `arc` the campaign and phase it belongs to."""

    line: str
    kind: str
    pillar: str
    day: int
    minute: int
    trial: bool
    was: Had | None = None
    arc: str = ""


@dataclass(frozen=True)
class Draft:
    """The answer: slots in order of time, the slots no longer wanted, what found no place, how good it is."""

    slots: tuple[Wanted, ...]
    dropped: tuple[Had, ...]
    unplaced: tuple[Unplaced, ...]
    plan: Plan
    off_mix: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """A month as the optimiser reads it."""

    items: list[Item]
    places: list[Place]
    value: Value
    limits: Limits
    wishes: Wishes
    stay: Stay
    fixed: list[Placed]


def task_of(ask: Ask) -> Task:
    """What is to be placed, where it may stand and what that is worth."""
    items, places, movable = items_of(ask), ask.places(), ask.movable()
    least = math.ceil((1 - CHANGE_AT_MOST) * len(movable)) if movable else 0
    stay = Stay(
        frozenset((h.kind, h.pillar, ask.place_of(h)) for h in movable), SAME_ALL, min(least, len(items))
    )
    limits, wishes = limits_of(ask, items)
    return Task(items, places, values(ask, items, places), limits, wishes, stay, ask.fixed())


def draft(ask: Ask, watch: Watch | None = None, effort: float = EFFORT) -> Draft:
    """The best month under these settings that changes no more than it must; `watch` hears how it gets better."""
    t = task_of(ask)
    plan = solve(
        t.items, t.places, t.value, t.limits, fixed=t.fixed, stay=t.stay, wishes=t.wishes, seed=ask.seed,
        effort=effort, watch=watch,
    )  # fmt: skip
    return _drafted(ask, plan)


def sketch(ask: Ask) -> Draft:
    """A month at once: the best place first, then the best that still fits. Good, and not the best."""
    t = task_of(ask)
    plan = greedy(t.items, t.places, t.value, t.limits, t.fixed, t.stay, t.wishes)
    return _drafted(ask, plan)


def _drafted(ask: Ask, plan: Plan) -> Draft:
    slots, dropped = _matched(plan.placed, ask.loose())
    return Draft(tuple(slots), tuple(dropped), plan.unplaced, plan, plan.off_mix)


def left_over(ask: Ask, found: Draft) -> Conflict | None:
    """The smallest set of wishes because of which something found no place."""
    if not found.unplaced:
        return None
    t = task_of(ask)
    asked = Question(tuple(t.items), tuple(t.places), t.limits, tuple(t.fixed), ask.shut())
    return conflict(asked, found.plan)


def limits_of(ask: Ask, items: Sequence[Item]) -> tuple[Limits, Wishes]:
    """The caps of the settings with the mix over the month's posts, and what is kept where it costs little."""
    count, crowded = len(items), Counter((i.line, i.release) for i in items if i.near and i.release == i.due)
    shares = demand.pillar_shares(ask.settings)
    paces = [
        ask.settings["channels"][line.id]["a_week"]
        for line in ask.lines
        if line.id in ask.settings["channels"]
    ]
    often = max(paces, default=0)
    signal = any(worth.model.signal and worth.n >= 30 for worth in ask.worth.values())
    room = ask.settings["tolerance"] if signal else 0.0
    days = days_of(ask.month)
    held = Counter(h.pillar for h in ask.had if h.stays and not h.gone and ask.inside(h))
    ranges = demand.pillar_ranges(shares, count + held.total(), room)
    aim = {
        name: max(n - held[name], 0) for name, n in demand.apportioned(count + held.total(), shares).items()
    }
    wishes = Wishes(spread=max(math.ceil(sum(paces) / 7), 1), aim=aim, cost=WISH)
    limits = Limits(
        per_day=min(
            max([demand.most_a_day(often, ask.settings["per_day"]), *crowded.values()]),
            ask.settings["per_day"],
        ),
        day_of={line.id: line.per_day for line in ask.lines if line.per_day is not None},
        week_of={
            name: told["per_week"] for name, told in ask.settings["channels"].items() if "per_week" in told
        },
        gap=round(ask.settings["gap_hours"] * 60),
        apart=demand.apart_days(often, max(shares.values(), default=0)),
        hours=ask.settings["hours_a_week"],
        money=ask.settings["money_a_month"],
        week_from=days[0].toordinal() - days[0].weekday(),
        mix={
            name: (max(low - held[name], 0), max(high - held[name], 0))
            for name, (low, high) in ranges.items()
        },
    )
    return limits, wishes


def _matched(placed: Sequence[Placed], had: Sequence[Had]) -> tuple[list[Wanted], list[Had]]:
    """Which slot became which: the same in everything, then the same moment, then the nearest of its kind."""
    left, was = list(had), dict[str, Had]()
    for closeness in range(4):
        for p in placed:
            if p.item.name in was:
                continue
            near = [h for h in left if _close(p, h) <= closeness]
            if near:
                best = min(near, key=lambda h: (_close(p, h), abs(_moment(h) - _moment(p.place)), h.id))
                was[p.item.name] = best
                left.remove(best)
    slots = [
        Wanted(
            p.place.line, p.item.kind, p.topic, p.place.day, p.place.minute, p.item.mark == TRIAL,
            was.get(p.item.name), _arc(p),
        )
        for p in placed
    ]  # fmt: skip
    return slots, left


def _arc(p: Placed) -> str:
    return "" if p.item.mark == TRIAL else p.item.mark


def _moment(at: Had | Place) -> int:
    return at.day * DAY + at.minute


def _close(p: Placed, h: Had) -> int:
    if h.line != p.place.line or h.arc != _arc(p):
        return 9
    if (h.day, h.minute) == (p.place.day, p.place.minute):
        return 0 if (h.kind, h.pillar) == (p.item.kind, p.topic) else 1
    return 2 if (h.kind, h.pillar) == (p.item.kind, p.topic) else 3


def excluded(settings: Mapping[str, Any], had: Had) -> bool:
    """Whether the settings now forbid what this slot is."""
    weekday = (had.day + 6) % 7
    return avoided(settings, hour=had.minute // 60, weekday=weekday, kind=had.kind, pillar=had.pillar)
