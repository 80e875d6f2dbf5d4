"""The draft of a month: what is due, where it goes, what stays, and what became of every slot there was."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diskarte.science.calendar import Item, Limits, Place, Placed, Plan, Stay, Unplaced, Wishes, solve

from . import demand
from .moments import avoided, days_of, free_minutes, preferred, weeks_of
from .worth import Worth

SAME_PLACE, SAME_PILLAR, SAME_ALL = 0.1, 0.04, 0.06  # log value of leaving a slot's moment, its pillar, its kind
SAME_DAY = 0.06  # of staying what it is on its day, where it must leave its hour
KNOWN, UNKNOWN = 0.05, 0.3  # log value decided by lot: between near-equal moments, and where nothing is known
LEARN = 0.6  # the same for a try, which is to go where others do not
OURS = 0.15  # of standing on a day of the brand's own
CHANGE_AT_MOST = 0.4  # of the slots that may move
WISH = 0.1  # log value of not crowding a day, and of one post nearer to the target mix
EFFORT = 2.0  # about seconds
LEVEL = 1.0  # added to every value: it changes no choice and makes gaps read as shares


@dataclass(frozen=True)
class Line:
    """A channel as the draft sees it: its id as text and the kinds of posts it takes."""

    id: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Had:
    """A slot that exists. `stays`: locked, written, by hand, a trial, or past; `gone`: a person dropped it."""

    id: int
    line: str
    kind: str
    pillar: str
    day: int
    minute: int
    stays: bool = False
    gone: bool = False

    @property
    def place(self) -> Place:
        return Place(self.line, self.day, self.minute)


@dataclass(frozen=True)
class Ask:
    """Everything a draft depends on. `now` is (day, minute) of the brand's local clock."""

    month: date
    now: tuple[int, int]
    settings: Mapping[str, Any]
    lines: tuple[Line, ...]
    worth: Mapping[str, Worth]
    had: tuple[Had, ...] = ()  # of this month, and of the weeks around it
    our_days: frozenset[int] = frozenset()
    seed: int = 0


@dataclass(frozen=True)
class Wanted:
    """One slot of the new draft; `was` is the slot it was before."""

    line: str
    kind: str
    pillar: str
    day: int
    minute: int
    trial: bool
    was: Had | None = None


@dataclass(frozen=True)
class Draft:
    """The answer: slots in order of time, the slots no longer wanted, what found no place, how good it is."""

    slots: tuple[Wanted, ...]
    dropped: tuple[Had, ...]
    unplaced: tuple[Unplaced, ...]
    plan: Plan
    off_mix: Mapping[str, int] = field(default_factory=dict)


def draft(ask: Ask) -> Draft:
    """The best month under these settings that changes no more than it must."""
    items = items_of(ask)
    places = places_of(ask)
    value = _values(ask, items, places)
    movable = [h for h in ask.had if _inside(ask, h) and not h.stays and not h.gone]
    least = math.ceil((1 - CHANGE_AT_MOST) * len(movable)) if movable else 0
    stay = Stay(frozenset((h.kind, h.pillar, h.place) for h in movable), SAME_ALL, min(least, len(items)))
    limits, wishes = limits_of(ask, len(items))
    fixed = _fixed(ask)
    plan = solve(items, places, value, limits, fixed=fixed, stay=stay, wishes=wishes, seed=ask.seed, effort=EFFORT)
    slots, dropped = _matched(plan.placed, movable)
    return Draft(tuple(slots), tuple(dropped), plan.unplaced, plan, plan.off_mix)


def items_of(ask: Ask) -> list[Item]:
    """What is due this month and does not stand yet, week by week."""
    weeks = [w for w in weeks_of(days_of(ask.month)) if w[-1].toordinal() >= ask.now[0]]
    weeks = [[day for day in week if day.toordinal() >= ask.now[0]] for week in weeks]
    pillars = tuple(n for n, share in demand.pillar_shares(ask.settings).items() if share > 0) or ("",)
    items: list[Item] = []
    for line in ask.lines:
        channel = ask.settings["channels"].get(line.id)
        if channel and channel["a_week"] > 0:
            items += _items_of_line(ask, line, channel, weeks, pillars)
    return _with_trials(ask, items)


