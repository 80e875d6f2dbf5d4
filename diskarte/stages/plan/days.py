"""Verbs of the days of note: which concern the brand, what is hidden or changed, days from a file, the year ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import day_files, noticing, wording
from .models import DayChoice, Occasion
from .rules import occasions as table

KEPT = gettext_noop("Nothing was changed.")
MOST_LEAD = 365
Fit = Literal["", "high", "some", "low"]
OwnKind = Literal["event", "promotion", "contest"]


@dataclass(frozen=True)
class Ahead:
    """One day of the year ahead as a person reads it."""

    day: date
    until: date | None
    starts_by: date
    name: str
    key: str  # its English name, by which it is hidden or changed
    kind: str
    source: str
    lead_days: int
    fit: str
    place: str
    country: str  # only where it is not the brand's own
    sure: bool
    id: int | None  # of a day of the brand's own
    yearly: bool
    late: bool  # its work should have begun


@read(may="plan.see")
def year_ahead(
    who: Who, start: date | None = None, days: int = 365, kind: str = "", fit: str = ""
) -> list[Ahead]:
    """Days of note from `start` (today) on, narrowed to a kind («own»: the brand's) and to what matters: high, some."""
    assert who.brand is not None
    today = clock.now().astimezone(who.brand.zone).date()
    first = start or today
    last = first + timedelta(days=max(0, min(days, 800)))
    trade = noticing.choice(who).trade
    told = [_ahead(who, day, row, trade, today) for day, row in noticing.seen(who, first, last)]
    wanted = {"high": ("high",), "some": ("high", "some")}.get(fit, table.FITS)
    return [
        day
        for day in told
        if day.fit in wanted and (not kind or kind == day.kind or (kind == "own" and day.id))
    ]


def _ahead(who: Who, day: table.Day, row: Occasion | None, trade: str, today: date) -> Ahead:
    assert who.brand is not None
    return Ahead(
        day.day, day.until, day.starts_by, day.name if row else wording.occasion_name(day), day.name, day.kind,
        day.source if row else wording.source_name(day), day.lead_days, day.fit(trade), day.place,
        "" if day.country in ("", who.brand.country) else day.country, day.sure, row.pk if row else None,
        bool(row and row.yearly), day.starts_by <= today <= day.day,
    )  # fmt: skip


@read(may="plan.see")
def day_choice(who: Who) -> DayChoice:
    """Which days concern the brand: trade, region, further countries."""
    return noticing.choice(who)


@read(may="plan.see")
def hidden_days(who: Who) -> list[Occasion]:
    """Public days the brand hid or wants told otherwise."""
    return list(who.own(Occasion).filter(ours=False).order_by("name", "day"))


@write(may="plan.edit", done=gettext_noop("The days of note follow your choice."))
def choose_days(who: Who, trade: str = "", region: str = "", further: list[str] | None = None) -> DayChoice:
    """Say which days concern the brand: its trade, its region or city, further countries ("ID", "DE-BY")."""
    if trade and trade not in table.TRADES:
        known = ", ".join(table.TRADES)
        raise Problem(_("Choose one of: %(known)s.") % {"known": known}, kept=_(KEPT), field="trade")
    row = noticing.choice(who)
    row.trade, row.region = trade, region.strip()[:40]
    row.further = list(dict.fromkeys(_place(text) for text in further or []))
    row.save()
    return row


def _place(text: str) -> str:
    """«DE-BY» with a country the library knows and a region of it. Raises Problem."""
    code, _dash, part = text.strip().partition("-")
    code = code.upper()
    if not table.known(code):
        said = _("We have no public holidays of «%(code)s».") % {"code": text.strip()}
        do = _("Our own table of days works without them; write a code of two letters such as ID.")
        raise Problem(said, kept=_(KEPT), do=do, field="further")
    if part and part not in table.regions(code):
        said = _("«%(code)s» has no region «%(part)s».") % {"code": code, "part": part}
        do = _("It knows: %(known)s.") % {"known": ", ".join(list(table.regions(code))[:20]) or "–"}
        raise Problem(said, kept=_(KEPT), do=do, field="further")
    return f"{code}-{part}" if part else code


@write(may="plan.edit", done=gettext_noop("{name} is changed for you."))
def change_day(
    who: Who, day: date, name: str, lead_days: int, fit: Fit = "", every_year: bool = True
) -> Occasion:
    """Tell a public day otherwise for this brand: how long before it posts begin, how much it matters."""
    row = _said(who, day, name)
    row.lead_days, row.fit, row.yearly, row.muted, row.kind = (
        _lead(lead_days),
        fit,
        every_year,
        False,
        "changed",
    )
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("{name} is hidden."))
def hide_day(who: Who, day: date, name: str, every_year: bool = True) -> Occasion:
    """Hide a public or commercial day, this year's or in every year."""
    row = _said(who, day, name)
    row.yearly, row.muted, row.kind = every_year, True, "muted"
    row.save()
    return row


