"""Why not there instead: what forbids another moment, channel or kind for a slot, else what it would lose."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from . import moments
from .asking import Ask, Had
from .worth import Worth


@dataclass(frozen=True)
class Rule:
    """Something that forbids it: a code and its numbers."""

    code: str  # past, blackout, quiet, avoid, clock, kind, gap, day, week, topic, hours, money
    values: dict[str, Any]


@dataclass(frozen=True)
class Instead:
    """The alternative against the slot: rules in its way, and its factor with 90 % interval where numbers tell."""

    rules: tuple[Rule, ...]
    lift: float | None  # 0.06: brings 6 % more; None: nobody knows
    low: float | None
    high: float | None
    chance: float | None  # of bringing more
    before: float | None  # engagements of one post, medians
    after: float | None


def forbidden(ask: Ask, moved: Had) -> tuple[Rule, ...]:
    """Every rule that keeps this slot from standing where it would be moved to."""
    line = ask.by_id.get(moved.line)
    kinds = line.kinds if line else ()
    told = [Rule("kind", {"kind": moved.kind})] if moved.kind not in kinds else []
    if (moved.day, moved.minute) <= ask.now_of(moved.line):
        told.append(Rule("past", {}))
    if not moments.exists(moved.day, moved.minute, ask.zone_of(moved.line)):
        told.append(Rule("clock", {"hour": moved.minute // 60}))
    shut = moments.shut_by(ask.settings, date.fromordinal(moved.day), moved.minute)
    told += [Rule(name, {"hour": moved.minute // 60}) for name in shut]
    if "avoid" not in shut and moments.avoided(ask.settings, kind=moved.kind, pillar=moved.pillar):
        told.append(Rule("avoid", {"hour": moved.minute // 60}))
    others = [h for h in ask.had if h.id != moved.id and not h.gone]
    return (
        *told,
        *_crowded(ask, moved, [h for h in others if h.line == moved.line]),
        *_spent(ask, moved, others),
    )


def _crowded(ask: Ask, moved: Had, others: list[Had]) -> Iterable[Rule]:
    """What stands too near on the same channel."""
    at, s = ask.place_of(moved).moment, ask.settings
    near = min((abs(ask.place_of(h).moment - at) for h in others), default=None)
    if near is not None and near < s["gap_hours"] * 60:
        yield Rule("gap", {"hours": round(near / 60, 1), "least": s["gap_hours"]})
    line = ask.by_id.get(moved.line)
    cap = min(s["per_day"], line.per_day if line and line.per_day is not None else s["per_day"])
    same_day = sum(h.day == moved.day for h in others)
    if same_day >= cap:
        yield Rule("day", {"n": same_day, "most": cap})
    monday = moved.day - (moved.day + 6) % 7
    most = s["channels"].get(moved.line, {}).get("per_week")
    same_week = sum(monday <= h.day < monday + 7 for h in others)
    if most is not None and same_week >= most:
        yield Rule("week", {"n": same_week, "most": most})
    if (
        not moved.arc
        and moved.pillar
        and any(h.day == moved.day and h.pillar == moved.pillar for h in others)
    ):
        yield Rule("topic", {"pillar": moved.pillar})


def _spent(ask: Ask, moved: Had, others: list[Had]) -> Iterable[Rule]:
    """What the team has left in that week and month, after all the other slots."""
    monday, s = moved.day - (moved.day + 6) % 7, ask.settings
    hours = sum(ask.hours(h.kind) for h in others if monday <= h.day < monday + 7) + ask.hours(moved.kind)
    if s["hours_a_week"] is not None and hours > s["hours_a_week"] + 1e-9:
        yield Rule("hours", {"hours": hours, "most": s["hours_a_week"]})
    month = date.fromordinal(moved.day).replace(day=1)
    days = moments.days_of(month)
    inside = [h for h in others if days[0].toordinal() <= h.day <= days[-1].toordinal()]
    money = sum(ask.cost(h.kind) for h in inside) + ask.cost(moved.kind)
    if s["money_a_month"] is not None and money > s["money_a_month"] + 1e-9:
        yield Rule("money", {"money": money, "most": s["money_a_month"]})


def instead(ask: Ask, slot: Had, other: Had) -> Instead:
    """The slot as it would be otherwise, against what it is."""
    rules = forbidden(ask, replace(other, id=slot.id))
    here, there = ask.worth.get(slot.line), ask.worth.get(other.line)
    if here is None or there is None or not here.model.signal or not there.model.signal:
        return Instead(rules, None, None, None, None, None, None)
    before = here.expected(_candidate(here, slot)).mid
    after = there.expected(_candidate(there, other)).mid
    if slot.line == other.line:
        told = here.model.versus(_candidate(there, other), _candidate(here, slot))
        return Instead(rules, told.mean - 1, told.low - 1, told.high - 1, told.chance, before, after)
    return Instead(rules, *_between(here, slot, there, other), before, after)


def _candidate(worth: Worth, had: Had) -> Any:
    return worth.candidate(had.kind, had.pillar, had.day, had.minute)


def _between(here: Worth, slot: Had, there: Worth, other: Had) -> tuple[float, float, float, float]:
    """Two channels know nothing of each other: their doubts add up."""
    (a,), (sa,) = here.model.score([_candidate(here, slot)])
    (b,), (sb,) = there.model.score([_candidate(there, other)])
    mean, sd = float(b - a), math.hypot(float(sa), float(sb))
    reach = 1.6449 * sd
    chance = 0.5 * (1 + math.erf(mean / sd / math.sqrt(2))) if sd else 0.5
    return math.expm1(mean), math.expm1(mean - reach), math.expm1(mean + reach), chance
