"""Public holidays by the library `holidays`: names, observed days, regions; a country it lacks has none."""

from __future__ import annotations

from datetime import date
from functools import cache

from diskarte.words import gettext_noop

from .day import EVERY, Day

HOLIDAYS = gettext_noop("a public holiday")
OBSERVED = gettext_noop("observed, but a working day")
OPTIONAL = gettext_noop("a holiday that some take")
OFFICES = gettext_noop("a day off for public offices")
CATEGORIES = (  # of the library, the weightiest first
    ("public", "holiday", HOLIDAYS), ("government", "observance", OFFICES), ("optional", "observance", OPTIONAL),
    ("workday", "observance", OBSERVED),
)  # fmt: skip
REGIONAL = gettext_noop("a public holiday of the region")
LEAD = 7
GREAT = ("christmas", "new year", "independence", "easter")  # what every trade speaks about
LEADS = {"christmas day": 28, "new year": 14, "independence": 14}


@cache
def known(country: str) -> bool:
    """Whether the library has this country."""
    import holidays

    return country in holidays.list_supported_countries()


@cache
def regions(country: str) -> dict[str, str]:
    """The regions the library tells apart: code → name, in order of their names."""
    import holidays

    if not known(country):
        return {}
    of = holidays.country_holidays(country)
    names = of.get_subdivision_aliases()
    return dict(
        sorted(((code, (names.get(code) or [code])[0]) for code in of.subdivisions), key=lambda row: row[1])
    )


def public(country: str, year: int, region: str = "") -> list[Day]:
    """Public holidays, those of some and observed working days of a year; none where the library knows nothing."""
    if not known(country):
        return []
    nationwide = _days(country, year, "")
    if not region or region not in regions(country):
        return nationwide
    everywhere = {(day.day, day.name) for day in nationwide}
    place = regions(country)[region]
    more = [day for day in _days(country, year, region) if (day.day, day.name) not in everywhere]
    kept = {(day.day, day.name) for day in _days(country, year, region)}
    own = [
        Day(d.day, d.name, d.kind, d.lead_days, REGIONAL, country, None, place, d.high, sure=d.sure)
        for d in more
    ]
    return [day for day in nationwide if (day.day, day.name) in kept] + own


def _days(country: str, year: int, region: str) -> list[Day]:
    import holidays

    told: dict[tuple[date, str], Day] = {}
    for category, kind, source in CATEGORIES:
        if category not in _categories(country):
            continue
        days = holidays.country_holidays(
            country, subdiv=region or None, years=year, categories=category, language="en_US"
        )
        for day, names in days.items():
            for name in str(names).split("; "):
                told.setdefault((day, name), _day(day, name, kind, source, country))
    return list(told.values())


def _day(day: date, name: str, kind: str, source: str, country: str) -> Day:
    low = name.casefold()
    lead = next((days for word, days in LEADS.items() if word in low), LEAD)
    high = EVERY if any(word in low for word in GREAT) else ()
    return Day(day, name, kind, lead, source, country, high=high, sure="estimated" not in low)


@cache
def _categories(country: str) -> tuple[str, ...]:
    import holidays

    return tuple(holidays.country_holidays(country).supported_categories)


def holiday_name(country: str, day: date, language: str) -> str:
    """The holiday's name in another language, where the library knows one; else an empty string."""
    import holidays

    if not known(country):
        return ""
    languages = getattr(holidays.country_holidays(country), "supported_languages", ())
    chosen = next((name for name in languages if name.split("_")[0] == language), "")
    return (
        str(holidays.country_holidays(country, years=day.year, language=chosen).get(day, ""))
        if chosen
        else ""
    )
