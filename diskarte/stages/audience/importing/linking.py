"""Keys that are somebody else: somebody who is known, or another key of the same file.

Two rows are one person when the customer number is the same, else the e-mail, else the phone, unless a stronger sign
says otherwise (`rules.people.Known` says the same for two rows).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diskarte.core.lake.tables import Tables, quoted

from ..columns import PEOPLE

KINDS = 4  # what a key was made of is its rest by this: 0 a customer number, 1 an e-mail, 2 a phone
KEY = (
    f"CASE WHEN external_id <> '' THEN hash(external_id) // {KINDS} * {KINDS}"
    f" WHEN email <> '' THEN hash(email) // {KINDS} * {KINDS} + 1"
    f" ELSE hash(phone) // {KINDS} * {KINDS} + 2 END"
)
NUMBER = f"CASE WHEN external_id <> '' THEN hash(external_id) // {KINDS} * {KINDS} ELSE 0 END"
Links = tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint64]]


def linked(t: Tables, people: Sequence[str], keys: NDArray[np.uint64]) -> Links:
    """Keys of the rows in the files `people` that are somebody else, the number of whom they are (0: nobody's yet),
    the key they are then."""
    if not t.shelf.rows("people") and not (keys % KINDS).any():
        return np.zeros(0, np.uint64), np.zeros(0, np.int32), np.zeros(0, np.uint64)
    paths = ", ".join(map(quoted, people))
    _keys(t, f"(SELECT pid AS n, ({KEY})::UBIGINT AS k, email, phone FROM read_parquet([{paths}]))")
    _to_known(t)
    if (keys % KINDS).any():
        _to_each_other(t)
    found = t.arrays("SELECT k, coalesce(pid, 0) AS pid, coalesce(other, 0) AS other FROM link")
    for table in ("proto", "known", "link"):
        t.connection.execute(f"DROP TABLE {table}")
    return np.asarray(found["k"]), np.asarray(found["pid"]), np.asarray(found["other"])


def _keys(t: Tables, rows: str) -> None:
    """The table `proto`: a line a key, only hashes, since this is held for all of them at once."""
    t.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE proto AS SELECT k, min(n) AS n, (CASE WHEN k % {KINDS} = 0 THEN k ELSE 0 END)"
        f"::UBIGINT AS x, {_last('email')} AS e, {_last('phone')} AS p FROM {rows} GROUP BY k"
    )


def _last(name: str) -> str:
    return f"coalesce(arg_max(hash({name}), n) FILTER ({name} <> ''), 0)"


def _hash(text: str) -> str:
    return f"CASE WHEN {text} = '' THEN 0 ELSE hash({text}) END"


def _to_known(t: Tables) -> None:
    """The table `link`: keys of people who are known."""
    make = t.connection.execute
    make("CREATE OR REPLACE TEMP TABLE link (k UBIGINT, pid INTEGER, other UBIGINT)")
    make(
        f"CREATE OR REPLACE TEMP TABLE known AS SELECT pid, ({NUMBER})::UBIGINT AS x, ({_hash('email')})::UBIGINT AS e,"
        f" ({_hash('phone')})::UBIGINT AS p FROM {t.of('people', PEOPLE)}"
    )
    make("INSERT INTO link SELECT k, min(pid), NULL FROM proto JOIN known USING (x) WHERE x <> 0 GROUP BY k")
    _claim(t, "known.x = 0 AND proto.e = known.e AND proto.e <> 0")
    clear = "(known.e = 0 OR proto.e = 0 OR known.e = proto.e)"
    _claim(t, f"known.x = 0 AND proto.p = known.p AND proto.p <> 0 AND {clear}")


def _claim(t: Tables, match: str) -> None:
    """A known person without a number becomes the first key with one that shares an address."""
    t.connection.execute(
        "INSERT INTO link SELECT k, pid, NULL FROM"
        f" (SELECT proto.k, proto.n, known.pid FROM proto JOIN known ON {match}"
        " WHERE proto.x <> 0 AND k NOT IN (SELECT k FROM link) AND pid NOT IN (SELECT pid FROM link)"
        " QUALIFY row_number() OVER (PARTITION BY k ORDER BY pid) = 1)"
        " QUALIFY row_number() OVER (PARTITION BY pid ORDER BY n) = 1"
    )


def _to_each_other(t: Tables) -> None:
    """Keys without a number are whoever shares their address and came first."""
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
    t.connection.execute(
        "UPDATE link SET pid = l.pid, other = l.other FROM link l WHERE link.pid IS NULL AND l.k = link.other"
    )


def _follow(t: Tables, someones: str, who: str, match: str) -> None:
    t.connection.execute(
        f"INSERT INTO link SELECT k, pid, CASE WHEN pid IS NULL THEN other END FROM"
        f" (SELECT proto.k, someone.pid, someone.other, someone.age FROM proto JOIN {someones} someone"
        f" ON {match} WHERE {who}"
        " QUALIFY row_number() OVER (PARTITION BY proto.k ORDER BY someone.age) = 1)"
    )
