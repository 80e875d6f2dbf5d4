"""A file of people on its way in: read row by row and taken in pieces, so that its size does not matter."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import batched, islice
from typing import Any

from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import sentences
from .forgetting import Door
from .models import Intake
from .rules.people import ADDRESSES, Person, Unfit, person
from .rules.vocabulary import SYNONYMS
from .storing import store

LOOKED_AT = 1000  # rows judged in a preview
PIECE = 2000  # rows held in memory
REJECTED = 20_000  # rows kept for download; beyond them only the count
MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})  # 3/4/2026 is 4 March there
Bad = tuple[int, Mapping[str, str], str, str]  # number, row, code, value


@dataclass
class How:
    """How a file is read: which column is what, how dates are meant, what the list as a whole says about consent."""

    country: str
    columns: dict[str, str]  # field → header
    day_first: bool
    consent: str = "unknown"
    consent_from: str = ""
    others: bool = True  # keep the other columns as facts

    def read(self, row: Mapping[str, str]) -> Person:
        """The person in one row of the file. Raises Unfit."""
        if row.get(tables.EXTRA):
            raise Unfit("extra", row[tables.EXTRA])
        told = {name: row.get(header, "") for name, header in self.columns.items()}
        day = partial(tables.read_day, day_before_month=self.day_first)
        found = person(told, self.country, day, self.consent)
        if self.others:
            used = {header for name, header in self.columns.items() if name != "country"}
            found.facts = {header: text[:300] for header, text in row.items() if header not in used and text}
        return found


@dataclass
class Tally:
    """What became of the rows."""

    taken: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)

    def refuse(self, number: int, row: Mapping[str, str], unfit: Unfit) -> None:
        """Count a row that was not taken, and keep it while there is room."""
        self.refused += 1
        self.reasons[unfit.code] += 1
        if len(self.bad) < REJECTED:
            self.bad.append((number, row, unfit.code, unfit.value))

    def file(self, headers: list[str]) -> bytes:
        """The rejected rows with their reasons, CSV, gzip; empty when there are none."""
        if not self.bad:
            return b""
        rows = ((number, row, sentences.reason(code, value)) for number, row, code, value in self.bad)
        return gzip.compress(tables.rejected(headers, rows))


def how(who: Who, file: Upload, columns: list[str] | None, **more: Any) -> tuple[How, tables.Table]:
    """How to read this file, and the table at its first row; columns are recognised where none are given."""
    assert who.brand is not None
    found = tables.read(file)
    chosen = tables.match_headers(found.headers, SYNONYMS) if columns is None else _chosen(columns, found.headers)
    first = who.brand.country not in MONTH_FIRST
    if header := chosen.get("joined_at"):
        sample = (row.get(header, "") for _n, row in islice(tables.read(file).rows, LOOKED_AT * 5))
        first = tables.day_first(sample, otherwise=first)
    return How(who.brand.country, chosen, first, **more), found


def unreachable(columns: dict[str, str]) -> Problem | None:
    """What we say to a list without any column by which a person could be known again."""
    if set(ADDRESSES) & set(columns):
        return None
    return Problem(
        _("No column is an e-mail, a phone or a customer number."),
        kept=_("Nothing was imported."),
        do=_("Say which column holds it."),
        field="columns",
    )


def _chosen(columns: list[str], headers: list[str]) -> dict[str, str]:
    """«email=E-mail Address» for each column; raises Problem for what does not exist."""
    chosen: dict[str, str] = {}
    for pair in columns:
        name, _equals, header = pair.partition("=")
        if name not in SYNONYMS or (header and header not in headers):
            what = _("There is no column «%(header)s» for «%(field)s».") % {"header": header, "field": name}
            known = _("Columns of this file: %(names)s.") % {"names": ", ".join(headers)}
            raise Problem(what, do=known, field="columns")
        if header:
            chosen[name] = header
    return chosen


def take(who: Who, intake: Intake, found: tables.Table, way: How) -> Tally:
    """Every row of the table, in pieces: the good ones become contacts, the bad ones are counted with reasons."""
    tally, door = Tally(), Door(intake.brand)
    for piece in batched(_good(found, way, door, tally), PIECE):
        told = store(who, intake, list(piece), way.consent_from or intake.name)
        tally.taken, tally.changed, tally.same = tally.taken + told[0], tally.changed + told[1], tally.same + told[2]
    return tally


def _good(found: tables.Table, way: How, door: Door, tally: Tally) -> Iterator[Person]:
    for number, row in found.rows:
        try:
            yield judged(row, way, door)
        except Unfit as unfit:
            tally.refuse(number, row, unfit)


def judged(row: Mapping[str, str], way: How, door: Door) -> Person:
    """The person in a row, unless it is none or asked to be forgotten. Raises Unfit."""
    one = way.read(row)
    if door.refuses(one):
        raise Unfit("forgotten")
    return one
