"""What the cells of a part have in common: names, marks that stand anywhere, fields that no column tells of."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from diskarte.core.lake.tables import quoted

from ..columns import BUY, PERSON
from .way import Way

DATES = ("joined_at", "bought_at")
PERSONS = {
    "name": ("name", "first_name", "last_name")
}  # fields that are made of other columns than their own
NO_BREAK = "\u00a0".encode()  # a space that is none to a spreadsheet
PADDED = " "  # some cells have spaces around them
SPACE = ord(" ")
SIGNS = ("'", "(", ":", "\t")


def marks_in(pieces: Iterable[bytes], delimiter: str) -> set[str]:
    """Which marks stand anywhere in a part: what stands nowhere need not be asked of each of its cells."""
    told: set[str] = set()
    ends = np.zeros(256, dtype=bool)
    ends[[*delimiter.encode(), *b'\r\n"']] = True
    before = b"\n"
    for piece in pieces:
        text = before + piece
        told |= {mark for mark in SIGNS if mark not in told and mark.encode() in text}
        if PADDED not in told:
            here = np.frombuffer(text, np.uint8)
            spaces = np.flatnonzero(here[1:-1] == SPACE)
            if ends[here[spaces]].any() or ends[here[spaces + 2]].any():
                told.add(PADDED)
        if NO_BREAK[:1] in text and NO_BREAK in text:
            told.add(NO_BREAK.decode())
        before = text[-2:]
    return told | {PADDED} if before[-1:] == b" " else told


def cell_names(way: Way, headers: list[str]) -> list[str]:
    """For each header the column of `raw` that holds its cell as it came."""
    field_of = {header: name for name, header in way.columns.items() if name not in DATES}
    return [f"f_{field_of[header]}" if header in field_of else f"c{i}" for i, header in enumerate(headers)]


def constants(way: Way, headers: list[str]) -> dict[str, str]:
    """Fields that are the same in every row, since no column tells of them: they need not be written down."""
    told = {
        name: "NULL::DATE" if name == "joined_at" else quoted(way.consent) if name == "consent" else "''"
        for name in PERSON
        if not {name, *PERSONS.get(name, ())} & way.columns.keys()
    }
    if has_facts(way, headers):
        told.pop("facts")
    if not way.buys:
        return told | {name: f"NULL::{kind}" for name, kind in BUY.items()}
    return told | {name: "''" for name in ("order_no", "item") if name not in way.columns}


def every_field(way: Way, headers: list[str]) -> str:
    """Every field of a row that was written down without its constants."""
    same = constants(way, headers)
    return ", ".join(f"{same[name]} AS {name}" if name in same else name for name in (*PERSON, *BUY))


def has_facts(way: Way, headers: list[str]) -> bool:
    """Whether there are other columns to be kept."""
    return not way.buys and way.others and not set(headers) <= used(way)


def used(way: Way) -> set[str]:
    """The columns that are fields and not facts; a country is both."""
    return {header for name, header in way.columns.items() if name != "country"}
