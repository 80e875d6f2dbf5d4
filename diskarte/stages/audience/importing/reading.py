"""One part of a file into Parquet: every row becomes a person (and a purchase), or is refused with its reason."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diskarte.core import tables
from diskarte.core.lake.tables import LOOSE, Tables, quoted
from diskarte.core.tables.reading import csv_rows
from diskarte.core.tables.writing import unguarded

from ..columns import BUY, PERSON
from ..forgetting import Door
from ..rules.people import Unfit
from .cells import marks_in
from .origin import Origin
from .plain import HASHES, NAMES, Looks, judge
from .shape import Shape, pieces_of
from .way import Bad, Tally, Way

KINDS = {"n": "INTEGER", **PERSON, **BUY}
NO_PLAIN_CSV = ("CSV Error", "CSV Parser", "quoted new lines")  # what DuckDB says of rows it cannot read
READ = KINDS | {"k": "UBIGINT", "person": "UBIGINT", "line": "UBIGINT"}


@dataclass(frozen=True)
class Part:
    """A part that was read: where the next begins, and what became of its rows."""

    next: int
    rows: int
    refused: int
    reasons: dict[str, int]
    slow: int = 0


@dataclass(frozen=True)
class Desk:
    """All that reading a part needs: the way, the shape, the door, where the rows come from, and the folder for what
    is done."""

    way: Way
    shape: Shape
    headers: list[str]
    door: Door
    origin: Origin
    folder: Path


def done_parts(folder: Path) -> dict[int, Part]:
    """The parts read so far, by their number."""
    files = sorted(folder.glob("part-*.json"))
    return {int(file.stem[5:]): Part(**json.loads(file.read_text())) for file in files}


def _before(desk: Desk) -> dict[int, int]:
    """How many rows of the file stand above those of a part, for rows that are counted from 1 in each."""
    if desk.shape.numbered:
        return dict.fromkeys(done_parts(desk.folder), 0)
    told, above = {}, desk.shape.first - 1
    for at, part in sorted(done_parts(desk.folder).items()):
        told[at] = above
        above += part.rows
    return told


@dataclass(frozen=True)
class Piece:
    """What became of the good rows of a part: three files with the same rows, by the number each row would give to
    somebody new. People and purchases lie there as they do on a shelf."""

    people: Path
    purchases: Path | None
    rows: Path  # pid, and the hashes by which rows are compared


def pieces(desk: Desk) -> list[Piece]:
    """The parts with good rows, in order."""
    told = [_piece(desk, at) for at in sorted(done_parts(desk.folder))]
    return [piece for piece in told if piece.rows.exists()]


def _piece(desk: Desk, at: int) -> Piece:
    people, bought, rows = (
        desk.folder / f"part-{at:05}.{name}.parquet" for name in ("people", "purchases", "rows")
    )
    return Piece(people, bought if desk.way.buys else None, rows)


def read_part(
    t: Tables,
    desk: Desk,
    source: Path,
    span: tuple[int, int],
    at: int,
    lines: int,
    looks: Looks | None = None,
    above: int = 0,
) -> Part:
    """Read the bytes of `span`, the part number `at`; `lines` of the file stand before it, at least as many as rows;
    `above`: how many rows, if that is known."""
    import duckdb

    name = f"part-{at:05}"
    part = desk.folder / f"{name}.csv"
    looks = looks or Looks()
    looks.marks = marks_in(_cut(source, span, part), desk.shape.delimiter)
    tally = Tally()
    try:
        rows = _quickly(t, desk, part, tally, looks)
    except duckdb.Error as error:
        if not any(sign in str(error) for sign in NO_PLAIN_CSV):
            raise
        rows = _slowly(t, desk, part, tally, above)
    _shut_out(t, desk, tally)
    _write(t, desk, _piece(desk, at), desk.origin.base + lines, tally)
    _write_bad(desk.folder / f"{name}.bad", tally.bad)
    part.unlink()
    told = Part(span[1], rows, tally.refused, dict(tally.reasons), tally.slow)
    waiting = desk.folder / f"{name}.tmp"
    waiting.write_text(json.dumps(told.__dict__))
    os.replace(waiting, desk.folder / f"{name}.json")  # only now it counts as done
    return told


def _write(t: Tables, desk: Desk, piece: Piece, base: int, tally: Tally) -> None:
    """The good rows as they are to stay."""
    rows = f"(SELECT n + {base} AS pid, * FROM judged)"
    if tally.slow and t.row("SELECT count(*) FROM slow")[0]:
        more = f"SELECT n + {base} AS pid, n, {NAMES}, {HASHES} FROM (SELECT *, true AS sure FROM slow)"
        rows = f"(FROM {rows} UNION ALL {more})"
    if not t.write(f"SELECT pid, k, person, line FROM {rows}", str(piece.rows), LOOSE):
        piece.rows.unlink()
        return
    t.write(desk.origin.people(rows), str(piece.people))
    if piece.purchases:
        t.write(desk.origin.purchases(rows), str(piece.purchases))


def _cut(source: Path, span: tuple[int, int], target: Path) -> Iterator[bytes]:
    with target.open("wb", buffering=0) as out:
        for piece in pieces_of(source, *span):
            out.write(piece)
            yield piece


def _quickly(t: Tables, desk: Desk, part: Path, tally: Tally, looks: Looks) -> int:
    rows = judge(t, part, desk.shape, desk.way, desk.headers, 0, looks)
    told = ((number, _row(desk.headers, cells, extra)) for number, (extra, *cells) in _hard(t))
    _one_by_one(t, part, desk, ((n, row) for n, row in told if any(row.values())), tally)
    return rows


def _hard(t: Tables) -> Iterator[tuple[int, list[str]]]:
    """The rows SQL is not sure of, some thousands at a time: a bad file has nothing else."""
    found = t.connection.execute("SELECT n, cells FROM hard ORDER BY n")
    while some := found.fetchmany(5000):
        yield from some


def _row(headers: list[str], cells: list[str], extra: str) -> dict[str, str]:
    row = {header: unguarded(cell.strip()) for header, cell in zip(headers, cells, strict=True)}
    return row | ({tables.EXTRA: extra} if extra else {})


def _slowly(t: Tables, desk: Desk, part: Path, tally: Tally, above: int) -> int:
    """A part with rows that are no plain CSV: read as every other table is, one by one."""
    nothing = ", ".join(f"NULL::{kind} AS {name}" for name, kind in READ.items())
    make = t.connection.execute
    make(f"CREATE OR REPLACE TEMP TABLE read AS SELECT {nothing} WHERE false")
    make("CREATE OR REPLACE TEMP VIEW judged AS SELECT * FROM read")
    count = 0
    with part.open(encoding="utf-8", newline="") as text:

        def rows() -> Iterator[tuple[int, dict[str, str]]]:
            nonlocal count
            for count, cells in enumerate(csv_rows(text, desk.shape.delimiter, above), 1):
                number = int(cells.pop(0)) if desk.shape.numbered and cells else count
                filled = [*cells, *[""] * (desk.shape.width - len(cells))]
                if any(cells):
                    extra = " | ".join(cell for cell in filled[desk.shape.width :] if cell)
                    yield number, _row(desk.headers, filled[: desk.shape.width], extra)

        _one_by_one(t, part, desk, rows(), tally)
    return count


def _one_by_one(
    t: Tables, part: Path, desk: Desk, rows: Iterator[tuple[int, dict[str, str]]], tally: Tally
) -> None:
    file = part.with_suffix(".judged")
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, row in rows:
            tally.slow += 1
            try:
                writer.writerow(_told(number, *desk.way.read(row)))
            except Unfit as unfit:
                tally.refuse(number, row, unfit)
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in KINDS)
    said = ", ".join(
        f"coalesce({name}, '') AS {name}" if kind == "VARCHAR" else f"nullif({name}, '')::{kind} AS {name}"
        for name, kind in KINDS.items()
    )
    t.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE slow AS SELECT {said} FROM"
        f" read_csv({quoted(str(file))}, auto_detect = false, header = false, delim = ',',"
        f" quote = '\"', escape = '\"', columns = {{{columns}}}, max_line_size = 4194304,"
        " parallel = false)"
    )


def _told(number: int, one: Any, line: Any) -> list[Any]:
    person = [getattr(one, name) for name in PERSON if name != "facts"]
    facts = json.dumps(one.facts, ensure_ascii=False, separators=(",", ":")) if one.facts else ""
    bought = [getattr(line, name) for name in BUY] if line else [""] * len(BUY)
    return ["" if cell is None else cell for cell in (number, *person, facts, *bought)]


def _shut_out(t: Tables, desk: Desk, tally: Tally) -> None:
    """Whoever asked to be forgotten goes out of the rows again."""
    if not desk.door.closed:
        return
    names = ", ".join(KINDS)
    rows = f"(SELECT {names} FROM judged UNION ALL SELECT {names} FROM slow)"
    t.connection.execute("CREATE OR REPLACE TEMP TABLE out AS " + desk.door.sql(rows), desk.door.given())
    gone = t.rows("SELECT DISTINCT n FROM out ORDER BY n")
    for (number,) in gone:
        tally.refuse(number, {}, Unfit("forgotten"))
    if gone:
        t.connection.execute("DELETE FROM slow WHERE n IN (SELECT n FROM out)")
        n = "number" if desk.shape.numbered else "rowid + 1"
        t.connection.execute(f"DELETE FROM read WHERE {n} IN (SELECT n FROM out)")


def _write_bad(path: Path, bad: list[Bad]) -> None:
    if bad:
        with gzip.open(path, "wt", encoding="utf-8") as out:
            for number, row, code, value in bad:
                out.write(json.dumps([number, dict(row), code, value], ensure_ascii=False) + "\n")


def bad_rows(desk: Desk, most: int) -> Iterator[tuple[int, Mapping[str, str], str, str]]:
    """The refused rows of every part, at most so many."""
    for at, above in _before(desk).items():
        file = desk.folder / f"part-{at:05}.bad"
        if not file.exists():
            continue
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                if most <= 0:
                    return
                most -= 1
                number, row, code, value = json.loads(line)
                yield number + above, row, code, value
