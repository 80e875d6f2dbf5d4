"""Goals that cannot both be meant: the same number, the same place, and targets that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from . import RATES, STOCKS, Wish


@dataclass(frozen=True)
class Aim:
    """A goal with where it applies; `part_of` is the id of the year it is a month of."""

    pk: int
    wish: Wish
    place: int | None  # id of a channel; None: the whole brand
    part_of: int | None = None


@dataclass(frozen=True)
class Conflict:
    """Two goals and what is wrong with them: twice, inside, falls, channel or months."""

    one: int
    other: int
    code: str
    values: tuple[float, float]


def conflicts(aims: Sequence[Aim]) -> list[Conflict]:
    """Every pair that contradicts itself, each once, then years that ask less than their months."""
    same = [(a, b) for a, b in combinations(aims, 2) if a.wish.metric == b.wish.metric and not _family(a, b)]
    found = [conflict for a, b in same if (conflict := _between(a, b)) is not None]
    return found + _months(aims)


def _family(a: Aim, b: Aim) -> bool:
    """A year and its months are made of each other."""
    return a.part_of == b.pk or b.part_of == a.pk or (a.part_of is not None and a.part_of == b.part_of)


def _between(a: Aim, b: Aim) -> Conflict | None:
    x, y = a.wish, b.wish
    if a.place == b.place and (x.starts, x.deadline) == (y.starts, y.deadline):
        return Conflict(a.pk, b.pk, "twice", (x.target, y.target)) if x.target != y.target else None
    if x.metric in STOCKS:
        return _levels(a, b)
    if x.metric in RATES:
        return None
    return _inside(a, b) or _inside(b, a)


def _levels(a: Aim, b: Aim) -> Conflict | None:
    """A level wanted early must not lie above the one wanted later."""
    early, late = sorted((a, b), key=lambda aim: aim.wish.deadline)
    if (
        a.place == b.place
        and early.wish.deadline < late.wish.deadline
        and early.wish.target > late.wish.target
    ):
        return Conflict(early.pk, late.pk, "falls", (early.wish.target, late.wish.target))
    return _channel(a, b) if early.wish.deadline == late.wish.deadline else None


def _inside(small: Aim, large: Aim) -> Conflict | None:
    """What must come in a part of the time, or on one channel, cannot be more than in the whole."""
    within = large.wish.starts <= small.wish.starts and small.wish.deadline <= large.wish.deadline
    if not within or small.wish.target <= large.wish.target:
        return None
    if large.place in (small.place, None):
        return Conflict(small.pk, large.pk, "inside", (small.wish.target, large.wish.target))
    return None


def _channel(a: Aim, b: Aim) -> Conflict | None:
    whole = next((aim for aim in (a, b) if aim.place is None), None)
    part = next((aim for aim in (a, b) if aim.place is not None), None)
    if whole is None or part is None or part.wish.target <= whole.wish.target:
        return None
    return Conflict(part.pk, whole.pk, "channel", (part.wish.target, whole.wish.target))


def _months(aims: Sequence[Aim]) -> list[Conflict]:
    """Months that were edited until together they ask for less or more than their year."""
    found = []
    for year in aims:
        parts = [aim for aim in aims if aim.part_of == year.pk]
        if not parts or year.wish.metric in (*STOCKS, *RATES):
            continue
        total = sum(part.wish.target for part in parts)
        whole = (
            parts[0].wish.starts <= year.wish.starts
            and max(p.wish.deadline for p in parts) >= year.wish.deadline
        )
        if whole and round(total) != round(year.wish.target):
            found.append(Conflict(year.pk, parts[0].pk, "months", (year.wish.target, total)))
    return found
