"""Why not everything fits: the smallest set of wishes that cannot be had together, and what would be enough.

Answers: items were left over; which limits, demands and forbidden times are in each other's way, and by how
    much would one of them have to give?
Model: as exact.py without values. A wish is a demand for a group of items, a cap, the distance, the hours of a
    week, the money, a name under which places are shut, or items that stand already.
Method: deletion filter: every wish without which CP-SAT still proves the rest impossible is dropped, so the set
    that is left is minimal (not always the smallest of all). Assumption literals gave the same sets tenfold
    slower: a guarded constraint has no use in the linear bound. First only what touches the item left over is
    asked, then its week on all lines, then everything. What would be enough is found by bisection, on the whole
    question if one change can be enough there, else on the part.
Units: as shapes.py. Errors: none; an arrangement that does exist gives None, as does a question too hard.
Source: method i; Chinneck & Dravnieks 1991, ORSA Journal on Computing 3 (deletion filter).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from diskarte.science.calendar.shapes import Item, Limits, Place, Placed, Plan

EFFORT = 1.0  # of one question; about seconds
LEAST_HOURS = 0.5

Code = Literal["posts", "shut", "fixed", "topic", "gap", "day", "week", "hours", "money"]
ORDER: tuple[Code, ...] = ("fixed", "topic", "gap", "shut", "day", "week", "money", "hours", "posts")


@dataclass(frozen=True, order=True)
class Claim:
    """One wish of a conflict: its code, the line or name it is about ("" for all), the first day, its amount."""

    code: Code
    about: str = ""
    first: int = 0
    last: int = 0
    amount: float = 0.0


@dataclass(frozen=True)
class Way:
    """One wish changed so that everything fits; where no one change does that, so that this conflict is gone.

    `amount` stands in the place of what it was; None: the wish is given up altogether.
    """

    claim: Claim
    amount: float | None


@dataclass(frozen=True)
class Conflict:
    """Wishes that cannot be had together, while any of them left out lets the others be had; and the ways out."""

    claims: tuple[Claim, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Question:
    """Everything a calendar was asked; `shut` are places that a name forbids and that else were free."""

    items: tuple[Item, ...]
    places: tuple[Place, ...]
    limits: Limits
    fixed: tuple[Placed, ...] = ()
    shut: Mapping[Place, str] | None = None


def conflict(asked: Question, plan: Plan) -> Conflict | None:
    """What keeps the first item that was left over from its place."""
    if not plan.unplaced:
        return None
    for part in _parts(asked, plan.unplaced[0].item):
        found = _smallest(part)
        if found:
            return Conflict(found, tuple(ways(asked, found)) or tuple(ways(part, found)))
    return None


def _parts(asked: Question, item: Item) -> Iterable[Question]:
    """The question narrowed to what touches this item, then to its line, then whole."""
    near = [i for i in asked.items if i.release <= item.due and i.due >= item.release]
    for items in ([i for i in near if i.line == item.line], near, asked.items):
        lines = {i.line for i in items}
        places = tuple(p for p in asked.places if p.line in lines)
        shut = {p: name for p, name in (asked.shut or {}).items() if p.line in lines}
        yield replace(asked, items=tuple(items), places=places, shut=shut)


def _smallest(asked: Question) -> tuple[Claim, ...] | None:
    """A minimal set of claims that cannot be had together; None when they can, or nobody can say."""
    core = claims_of(asked)
    if Room(asked, core).possible() is not False:
        return None
    for claim in sorted(core, key=lambda c: (ORDER.index(c.code), c)):
        fewer = [c for c in core if c != claim]
        if Room(asked, fewer).possible() is False:
            core = fewer
    return tuple(sorted(core, key=lambda c: (-ORDER.index(c.code), c)))


def fits(asked: Question) -> bool:
    """Whether everything can be placed; False also when nobody could find out."""
    return bool(Room(asked, claims_of(asked)).possible())


def ways(asked: Question, claims: Iterable[Claim]) -> Iterable[Way]:
    """For each claim the smallest change of it alone after which everything fits."""
    for claim in claims:
        good = _first(asked, claim, [*_amounts(asked, claim)])
        if good:
            yield Way(claim, good[0])


def _first(asked: Question, claim: Claim, amounts: Sequence[float | None]) -> list[float | None]:
    """The first amount that is enough, by bisection: a later one gives more room."""
    if not amounts or not fits(changed(asked, claim, amounts[-1])):
        return []
    low, high = 0, len(amounts) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(changed(asked, claim, amounts[middle])) else (middle + 1, high)
    return [*amounts[low : low + 1]]


def _amounts(asked: Question, claim: Claim) -> Iterable[float | None]:
    """What could stand in the claim's place, each giving more room than the one before."""
    if claim.code in ("day", "week"):
        return [claim.amount + more for more in range(1, len(asked.items) + 1)]
    if claim.code == "posts":
        return [*range(int(claim.amount) - 1, -1, -1)]
    if claim.code == "gap":
        return [*range(60 * math.ceil(claim.amount / 60 - 1), -1, -60)]
    if claim.code == "topic":
        return [*range(int(claim.amount) - 1, -1, -1)]
    if claim.code == "hours":
        most = sum(i.hours for i in asked.items)
        return [claim.amount + LEAST_HOURS * n for n in range(1, 2 + int(most / LEAST_HOURS))]
    if claim.code == "money":
        return [sum(i.cost for i in asked.items) + sum(p.item.cost for p in asked.fixed)]
    return [None]


