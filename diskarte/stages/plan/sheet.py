"""Slots as a table: written for a spreadsheet, read back row by row with what is wrong in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.given import Upload
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.words import Kind, Problem

from . import in_force
from .models import Pillar, Slot

COLUMNS = ("date", "time", "channel", "kind", "pillar", "topic", "title", "note", "occasion", "locked")
SYNONYMS = {
    "date": ("day", "petsa", "дата"), "time": ("hour", "oras", "время"), "channel": ("account", "network", "канал"),
    "kind": ("type", "format", "uri", "тип"), "pillar": ("rubric", "category", "рубрика"),
    "topic": ("theme", "paksa", "тема"), "title": ("headline", "pamagat"), "note": ("notes", "comment"),
    "occasion": ("event",), "locked": ("fixed",),
}  # fmt: skip
MOST = 5000
MONTH_FIRST = ("US", "PH")  # where 3/4/2026 is the fourth of March
YES = ("yes", "true", "1", "x", "oo", "да")


@dataclass(frozen=True)
class Taken:
    """What became of a file: slots made, rows refused with the reason, and those rows as a file to mend."""

    made: int
    refused: list[dict[str, Any]] = field(default_factory=list)  # {"row", "why"}
    file: str = ""  # CSV of the refused rows


def written(who: Who, rows: list[Slot]) -> str:
    """The slots as CSV in brand time."""
    assert who.brand is not None
    names = channel_names(in_force.lines(who) + [row.channel for row in rows])
    lines = []
    for row in rows:
        local = row.at.astimezone(who.brand.zone)
        lines.append([
            local.strftime("%Y-%m-%d"), local.strftime("%H:%M"), names[row.channel_id], row.kind,
            row.pillar.name if row.pillar else "", row.topic, row.title, row.note, row.occasion,
            "yes" if row.locked else "",
        ])  # fmt: skip
    return csv_text(list(COLUMNS), lines)


def csv_text(headers: list[str], rows: list[list[str]]) -> str:
    """Plain CSV, one line a row, ready for a spreadsheet or a diff."""
    told = tables.write_csv(headers, rows)
    return told.decode("utf-8-sig") if isinstance(told, bytes) else str(told)


def channel_names(channels: list[Channel]) -> dict[int, str]:
    """A name for every channel that no other has: its own, else with its network."""
    own = [str(c) for c in {c.pk: c for c in channels}.values()]
    return {c.pk: str(c) if own.count(str(c)) == 1 else f"{c.network}: {c.handle or c.identity}" for c in channels}


def read(who: Who, file: Upload) -> Taken:
    """Make a locked slot of every good row; bad rows are told one by one and make nothing."""
    table = tables.read(file)
    found = tables.match_headers(table.headers, SYNONYMS)
    lacking = [name for name in ("date", "channel") if name not in found]
    if lacking:
        raise Problem(
            _("The file has no column for: %(names)s.") % {"names": ", ".join(lacking)},
            kept=_("No slot was made."),
            do=_("Its first row needs headers such as: %(names)s.") % {"names": ", ".join(COLUMNS)},
            field="file",
        )
    maker = _Maker(who)
    made, kept = 0, list[list[str]]()
    refused: list[dict[str, Any]] = []
    for number, row in table.rows:
        if made + len(refused) >= MOST:
            said = _("The file has more than %(n)d rows.") % {"n": MOST}
            raise Problem(said, kept=_("No slot was made."), field="file")
        try:
            maker.make({name: row.get(header, "").strip() for name, header in found.items()}).save()
            made += 1
        except ValueError as wrong:
            refused.append({"row": number, "why": str(wrong)})
            kept.append([str(wrong), *(row.get(header, "") for header in table.headers)])
    return Taken(made, refused, csv_text([_("what is wrong"), *table.headers], kept) if kept else "")


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
        return datetime(day.year, day.month, day.day, int(hour), int(minute[:2]), tzinfo=self.zone).astimezone(UTC)