def _said(who: Who, day: date, name: str) -> Occasion:
    """The row that says something about a public day; a new one if nobody did. Raises Problem for a day unknown."""
    name = name.strip()[:120]
    if not any(found.name[:120] == name and row is None for found, row in _public(who, day)):
        raise Problem(_("There is no such day."), kept=_(KEPT), field="name")
    there = who.own(Occasion).filter(name=name, ours=False)
    found: Occasion | None = there.filter(day=day).first() or there.filter(yearly=True).first()
    if found is None and who.own(Occasion).filter(day=day, name=name).exists():
        raise Problem(_("A day of your own has this name on this day."), kept=_(KEPT), field="name")
    return found or Occasion(brand=who.brand, day=day, name=name, ours=False)


def _public(who: Who, day: date) -> list[noticing.Seen]:
    assert who.brand is not None
    chosen = noticing.choice(who)
    told = table.between(who.brand.country, day, day, chosen.region, chosen.further)
    return [(found, None) for found in told]


def _lead(days: int) -> int:
    if not 0 <= days <= MOST_LEAD:
        said = _("Posts can speak of a day from 0 to 365 days before it.")
        raise Problem(said, kept=_(KEPT), field="lead_days")
    return days


@write(may="plan.edit", done=gettext_noop("Saved."))
def edit_day(
    who: Who, occasion: int, day: date, name: str, until: date | None = None, kind: OwnKind = "event",
    lead_days: int = 7, yearly: bool = False, fit: Fit = "",
) -> Occasion:  # fmt: skip
    """Change a day of the brand's own: when, what, how long before it posts begin, whether it comes every year."""
    row: Occasion = who.one(Occasion, occasion)
    if not row.ours:
        raise Problem(_("This is a public day: hide it or change how it is told."), kept=_(KEPT))
    row.day, row.until, row.name, row.kind = day, until, name.strip()[:120], kind
    row.lead_days, row.yearly, row.fit = _lead(lead_days), yearly, fit
    _fits(who, row)
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("{name} is among your days."))
def add_day(
    who: Who, day: date, name: str, until: date | None = None, kind: OwnKind = "event", lead_days: int = 7,
    yearly: bool = False, fit: Fit = "",
) -> Occasion:  # fmt: skip
    """Add a day of the brand's own that may last several days and come every year."""
    row = Occasion(
        brand=who.brand, day=day, until=until, name=name.strip()[:120], kind=kind, yearly=yearly, fit=fit
    )
    row.lead_days, row.source = _lead(lead_days), _("added by hand")
    _fits(who, row)
    row.save()
    return row


def _fits(who: Who, row: Occasion) -> None:
    if not row.name:
        raise Problem(_("The day needs a name."), kept=_(KEPT), field="name")
    if row.until and not 0 <= (row.until - row.day).days <= MOST_LEAD:
        raise Problem(
            _("It would end before it begins, or last more than a year."), kept=_(KEPT), field="until"
        )
    if who.own(Occasion).filter(day=row.day, name=row.name).exclude(pk=row.pk).exists():
        raise Problem(_("This day stands in the plan already."), kept=_(KEPT), field="name")


@write(may="plan.edit", done=gettext_noop("{said}"))
def import_days(who: Who, file: Upload) -> day_files.Taken:
    """Take over events of a calendar file (ICS) or a table (CSV, XLSX: day, name); what makes no day is told."""
    return day_files.taken(who, file)
