"""What was read joined with who is known: new people, news about those who are known, and what they bought.

Silence erases nothing; a «no» is never a «yes» again. A new person whose rows all say the same is written as the first
of them stands there; rows that differ are merged, the later ones telling more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from diskarte.core.lake.shelves import Files, folder, new_file
from diskarte.core.lake.tables import Tables, hands, quoted

from ..columns import BUY, LISTS, PEOPLE, PERSON, PURCHASES
from .numbering import Rows, numbered, together
from .runs import Flags
from .telling import MERGED, NEWS, renewed

KEPT = ", ".join(PERSON)
AT_ONCE = 1_000_000  # rows written together, people merged together


@dataclass
class Joined:
    """The new files of each table, and what became of the rows."""

    files: Files
    taken: int = 0
    changed: int = 0
    bought: int = 0
    people: int = 0  # different people the file tells of


@dataclass(frozen=True)
class Source:
    """Where the parts lie and what is said of all their rows."""

    parts: list[str]  # each as something to select from
    intake: int
    name: str
    consent_from: str
    list_name: str
    buys: bool


def join(t: Tables, source: Source) -> Joined:
    """New files for everything the parts change; the shelf itself is moved by the caller."""
    files: Files = {
        table: [(n, r) for n, r in t.shelf.files.get(table, [])] for table in ("people", "purchases", "lists")
    }
    told = Joined(files)
    rows = numbered(t, source.parts)
    batches = [*_batches(source, rows)]
    with hands(t) as begin:
        merging = begin(partial(_merged, source=source, rows=rows))
        each = [begin(partial(_people_of, source=source, rows=rows, batch=batch)) for batch in batches]
        for file in [*(coming.result() for coming in each), *merging.result()]:
            _keep(told, "people", file)
    told.taken = sum(count for _name, count in told.files["people"]) - t.shelf.rows("people")
    _change_known(t, source, rows, told)
    with hands(t) as begin:
        each = [
            begin(partial(_purchases_of, source=source, rows=rows, batch=batch))
            for batch in batches if source.buys
        ]  # fmt: skip
        for coming in each:
            told.bought += _keep(told, "purchases", coming.result())
    _add_list(t, source, rows, told)
    return told


def _batches(source: Source, rows: Rows) -> Iterator[tuple[str, slice]]:
    """Parts that are written together, and where their rows lie."""
    first = 0
    for i, span in enumerate(rows.spans, 1):
        if i == len(rows.spans) or rows.spans[i].stop - rows.spans[first].start > AT_ONCE:
            yield together(source.parts[first:i]), slice(rows.spans[first].start, span.stop)
            first = i


def _lay(t: Tables, rows: Rows, which: Flags, span: slice = slice(None)) -> None:
    """The table `here`: some rows with their person's number."""
    at = np.flatnonzero(which[span])
    t.connection.register("here", {"n": rows.n[span][at], "pid": rows.pid[span][at]})


def _signed(source: Source, sql: str) -> str:
    """People with where they come from."""
    since = f"CASE WHEN consent = 'unknown' THEN '' ELSE {quoted(source.consent_from)} END AS consent_from"
    origin = f"{quoted(source.name)} AS source, {source.intake}::INTEGER AS intake"
    return f"SELECT pid, {KEPT}, {since}, {origin} FROM ({sql})"


def _written(t: Tables, table: str, sql: str) -> tuple[str, int]:
    """A new file with an answer, and how many rows it has."""
    name = new_file(table)
    path = folder(t.shelf.brand_id) / name
    count = t.write(sql, str(path))
    if not count:
        path.unlink()
    return name, count


def _keep(told: Joined, table: str, file: tuple[str, int]) -> int:
    """A file that holds something belongs to its table; how many rows it has."""
    if file[1]:
        told.files[table].append(file)
    return file[1]


