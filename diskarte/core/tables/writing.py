"""CSV that a spreadsheet opens with the right letters and without running what stands in it."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

FORMULA = re.compile(r"'*\s*[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")


def guarded(cell: str) -> str:
    """A cell that would be taken for a formula gets an apostrophe in front; plain numbers stay (OWASP)."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV in UTF-8 with its mark (spreadsheets need it), one line a row; None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([guarded(header) for header in headers])
    for row in rows:
        writer.writerow(["" if cell is None else guarded(str(cell)) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def rejected(headers: Sequence[str], bad: Iterable[tuple[int, Mapping[str, str], str]]) -> bytes:
    """The rows that were not taken, (number, row, reason) each, as they came and with two columns more."""
    rows = ([*(row.get(h, "") for h in headers), number, why] for number, row, why in bad)
    return write_csv([*headers, _("Row"), _("Reason")], rows)


def packed_rejected(headers: Sequence[str], bad: Iterable[tuple[int, Mapping[str, str], str]]) -> bytes:
    """The same as a gzip, written row by row, so that many rows need little memory."""
    packed = io.BytesIO()
    with gzip.open(packed, "wt", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([guarded(header) for header in (*headers, _("Row"), _("Reason"))])
        for number, row, why in bad:
            writer.writerow([*(guarded(str(row.get(h, ""))) for h in headers), number, guarded(why)])
    return packed.getvalue()