def _items_of_line(
    ask: Ask, line: Line, channel: Mapping[str, Any], weeks: Sequence[Sequence[date]], pillars: tuple[str, ...]
) -> list[Item]:
    due = demand.cadence(channel["a_week"], weeks)
    weights = demand.kind_weights(ask.settings, channel, line.kinds)
    held = [_kinds_had(ask, line.id, week, stays=True) for week in weeks]
    moving = [_kinds_had(ask, line.id, week, stays=False) for week in weeks]
    before = [stays + moves for stays, moves in zip(held, moving, strict=True)]
    counts = [max(n, stays.total()) for n, stays in zip(due, held, strict=True)]
    kinds = demand.kinds_by_week(counts, weights, before) if weights else [Counter() for _ in weeks]
    items = []
    for week, wished, stays, count in zip(weeks, kinds, held, due, strict=True):
        left = list((wished - stays).elements())[: max(count - stays.total(), 0)]
        for n, kind in enumerate(left):
            hours = ask.settings["hours_of"].get(kind, 0.0)
            first, last = week[0].toordinal(), week[-1].toordinal()
            items.append(Item(f"{line.id} {first} {n}", line.id, pillars, kind, first, last, hours))
    return items


def _kinds_had(ask: Ask, line: str, week: Sequence[date], stays: bool) -> Counter[str]:
    first, last = week[0].toordinal(), week[-1].toordinal()
    return Counter(
        h.kind for h in ask.had if h.line == line and first <= h.day <= last and (h.stays or h.gone) == stays
    )


def _with_trials(ask: Ask, items: list[Item]) -> list[Item]:
    """A few items, by lot, are placed to learn; only where there is something to compare with, and not on re-drafts."""
    again = any(_inside(ask, h) and not h.stays for h in ask.had)
    known = [i for i, item in enumerate(items) if ask.worth[item.line].model.signal]
    count = 0 if again else round(ask.settings["explore"] * len(known))
    chosen = set(random.Random(ask.seed).sample(known, min(count, len(known))))  # noqa: S311 - a lot, not a secret
    return [_marked(item) if i in chosen else item for i, item in enumerate(items)]


def _marked(item: Item) -> Item:
    return Item(item.name, item.line, item.topics, item.kind, item.release, item.due, item.hours, mark="trial")


def places_of(ask: Ask) -> list[Place]:
    """Every moment of the month, from two hours after now, at which the settings let a post go out."""
    earliest = (ask.now[0], ask.now[1] + 120)
    return [
        Place(line.id, day.toordinal(), minute)
        for line in ask.lines
        for day in days_of(ask.month)
        for minute in free_minutes(ask.settings, day)
        if (day.toordinal(), minute) >= earliest
    ]


def _inside(ask: Ask, had: Had) -> bool:
    days = days_of(ask.month)
    return days[0].toordinal() <= had.day <= days[-1].toordinal() and had.day >= ask.now[0]


def _fixed(ask: Ask) -> list[Placed]:
    told = []
    for h in ask.had:
        if not h.gone and (h.stays or not _inside(ask, h)):
            hours = ask.settings["hours_of"].get(h.kind, 0.0)
            told.append(Placed(Item(f"slot {h.id}", h.line, (h.pillar,), h.kind, hours=hours), h.pillar, h.place))
    return told


def limits_of(ask: Ask, count: int) -> tuple[Limits, Wishes]:
    """The caps of the settings with the mix over the month's posts, and what is kept where it costs little."""
    shares = demand.pillar_shares(ask.settings)
    paces = [ask.settings["channels"][line.id]["a_week"] for line in ask.lines if line.id in ask.settings["channels"]]
    often = max(paces, default=0)
    signal = any(worth.model.signal and worth.n >= 30 for worth in ask.worth.values())
    room = ask.settings["tolerance"] if signal else 0.0
    days = days_of(ask.month)
    held = Counter(h.pillar for h in ask.had if h.stays and not h.gone and _inside(ask, h))
    ranges = demand.pillar_ranges(shares, count + held.total(), room)
    aim = {name: max(n - held[name], 0) for name, n in demand.apportioned(count + held.total(), shares).items()}
    wishes = Wishes(spread=max(math.ceil(sum(paces) / 7), 1), aim=aim, cost=WISH)
    limits = Limits(
        per_day=demand.most_a_day(often, ask.settings["per_day"]),
        gap=round(ask.settings["gap_hours"] * 60),
        apart=demand.apart_days(often, max(shares.values(), default=0)),
        hours=ask.settings["hours_a_week"],
        week_from=days[0].toordinal() - days[0].weekday(),
        mix={name: (max(low - held[name], 0), max(high - held[name], 0)) for name, (low, high) in ranges.items()},
    )
    return limits, wishes


