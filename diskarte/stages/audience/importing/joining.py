"""What was read joined with who is known: who is new, who is known and told something new, and what they bought.

Two rows are one person when the customer number is the same, else the e-mail, else the phone, unless a stronger sign
says otherwise (`rules.people.Known` says the same for two rows). Silence erases nothing; a «no» is never a «yes» again.
Rows of one key lie in one bucket, so each bucket is joined by itself and the memory does not grow with the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from diskarte.core.lake.shelves import Files, folder, new_file
from diskarte.core.lake.tables import Tables, quoted

from ..columns import BUY, LISTS, PEOPLE, PERSON, PURCHASES

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
ASIDE, ALONE, SEVERAL = 0, 1, 2  # what the rows of a key are


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

    folder: Path
    buckets: int
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
    _keys(t, source)
    _link(t)
    _number(t, source)
    for bucket in range(source.buckets):
        _add_people(t, source, bucket, told)
    _change_known(t, source, told)
    for bucket in range(source.buckets) if source.buys else ():
        _add_purchases(t, source, bucket, told)
    _add_list(t, source, told)
    return told


def _bucket(source: Source, bucket: int) -> str:
    """The rows of one bucket over all parts, or nothing."""
    found = sorted(str(file) for file in source.folder.glob(f"part-*/bucket={bucket}/*.parquet"))
    return f"read_parquet([{', '.join(map(quoted, found))}], hive_partitioning = false)" if found else ""


def _keys(t: Tables, source: Source) -> None:
    """One line a person of the file: only hashes, since this is held for all of them at once."""
    t.connection.execute(
        "CREATE OR REPLACE TEMP TABLE proto (k UBIGINT, n BIGINT, rows BIGINT, x UBIGINT, e UBIGINT, p UBIGINT)"
    )
    for bucket in range(source.buckets):
        if rows := _bucket(source, bucket):
            t.connection.execute(
                f"INSERT INTO proto SELECT k, min(n), count(*), any_value({_hash('external_id')}),"
                f" {_last('email')}, {_last('phone')} FROM {rows} GROUP BY k"
            )


def _last(name: str) -> str:
    return f"coalesce(arg_max(hash({name}), n) FILTER ({name} <> ''), 0)"


def _hash(text: str) -> str:
    return f"CASE WHEN {text} = '' THEN 0 ELSE hash({text}) END"


def _link(t: Tables) -> None:
    """The table `link`: protos that are somebody else, as k → a person's number, or → another proto."""
    people = t.of("people", PEOPLE)
    make = t.connection.execute
    make("CREATE OR REPLACE TEMP TABLE link (k UBIGINT, pid INTEGER, other UBIGINT)")
    if t.shelf.rows("people"):
        hashes = ", ".join(
            f"{_hash(name)} AS {short}"
            for name, short in zip(("external_id", "email", "phone"), "xep", strict=True)
        )
        make(f"CREATE OR REPLACE TEMP TABLE known AS SELECT pid, {hashes} FROM {people}")
        make(
            "INSERT INTO link SELECT k, min(pid), NULL FROM proto JOIN known USING (x) WHERE x <> 0 GROUP BY k"
        )
        _claim(t, "known.x = 0 AND proto.e = known.e AND proto.e <> 0", "proto.x <> 0")
        clear = "(known.e = 0 OR proto.e = 0 OR known.e = proto.e)"
        _claim(t, f"known.x = 0 AND proto.p = known.p AND proto.p <> 0 AND {clear}", "proto.x <> 0")
    else:
        make("CREATE OR REPLACE TEMP TABLE known (pid INTEGER, x UBIGINT, e UBIGINT, p UBIGINT)")
    if not t.row("SELECT count(*) FROM proto WHERE x = 0")[0]:
        return
    free = "proto.x = 0 AND k NOT IN (SELECT k FROM link)"
    both = (
        "(SELECT pid, NULL::UBIGINT AS other, x, e, p, pid::BIGINT - 2147483648 AS age FROM known"
        " UNION ALL SELECT link.pid, proto.k, x, e, p, n FROM proto LEFT JOIN link USING (k) WHERE {which})"
    )
    numbered = both.format(which="x <> 0")
    _follow(t, numbered, f"{free} AND proto.e <> 0", "someone.e = proto.e")
    _follow(t, numbered, f"{free} AND proto.e <> 0 AND proto.p <> 0", "someone.p = proto.p AND someone.e = 0")
    everyone = both.format(which="x <> 0 OR e <> 0")
    _follow(t, everyone, f"{free} AND proto.e = 0", "someone.p = proto.p")
    make(
        "UPDATE link SET pid = l.pid, other = l.other FROM link l WHERE link.pid IS NULL AND l.k = link.other"
    )


def _claim(t: Tables, match: str, who: str) -> None:
    """A known person without a number becomes the first proto with one that shares an address."""
    t.connection.execute(
        "INSERT INTO link SELECT k, pid, NULL FROM"
        f" (SELECT proto.k, proto.n, known.pid FROM proto JOIN known ON {match}"
        f" WHERE {who} AND k NOT IN (SELECT k FROM link) AND pid NOT IN (SELECT pid FROM link)"
        " QUALIFY row_number() OVER (PARTITION BY k ORDER BY pid) = 1)"
        " QUALIFY row_number() OVER (PARTITION BY pid ORDER BY n) = 1"
    )


def _follow(t: Tables, someones: str, who: str, match: str) -> None:
    """A proto without a number is whoever shares its address and came first."""
    t.connection.execute(
        f"INSERT INTO link SELECT k, pid, CASE WHEN pid IS NULL THEN other END FROM"
        f" (SELECT proto.k, someone.pid, someone.other, someone.age FROM proto JOIN {someones} someone"
        f" ON {match} WHERE {who}"
        " QUALIFY row_number() OVER (PARTITION BY proto.k ORDER BY someone.age) = 1)"
    )


