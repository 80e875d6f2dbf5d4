"""Greedy, exact, line by line, together; and the reasons for what is left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from diskarte.science.calendar.case import Case, Key, by_group, by_line, group_of, make_case
from diskarte.science.calendar.exact import Model
from diskarte.science.calendar.held import Held
from diskarte.science.calendar.shapes import (
    Item,
    Limits,
    Place,
    Placed,
    Plan,
    Stay,
    Unplaced,
    Value,
    Watch,
    Wishes,
)


def solve(
    items: Sequence[Item],
    places: Iterable[Place],
    value: Value,
    limits: Limits | None = None,
    *,
    fixed: Sequence[Placed] = (),
    stay: Stay | None = None,
    wishes: Wishes | None = None,
    seed: int = 0,
    effort: float = 10.0,
    watch: Watch | None = None,
) -> Plan:
    """The best arrangement found within `effort` (about seconds of one core; counted in solver steps)."""
    limits = limits or Limits()
    _check(items, limits)
    stay, wishes = stay or Stay(), wishes or Wishes()
    whole = make_case(items, _in_order(places), value, limits, tuple(fixed), stay, wishes)
    if limits.joins or stay.least or wishes.aim or wishes.spread is not None:
        return _solve(whole, seed, effort, watch)
    return _joined([_solve(part, seed, effort) for part in by_line(whole)], whole)


def greedy(
    items: Sequence[Item],
    places: Iterable[Place],
    value: Value,
    limits: Limits | None = None,
    fixed: Sequence[Placed] = (),
    stay: Stay | None = None,
    wishes: Wishes | None = None,
) -> Plan:
    """The best pair first, then the best that still fits: what a person with a spreadsheet would do."""
    limits = limits or Limits()
    _check(items, limits)
    case = make_case(
        items, _in_order(places), value, limits, tuple(fixed), stay or Stay(), wishes, exact=False
    )
    placed = _greedy(case)
    return _told(case, placed, bound=float("inf"), proven=False)


def _in_order(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(set(places), key=lambda place: (place.line, place.day, place.minute)))


def _best_first(pair: tuple[Key, float]) -> tuple[float, str, int, int]:
    """By value, the highest first, then by place; as numbers, since places compare slowly."""
    place = pair[0][2]
    return -pair[1], place.line, place.day, place.minute


def _check(items: Sequence[Item], limits: Limits) -> None:
    if len({item.name for item in items}) < len(items):
        raise ValueError("every item needs a name of its own")
    caps = (*limits.day_of.values(), *limits.week_of.values(), limits.money or 0)
    if min(limits.per_day, limits.gap, limits.apart, limits.hours or 0, *caps) < 0:
        raise ValueError("a limit cannot be negative")


def _joined(parts: Sequence[Plan], whole: Case) -> Plan:
    placed = [p for part in parts for p in part.placed]
    bound = sum(part.bound for part in parts)
    return _told(whole, placed, bound, all(part.proven for part in parts))


def _greedy(case: Case) -> list[Placed]:
    held = Held(case.limits, case.fixed)
    left = [items[::-1] for items in by_group(case)]
    most = {topic: most for topic, (_least, most) in case.limits.mix.items()}
    used: Counter[str] = Counter()
    placed = []
    for (group, topic, place), told in sorted(case.worth.items(), key=_best_first):
        if not left[group] or used[topic] >= most.get(topic, 10**6):
            continue
        pair = Placed(left[group][-1], topic, place, told)
        if not held.against(pair):
            left[group].pop()
            held.add(pair)
            used[topic] += 1
            placed.append(pair)
    return placed


def _solve(case: Case, seed: int, effort: float, watch: Watch | None = None) -> Plan:
    start = _greedy(case)
    model = Model(case, must_place=True)
    if not model.run(start, seed, effort, watch):
        model = Model(case, must_place=False)
        if not model.run(start, seed, effort, watch):
            return _told(case, start, float("inf"), proven=False)
    return _told(case, model.placed(), model.bound(), model.proven)


def _told(case: Case, placed: Sequence[Placed], bound: float, proven: bool) -> Plan:
    placed = sorted(placed, key=lambda p: (p.place.moment, p.place.line))
    done = {p.item.name for p in placed}
    left = tuple(_why(item, case, placed) for item in case.items if item.name not in done)
    counts = Counter(p.topic for p in placed)
    off = {t: counts[t] - min(max(counts[t], low), high) for t, (low, high) in case.limits.mix.items()}
    everything = (*case.fixed, *placed)
    total = sum(p.value for p in placed)
    total -= case.wishes.against((p.place.day for p in everything), (p.topic for p in placed))
    bound = total if proven else max(bound, total)
    return Plan(tuple(placed), left, total, bound, proven, {t: n for t, n in off.items() if n})


def _why(item: Item, case: Case, placed: Sequence[Placed]) -> Unplaced:
    held, group = Held(case.limits, (*case.fixed, *placed)), case.groups.index(group_of(item))
    tried = [Placed(item, topic, place) for (g, topic, place) in case.every if g == group]
    told = Counter(held.against(p) or "mix" for p in tried)
    return Unplaced(item, tuple(told.most_common()) or (("window", 0),))
