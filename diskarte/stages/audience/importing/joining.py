"""What was read joined with who is known: new people, news about those who are known, and what they bought.

Silence erases nothing; a «no» is never a «yes» again. A part whose rows are all somebody new, or all bought by whoever
they tell of first, goes to the shelf as it was read. Of other parts the rows that stay are written anew; rows of one
person that differ are merged, the later ones telling more.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from diskarte.core.lake.shelves import Files, folder, new_file
from diskarte.core.lake.tables import Tables, hands, quoted

from ..columns import BUY, LISTS, PEOPLE, PURCHASES
from .numbering import Rows, numbered
from .origin import KEPT, Origin
from .reading import Piece
from .runs import Flags, Numbers
from .telling import MERGED, NEWS, renewed

AT_ONCE = 1_000_000  # rows written together, people merged together
File = tuple[str, int]  # name, rows


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

    pieces: list[Piece]
    origin: Origin
    list_name: str
    buys: bool


def join(t: Tables, source: Source) -> Joined:
    """New files for everything the parts change; the shelf itself is moved by the caller."""
    files: Files = {
        table: [(n, r) for n, r in t.shelf.files.get(table, [])] for table in ("people", "purchases", "lists")
    }
    told = Joined(files)
    rows = numbered(t, source.pieces, source.origin.base)
    same, everybody = rows.pid == rows.n, rows.people
    told.people = len(everybody)
    with hands(t) as begin:
        merging = begin(partial(_merged, source=source, rows=rows))
        listing = begin(partial(_list_of, source=source, people=everybody))
        people = [begin(work) for work in _each(source, rows, rows.alone & same, _people_of)]
        bought = [
            begin(work) for work in _each(source, rows, same & ~rows.again, _purchases_of) if source.buys
        ]
        for coming in people:
            _keep(told, "people", coming.result())
        for file in merging.result():
            _keep(told, "people", file)
        for coming in bought:
            told.bought += _keep(told, "purchases", coming.result())
        _keep(told, "lists", listing.result())
    told.taken = sum(count for _name, count in told.files["people"]) - t.shelf.rows("people")
    _change_known(t, source, rows, told)
    return told


Work = Callable[[Tables], File]


def _each(source: Source, rows: Rows, stay: Flags, write: Callable[..., File]) -> Iterator[Work]:
    """What is to be done for each table's file: laid on the shelf as it is where all its rows stay, else some parts
    are written together."""
    waiting: list[int] = []
    size = 0
    for i, span in enumerate(rows.spans):
        if stay[span].all():
            table = "people" if write is _people_of else "purchases"
            path = getattr(source.pieces[i], table)
            yield partial(_laid, table=table, path=path, count=span.stop - span.start)
            continue
        if waiting and size + span.stop - span.start > AT_ONCE:
            yield partial(write, source=source, rows=rows, parts=waiting)
            waiting, size = [], 0
        waiting.append(i)
        size += span.stop - span.start
    if waiting:
        yield partial(write, source=source, rows=rows, parts=waiting)


def _laid(t: Tables, table: str, path: Path, count: int) -> File:
    """A part's file under a name of the shelf; the part keeps it, since the join may have to be repeated."""
    name = new_file(table)
    target = folder(t.shelf.brand_id) / name
    try:
        os.link(path, target)
    except OSError:  # a file system without links
        shutil.copyfile(path, target)
    os.utime(target)  # it may have been read long ago, and is not named yet
    return name, count


def _from(source: Source, table: str, parts: Sequence[int]) -> str:
    """The rows of some parts; `n` is the number each would give to somebody new."""
    paths = ", ".join(quoted(str(getattr(source.pieces[i], table))) for i in parts)
    return f"(SELECT pid AS n, * EXCLUDE pid FROM read_parquet([{paths}]))"


def _lay(t: Tables, rows: Rows, which: Flags, parts: Sequence[int]) -> None:
    """The table `here`: some rows of some parts with their person's number."""
    at = np.concatenate([rows.spans[i].start + np.flatnonzero(which[rows.spans[i]]) for i in parts])
    t.connection.register("here", {"n": rows.n[at], "pid": rows.pid[at]})


def _written(t: Tables, table: str, sql: str) -> File:
    """A new file with an answer, and how many rows it has."""
    name = new_file(table)
    path = folder(t.shelf.brand_id) / name
    count = t.write(sql, str(path))
    if not count:
        path.unlink()
    return name, count