def _people_of(t: Tables, source: Source, rows: Rows, batch: tuple[str, slice]) -> tuple[str, int]:
    """The new people whose first row tells everything, of some parts."""
    parts, span = batch
    _lay(t, rows, rows.alone, span)
    return _written(t, "people", _signed(source, f"SELECT pid, {KEPT} FROM {parts} JOIN here USING (n)"))


def _merged(t: Tables, source: Source, rows: Rows) -> list[tuple[str, int]]:
    """New people of whom several rows tell different things, so many at a time."""
    if not rows.several.any():
        return []
    _lay(t, rows, rows.several)
    t.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE several AS SELECT pid, n, {KEPT} FROM {together(source.parts)}"
        " JOIN here USING (n)"
    )
    who = np.unique(rows.pid[rows.several])
    told = []
    for some in np.array_split(who, 1 + len(who) // AT_ONCE):
        here = f"several WHERE pid BETWEEN {some[0]} AND {some[-1]}"
        told.append(_written(t, "people", _signed(source, f"SELECT pid, {MERGED} FROM {here} GROUP BY pid")))
    t.connection.execute("DROP TABLE several")
    return told


def _change_known(t: Tables, source: Source, rows: Rows, told: Joined) -> None:
    """News about people who are known; files of which nobody has news stay."""
    if not rows.known.any():
        return
    make = t.connection.execute
    _lay(t, rows, rows.known)
    make(
        f"CREATE OR REPLACE TEMP TABLE news AS SELECT pid, {MERGED} FROM {together(source.parts)}"
        " JOIN here USING (n) GROUP BY pid"
    )
    place = folder(t.shelf.brand_id)
    for name, count in list(t.shelf.files.get("people", [])):
        old = f"read_parquet({quoted(str(place / name))})"
        make(
            f"CREATE OR REPLACE TEMP TABLE changed AS SELECT {renewed(quoted(source.consent_from))} FROM {old} old"
            f" JOIN news USING (pid) WHERE {NEWS}"
        )
        different = t.row("SELECT count(*) FROM changed")[0]
        if different:
            told.changed += different
            told.files["people"].remove((name, count))
            kept = f"SELECT {', '.join(PEOPLE)} FROM {old} WHERE pid NOT IN (SELECT pid FROM changed)"
            every = f"{kept} UNION ALL SELECT {', '.join(PEOPLE)} FROM changed"
            _keep(told, "people", _written(t, "people", every))


def _purchases_of(t: Tables, source: Source, rows: Rows, batch: tuple[str, slice]) -> tuple[str, int]:
    """The purchases of some parts, without lines that were given before."""
    parts, span = batch
    _lay(t, rows, ~rows.again, span)
    sql = f"SELECT pid, {', '.join(BUY)} FROM {parts} JOIN here USING (n)"
    if rows.known[span].any() and t.shelf.rows("purchases"):
        same = " AND ".join(f"old.{name} IS NOT DISTINCT FROM line.{name}" for name in ("pid", *BUY))
        sql = (
            f"SELECT * FROM ({sql}) line"
            f" WHERE NOT EXISTS (SELECT 1 FROM {t.of('purchases', PURCHASES)} old WHERE {same})"
        )
    return _written(t, "purchases", f"SELECT *, {source.intake}::INTEGER AS intake FROM ({sql})")


def _add_list(t: Tables, source: Source, rows: Rows, told: Joined) -> None:
    """Everybody in the file stands on its list."""
    everybody = rows.people
    told.people = len(everybody)
    t.connection.register("here", {"pid": everybody})
    who = "SELECT pid FROM here"
    if t.shelf.rows("lists"):
        who += f" EXCEPT SELECT pid FROM {t.of('lists', LISTS)} WHERE list = {quoted(source.list_name)}"
    told_as = f"{quoted(source.list_name)} AS list, {source.intake}::INTEGER AS intake"
    _keep(told, "lists", _written(t, "lists", f"SELECT pid, {told_as} FROM ({who})"))
