"""The days of a year a brand may speak about: public holidays of its countries, and our own table by the rule of each.

Public holidays come from the library `holidays` (public, observed, regional); commercial, cultural and religious days
are computed for any year by the rules of `sales`, `faith`, `philippines` and `world`, each with its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from diskarte.words import gettext_noop

from . import faith, philippines, sales, world
from .day import FITS, KINDS, TRADES, Day, Rule
from .finding import easter, found, nth, nth_day
from .public import holiday_name, known, public, regions

__all__ = [
    "FITS", "KINDS", "RULES", "TRADES", "Day", "Rule", "between", "easter", "holiday_name", "known", "mothers_day",
    "nth", "nth_day", "occasions", "regions",
]  # fmt: skip
RULES: tuple[Rule, ...] = (*sales.RULES, *philippines.RULES, *faith.RULES, *world.RULES)
NEAR = 3  # days within which a public holiday and a computed day are the same
PAID = gettext_noop("the 15th and the 30th by custom, wages twice a month by the Labor Code (Article 103)")
BUYING = ("shop", "cafe", "salon", "property", "software", "clinic")
ORDER = {"holiday": 0, "observance": 1, "commercial": 2}


def mothers_day(country: str, year: int) -> date:
    """The second Sunday of May, except where the country keeps another day."""
    rule = next(r for r in RULES if r.name == "Mother's Day" and r.kept_in(country))
    return found(rule.find, year)[0]


@cache
def occasions(country: str, year: int, region: str = "") -> tuple[Day, ...]:
    """Every computed day of note of a country (and one of its regions) in a year, in order.

    A country or region the library does not know has no public holidays; our own table works all the same.
    """
    official = public(country, year, region)
    kept = [rule for rule in RULES if rule.kept_in(country)]
    own = [*(day for rule in kept for day in _told(rule, country, year)), *_paydays(country, year)]
    names = {(day.day, day.name.casefold()) for day in official}
    found_ = [
        *official,
        *(d for d in own if (d.day, d.name.casefold()) not in names and not _twice(d, official)),
    ]
    return tuple(sorted(found_, key=lambda day: (day.day, ORDER.get(day.kind, 3), day.name)))


def between(
    country: str, first: date, last: date, region: str = "", further: Iterable[str] = ()
) -> list[Day]:
    """The days of note from `first` to `last`, both included; `further` adds the public holidays and own days of more
    countries ("ID" or "ID-BA"), without saying a day of everybody's twice."""
    told = _between(country, first, last, region)
    seen = {(day.day, day.name) for day in told}
    for place in further:
        code, _dash, part = place.partition("-")
        more = [day for day in _between(code, first, last, part) if (day.day, day.name) not in seen]
        told += more
        seen |= {(day.day, day.name) for day in more}
    return sorted(told, key=lambda day: day.day)


def _between(country: str, first: date, last: date, region: str) -> list[Day]:
    years = range(first.year, last.year + 1)
    return [day for year in years for day in occasions(country, year, region) if first <= day.day <= last]


def _told(rule: Rule, country: str, year: int) -> list[Day]:
    day = Day(
        date(year, 1, 1), rule.name, rule.kind, rule.lead_days, rule.source, country, None, rule.place, rule.high,
        rule.low, rule.sure,
    )  # fmt: skip
    lasts = timedelta(days=rule.lasts - 1)
    return [
        replace(day, day=at, until=at + lasts if rule.lasts > 1 else None) for at in found(rule.find, year)
    ]


@cache
def _hints(name: str) -> tuple[str, ...]:
    return tuple(hint for rule in RULES if rule.name == name for hint in rule.unless)


def _twice(own: Day, official: list[Day]) -> bool:
    """Whether a public holiday near it is the same day under another name."""
    hints = _hints(own.name)
    near = [day for day in official if abs((day.day - own.day).days) <= NEAR] if hints else []
    return any(hint in day.name.casefold() for hint in hints for day in near)


def _paydays(country: str, year: int) -> list[Day]:
    """The 15th and the last day but not after the 30th; on a weekend the Friday before, as banks pay."""
    told = []
    for month in range(1, 13) if country == "PH" else ():
        for day in (date(year, month, 15), nth_day(year, month, 30)):
            paid = day - timedelta(days=max(day.weekday() - 4, 0))
            told.append(
                Day(paid, gettext_noop("Payday"), "commercial", 2, PAID, country, high=BUYING, low=("ngo",))
            )
    return told
