"""What each customer bought, in one line: made anew from all purchases whenever they change."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from diskarte.core.lake.shelves import folder, new_file
from diskarte.core.lake.tables import Tables, hands, quoted

NEARBY = 4_000_000  # people told at once, so that the memory has a bound


def spent(t: Tables, purchases: list[tuple[str, int]], currency: str) -> list[tuple[str, int]]:
    """The file of `spending`: days with a purchase, the first and the last of them, money of the brand's currency.

    Money given back lowers the sum and is no purchase; money in other currencies is a purchase without a sum.
    """
    if not purchases:
        return []
    home = folder(t.shelf.brand_id)
    rows = f"read_parquet([{', '.join(quoted(str(home / name)) for name, _n in purchases)}])"
    times = np.bincount(np.asarray(t.arrays(f"SELECT pid FROM {rows}")["pid"]))
    often = np.flatnonzero(times > 1).astype(np.int32)
    few = f"(SELECT * FROM {rows} WHERE cents > 0 AND pid NOT IN (SELECT pid FROM often))"
    mine = f"CASE WHEN currency = {quoted(currency)} THEN cents ELSE 0 END"
    asked = [
        f"SELECT pid, 1::INTEGER AS days, day AS first, day AS last, {mine} AS cents, 0::BIGINT AS again_cents"
        f" FROM {few}"
    ]
    for some in np.array_split(often, 1 + len(often) // NEARBY) if len(often) else ():
        here = f"pid BETWEEN {some[0]} AND {some[-1]} AND pid IN (SELECT pid FROM often)"
        asked.append(_lines(f"(SELECT * FROM {rows} WHERE {here})", currency))
    with hands(t) as begin:
        coming = [begin(partial(_written, often=often, sql=sql)) for sql in asked]
        files = [each.result() for each in coming]
    return [file for file in files if file[1]]


def _written(t: Tables, often: NDArray[np.int32], sql: str) -> tuple[str, int]:
    name = new_file("spending")
    path = folder(t.shelf.brand_id) / name
    t.connection.register("often", {"pid": often})
    count = t.write(sql, str(path))
    t.connection.unregister("often")
    if not count:
        path.unlink()
    return name, count


def _lines(rows: str, currency: str) -> str:
    days = (
        "SELECT pid, day, bool_or(cents > 0) AS came,"
        f" coalesce(sum(cents) FILTER (currency = {quoted(currency)}), 0) AS c"
        f" FROM {rows} GROUP BY pid, day"
    )
    return (
        "SELECT pid, (count(*) FILTER (came))::INTEGER AS days, min(day) FILTER (came) AS first,"
        " max(day) FILTER (came) AS last, sum(c)::BIGINT AS cents,"
        " coalesce(sum(c) FILTER (came) - arg_min(c, day) FILTER (came), 0)::BIGINT AS again_cents"
        f" FROM ({days}) GROUP BY pid HAVING count(*) FILTER (came) > 0"
    )
