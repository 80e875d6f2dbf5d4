"""What a post is worth at each place of a draft: its numbers, the wishes, days of note, what was there before."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from diskarte.science.calendar import Item, Place

from .asking import Ask
from .due import TRIAL
from .moments import preferred

SAME_PLACE, SAME_PILLAR = 0.1, 0.04  # log value of leaving a slot's moment, its pillar
SAME_DAY = 0.06  # of staying what it is on its day, where it must leave its hour
KNOWN, UNKNOWN = 0.05, 0.3  # log value decided by lot: between near-equal moments, and where nothing is known
LEARN = 0.6  # the same for a try, which is to go where others do not
OURS = 0.15  # of standing on a day of the brand's own
LEVEL = 1.0  # added to every value: it changes no choice and makes gaps read as shares

Value = Callable[[Item, str, Place], float]


def values(ask: Ask, items: Sequence[Item], places: Sequence[Place]) -> Value:
    """A function of item, pillar and place: log lift, preferences, the brand's own days, and what was there before."""
    told: dict[tuple[str, str, str, str, int, int], float] = {}
    for line in ask.lines:
        kinds = sorted({(i.kind, i.mark) for i in items if i.line == line.id})
        pillars = sorted({pillar for i in items if i.line == line.id for pillar in i.topics})
        moments = sorted({(date.fromordinal(p.day).weekday(), p.minute) for p in places if p.line == line.id})
        for kind, mark in kinds:
            told |= _line_values(ask, line.id, kind, mark, pillars, moments)
    moving = ask.movable()
    before = {ask.place_of(h): h.pillar for h in moving}
    days = {(h.line, h.day, h.kind, h.pillar) for h in moving}
    lots = {p: _lot(ask.seed, p) * (KNOWN if ask.worth[p.line].model.signal else UNKNOWN) for p in places}

    def value(item: Item, pillar: str, place: Place) -> float:
        weekday = (place.day + 6) % 7
        worth = told[item.line, item.kind, item.mark, pillar, weekday, place.minute]
        worth += OURS if place.day in ask.our_days else 0.0
        worth += SAME_DAY if (place.line, place.day, item.kind, pillar) in days else 0.0
        if place in before:
            worth += SAME_PLACE + (SAME_PILLAR if before[place] == pillar else 0.0)
        worth += LEARN * lots[place] / KNOWN if item.mark == TRIAL else 0.0
        return LEVEL + worth + lots[place]

    return value


def _lot(seed: int, place: Place) -> float:
    """A small number by lot that spreads posts over near-equal moments, so that their numbers will tell something."""
    return random.Random(f"{seed} {place.line} {place.day} {place.minute}").random()  # noqa: S311


def _line_values(
    ask: Ask, line: str, kind: str, mark: str, pillars: Sequence[str], moments: Sequence[tuple[int, int]]
) -> dict[tuple[str, str, str, str, int, int], float]:
    from diskarte.science.timing import Candidate

    keys = [(line, kind, mark, pillar, day, minute) for pillar in pillars for day, minute in moments]
    candidates = [Candidate(kind, key[3], key[4], key[5] / 60) for key in keys]
    worth = ask.worth[line]
    lifts = worth.trials(candidates, ask.seed) if mark == TRIAL else worth.lifts(candidates)
    wished = {at: _wished(ask.settings, *at) for at in moments}
    return {key: lift + wished[key[4], key[5]] for key, lift in zip(keys, lifts, strict=True)}


def _wished(settings: Mapping[str, Any], weekday: int, minute: int) -> float:
    return math.log(preferred(settings, hour=minute // 60) * preferred(settings, weekday=weekday))
