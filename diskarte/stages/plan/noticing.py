"""The days that concern one brand: its countries and region, its own days, what it hid or wants told otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from diskarte.core.people.who import Who

from .models import DayChoice, Occasion
from .rules import occasions
from .rules.occasions import Day

Seen = tuple[Day, Occasion | None]


def choice(who: Who) -> DayChoice:
    """Trade, region and further countries; an unsaved row before anybody chose."""
    row: DayChoice = who.own(DayChoice).first() or DayChoice(brand=who.brand)
    return row


def seen(who: Who, first: date, last: date) -> list[Seen]:
    """Days of note and the brand's own between two days, in order; what is hidden is left out. Two queries."""
    assert who.brand is not None
    chosen = choice(who)
    rows = list(who.own(Occasion))
    told: list[Seen] = []
    for day in occasions.between(who.brand.country, first, last, chosen.region, chosen.further):
        row = _about(day, rows)
        if row is None or not row.muted:
            told.append((_changed(_near(day, chosen), row), None))
    told += [(_own(row, at), row) for row in rows if row.ours for at in _days(row, first, last)]
    return sorted(told, key=lambda pair: (pair[0].day, pair[1] is None, pair[0].name))


def _about(day: Day, rows: Iterable[Occasion]) -> Occasion | None:
    """What the brand said about a public day: of this very year first, else for every year."""
    about = [row for row in rows if not row.ours and row.name == day.name[:120]]
    this = next((row for row in about if row.day == day.day), None)
    return this or next((row for row in about if row.yearly), None)


def _near(day: Day, chosen: DayChoice) -> Day:
    """A fiesta of another place hardly concerns a brand; one of its own does."""
    if not day.place or day.kind in ("holiday", "observance"):
        return day
    here, place = chosen.region.casefold(), day.place.casefold()
    near = bool(here) and (here in place or place in here)
    return replace(day, given_fit="high" if near else "low")


def _changed(day: Day, row: Occasion | None) -> Day:
    return replace(day, lead_days=row.lead_days, given_fit=row.fit or day.given_fit) if row else day


def _own(row: Occasion, at: date) -> Day:
    until = at + (row.until - row.day) if row.until else None
    return Day(
        at, row.name, row.kind, row.lead_days, row.source, row.country, until, given_fit=row.fit or "high"
    )


def _days(row: Occasion, first: date, last: date) -> list[date]:
    """When a day of one's own falls between two days; 29 February is kept on the 28th in other years."""
    if not row.yearly:
        return [row.day] if first <= row.day <= last else []
    years = range(max(first.year, row.day.year), last.year + 1)
    found = (occasions.nth_day(year, row.day.month, row.day.day) for year in years)
    return [day for day in found if first <= day <= last]
