"""What a table is to us, and how one is made of a stream of plain rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from django.utils.translation import gettext as _

from diskarte.words import Problem

from .headers import distinct, is_data

LARGEST = 1024 * 1024 * 1024  # bytes of one file
COLUMNS = 500
LOOK = 30  # rows among which the header is looked for
EXTRA = "…"  # the key of cells beyond the last header, joined by " | "

Row = dict[str, str]
Cells = list[str]
Numbered = tuple[int, Cells]  # the row's number as a spreadsheet shows it, from 1


@dataclass
class Table:
    """Headers, and rows as (number in the file, header → text); the rows can be gone through once."""

    headers: list[str]
    rows: Iterator[tuple[int, Row]] = field(repr=False)
    encoding: str  # "utf-8", "cp1251", "utf-16", "xlsx"
    delimiter: str  # empty for a spreadsheet
    warnings: list[str] = field(default_factory=list)


def empty() -> Problem:
    """What we say to a file without a row."""
    what, do = _("The file is empty."), _("Give a file with a header row and at least one row below it.")
    return Problem(what, do=do)


def table(
    stream: Iterator[Numbered], encoding: str, delimiter: str, is_header: Callable[[Cells], bool] | None
) -> Table:
    """Find the header among the first rows, and leave the rest as a stream."""
    head = list(islice(stream, LOOK))
    if not head:
        raise empty()
    at = _header_at([cells for _n, cells in head], is_header)
    names, more = distinct(head[at][1])
    if len(names) > COLUMNS:
        raise Problem(
            _("The table has more than %(n)s columns.") % {"n": COLUMNS},
            do=_("Keep only the columns you need."),
        )
    warnings = [*more]
    if at:
        warnings.append(_("%(n)s rows above the header were skipped.") % {"n": at})
    rows = (_row(number, names, cells) for number, cells in chain(head[at + 1 :], stream))
    return Table(names, rows, encoding, delimiter, warnings)


def _header_at(rows: list[Cells], is_header: Callable[[Cells], bool] | None) -> int:
    """The first row the caller recognises; else the first at least half as wide as the widest."""
    if is_header is not None:
        for at, cells in enumerate(rows):
            if is_header(cells):
                return at
    wide = max(_filled(cells) for cells in rows)
    at = next(i for i, cells in enumerate(rows) if _filled(cells) * 2 >= wide)
    if is_data(rows[at]):
        raise Problem(
            _("The first row holds data, not names of columns."),
            do=_("Add a first row that names each column, for example: name, email, phone."),
        )
    return at


def _filled(cells: Cells) -> int:
    return sum(1 for cell in cells if cell)


def _row(number: int, names: list[str], cells: Cells) -> tuple[int, Row]:
    row = dict(zip(names, chain(cells, [""] * (len(names) - len(cells))), strict=False))
    extra = [cell for cell in cells[len(names) :] if cell]
    if extra:
        row[EXTRA] = " | ".join(extra)
    return number, row