def _number(t: Tables, source: Source) -> None:
    """The table `ids`: k → pid for every proto, and whether its rows are a new person's: one alone, several, or ASIDE:
    somebody who is known or whose rows have several keys. New people get the numbers after the last."""
    last = t.row(f"SELECT coalesce(max(pid), 0) FROM {t.of('people', PEOPLE)}")[0]
    make = t.connection.execute
    links = t.row("SELECT count(*) FROM link")[0]
    free = " WHERE k NOT IN (SELECT k FROM link)" if links else ""
    make(
        f"CREATE OR REPLACE TEMP TABLE ids AS SELECT k, ({last} + row_number() OVER ())::INTEGER AS pid,"
        f" (CASE WHEN rows > 1 THEN {SEVERAL} ELSE {ALONE} END)::TINYINT AS how FROM proto{free}"
    )
    make("DROP TABLE proto")
    if links:
        make(f"UPDATE ids SET how = {ASIDE} WHERE k IN (SELECT other FROM link)")
        make(
            f"INSERT INTO ids SELECT link.k, coalesce(link.pid, ids.pid), {ASIDE} FROM link"
            " LEFT JOIN ids ON ids.k = link.other"
        )
    make(f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT {last}::INTEGER AS after")
    make(
        f"CREATE OR REPLACE TEMP TABLE aside AS SELECT NULL::INTEGER AS pid, NULL::BIGINT AS n,"
        f" {', '.join(f'NULL::{kind} AS {name}' for name, kind in PERSON.items())} WHERE false"
    )


def _ids(source: Source, bucket: int) -> str:
    return f"(SELECT * FROM ids WHERE k % {source.buckets} = {bucket})" if source.buckets > 1 else "ids"


def _add_people(t: Tables, source: Source, bucket: int, told: Joined) -> None:
    """The new people of a bucket into a file; rows of somebody who is known or lies elsewhere are put aside."""
    rows = _bucket(source, bucket)
    if not rows:
        return
    here = f"{rows} JOIN {_ids(source, bucket)} USING (k) WHERE how ="
    sql = (
        f"SELECT pid, {KEPT} FROM {here} {ALONE}"
        f" UNION ALL SELECT pid, {KEPT} FROM (SELECT pid, {MERGED} FROM {here} {SEVERAL} GROUP BY pid)"
    )
    _add(t, told, "people", _signed(source, sql))
    if t.row("SELECT count(*) FROM link")[0]:
        t.connection.execute(f"INSERT INTO aside SELECT pid, n, {KEPT} FROM {here} {ASIDE}")


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
    if table == "people":
        told.taken += count
    return count


def _change_known(t: Tables, source: Source, told: Joined) -> None:
    """Rows put aside: new people whose rows lie in several buckets, and news about people who are known."""
    make = t.connection.execute
    _add(
        t,
        told,
        "people",
        _signed(
            source, f"SELECT pid, {MERGED} FROM aside WHERE pid > (SELECT after FROM fresh) GROUP BY pid"
        ),
    )
    make(
        f"CREATE OR REPLACE TEMP TABLE news AS SELECT pid, {MERGED} FROM aside"
        " WHERE pid <= (SELECT after FROM fresh) GROUP BY pid"
    )
    if not t.row("SELECT count(*) FROM news")[0]:
        return
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
            before = told.taken
            _add(t, told, "people", f"{kept} UNION ALL SELECT {', '.join(PEOPLE)} FROM changed")
            told.taken = before


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


def _add_purchases(t: Tables, source: Source, bucket: int, told: Joined) -> None:
    """The purchases of a bucket, without lines that were given before."""
    rows = _bucket(source, bucket)
    if not rows:
        return
    names = ", ".join(BUY)
    numbered = f"SELECT pid, n, {names} FROM {rows} JOIN {_ids(source, bucket)} USING (k)"
    once = f" QUALIFY order_no = '' OR row_number() OVER (PARTITION BY pid, {names} ORDER BY n) = 1"
    sql = f"SELECT pid, {names} FROM ({numbered}{once if _orders(t, rows) else ''}) line"
    if t.shelf.rows("purchases"):
        same = " AND ".join(f"old.{name} IS NOT DISTINCT FROM line.{name}" for name in ("pid", *BUY))
        sql += f" WHERE NOT EXISTS (SELECT 1 FROM {t.of('purchases', PURCHASES)} old WHERE {same})"
    told.bought += _add(t, told, "purchases", f"SELECT *, {source.intake}::INTEGER AS intake FROM ({sql})")


def _orders(t: Tables, rows: str) -> bool:
    return bool(t.row(f"SELECT coalesce(bool_or(order_no <> ''), false) FROM {rows}")[0])


def _add_list(t: Tables, source: Source, told: Joined) -> None:
    """Everybody in the file stands on its list."""
    twice = "DISTINCT " if t.row("SELECT count(*) FROM link")[0] else ""
    told.people = t.row(f"SELECT count({twice}pid) FROM ids")[0]
    who = f"SELECT {twice}pid FROM ids"
    if t.shelf.rows("lists"):
        who += f" EXCEPT SELECT pid FROM {t.of('lists', LISTS)} WHERE list = {quoted(source.list_name)}"
    told_as = f"{quoted(source.list_name)} AS list, {source.intake}::INTEGER AS intake"
    sql = f"SELECT pid, {told_as} FROM ({who}) ORDER BY pid"
    _add(t, told, "lists", sql)
