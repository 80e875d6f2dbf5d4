"""One problem to solve: every allowed pair of group and place with its worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from diskarte.science.calendar.held import Held
from diskarte.science.calendar.shapes import Item, Limits, Place, Placed, Stay, Value


@dataclass(frozen=True)
class Case:
    items: tuple[Item, ...]
    worth: Mapping[tuple[Item, str, Place], float]  # per group (an item without its name)
    limits: Limits
    fixed: tuple[Placed, ...]
    stay: Stay


def group_of(item: Item) -> Item:
    """Items that differ in nothing but their name are one group."""
    return replace(item, name="")


def make_case(
    items: Sequence[Item],
    places: Sequence[Place],
    value: Value,
    limits: Limits,
    fixed: tuple[Placed, ...],
    stay: Stay,
) -> Case:
    by_line: dict[str, list[Place]] = defaultdict(list)
    held = Held(limits, fixed)
    for place in places:
        if not held.against_place(place):
            by_line[place.line].append(place)
    worth: dict[tuple[Item, str, Place], float] = {}
    for group in dict.fromkeys(group_of(item) for item in items):
        for place in by_line[group.line]:
            if group.release <= place.day <= group.due:
                for topic in group.topics:
                    told = value(group, topic, place)
                    if told is not None and not held.against_topic(topic, place):
                        extra = stay.bonus if (group.kind, topic, place) in stay.triples else 0.0
                        worth[group, topic, place] = told + extra
    return Case(tuple(items), worth, limits, fixed, stay)


def by_line(case: Case) -> list[Case]:
    """One case for each line, without the limits that join lines."""
    own = replace(case.limits, hours=None, mix={})
    cases = []
    for line in sorted({item.line for item in case.items}):
        items = tuple(item for item in case.items if item.line == line)
        worth = {key: told for key, told in case.worth.items() if key[0].line == line}
        fixed = tuple(p for p in case.fixed if p.place.line == line)
        cases.append(Case(items, worth, own, fixed, replace(case.stay, least=0)))
    return cases
