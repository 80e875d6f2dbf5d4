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
from diskarte.core.lake.tables import Tables, quoted
from diskarte.core.tables.reading import csv_rows
from diskarte.core.tables.writing import unguarded

from ..columns import BUY, PERSON
from ..forgetting import Door
from ..rules.people import Unfit
from .linking import KEY
from .plain import judge
from .shape import Shape
from .way import Bad, Tally, Way

KINDS = {"n": "INTEGER", **PERSON, **BUY}
ALL = f"hash({', '.join(PERSON)}) AS person"  # rows that tell the same of a person have the same
LINE = f"(CASE WHEN order_no <> '' THEN hash({', '.join(BUY)}) ELSE 0 END)::UBIGINT AS line"


@dataclass(frozen=True)
class Part:
    """A part that was read: where the next begins, which number its first row has, what became of the rows."""

    next: int
    number: int
    rows: int
    refused: int
    reasons: dict[str, int]
    slow: int = 0


@dataclass(frozen=True)
class Desk:
    """All that reading a part needs: the way, the shape, the door, and the folder for what is done."""

    way: Way
    shape: Shape
    headers: list[str]
    door: Door
    folder: Path


def done_parts(folder: Path) -> list[Part]:
    """The parts read so far, in order."""
    return [Part(**json.loads(file.read_text())) for file in sorted(folder.glob("part-*.json"))]


def rows_of(folder: Path) -> list[Path]:
    """The rows of the parts, in order."""
    return sorted(folder.glob("part-*.parquet"))


def read_part(t: Tables, desk: Desk, source: Path, span: tuple[int, int], at: int, base: int) -> Part:
    """Read the bytes of `span`, the part number `at`, whose rows are counted from `base` on."""
    import duckdb

    part = desk.folder / "part.csv"
    _cut(source, span, part)
    tally = Tally()
    try:
        rows = _quickly(t, desk, part, base, tally)
    except duckdb.Error as error:
        if "CSV Error" not in str(error) and "quoted new lines" not in str(error):
            raise
        rows = _slowly(t, desk, part, base, tally)
    name = f"part-{at:05}"
    _write(t, desk, name, _without_forgotten(t, desk, tally))
    _write_bad(desk.folder / f"{name}.bad", tally.bad)
    told = Part(span[1], base + rows, rows, tally.refused, dict(tally.reasons), tally.slow)
    waiting = desk.folder / f"{name}.tmp"
    waiting.write_text(json.dumps(told.__dict__))
    os.replace(waiting, desk.folder / f"{name}.json")  # only now it counts as done
    return told


def _cut(source: Path, span: tuple[int, int], target: Path) -> None:
    with source.open("rb") as file, target.open("wb") as out:
        file.seek(span[0])
        out.write(file.read(span[1] - span[0]))


def _quickly(t: Tables, desk: Desk, part: Path, base: int, tally: Tally) -> int:
    rows = judge(t, part, desk.shape, desk.way, desk.headers, base)
    told = ((number, _row(desk.headers, cells, extra)) for number, (extra, *cells) in _hard(t))
    _one_by_one(t, desk, ((n, row) for n, row in told if any(row.values())), tally)
    return rows


def _hard(t: Tables) -> Iterator[tuple[int, list[str]]]:
    """The rows SQL is not sure of, some thousands at a time: a bad file has nothing else."""
    found = t.connection.execute("SELECT n, cells FROM hard ORDER BY n")
    while some := found.fetchmany(5000):
        yield from some


def _row(headers: list[str], cells: list[str], extra: str) -> dict[str, str]:
    row = {header: unguarded(cell.strip()) for header, cell in zip(headers, cells, strict=True)}
    return row | ({tables.EXTRA: extra} if extra else {})


def _slowly(t: Tables, desk: Desk, part: Path, base: int, tally: Tally) -> int:
    """A part with rows that are no plain CSV: read as every other table is, one by one."""
    nothing = ", ".join(f"NULL::{kind} AS {name}" for name, kind in KINDS.items())
    t.connection.execute(f"CREATE OR REPLACE TEMP VIEW judged AS SELECT {nothing} WHERE false")
    count = 0
    with part.open(encoding="utf-8", newline="") as text:

        def rows() -> Iterator[tuple[int, dict[str, str]]]:
            nonlocal count
            for count, cells in enumerate(csv_rows(text, desk.shape.delimiter, base), 1):
                number = int(cells.pop(0)) if desk.shape.numbered and cells else base + count
                filled = [*cells, *[""] * (desk.shape.width - len(cells))]
                if any(cells):
                    extra = " | ".join(cell for cell in filled[desk.shape.width :] if cell)
                    yield number, _row(desk.headers, filled[: desk.shape.width], extra)

        _one_by_one(t, desk, rows(), tally)
    return count


def _one_by_one(t: Tables, desk: Desk, rows: Iterator[tuple[int, dict[str, str]]], tally: Tally) -> None:
    file = desk.folder / "judged.csv"
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


def _without_forgotten(t: Tables, desk: Desk, tally: Tally) -> str:
    """The judged rows as something to select from; whoever asked to be forgotten stays out."""
    names = ", ".join(KINDS)
    rows = f"(SELECT {names} FROM judged UNION ALL SELECT {names} FROM slow)"
    if not desk.door.closed:
        return rows
    t.connection.execute("CREATE OR REPLACE TEMP TABLE out AS " + desk.door.sql(rows), desk.door.given())
    for (number,) in t.rows("SELECT DISTINCT n FROM out ORDER BY n"):
        tally.refuse(number, {}, Unfit("forgotten"))
    return f"(SELECT * FROM {rows} WHERE n NOT IN (SELECT n FROM out))"


def _write(t: Tables, desk: Desk, name: str, rows: str) -> None:
    """The judged rows with their key, and with marks by which rows that say the same are found."""
    sql = f"SELECT * REPLACE (n::INTEGER AS n), ({KEY})::UBIGINT AS k, {ALL}, {LINE} FROM {rows}"
    t.write(sql, str(desk.folder / f"{name}.parquet"))


def _write_bad(path: Path, bad: list[Bad]) -> None:
    if bad:
        with gzip.open(path, "wt", encoding="utf-8") as out:
            for number, row, code, value in bad:
                out.write(json.dumps([number, dict(row), code, value], ensure_ascii=False) + "\n")


def bad_rows(folder: Path, most: int) -> Iterator[tuple[int, Mapping[str, str], str, str]]:
    """The refused rows of every part, at most so many."""
    for file in sorted(folder.glob("part-*.bad")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                if most <= 0:
                    return
                most -= 1
                number, row, code, value = json.loads(line)
                yield number, row, code, value
