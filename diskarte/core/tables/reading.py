"""Opening what was given: a spreadsheet by its zip, text by its encoding; all else is refused in words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from diskarte.core.given import Upload
from diskarte.words import Problem

from .encoding import SAMPLE, delimiter_of, encoding_of, no_table, unreadable
from .plan import LARGEST, Cells, Numbered, Table, empty, table
from .sheets import sheet
from .writing import unguarded

OTHER = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format", "SQLite"),
)
MARKUP = re.compile(r"\s*(<!doctype|<html|<\?xml|<head|<table|\{\s*\"|\[\s*[{\[])", re.IGNORECASE)


def read(
    upload: Upload, *, is_header: Callable[[Cells], bool] | None = None, largest: int = LARGEST
) -> Table:
    """The table in a CSV or XLSX file; rows come one by one. Raises Problem for what is no table.

    `is_header` recognises the header row where an export puts other lines above it.
    """
    if upload.size > largest:
        size = _("%(n)s MB") % {"n": largest // 1024 // 1024}
        raise Problem(
            _("The file is larger than %(size)s.") % {"size": size},
            do=_("Split it and give the parts one by one."),
        )
    file = upload.open()
    head = file.read(8)
    file.seek(0)
    if not head.strip():
        raise empty()
    if head.startswith(b"PK"):
        stream, warnings = sheet(file)
        found = table(stream, "xlsx", "", is_header)
        found.warnings[:0] = warnings
        return found
    _refuse_others(head)
    return _text(file, is_header)


def _refuse_others(head: bytes) -> None:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        what = _("This is an old Excel file (.xls).")
        raise Problem(what, do=_("Open it and save it as XLSX or CSV, then give it again."))
    for mark, name in OTHER:
        if head.startswith(mark):
            raise no_table(name)


def _text(file: BinaryIO, is_header: Callable[[Cells], bool] | None) -> Table:
    name = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=name, newline="")
    try:
        sample = text.read(SAMPLE // 4)
    except UnicodeError:
        raise unreadable() from None
    if MARKUP.match(sample):
        raise no_table(_("a web page, or data for programs"))
    mark = delimiter_of(sample)
    text.seek(0)
    shown = "utf-8" if name == "utf-8-sig" else name.removesuffix("-le").removesuffix("-be")
    return table(_rows(text, mark), shown, mark, is_header)


def csv_rows(text: Iterable[str], mark: str, before: int = 0) -> Iterator[Cells]:
    """Every row of a CSV text, `before` rows into its file. Raises Problem with the number of a broken one."""
    number = before
    try:
        for cells in csv.reader(text, delimiter=mark):
            number += 1
            yield cells
    except csv.Error:
        raise Problem(
            _("Row %(n)s cannot be read: probably a quotation mark is opened and never closed.")
            % {"n": number + 1},
            do=_("Correct that row and give the file again."),
        ) from None
    except UnicodeError:
        raise unreadable() from None


def _rows(text: io.TextIOWrapper, mark: str) -> Iterator[Numbered]:
    """Rows that hold something, with the number a spreadsheet would show."""
    try:
        for number, cells in enumerate(csv_rows(text, mark), 1):
            if number == 1 and len(cells) <= 2 and cells and cells[0].lower().startswith("sep="):
                continue
            clean = [unguarded(cell.strip()) for cell in cells]
            if any(clean):
                yield number, clean
    finally:
        text.close()
