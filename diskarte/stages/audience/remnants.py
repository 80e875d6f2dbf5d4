"""What else may hold a person who is forgotten: refused rows, why an import stopped, files that wait to be imported."""

from __future__ import annotations

import csv
import gzip
import io
import re
import shutil
from collections.abc import Iterable
from functools import partial

from django.db import transaction

from diskarte.core import tables
from diskarte.core.people.who import Who
from diskarte.words import Problem

from .importing.shape import LARGEST
from .models import Intake, Sheet
from .waiting import desk_folder, drop, upload_of

PIECE = 1024 * 1024  # letters looked through at once
WIDEST = 400  # letters an address may have where two pieces meet
MOST = 256 * 1024 * 1024  # bytes; a larger file that waits is thrown away unseen


class Signs:
    """The addresses of one person, and whether something holds one of them, however it is written."""

    def __init__(self, values: Iterable[str]) -> None:
        self.bare = {_bare(value) for value in values}
        mails = "|".join(re.escape(one) for one in self.bare if "@" in one)
        self.mail = re.compile(rf"(?<![\w.+-])(?:{mails})(?![\w-])", re.IGNORECASE) if mails else None
        self.anywhere = re.compile("|".join(map(_written, self.bare)), re.IGNORECASE)

    def in_row(self, row: Iterable[str]) -> bool:
        """Whether a cell is an address, or «Ana <ana@example.com>» holds one."""
        return any(_bare(cell) in self.bare or (self.mail and self.mail.search(cell)) for cell in row)

    def in_text(self, pieces: Iterable[str]) -> bool:
        """Whether a text holds one, as a cell or inside of one."""
        before = "\n"
        for piece in pieces:
            if self.anywhere.search(before + piece):
                return True
            before = (before + piece)[-WIDEST:]
        return False


def _written(bare: str) -> str:
    """An address as it may stand in a file of text: a phone with gaps, a customer number as a cell of its own."""
    if "@" in bare:
        return rf"(?<![\w.+-]){re.escape(bare)}(?![\w-])"
    if bare.isdigit() and len(bare) == 9:
        return r"[\s().-]{0,3}".join(bare) + r"(?!\d)"
    return rf"(?:^|(?<=[,;\t|\"\r\n])) *{re.escape(bare)} *(?=[,;\t|\"\r\n]|$)"


def _bare(cell: str) -> str:
    """A cell as it is compared: small letters; of a phone number its last nine digits, however it was written."""
    digits = "".join(ch for ch in cell if ch.isdigit())
    is_phone = len(digits) >= 9 and not any(ch.isalpha() for ch in cell)
    return digits[-9:] if is_phone else cell.strip().casefold()


def cleaned(who: Who, values: set[str]) -> dict[str, int]:
    """Take a person out of all of it; how much went, by place."""
    signs = Signs(values)
    for intake in who.own(Intake).exclude(why=""):
        if any(len(value) > 3 and value.casefold() in intake.why.casefold() for value in values):
            intake.why = ""
            intake.save(update_fields=["why"])
    rows = sum(_from_refused(row, "rejected", signs) for row in who.own(Intake).exclude(rejected=b""))
    rows += sum(_from_refused(row, "refused", signs) for row in who.own(Sheet).exclude(refused=b""))
    waiting = who.own(Intake).filter(state__in=("waiting", "stopped"))
    return {"refused rows": rows, "waiting files": sum(_thrown_away(row, signs) for row in waiting)}


def _from_refused(row: Intake | Sheet, name: str, signs: Signs) -> int:
    packed, n = _without_rows(getattr(row, name), signs)
    if n:
        setattr(row, name, packed)
        row.save(update_fields=[name])
    return n


def _without_rows(packed: bytes, signs: Signs) -> tuple[bytes, int]:
    """A packed CSV without the rows that hold one of these, and how many went."""
    rows = list(csv.reader(io.StringIO(gzip.decompress(bytes(packed)).decode(), newline="")))
    kept = [row for row in rows if not signs.in_row(row)]
    if len(kept) == len(rows):
        return packed, 0
    text = io.StringIO(newline="")
    csv.writer(text).writerows(kept)
    return gzip.compress(text.getvalue().encode()), len(rows) - len(kept)


def _thrown_away(row: Intake, signs: Signs) -> int:
    """A file that waits, or an import that stopped, is not kept if the person stands in it; 1 when it went."""
    if not _holds(row, signs):
        return 0
    transaction.on_commit(partial(shutil.rmtree, desk_folder(row), ignore_errors=True))
    drop(row)
    row.delete()
    return 1


def _holds(row: Intake, signs: Signs) -> bool:
    try:
        file = upload_of(row)
        if file.size > MOST:
            return True
        encoding = row.shape.get("encoding", "utf-8")
        if encoding == "xlsx":
            return any(signs.in_row(cells.values()) for _n, cells in tables.read(file, largest=LARGEST).rows)
        with io.TextIOWrapper(file.open(), encoding=encoding, errors="replace", newline="") as text:
            return signs.in_text(iter(partial(text.read, PIECE), ""))
    except Problem:  # it is gone, or broke in the middle: what was read of it may lie in parts
        return True
