"""Tables people give to the plan: every good row makes something, every bad one is told and comes back in a file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diskarte.core import tables
from diskarte.core.actions import read
from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.words import Problem

from .models import Taking

MOST = 5000
SMALL = 20 * 1024**2  # bytes of a workbook in which merged cells are looked for
Make = Callable[
    [dict[str, str]], str
]  # makes something of a row; says what is remarkable; ValueError refuses it


@dataclass(frozen=True)
class Taken:
    """What became of a file: how many were made, rows refused with the reason, and those rows as a file to mend."""

    made: int
    refused: list[dict[str, Any]] = field(default_factory=list)  # {"row", "why"}
    file: str = ""  # CSV of the refused rows
    notes: list[str] = field(default_factory=list)  # what else was noticed
    id: int = 0  # of the `Taking` that keeps all this


def take(
    who: Who,
    what: str,
    file: Upload,
    synonyms: Mapping[str, Sequence[str]],
    needed: Sequence[str],
    make: Make,
) -> Taken:
    """Read a table row by row. Raises Problem for what is no table, lacks a column or is too long."""
    plain, notes = unmerged(file)
    table = tables.read(plain)
    found = tables.match_headers(table.headers, synonyms)
    if lacking := [name for name in needed if name not in found]:
        raise Problem(
            _("The file has no column for: %(names)s.") % {"names": ", ".join(lacking)}, kept=_("Nothing was made."),
            do=_("Its first row needs headers such as: %(names)s.") % {"names": ", ".join(synonyms)}, field="file",
        )  # fmt: skip
    made, remarks, refused, kept = 0, list[str](), list[dict[str, Any]](), list[list[str]]()
    for number, row in table.rows:
        if made + len(remarks) + len(refused) >= MOST:
            said = _("The file has more than %(n)d rows.") % {"n": MOST}
            raise Problem(said, kept=_("Nothing was made."), do=_("Split it into parts."), field="file")
        try:
            remark = make({name: row.get(header, "").strip() for name, header in found.items()})
            made, remarks = (made, [*remarks, remark]) if remark else (made + 1, remarks)
        except ValueError as wrong:
            refused.append({"row": number, "why": str(wrong)})
            kept.append([str(wrong), *(row.get(header, "") for header in table.headers)])
    text = csv_text([_("what is wrong"), *table.headers], kept) if kept else ""
    notes += table.warnings + _counted(remarks)
    told = Taking(
        brand=who.brand, what=what, name=file.name[:200], made=made, refused=refused, notes=notes, file=text
    )
    told.save()
    return Taken(made, refused, text, notes, told.pk)


def _counted(remarks: Sequence[str]) -> list[str]:
    return [f"{remark} ({remarks.count(remark)})" for remark in dict.fromkeys(remarks)]


def unmerged(file: Upload) -> tuple[Upload, list[str]]:
    """The same workbook with each merged cell's value in all of its rows, and a word about it; other files as is."""
    content = file.read() if file.size <= SMALL else b""
    if not content.startswith(b"PK") or not _has_merges(content):
        return file, []
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except (KeyError, ValueError, TypeError, SyntaxError, AttributeError, zipfile.BadZipFile, OSError):
        return file, []  # the reader of tables says what is wrong with it
    count = sum(_spread(sheet) for sheet in book.worksheets)
    box = io.BytesIO()
    book.save(box)
    said = ngettext(
        "%(n)d merged cell: its value was taken for each of its rows.",
        "%(n)d merged cells: their value was taken for each of their rows.", count,
    )  # fmt: skip
    return Upload(file.name, box.getvalue()), [said % {"n": count}]


def _has_merges(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sheets = [part for part in parts.infolist() if part.filename.startswith("xl/worksheets/")]
            return any(part.file_size < SMALL * 5 and b"<mergeCell " in parts.read(part) for part in sheets)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return False


def _spread(sheet: Any) -> int:
    """Undo each merge: down its rows the value is repeated, across its columns it stays in the first."""
    ranges = list(sheet.merged_cells.ranges)
    for one in ranges:
        value = sheet.cell(one.min_row, one.min_col).value
        sheet.unmerge_cells(str(one))
        for row in range(one.min_row, one.max_row + 1):
            sheet.cell(row, one.min_col).value = value
    return len(ranges)


def csv_text(headers: list[str], rows: list[list[str]]) -> str:
    """Plain CSV, one line a row, ready for a spreadsheet or a diff."""
    return tables.write_csv(headers, rows).decode("utf-8-sig")


@read(may="plan.see")
def taken(who: Who, taking: int) -> Taking:
    """What became of a file somebody gave to the plan."""
    row: Taking = who.one(Taking, taking)
    return row