def _keep(told: Joined, table: str, file: File) -> int:
    """A file that holds something belongs to its table; how many rows it has."""
    if file[1]:
        told.files[table].append(file)
    return file[1]


def _people_of(t: Tables, source: Source, rows: Rows, parts: Sequence[int]) -> File:
    """The new people whose first row tells everything, of some parts."""
    if not any(rows.alone[rows.spans[i]].any() for i in parts):
        return "", 0
    _lay(t, rows, rows.alone, parts)
    return _written(
        t, "people", f"SELECT {', '.join(PEOPLE)} FROM {_from(source, 'people', parts)} JOIN here USING (n)"
    )


def _merged(t: Tables, source: Source, rows: Rows) -> list[File]:
    """New people of whom several rows tell different things, so many at a time."""
    parts = [i for i, span in enumerate(rows.spans) if rows.several[span].any()]
    if not parts:
        return []
    _lay(t, rows, rows.several, parts)
    t.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE several AS SELECT pid, n, {KEPT} FROM {_from(source, 'people', parts)}"
        " JOIN here USING (n)"
    )
    who = np.unique(rows.pid[rows.several])
    told = []
    for some in np.array_split(who, 1 + len(who) // AT_ONCE):
        here = f"several WHERE pid BETWEEN {some[0]} AND {some[-1]}"
        told.append(
            _written(t, "people", source.origin.people(f"(SELECT pid, {MERGED} FROM {here} GROUP BY pid)"))
        )
    t.connection.execute("DROP TABLE several")
    return told


def _change_known(t: Tables, source: Source, rows: Rows, told: Joined) -> None:
    """News about people who are known; files of which nobody has news stay."""
    if not rows.known.any():
        return
    make = t.connection.execute
    every = range(len(rows.spans))
    _lay(t, rows, rows.known, every)
    make(
        f"CREATE OR REPLACE TEMP TABLE news AS SELECT pid, {MERGED} FROM {_from(source, 'people', every)}"
        " JOIN here USING (n) GROUP BY pid"
    )
    place = folder(t.shelf.brand_id)
    consent_from = quoted(source.origin.consent_from)
    for name, count in list(t.shelf.files.get("people", [])):
        old = f"read_parquet({quoted(str(place / name))})"
        make(
            f"CREATE OR REPLACE TEMP TABLE changed AS SELECT {renewed(consent_from)} FROM {old} old"
            f" JOIN news USING (pid) WHERE {NEWS}"
        )
        different = t.row("SELECT count(*) FROM changed")[0]
        if different:
            told.changed += different
            told.files["people"].remove((name, count))
            kept = f"SELECT {', '.join(PEOPLE)} FROM {old} WHERE pid NOT IN (SELECT pid FROM changed)"
            more = f"{kept} UNION ALL SELECT {', '.join(PEOPLE)} FROM changed"
            _keep(told, "people", _written(t, "people", more))


def _purchases_of(t: Tables, source: Source, rows: Rows, parts: Sequence[int]) -> File:
    """The purchases of some parts, without lines that were given before."""
    _lay(t, rows, ~rows.again, parts)
    sql = f"SELECT pid, {', '.join(BUY)} FROM {_from(source, 'purchases', parts)} JOIN here USING (n)"
    if t.shelf.rows("purchases") and any(rows.known[rows.spans[i]].any() for i in parts):
        same = " AND ".join(f"old.{name} IS NOT DISTINCT FROM line.{name}" for name in ("pid", *BUY))
        sql = (
            f"SELECT * FROM ({sql}) line"
            f" WHERE NOT EXISTS (SELECT 1 FROM {t.of('purchases', PURCHASES)} old WHERE {same})"
        )
    return _written(t, "purchases", source.origin.purchases(f"({sql})"))


def _list_of(t: Tables, source: Source, people: Numbers) -> File:
    """Everybody in the file stands on its list."""
    t.connection.register("here", {"pid": people})
    who = "SELECT pid FROM here"
    if t.shelf.rows("lists"):
        who += f" EXCEPT SELECT pid FROM {t.of('lists', LISTS)} WHERE list = {quoted(source.list_name)}"
    told_as = f"{quoted(source.list_name)} AS list, {source.origin.intake}::INTEGER AS intake"
    return _written(t, "lists", f"SELECT pid, {told_as} FROM ({who})")
