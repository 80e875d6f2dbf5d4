"""The days of a year a brand may speak about: holidays of its country, and commercial days by the rule of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from .settings import gettext_noop

HOLIDAYS = gettext_noop("a public holiday")
OBSERVED = gettext_noop("observed, but a working day")
SEA = ("PH", "ID", "MY", "SG", "TH", "VN", "TW", "CN", "HK")  # where double days are the sales of the year
MOTHERS = {"GB": "lent", "IE": "lent", "RU": "last november", "FR": "last may", "SE": "last may", "TH": "12 august"}


@dataclass(frozen=True)
class Day:
    """One day of note: kind is holiday, observance or commercial; posts may speak of it from `lead_days` before."""

    day: date
    name: str  # English; a msgid unless it comes from the holidays package
    kind: str
    lead_days: int
    source: str  # a msgid: the rule by which this day was found
    country: str = ""


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th weekday (Monday 0) of a month; n = -1 is the last."""
    if n < 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        return after - timedelta(days=(after.weekday() - weekday - 1) % 7 + 1)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def easter(year: int) -> date:
    """Easter Sunday of the western churches."""
    from dateutil.easter import easter as of

    return of(year)


def mothers_day(country: str, year: int) -> date:
    """The second Sunday of May, except where the country keeps another day."""
    rule = MOTHERS.get(country, "")
    if rule == "lent":
        return easter(year) - timedelta(days=21)
    if rule == "12 august":
        return date(year, 8, 12)
    month = {"last november": 11, "last may": 5}.get(rule)
    return nth(year, month, 6, -1) if month else nth(year, 5, 6, 2)


@cache
def occasions(country: str, year: int) -> tuple[Day, ...]:
    """Every computed day of note in a year, in order."""
    public = _holidays(country, year)
    known = {(day.day, day.name) for day in public}
    own = [*_commercial(country, year), *_paydays(country, year)]
    found = [*public, *(day for day in own if (day.day, day.name) not in known)]
    return tuple(sorted(found, key=lambda day: (day.day, day.kind != "holiday", day.name)))


def between(country: str, first: date, last: date) -> list[Day]:
    """The days of note from `first` to `last`, both included."""
    years = range(first.year, last.year + 1)
    return [day for year in years for day in occasions(country, year) if first <= day.day <= last]


def _holidays(country: str, year: int) -> list[Day]:
    import holidays

    if country not in holidays.list_supported_countries():
        return []
    told = []
    for category, kind, source in (("public", "holiday", HOLIDAYS), ("workday", "observance", OBSERVED)):
        if _has(country, category):
            days = holidays.country_holidays(country, years=year, categories=category, language="en_US")
            told += [Day(day, name, kind, 7, source, country) for day, name in days.items()]
    return told


@cache
def _has(country: str, category: str) -> bool:
    import holidays

    return category in holidays.country_holidays(country).supported_categories


def holiday_name(country: str, day: date, language: str) -> str:
    """The holiday's name in another language, where the package knows one; else an empty string."""
    import holidays

    known = getattr(holidays.country_holidays(country), "supported_languages", ())
    chosen = next((name for name in known if name.split("_")[0] == language), "")
    return str(holidays.country_holidays(country, years=day.year, language=chosen).get(day, "")) if chosen else ""


Rule = tuple[str, int, str, Callable[[int], date]]  # name, lead days, source, the day in a year

FIXED: list[Rule] = [
    (gettext_noop("Valentine's Day"), 14, gettext_noop("14 February"), lambda y: date(y, 2, 14)),
    (gettext_noop("International Women's Day"), 7, gettext_noop("8 March, United Nations"), lambda y: date(y, 3, 8)),
    (gettext_noop("Earth Day"), 5, gettext_noop("22 April"), lambda y: date(y, 4, 22)),
    (gettext_noop("Halloween"), 10, gettext_noop("31 October"), lambda y: date(y, 10, 31)),
    (
        gettext_noop("Black Friday"), 14, gettext_noop("the day after the fourth Thursday of November"),
        lambda y: nth(y, 11, 3, 4) + timedelta(days=1),
    ),
    (
        gettext_noop("Cyber Monday"), 7, gettext_noop("the Monday after the fourth Thursday of November"),
        lambda y: nth(y, 11, 3, 4) + timedelta(days=4),
    ),
    (gettext_noop("Father's Day"), 10, gettext_noop("the third Sunday of June"), lambda y: nth(y, 6, 6, 3)),
]  # fmt: skip
DOUBLE = gettext_noop("the double day of the online shops, every year")
PHILIPPINE: list[Rule] = [
    (
        gettext_noop("The «ber» months begin"), 7, gettext_noop("1 September: the Philippine Christmas season"),
        lambda y: date(y, 9, 1),
    ),
    (
        gettext_noop("Simbang Gabi begins"), 7, gettext_noop("16 December: the first of nine dawn masses"),
        lambda y: date(y, 12, 16),
    ),
    (gettext_noop("Teachers' Day"), 7, gettext_noop("5 October, Republic Act 10743"), lambda y: date(y, 10, 5)),
    (
        gettext_noop("13th month pay is due"), 10, gettext_noop("24 December at the latest, Presidential Decree 851"),
        lambda y: date(y, 12, 24),
    ),
]  # fmt: skip


def _commercial(country: str, year: int) -> list[Day]:
    rules = list(FIXED) + (PHILIPPINE if country == "PH" else [])
    told = [Day(find(year), name, "commercial", lead, source, country) for name, lead, source, find in rules]
    source = gettext_noop("the day the country keeps; the second Sunday of May in most")
    told.append(Day(mothers_day(country, year), gettext_noop("Mother's Day"), "commercial", 14, source, country))
    if country in SEA:
        told += [Day(date(year, n, n), f"{n}.{n}", "commercial", 7, DOUBLE, country) for n in (9, 10, 11, 12)]
    return told


def _paydays(country: str, year: int) -> list[Day]:
    """The 15th and the last day but not after the 30th; on a weekend the Friday before, as banks pay."""
    if country != "PH":
        return []
    source = gettext_noop("the 15th and the 30th by custom, wages twice a month by the Labor Code (Article 103)")
    told = []
    for month in range(1, 13):
        last = nth_day(year, month, 30)
        for day in (date(year, month, 15), last):
            paid = day - timedelta(days=max(day.weekday() - 4, 0))
            told.append(Day(paid, gettext_noop("Payday"), "commercial", 2, source, country))
    return told


def nth_day(year: int, month: int, day: int) -> date:
    """This day of the month, or its last one when the month is shorter."""
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), after - timedelta(days=1))