def changed(asked: Question, claim: Claim, amount: float | None) -> Question:
    """The question with this claim at another amount, or given up."""
    limits, n = asked.limits, amount or 0.0
    if claim.code == "posts":
        mine = [i for i in asked.items if demand_of(i) == (claim.about, claim.first, claim.last)]
        gone = {i.name for i in sorted(mine, key=lambda i: (-i.hours, i.name))[: len(mine) - int(n)]}
        return replace(asked, items=tuple(i for i in asked.items if i.name not in gone))
    if claim.code == "shut":
        free = {p for p, name in (asked.shut or {}).items() if name == claim.about}
        left = {p: name for p, name in (asked.shut or {}).items() if p not in free}
        return replace(asked, places=(*asked.places, *sorted(free)), shut=left)
    if claim.code == "fixed":
        return replace(asked, fixed=tuple(p for p in asked.fixed if p.place.line != claim.about))
    put: dict[Code, Callable[[], Limits]] = {
        "day": lambda: _with_day(asked, claim.about, int(n)),
        "week": lambda: replace(limits, week_of={**limits.week_of, claim.about: int(n)}),
        "gap": lambda: replace(limits, gap=int(n)),
        "topic": lambda: replace(limits, apart=int(n)),
        "hours": lambda: replace(limits, hours=n),
        "money": lambda: replace(limits, money=n),
    }
    return replace(asked, limits=put[claim.code]())


def _with_day(asked: Question, line: str, most: int) -> Limits:
    """Another cap a day for one line; the others keep theirs."""
    caps = {place.line: asked.limits.a_day(place.line) for place in asked.places}
    return replace(asked.limits, day_of={**caps, line: most}, per_day=max(asked.limits.per_day, most))


def demand_of(item: Item) -> tuple[str, int, int]:
    """Items of one line and window are one demand."""
    return item.line, item.release, item.due


