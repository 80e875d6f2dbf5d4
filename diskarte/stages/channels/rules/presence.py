"""Who is where: cells of public studies and a person's own, and what they say of a portrait of some age."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

QUALITY = {"counted": 0.1, "study": 0.25, "expert": 0.5}  # sd of the log of a share, by where it comes from
YEARLY = 0.05  # what a study loses with every year
EVERYBODY = (16, 75)  # ages of a portrait that names none
WORLD = "001"
INTERNET = "internet"
ONLINE = ("internet_16", "internet_18")  # bases that leave out who is not online
DAILY = "day"


@dataclass(frozen=True)
class Cell:
    """One share of a study, or one a person told (`own` is the id of that row). Empty sex and ages mean everybody."""

    platform: str
    country: str
    share: float
    base: str  # people, people_12, adults_18, internet_16, internet_18
    measure: str  # ever, month, day, account
    year: int
    source: str
    url: str = ""
    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    note: str = ""
    quality: str = "study"
    own: int | None = None

    @property
    def whole(self) -> bool:
        """Whether it speaks of everybody."""
        return not self.sex and self.age_from is None and self.age_to is None

    def holds(self, age: int) -> bool:
        """Whether people of that age are meant."""
        return (self.age_from or 0) <= age <= (200 if self.age_to is None else self.age_to)


@dataclass(frozen=True)
class Estimate:
    """The share of a portrait that is there, the doubt (sd of its log), and the cells it stands on."""

    share: float
    sd: float
    cells: tuple[Cell, ...]
    elsewhere: bool = False  # from the world, as the country is unknown


def estimate(
    cells: Sequence[Cell], platform: str, country: str, ages: tuple[int, int], year: int
) -> Estimate | None:
    """The share of people of these ages who are there; None when no study and nobody says."""
    mine = [one for one in cells if one.platform == platform and one.country == country and not one.sex]
    own = [one for one in mine if one.own is not None and (one.whole or _shared(one, ages))]
    if own:
        best = max(own, key=lambda one: (not one.whole, one.year, one.own or 0))
        return Estimate(best.share, _doubt(best, year), (best,))
    total = newest(mine)
    if total is None:
        return None if country == WORLD else _elsewhere(cells, platform, ages, year)
    used: tuple[Cell, ...] = (total,)
    share = total.share
    if found := _by_age(mine, ages):
        parts, before, after = found
        share, used = _moved(share, before, after), (total, *parts)
    if total.base in ONLINE and (
        net := newest([c for c in cells if (c.platform, c.country) == (INTERNET, country)])
    ):
        share, used = share * net.share, (*used, net)
    return Estimate(share, max(_doubt(one, year) for one in used), used)


def newest(cells: Iterable[Cell]) -> Cell | None:
    """The newest cell of everybody; daily users only where nothing else is known."""
    return max((c for c in cells if c.whole), key=lambda c: (c.measure != DAILY, c.year), default=None)


def _elsewhere(cells: Sequence[Cell], platform: str, ages: tuple[int, int], year: int) -> Estimate | None:
    found = estimate(cells, platform, WORLD, ages, year)
    return found and Estimate(found.share, max(found.sd, QUALITY["expert"]), found.cells, True)


def _by_age(cells: Sequence[Cell], ages: tuple[int, int]) -> tuple[tuple[Cell, ...], float, float] | None:
    """The newest study that tells this platform by age: its cells, its total, its share at these ages."""
    aged = [one for one in cells if not one.whole and one.own is None and _shared(one, ages)]
    for study in sorted({(one.year, one.measure, one.base) for one in aged}, reverse=True):
        totals = [c for c in cells if c.whole and (c.year, c.measure, c.base) == study]
        if totals:
            parts = tuple(c for c in aged if (c.year, c.measure, c.base) == study)
            return parts, totals[0].share, _mean(parts, totals[0].share, ages)
    return None


def _mean(parts: Sequence[Cell], total: float, ages: tuple[int, int]) -> float:
    """The mean over the years of age; years nobody asked about have the total."""
    years = range(ages[0], ages[1] + 1)
    told = [next((c.share for c in parts if c.holds(age)), total) for age in years]
    return sum(told) / len(told)


def _moved(share: float, before: float, after: float) -> float:
    """A share moved by the same odds by which a study's group differs from its total: never above everybody."""
    odds = _logit(share) + _logit(after) - _logit(before)
    return 1 / (1 + math.exp(-odds))


def _logit(share: float) -> float:
    kept = min(max(share, 0.005), 0.995)
    return math.log(kept / (1 - kept))


def _shared(cell: Cell, ages: tuple[int, int]) -> bool:
    return (cell.age_from or 0) <= ages[1] and (200 if cell.age_to is None else cell.age_to) >= ages[0]


def _doubt(cell: Cell, year: int) -> float:
    return math.hypot(QUALITY[cell.quality], YEARLY * max(0, year - cell.year))


def ages_of(age_from: int | None, age_to: int | None) -> tuple[int, int]:
    """The ages of a portrait; where it names none, those who are asked in studies."""
    low = EVERYBODY[0] if age_from is None else age_from
    high = EVERYBODY[1] if age_to is None else age_to
    return min(low, high), max(low, high)
