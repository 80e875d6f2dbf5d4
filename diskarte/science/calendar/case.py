"""One problem to solve: every allowed pair of group and place with its worth."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from diskarte.science.calendar.held import Held
from diskarte.science.calendar.shapes import DAY, Item, Limits, Place, Placed, Stay, Value, Wishes

Key = tuple[int, str, Place]  # number of a group, topic, place


@dataclass(frozen=True)
class Case:
    items: tuple[Item, ...]
    groups: tuple[Item, ...]  # equal items are one group, an item without its name
    every: Mapping[Key, float]  # all pairs the value allows
    worth: Mapping[Key, float]  # those that can matter
    limits: Limits
    fixed: tuple[Placed, ...]
    stay: Stay
    wishes: Wishes = field(default_factory=Wishes)


def group_of(item: Item) -> Item:
    """Items that differ in nothing but their name are one group."""
    return replace(item, name="")


def by_group(case: Case) -> list[list[Item]]:
    """The items of each group, in their order."""
    number = {group: n for n, group in enumerate(case.groups)}
    told: list[list[Item]] = [[] for _ in case.groups]
    for item in case.items:
        told[number[group_of(item)]].append(item)
    return told


def make_case(
    items: Sequence[Item],
    places: Sequence[Place],
    value: Value,
    limits: Limits,
    fixed: tuple[Placed, ...],
    stay: Stay,
    wishes: Wishes | None = None,
    exact: bool = True,
) -> Case:
    """Ask the value of every pair in an item's window; without `exact` no pair is left out as useless.

    The places are in order, each once.
    """
    on_line: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        on_line[place.line].append(place)
    days = {line: [place.day for place in told] for line, told in on_line.items()}
    every: dict[Key, float] = {}
    groups = tuple(dict.fromkeys(group_of(item) for item in items))
    for n, group in enumerate(groups):
        mine = days.get(group.line, [])
        window = slice(bisect_left(mine, group.release), bisect_right(mine, group.due))
        for place in on_line[group.line][window]:
            for topic in group.topics:
                told = value(group, topic, place)
                if told is not None:
                    every[n, topic, place] = told
    if stay.bonus:
        for key in every:
            every[key] += stay.bonus if (groups[key[0]].kind, *key[1:]) in stay.triples else 0.0
    free = _free(every, groups, Held(limits, fixed)) if fixed else every
    worth = _useful(groups, free, limits, stay) if exact else free
    return Case(tuple(items), groups, every, worth, limits, fixed, stay, wishes or Wishes())


def _free(every: Mapping[Key, float], groups: Sequence[Item], held: Held) -> dict[Key, float]:
    """Without what the fixed items forbid."""
    shut = {place for place in {key[2] for key in every} if held.against_place(place)}
    return {
        (group, topic, place): told
        for (group, topic, place), told in every.items()
        if place not in shut and (groups[group].near or not held.against_topic(topic, place))
    }


def by_line(case: Case) -> list[Case]:
    """One case for each line, without the limits that join lines."""
    own = replace(case.limits, hours=None, money=None, mix={})
    cases = []
    for line in sorted({item.line for item in case.items}):
        mine = {n for n, group in enumerate(case.groups) if group.line == line}
        items = tuple(item for item in case.items if item.line == line)
        worth = {key: told for key, told in case.worth.items() if key[0] in mine}
        every = {key: told for key, told in case.every.items() if key[0] in mine}
        fixed = tuple(p for p in case.fixed if p.place.line == line)
        cases.append(Case(items, case.groups, every, worth, own, fixed, replace(case.stay, least=0)))
    return cases


def _useful(
    groups: Sequence[Item], worth: Mapping[Key, float], limits: Limits, stay: Stay
) -> dict[Key, float]:
    """Without the moments of a day that no best arrangement needs.

    A moment is not needed when so many better ones of its day lie so far apart that the other posts near it
    cannot block them all: one post blocks less than `gap` to each side, so never two that are 2 gaps apart.
    """
    days: dict[tuple[int, str, int], list[Place]] = defaultdict(list)
    for group, topic, place in worth:
        days[group, topic, place.day].append(place)
    minutes = [key[2].minute for key in worth]
    tight = bool(minutes) and min(minutes) + DAY - max(minutes) < limits.gap  # neighbours of midnight
    kept: dict[Key, float] = {}
    for (group, topic, _day), places in days.items():
        a_day = limits.a_day(groups[group].line)
        others = a_day - 1 + (2 * a_day if tight else 0)
        better: list[int] = []
        for place in sorted(places, key=lambda p: (-worth[group, topic, p], p)):
            needed = _far_apart(better, 2 * max(limits.gap, 1)) <= others
            if needed or (groups[group].kind, topic, place) in stay.triples:
                kept[group, topic, place] = worth[group, topic, place]
            better.append(place.minute)
    return kept


def _far_apart(minutes: Sequence[int], distance: int) -> int:
    """The most of these minutes that lie pairwise at least `distance` apart."""
    count, last = 0, -(10**6)
    for minute in sorted(minutes):
        if minute - last >= distance:
            count, last = count + 1, minute
    return count