class Room:
    """The question for CP-SAT with the constraints of some claims only."""

    def __init__(self, asked: Question, claims: Iterable[Claim]) -> None:
        from ortools.sat.python import cp_model

        self.cp, self.asked, self.model = cp_model, asked, cp_model.CpModel()
        self.claims, self.limits = frozenset(claims), asked.limits
        self.groups = Counter(replace(item, name="") for item in asked.items)
        self.x: dict[tuple[Item, str, Place], Any] = {}
        shut = asked.shut or {}
        for group in self.groups:
            for place in (*asked.places, *shut):
                closed = place in shut and Claim("shut", shut[place]) in self.claims
                if place.line == group.line and group.release <= place.day <= group.due and not closed:
                    for topic in group.topics:
                        self.x[group, topic, place] = self.model.new_bool_var("")
        self.fixed = [p for p in asked.fixed if Claim("fixed", p.place.line) in self.claims]
        self._demands()
        self._line_limits()
        self._shared()

    def possible(self) -> bool | None:
        """Whether these claims can be had together; None when nobody could find out."""
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_deterministic_time = EFFORT
        solver.parameters.max_time_in_seconds = 6 * EFFORT
        told = solver.solve(self.model)
        return None if told == self.cp.UNKNOWN else bool(told in (self.cp.OPTIMAL, self.cp.FEASIBLE))

    def _demands(self) -> None:
        of: dict[Item, list[Any]] = defaultdict(list)
        for (group, _topic, _place), x in self.x.items():
            of[group].append(x)
        wanted = {(c.about, c.first, c.last) for c in self.claims if c.code == "posts"}
        for group, n in self.groups.items():
            exactly = demand_of(group) in wanted
            self.model.add(sum(of[group]) == n if exactly else sum(of[group]) <= n)

    def _line_limits(self) -> None:
        limits = self.limits
        days: dict[tuple[str, int], list[Any]] = defaultdict(list)
        moments: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        topics: dict[tuple[str, str], dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        weeks: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for item, topic, place, x in self._standing():
            days[place.line, place.day].append(x)
            moments[place.line][place.moment].append(x)
            if not item.near:
                topics[place.line, topic][place.day].append(x)
            weeks[place.line, limits.week(place.day)].append(x)
        for (line, _day), xs in days.items():
            if Claim("day", line, amount=limits.a_day(line)) in self.claims:
                self.model.add(sum(xs) <= limits.a_day(line))
        for (line, _week), xs in weeks.items():
            if Claim("week", line, amount=limits.week_of.get(line, -1)) in self.claims:
                self.model.add(sum(xs) <= limits.week_of[line])
        gap = limits.gap if Claim("gap", amount=limits.gap) in self.claims else 0
        for by_moment in moments.values():
            self._windows(by_moment, max(gap, 1))
        for by_day in topics.values() if Claim("topic", amount=limits.apart) in self.claims else ():
            self._windows(by_day, limits.apart)

    def _standing(self) -> Iterable[tuple[Item, str, Place, Any]]:
        """What may stand, and what stands already."""
        for (group, topic, place), x in self.x.items():
            yield group, topic, place, x
        for p in self.fixed:
            yield p.item, p.topic, p.place, 1

    def _windows(self, by_time: Mapping[int, list[Any]], width: int) -> None:
        times, end = sorted(by_time), -1
        for i, time in enumerate(times):
            last = max(j for j in range(i, min(i + width, len(times))) if times[j] < time + width)
            if last > end:
                within = [x for j in range(i, last + 1) for x in by_time[times[j]]]
                there = sum(x == 1 for x in within if isinstance(x, int))
                free = [x for x in within if not isinstance(x, int)]
                if free:  # two that stand already are nobody's fault here
                    self.model.add(sum(free) <= max(1 - there, 0))
                end = last

    def _shared(self) -> None:
        limits = self.limits
        hours: dict[int, list[Any]] = defaultdict(list)
        money: list[Any] = []
        for (group, _topic, place), x in self.x.items():
            hours[limits.week(place.day)].append(round(group.hours * 60) * x)
            money.append(round(group.cost * 100) * x)
        held: Counter[int] = Counter()
        for p in self.fixed:
            held[limits.week(p.place.day)] += round(p.item.hours * 60)
        for week, spent in hours.items():
            if week_claim(limits, week) in self.claims:
                self.model.add(sum(spent) <= max(round((limits.hours or 0) * 60) - held[week], 0))
        if limits.money is not None and Claim("money", amount=limits.money) in self.claims:
            spent_before = sum(round(p.item.cost * 100) for p in self.fixed)
            self.model.add(sum(money) <= max(round(limits.money * 100) - spent_before, 0))


def week_claim(limits: Limits, week: int) -> Claim:
    """The hours of one week."""
    first = limits.week_from + 7 * week
    return Claim("hours", "", first, first + 6, limits.hours or 0.0)


def claims_of(asked: Question) -> list[Claim]:
    """Everything that is asked for."""
    limits, lines = asked.limits, sorted({item.line for item in asked.items})
    sizes = Counter(demand_of(item) for item in asked.items)
    told = [Claim("posts", *about, amount=n) for about, n in sizes.items()]
    told += [Claim("shut", name) for name in sorted(set((asked.shut or {}).values()))]
    told += [Claim("fixed", line) for line in lines if any(p.place.line == line for p in asked.fixed)]
    told += [Claim("day", line, amount=limits.a_day(line)) for line in lines]
    told += [Claim("week", line, amount=limits.week_of[line]) for line in lines if line in limits.week_of]
    told += [Claim("gap", amount=limits.gap)] if limits.gap else []
    told += [Claim("topic", amount=limits.apart)] if limits.apart else []
    weeks = sorted({limits.week(place.day) for place in asked.places}) if limits.hours is not None else ()
    told += [week_claim(limits, week) for week in weeks]
    return told + ([Claim("money", amount=limits.money)] if limits.money is not None else [])
