"""Days of the brand's own from a calendar file or a table, row by row, with what is wrong in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.words import Problem

from .models import Occasion
from .sheet import MONTH_FIRST, YES

MOST = 2000
SYNONYMS = {
    "day": ("date", "start", "begins", "petsa", "дата"), "name": ("event", "title", "summary", "okasyon", "событие"),
    "until": ("end", "ends", "to", "hanggang"), "lead_days": ("lead", "days before"),
    "yearly": ("every year", "repeats", "taon-taon"),
}  # fmt: skip
Found = tuple[int, date, date | None, str, int, bool]  # number, day, until, name, lead days, yearly


@dataclass(frozen=True)
class Taken:
    """What became of a file: days made, those that stood there, rows refused with the reason."""

    made: int
    known: int
    refused: list[dict[str, Any]] = field(default_factory=list)  # {"row", "why"}

    said: str = field(init=False)  # the same in words

    def __post_init__(self) -> None:
        told = _("%(made)d days taken over, %(known)d stood here already.") % {
            "made": self.made,
            "known": self.known,
        }
        for wrong in self.refused[:3]:
            told += " " + _("Row %(row)d: %(why)s") % wrong
        if len(self.refused) > 3:
            told += " " + _("%(n)d more rows make no day.") % {"n": len(self.refused) - 3}
        object.__setattr__(self, "said", told)


def taken(who: Who, file: Upload) -> Taken:
    """Make a day of every good row. Raises Problem for what is neither a calendar nor a table."""
    with file.open() as text:
        calendar = b"BEGIN:VCALENDAR" in text.read(4096).upper()
    refused: list[dict[str, Any]] = []
    there = set(who.own(Occasion).values_list("day", "name"))
    made = known = 0
    for row in _events(who, file, refused) if calendar else _rows(who, file, refused):
        if made + known >= MOST:
            raise Problem(_("The file has more than %(n)d rows.") % {"n": MOST}, kept=_("No day was added."))
        _number, day, until, name, lead, yearly = row
        if (day, name) in there:
            known += 1
            continue
        there.add((day, name))
        Occasion(
            brand=who.brand,
            day=day,
            until=until,
            name=name,
            lead_days=lead,
            yearly=yearly,
            source=file.name[:200],
        ).save()
        made += 1
    return Taken(made, known, refused)


def _events(who: Who, file: Upload, refused: list[dict[str, Any]]) -> Iterator[Found]:
    """The events of an iCalendar file; one that repeats every year is kept as such."""
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(file.read())
    except ValueError as wrong:
        do = _("Export it once more as .ics and give it again.")
        raise Problem(
            _("The calendar cannot be read: %(why)s.") % {"why": wrong}, do=do, field="file"
        ) from None
    events: list[Any] = list(calendar.walk("VEVENT"))
    for number, event in enumerate(events, 1):
        name = " ".join(str(event.get("summary", "")).split())[:120]
        day, until = _local(who, event.get("dtstart")), _local(who, event.get("dtend"))
        if not name or day is None:
            refused.append({"row": number, "why": _("an event without a name or a day.")})
            continue
        if until and not isinstance(event["dtend"].dt, datetime):
            until -= timedelta(days=1)  # RFC 5545: the end of whole days is the day after
        yearly = "YEARLY" in [str(f).upper() for f in event.get("rrule", {}).get("FREQ", [])]
        yield number, day, until if until and until > day else None, name, 7, yearly


def _local(who: Who, told: Any) -> date | None:
    """The day on the brand's clock."""
    value = getattr(told, "dt", None)
    if isinstance(value, datetime):
        assert who.brand is not None
        return value.astimezone(who.brand.zone).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def _rows(who: Who, file: Upload, refused: list[dict[str, Any]]) -> Iterator[Found]:
    assert who.brand is not None
    table = tables.read(file)
    found = tables.match_headers(table.headers, SYNONYMS)
    lacking = [name for name in ("day", "name") if name not in found]
    if lacking:
        said = _("The file has no column for: %(names)s.") % {"names": ", ".join(lacking)}
        raise Problem(
            said, kept=_("No day was added."), do=_("Its first row needs: day, name."), field="file"
        )
    first = who.brand.country not in MONTH_FIRST
    for number, cells in table.rows:
        row = {name: cells.get(header, "").strip() for name, header in found.items()}
        try:
            yield _row(number, row, first)
        except ValueError as wrong:
            refused.append({"row": number, "why": str(wrong)})


def _row(number: int, row: dict[str, str], day_first: bool) -> Found:
    day = tables.read_day(row["day"], day_first)
    if day is None:
        raise ValueError(_("«%(text)s» is no day; write it like 2026-12-24.") % {"text": row["day"]})
    until = tables.read_day(row["until"], day_first) if row.get("until") else None
    if row.get("until") and (until is None or until < day):
        raise ValueError(_("«%(text)s» is no last day.") % {"text": row["until"]})
    if not row["name"]:
        raise ValueError(_("The day needs a name."))
    lead = row.get("lead_days") or "7"
    if not lead.isdigit() or int(lead) > 365:
        raise ValueError(_("«%(text)s» is no number of days from 0 to 365.") % {"text": lead})
    return number, day, until, row["name"][:120], int(lead), row.get("yearly", "").casefold() in YES
