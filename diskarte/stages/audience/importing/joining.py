"""What was read joined with who is known: new people, news about those who are known, and what they bought.

Silence erases nothing; a «no» is never a «yes» again. A new person whose rows all say the same is written as the first
of them stands there; rows that differ are merged, the later ones telling more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from diskarte.core.lake.shelves import Files, folder, new_file
from diskarte.core.lake.tables import Tables, quoted

from ..columns import BUY, LISTS, PEOPLE, PERSON, PURCHASES
from .numbering import Flags, Rows, numbered, parquet

TEXTS = [name for name in PERSON if name not in ("joined_at", "consent", "facts")]
MERGED = ", ".join(
    [
        *(f"coalesce(arg_max({name}, n) FILTER ({name} <> ''), '') AS {name}" for name in TEXTS),
        "arg_max(joined_at, n) FILTER (joined_at IS NOT NULL) AS joined_at",
        "CASE WHEN bool_or(consent = 'no') THEN 'no' WHEN bool_or(consent = 'yes') THEN 'yes' ELSE 'unknown' END"
        " AS consent",
        "coalesce(list_reduce(list(facts ORDER BY n) FILTER (facts <> ''),"
        " lambda x, y: json_merge_patch(x, y)::VARCHAR), '') AS facts",
    ]
)
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

    parts: list[Path]
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
    for parts, span in _together(source, rows):
        _lay(t, rows, rows.alone, span)
        _add_people(t, source, told, f"SELECT pid, {KEPT} FROM {parts} JOIN here USING (n)")
    _merge(t, source, rows, told)
    _change_known(t, source, rows, told)
    for parts, span in _together(source, rows) if source.buys else ():
        _lay(t, rows, ~rows.again, span)
        _add_purchases(t, source, parts, bool(rows.known[span].any()), told)
    _add_list(t, source, rows, told)
    t.connection.unregister("here")
    return told


def _together(source: Source, rows: Rows) -> Iterator[tuple[str, slice]]:
    """Parts that are written together, and where their rows lie."""
    first = 0
    for i, span in enumerate(rows.spans, 1):
        if i == len(rows.spans) or rows.spans[i].stop - rows.spans[first].start > AT_ONCE:
            yield parquet(source.parts[first:i]), slice(rows.spans[first].start, span.stop)
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


def _add(t: Tables, told: Joined, table: str, sql: str) -> int:
    name = new_file(table)
    path = folder(t.shelf.brand_id) / name
    count = t.write(sql, str(path))
    if count:
        told.files[table].append((name, count))
    else:
        path.unlink()
    return count


def _add_people(t: Tables, source: Source, told: Joined, sql: str) -> None:
    told.taken += _add(t, told, "people", _signed(source, sql))


def _merge(t: Tables, source: Source, rows: Rows, told: Joined) -> None:
    """New people of whom several rows tell different things, so many at a time."""
    if not rows.several.any():
        return
    _lay(t, rows, rows.several)
    make = t.connection.execute
    make(
        f"CREATE OR REPLACE TEMP TABLE several AS SELECT pid, n, {KEPT} FROM {parquet(source.parts)}"
        " JOIN here USING (n)"
    )
    who = np.unique(rows.pid[rows.several])
    for some in np.array_split(who, 1 + len(who) // AT_ONCE):
        here = f"several WHERE pid BETWEEN {some[0]} AND {some[-1]}"
        _add_people(t, source, told, f"SELECT pid, {MERGED} FROM {here} GROUP BY pid")
    make("DROP TABLE several")


def _change_known(t: Tables, source: Source, rows: Rows, told: Joined) -> None:
    """News about people who are known; files of which nobody has news stay."""
    if not rows.known.any():
        return
    make = t.connection.execute
    _lay(t, rows, rows.known)
    make(
        f"CREATE OR REPLACE TEMP TABLE news AS SELECT pid, {MERGED} FROM {parquet(source.parts)}"
        " JOIN here USING (n) GROUP BY pid"
    )
    place = folder(t.shelf.brand_id)
    for name, count in list(t.shelf.files.get("people", [])):
        old = f"read_parquet({quoted(str(place / name))})"
        make(
            f"CREATE OR REPLACE TEMP TABLE changed AS SELECT {_renewed(source)} FROM {old} old"
            f" JOIN news USING (pid) WHERE {NEWS}"
        )
        different = t.row("SELECT count(*) FROM changed")[0]
        if different:
            told.changed += different
            told.files["people"].remove((name, count))
            kept = f"SELECT {', '.join(PEOPLE)} FROM {old} WHERE pid NOT IN (SELECT pid FROM changed)"
            _add(t, told, "people", f"{kept} UNION ALL SELECT {', '.join(PEOPLE)} FROM changed")


FACTS = (
    "CASE WHEN news.facts = '' THEN old.facts WHEN old.facts = '' THEN news.facts"
    " ELSE json_merge_patch(old.facts, news.facts)::VARCHAR END"
)
TURNED = "(news.consent <> 'unknown' AND news.consent <> old.consent AND old.consent <> 'no')"
NEWS = " OR ".join(
    [
        *(f"(news.{name} <> '' AND news.{name} <> old.{name})" for name in TEXTS),
        "(news.joined_at IS NOT NULL AND news.joined_at IS DISTINCT FROM old.joined_at)",
        TURNED,
        f"({FACTS}) <> old.facts",
    ]
)


def _renewed(source: Source) -> str:
    told = {name: f"coalesce(nullif(news.{name}, ''), old.{name})" for name in TEXTS}
    told |= {
        "joined_at": "coalesce(news.joined_at, old.joined_at)",
        "consent": f"CASE WHEN {TURNED} THEN news.consent ELSE old.consent END",
        "facts": FACTS,
        "consent_from": f"CASE WHEN {TURNED} THEN {quoted(source.consent_from)} ELSE old.consent_from END",
    }
    return ", ".join(f"{told.get(name, f'old.{name}')} AS {name}" for name in PEOPLE)


def _add_purchases(t: Tables, source: Source, parts: str, known: bool, told: Joined) -> None:
    """The purchases of some parts, without lines that were given before."""
    sql = f"SELECT pid, {', '.join(BUY)} FROM {parts} JOIN here USING (n)"
    if known and t.shelf.rows("purchases"):
        same = " AND ".join(f"old.{name} IS NOT DISTINCT FROM line.{name}" for name in ("pid", *BUY))
        sql = (
            f"SELECT * FROM ({sql}) line"
            f" WHERE NOT EXISTS (SELECT 1 FROM {t.of('purchases', PURCHASES)} old WHERE {same})"
        )
    told.bought += _add(t, told, "purchases", f"SELECT *, {source.intake}::INTEGER AS intake FROM ({sql})")


def _add_list(t: Tables, source: Source, rows: Rows, told: Joined) -> None:
    """Everybody in the file stands on its list."""
    everybody = rows.people
    told.people = len(everybody)
    t.connection.register("here", {"pid": everybody})
    who = "SELECT pid FROM here"
    if t.shelf.rows("lists"):
        who += f" EXCEPT SELECT pid FROM {t.of('lists', LISTS)} WHERE list = {quoted(source.list_name)}"
    told_as = f"{quoted(source.list_name)} AS list, {source.intake}::INTEGER AS intake"
    _add(t, told, "lists", f"SELECT pid, {told_as} FROM ({who})")
