"""The first filled sheet of an XLSX file, row by row."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from diskarte.words import Problem

from .encoding import no_table
from .plan import Numbered
from .writing import unguarded

UNPACKED = 4 * 1024**3  # bytes a workbook may unfold to
SHARED_TEXT = 400 * 1024**2  # its table of texts is held in memory


def sheet(file: BinaryIO) -> tuple[Iterator[Numbered], list[str]]:
    """The rows of the first sheet that holds something, and warnings about the others."""
    _refuse_bombs(file)
    book = _open(file)
    sheets = list(book.worksheets)
    for one in sheets:
        one.reset_dimensions()  # some programs write wrong ones
        if any(any(_cells(row)) for row in one.iter_rows(max_row=50, values_only=True)):
            other = len(sheets) > 1
            said = _("Only the sheet «%(name)s» was read.") % {"name": one.title}
            return _rows(book, one), [said] if other else []
    book.close()
    return iter(()), []


def _refuse_bombs(file: BinaryIO) -> None:
    try:
        parts = zipfile.ZipFile(file).infolist()
    except zipfile.BadZipFile:
        raise _broken() from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise no_table(_("an archive, or another kind of document"))
    texts = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if sum(part.file_size for part in parts) > UNPACKED or texts > SHARED_TEXT:
        raise Problem(
            _("The spreadsheet unfolds to too much data."), do=_("Save the sheet as CSV and give that.")
        )
    file.seek(0)


def _broken() -> Problem:
    return Problem(
        _("The spreadsheet is damaged and cannot be opened."), do=_("Save it again as XLSX or as CSV.")
    )


def _open(file: BinaryIO) -> Any:
    import openpyxl  # heavy, so only when a spreadsheet comes

    try:
        return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, TypeError, SyntaxError, AttributeError, zipfile.BadZipFile, OSError):
        raise _broken() from None


def _rows(book: Any, one: Any) -> Iterator[Numbered]:
    try:
        for number, row in enumerate(one.iter_rows(values_only=True), 1):
            cells = _cells(row)
            if any(cells):
                yield number, cells
    except (KeyError, ValueError, SyntaxError, zlib.error, zipfile.BadZipFile):
        raise _broken() from None
    finally:
        book.close()


def _cells(row: tuple[Any, ...]) -> list[str]:
    return [_written(value) for value in row]


def _written(value: Any) -> str:
    """A cell as text: whole numbers without «.0», days and moments in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time()
            else value.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(value, date | time):
        return value.isoformat()
    return unguarded(str(value).strip())