def _values(ask: Ask, items: Sequence[Item], places: Sequence[Place]) -> Any:
    """A function of item, pillar and place: log lift, preferences, the brand's own days, and what was there before."""
    told: dict[tuple[str, str, str, str, int, int], float] = {}
    for line in ask.lines:
        kinds = sorted({(i.kind, i.mark) for i in items if i.line == line.id})
        pillars = sorted({pillar for i in items if i.line == line.id for pillar in i.topics})
        moments = sorted({(date.fromordinal(p.day).weekday(), p.minute) for p in places if p.line == line.id})
        for kind, mark in kinds:
            told |= _line_values(ask, line.id, kind, mark, pillars, moments)
    moving = [h for h in ask.had if _inside(ask, h) and not h.stays and not h.gone]
    before, days = {h.place: h.pillar for h in moving}, {(h.line, h.day, h.kind, h.pillar) for h in moving}
    lots = {p: _lot(ask.seed, p) * (KNOWN if ask.worth[p.line].model.signal else UNKNOWN) for p in places}

    def value(item: Item, pillar: str, place: Place) -> float:
        weekday = (place.day + 6) % 7
        worth = told[item.line, item.kind, item.mark, pillar, weekday, place.minute]
        worth += OURS if place.day in ask.our_days else 0.0
        worth += SAME_DAY if (place.line, place.day, item.kind, pillar) in days else 0.0
        if place in before:
            worth += SAME_PLACE + (SAME_PILLAR if before[place] == pillar else 0.0)
        worth += LEARN * lots[place] / KNOWN if item.mark else 0.0
        return LEVEL + worth + lots[place]

    return value


def _lot(seed: int, place: Place) -> float:
    """A small number by lot that spreads posts over near-equal moments, so that their numbers will tell something."""
    return random.Random(f"{seed} {place}").random()  # noqa: S311


def _line_values(
    ask: Ask, line: str, kind: str, mark: str, pillars: Sequence[str], moments: Sequence[tuple[int, int]]
) -> dict[tuple[str, str, str, str, int, int], float]:
    from diskarte.science.timing import Candidate

    keys = [(line, kind, mark, pillar, day, minute) for pillar in pillars for day, minute in moments]
    candidates = [Candidate(kind, key[3], key[4], key[5] / 60) for key in keys]
    worth = ask.worth[line]
    lifts = worth.trials(candidates, ask.seed) if mark else worth.lifts(candidates)
    return {key: lift + _wished(ask.settings, key[4], key[5]) for key, lift in zip(keys, lifts, strict=True)}


def _wished(settings: Mapping[str, Any], weekday: int, minute: int) -> float:
    return math.log(preferred(settings, hour=minute // 60) * preferred(settings, weekday=weekday))


def _matched(placed: Sequence[Placed], had: Sequence[Had]) -> tuple[list[Wanted], list[Had]]:
    """Which slot became which: the same in everything, then the same moment, then the nearest of its kind."""
    left, was = list(had), dict[str, Had]()
    for closeness in range(4):
        for p in placed:
            if p.item.name in was:
                continue
            near = [h for h in left if _close(p, h) <= closeness]
            if near:
                best = min(near, key=lambda h: (_close(p, h), abs(h.place.moment - p.place.moment), h.id))
                was[p.item.name] = best
                left.remove(best)
    slots = [
        Wanted(p.place.line, p.item.kind, p.topic, p.place.day, p.place.minute, bool(p.item.mark), was.get(p.item.name))
        for p in placed
    ]
    return slots, left


def _close(p: Placed, h: Had) -> int:
    if h.line != p.place.line:
        return 9
    if h.place == p.place:
        return 0 if (h.kind, h.pillar) == (p.item.kind, p.topic) else 1
    return 2 if (h.kind, h.pillar) == (p.item.kind, p.topic) else 3


def excluded(settings: Mapping[str, Any], had: Had) -> bool:
    """Whether the settings now forbid what this slot is."""
    weekday = (had.day + 6) % 7
    return avoided(settings, hour=had.minute // 60, weekday=weekday, kind=had.kind, pillar=had.pillar)
