"""Do the days of note fall where reference calendars have them? In percent of the reference's days, by country.

References: public holidays of 123 countries (2015-2030), made in 2023 and so blind to days moved since; the weeks of US
retail events 2014-2018; a list of US commerce days of 2025. The baseline is the library `holidays` alone, as it is used
by default. For the feasts our own table computes, the rules are asked alone, without the library: Chinese New Year and
Easter must be exact, Eid and Diwali are announced by the moon that is seen.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from bench import Row, data
from diskarte.science import almanac
from diskarte.stages.plan.rules import occasions

YEARS = range(2015, 2031)
COUNTRIES = (
    "PH",
    "ID",
    "MY",
    "SG",
    "TH",
    "VN",
    "IN",
    "JP",
    "US",
    "CA",
    "GB",
    "AU",
    "DE",
    "FR",
    "ES",
    "BR",
    "MX",
    "RU",
)
SAME = {  # the reference's short names
    "july 4th": "independence day", "mlk": "martin luther king", "nye": "new year's eve", "easter": "easter sunday",
    "presidents day": "washington", "presidents' day": "washington", "pre thanksgiving": "thanksgiving",
    "day after christmas": "christmas", "juneteenth": "juneteenth", "st. patrick's day": "patrick",
}  # fmt: skip


@cache
def reference(country: str) -> dict[date, str]:
    """The reference's public holidays of one country."""
    path = data("calendars", "prophet_holidays_123countries.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if row["country"] == country and int(row["year"]) in YEARS
        ]
    return {date.fromisoformat(row["ds"]): row["holiday"] for row in rows}


def library(country: str) -> set[date]:
    """The public holidays the library tells by default."""
    import holidays

    return set(holidays.country_holidays(country, years=YEARS))


@cache
def ours(country: str) -> set[date]:
    """Every day of note of a country and of its regions; a season is its first day."""
    parts = ("", *occasions.regions(country))
    return {day.day for year in YEARS for part in parts for day in occasions.occasions(country, year, part)}


def percent(known: set[date], asked: set[date]) -> float:
    """Of the days asked for, those that are known."""
    return round(100 * len(known & asked) / len(asked), 1)


def by_country() -> list[Row]:
    """Days of the reference we have, for every country."""
    return [
        Row(c, "public and regional holidays found", "%", percent(ours(c), set(reference(c))),
            percent(library(c), set(reference(c))), 95, "higher")
        for c in COUNTRIES
    ]  # fmt: skip


def by_sure_days() -> list[Row]:
    """The same without the days the reference itself calls estimated: those of the moon, often off by a day."""
    rows = []
    for c in COUNTRIES:
        sure = {day for day, name in reference(c).items() if "estimated" not in name}
        if len(sure) < len(reference(c)):
            found = percent(ours(c), sure), percent(library(c), sure)
            rows.append(Row(c, "of the days it is sure of", "%", *found, 95, "higher"))
    return rows


def told(name: str, near: set[str]) -> bool:
    """Whether one of these names is the reference's, whatever it calls it."""
    wanted = SAME.get(name.casefold(), name.casefold()).replace("’", "'")
    return any(wanted in other.casefold() for other in near)


def names_of(day: date, span: int, from_library: bool) -> set[str]:
    """What is known in the days from `day` on."""
    import holidays

    days = [day + timedelta(days=n) for n in range(span)]
    if from_library:
        us = holidays.country_holidays("US", years={d.year for d in days})
        return {us.get(d, "") for d in days}
    return {d.name for d in occasions.between("US", days[0], days[-1])}


def commerce() -> list[Row]:
    """US commerce days by name: the exact day in 2025, the week in 2014 to 2018."""
    rows = []
    for case, file, key, name, span in (
        ("US list of 2025", "us_ecommerce_days_2025.csv", "date", "name", 1),
        ("US retail weeks 2014-18", "us_retail_event_weeks_2014_2018.csv", "week_start", "event", 7),
    ):
        with data("calendars", file).open(encoding="utf-8") as text:
            asked = [(date.fromisoformat(row[key]), row[name]) for row in csv.DictReader(text)]
        mine, theirs = (
            round(100 * sum(told(n, names_of(day, span, plain)) for day, n in asked) / len(asked), 1)
            for plain in (False, True)
        )
        rows.append(Row(case, "commercial and cultural days found", "%", mine, theirs, 85, "higher"))
    return rows


def feasts() -> list[Row]:
    """Our own rules alone against the reference."""
    cases: list[tuple[str, str, str, Callable[[int], list[date]], float]] = [
        ("Chinese New Year", "SG", "chinese new year", lambda y: [almanac.chinese_months(y)[1]], 100),
        ("Good Friday", "PH", "good friday", lambda y: [occasions.easter(y) - timedelta(days=2)], 100),
        ("Diwali", "IN", "wali", lambda y: [almanac.diwali(y)], 90),
        ("Eid al-Fitr", "PH", "fitr", lambda y: almanac.hijri_days(y, 10, 1), 80),
        ("Eid al-Adha", "PH", "adha", lambda y: almanac.hijri_days(y, 12, 10), 80),
    ]
    rows = []
    for case, country, word, find, target in cases:
        asked: dict[int, date] = {}
        for day, name in sorted(reference(country).items()):
            if word in name.casefold() and "observed" not in name.casefold():
                asked.setdefault(day.year, day)
        kept = set(asked.values())
        mine = percent({day for year in asked for day in find(year)}, kept)
        near = {d for day in kept for f in find(day.year) for d in [day] if abs((f - d).days) <= 1}
        rows += [
            Row(case, "our rule on the very day", "%", mine, None, target, "higher"),
            Row(case, "our rule within a day", "%", percent(near, kept), None, 100, "higher"),
        ]
    return rows


def run() -> list[Row]:
    """By country, whole and without what the reference guesses; commerce; feasts by our own rules."""
    return [*by_country(), *by_sure_days(), *commerce(), *feasts()]
