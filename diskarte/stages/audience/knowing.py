"""Who is known: counted, found, and taken back again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from diskarte.core.lake.shelves import Files, folder, new_file, place, shelf_of
from diskarte.core.lake.tables import Tables, opened, quoted
from diskarte.core.people.who import Stranger, Who

from .columns import PEOPLE
from .models import Intake, Receipt
from .spending import spent

SHOWN = (
    "external_id",
    "email",
    "phone",
    "name",
    "joined_at",
    "language",
    "place",
    "consent",
    "consent_from",
    "source",
)


@dataclass(frozen=True)
class Crowd:
    """How many people are known, how they can be reached, and who agreed to it."""

    people: int
    email: int
    phone: int
    yes: int
    no: int
    unknown: int
    forgotten: int
    purchases: int = 0


@dataclass(frozen=True)
class Known:
    """One person we know; `id` is the number by which they can be forgotten."""

    id: int
    external_id: str
    email: str
    phone: str
    name: str
    joined_at: date | None
    language: str
    place: str
    consent: str
    consent_from: str
    source: str
    facts: str = ""


def crowd(who: Who) -> Crowd:
    """How many people are known, by how they can be reached and by consent."""
    assert who.brand is not None
    gone = who.own(Receipt).count()
    shelf = shelf_of(who.brand)
    if not shelf.rows("people"):
        return Crowd(0, 0, 0, 0, 0, 0, gone)
    with opened(who.brand, shelf) as t:
        told = t.row(
            "SELECT count(*), count(*) FILTER (email <> ''), count(*) FILTER (phone <> ''),"
            " count(*) FILTER (consent = 'yes'), count(*) FILTER (consent = 'no'),"
            " count(*) FILTER (consent = 'unknown')"
            f" FROM {t.of('people', PEOPLE)}"
        )
    every, email, phone, yes, no, unknown = told
    return Crowd(every, email, phone, yes, no, unknown, gone, shelf.rows("purchases"))


def people(who: Who, find: str, after: int, limit: int) -> list[Known]:
    """People from the number `after` on, those whose name or address begins with `find`."""
    assert who.brand is not None
    shelf = shelf_of(who.brand)
    if not shelf.rows("people"):
        return []
    names = ("name", "email", "phone", "external_id")
    begins = " OR ".join(f"starts_with(lower({name}), $1)" for name in names) if find else "$1 = ''"
    with opened(who.brand, shelf) as t:
        sql = f"SELECT pid, {', '.join(SHOWN)}, facts FROM {t.of('people', PEOPLE)}"
        sql += f" WHERE pid > {int(after)} AND ({begins}) ORDER BY pid LIMIT {int(limit)}"
        return [Known(*row) for row in t.rows(sql, [find.casefold()])]


def one(who: Who, pid: int) -> Known:
    """One person by number. Raises Stranger."""
    found = [row for row in people(who, "", pid - 1, 1) if row.id == pid]
    if not found:
        raise Stranger
    return found[0]


def take_back(who: Who, intake: Intake) -> int:
    """Remove what an import added; how many people and purchases went."""
    assert who.brand is not None
    shelf = shelf_of(who.brand)
    with opened(who.brand, shelf) as t:
        new = f"SELECT pid FROM {t.of('people', PEOPLE)} WHERE intake = {intake.pk}"
        t.connection.execute(f"CREATE TEMP TABLE gone AS {new}")
        mine = f"intake = {intake.pk} OR pid IN (SELECT pid FROM gone)"
        files: Files = {}
        removed = 0
        for table in ("people", "purchases", "lists"):
            files[table], count = _less(t, table, mine)
            removed += count if table != "lists" else 0
        files["value"], _count = _less(t, "value", "pid IN (SELECT pid FROM gone)")
        if shelf.rows("spending"):
            files["spending"] = spent(t, files["purchases"], who.brand.currency)
        place(shelf, files)
    return removed


def _less(t: Tables, table: str, gone: str) -> tuple[list[tuple[str, int]], int]:
    home = folder(t.shelf.brand_id)
    kept: list[Any] = []
    removed = 0
    for name, count in t.shelf.files.get(table, []):
        old = f"read_parquet({quoted(str(home / name))})"
        hits = t.row(f"SELECT count(*) FROM {old} WHERE {gone}")[0]
        removed += hits
        if hits < count:
            if hits:
                name = new_file(table)
                t.write(f"SELECT * FROM {old} WHERE NOT ({gone})", str(home / name))
            kept.append((name, count - hits))
    return kept, removed
