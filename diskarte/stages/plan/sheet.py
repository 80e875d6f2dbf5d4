"""Slots as a table: written for a spreadsheet, read back row by row with what is wrong in each."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from diskarte.core import clock, tables
from diskarte.core.given import Upload
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.core.tables.writing import guarded
from diskarte.words import Kind

from . import in_force
from .models import Pillar, Slot
from .taking import MOST, Taken, csv_text, take

COLUMNS = ("date", "time", "channel", "kind", "pillar", "topic", "title", "note", "occasion", "locked")
SYNONYMS = {
    "date": ("day", "petsa", "дата"), "time": ("hour", "oras", "время"), "channel": ("account", "network", "канал"),
    "kind": ("type", "format", "uri", "тип"), "pillar": ("rubric", "category", "рубрика"),
    "topic": ("theme", "paksa", "тема"), "title": ("headline", "pamagat"), "note": ("notes", "comment"),
    "occasion": ("event",), "locked": ("fixed",),
}  # fmt: skip
MONTH_FIRST = ("US", "PH")  # where 3/4/2026 is the fourth of March
YES = ("yes", "true", "1", "x", "oo", "да")


def written(who: Who, rows: list[Slot]) -> str:
    """The slots as CSV in brand time."""
    lines = _lines(who, rows)
    return csv_text(
        list(COLUMNS), [[line[0].isoformat(), line[1].strftime("%H:%M"), *line[2:]] for line in lines]
    )


def channel_names(channels: list[Channel]) -> dict[int, str]:
    """A name for every channel that no other has: its own, else with its network."""
    own = [str(c) for c in {c.pk: c for c in channels}.values()]
    return {
        c.pk: str(c) if own.count(str(c)) == 1 else f"{c.network}: {c.handle or c.identity}" for c in channels
    }


def workbook(who: Who, rows: list[Slot]) -> bytes:
    """The slots as XLSX with real days and hours, and lists to choose from; without slots, the template to fill."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "plan"
    for at, name in enumerate(COLUMNS, 1):
        sheet.cell(1, at, name).font = Font(bold=True)
        sheet.column_dimensions[chr(64 + at)].width = (
            28 if name in ("title", "note", "topic", "channel") else 14
        )
    for number, line in enumerate(_lines(who, rows), 2):
        for at, value in enumerate(line, 1):
            cell = sheet.cell(number, at, guarded(value) if isinstance(value, str) else value)
            if not isinstance(value, str):
                cell.number_format = "yyyy-mm-dd" if at == 1 else "hh:mm"
    sheet.freeze_panes = "A2"
    _choices(who, sheet)
    box = io.BytesIO()
    book.save(box)
    return box.getvalue()


def _lines(who: Who, rows: list[Slot]) -> list[list[Any]]:
    """Each slot in the order of COLUMNS, day and hour as such."""
    names = channel_names(in_force.lines(who) + [row.channel for row in rows])
    told = []
    for row in rows:
        local = row.at.astimezone(who.brand.zone)  # type: ignore[union-attr]
        told.append([
            local.date(), local.time().replace(second=0, microsecond=0), names[row.channel_id], row.kind,
            row.pillar.name if row.pillar else "", row.topic, row.title, row.note, row.occasion,
            "yes" if row.locked else "",
        ])  # fmt: skip
    return told


def _choices(who: Who, sheet: Any) -> None:
    """Lists a spreadsheet offers in the columns channel, kind, pillar and locked; Excel takes at most 255 letters."""
    from openpyxl.worksheet.datavalidation import DataValidation

    offered = {
        "C": list(channel_names(in_force.lines(who)).values()), "D": [kind.value for kind in Kind],
        "E": [p.name for p in who.own(Pillar)], "J": ["yes"],
    }  # fmt: skip
    for column, values in offered.items():
        text = ",".join(values)
        if values and len(text) < 250 and not any(mark in value for value in values for mark in ',"'):
            told = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True, showErrorMessage=False)
            told.add(f"{column}2:{column}{MOST}")
            sheet.add_data_validation(told)


def read(who: Who, file: Upload) -> Taken:
    """Make a slot of every good row; bad rows are told one by one and make nothing, those that stand there are left."""
    maker = _Maker(who)
    return take(
        who, "slots", file, {name: SYNONYMS.get(name, ()) for name in COLUMNS}, ("date", "channel"), maker.add
    )


class _Maker:
    """Turns a row into a slot, or says what is wrong with it."""

    def __init__(self, who: Who) -> None:
        assert who.brand is not None
        self.who, self.zone = who, who.brand.zone
        self.day_first = who.brand.country not in MONTH_FIRST
        channels = in_force.lines(who)
        names = channel_names(channels)
        self.channels = {names[c.pk].casefold(): c for c in channels} | {
            (c.handle or c.identity).casefold(): c for c in channels
        }
        self.pillars = {p.name.casefold(): p for p in who.own(Pillar)}
        rows = who.own(Slot).exclude(state="dropped").filter(at__gte=clock.now() - timedelta(days=62))
        self.there = set(rows.values_list("at", "channel_id", "kind", "title"))

    def add(self, row: dict[str, str]) -> str:
        """Save the row's slot, unless the very same stands there."""
        slot = self.make(row)
        mark = (slot.at, slot.channel_id, slot.kind, slot.title)
        if mark in self.there:
            return _("stood in the plan already")
        self.there.add(mark)
        slot.save()
        return ""

    def make(self, row: dict[str, str]) -> Slot:
        channel = self.channels.get(row["channel"].casefold())
        if channel is None:
            raise ValueError(_("There is no channel «%(name)s».") % {"name": row["channel"]})
        kind = (row.get("kind") or in_force.kinds(channel)[0]).casefold()
        if kind not in set(Kind):
            raise ValueError(_("There is no kind of post «%(name)s».") % {"name": kind})
        if kind not in in_force.kinds(channel):
            raise ValueError(_("%(channel)s takes no %(kind)s.") % {"channel": channel, "kind": kind})
        pillar = self.pillars.get(row.get("pillar", "").casefold())
        if row.get("pillar") and pillar is None:
            raise ValueError(_("There is no pillar «%(name)s».") % {"name": row["pillar"]})
        texts = {name: row.get(name, "")[:120] for name in ("topic", "title", "occasion")}
        return Slot(
            brand=self.who.brand, at=self._moment(row), channel=channel, kind=kind, pillar=pillar,
            note=row.get("note", ""), locked=row.get("locked", "").casefold() in YES, **texts,
        )  # fmt: skip

    def _moment(self, row: dict[str, str]) -> datetime:
        day = tables.read_day(row["date"], self.day_first)
        if day is None:
            raise ValueError(_("«%(text)s» is no day; write it like 2026-12-24.") % {"text": row["date"]})
        hour, _colon, minute = (row.get("time") or "12:00").partition(":")
        if not (hour.isdigit() and minute[:2].isdigit() and int(hour) < 24 and int(minute[:2]) < 60):
            raise ValueError(_("«%(text)s» is no time of day; write it like 18:30.") % {"text": row["time"]})
        return datetime(
            day.year, day.month, day.day, int(hour), int(minute[:2]), tzinfo=self.zone
        ).astimezone(UTC)
