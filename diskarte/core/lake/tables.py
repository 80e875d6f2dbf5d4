"""Asking the files of a shelf with DuckDB, in memory, within a bound."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue
from typing import Any

from diskarte.core.people.models import Brand

from .models import Shelf
from .shelves import folder, shelf_of

MEMORY = "600MB"  # beyond it DuckDB works on the disk
PACKED = "COMPRESSION lz4, DICTIONARY_SIZE_LIMIT 4096"  # a dictionary of texts that all differ costs a third more time
LOOSE = "COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 4096"  # for what is read once and thrown away
HANDS = min(4, os.cpu_count() or 1)  # cores one question may use, and questions asked at the same time
Columns = dict[str, str]  # name → type


class Tables:
    """A connection, and the brand's tables as SQL."""

    def __init__(self, connection: Any, shelf: Shelf) -> None:
        self.connection, self.shelf = connection, shelf

    def of(self, table: str, columns: Columns, without: frozenset[str] = frozenset()) -> str:
        """The table as something to select from; one without files has its columns and no rows."""
        place = folder(self.shelf.brand_id)
        paths = [str(place / name) for name, _rows in self.shelf.files.get(table, []) if name not in without]
        if not paths:
            return f"(SELECT {', '.join(f'NULL::{kind} AS {name}' for name, kind in columns.items())} WHERE false)"
        return f"read_parquet([{', '.join(map(quoted, paths))}])"

    def rows(self, sql: str, given: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Every row of an answer."""
        return list(self.connection.execute(sql, given or []).fetchall())

    def row(self, sql: str, given: list[Any] | None = None) -> tuple[Any, ...]:
        """The only row of an answer."""
        (row,) = self.connection.execute(
            sql, given or []
        ).fetchall()  # to the end, or the connection stays busy
        return tuple(row)

    def arrays(self, sql: str, given: list[Any] | None = None) -> dict[str, Any]:
        """An answer as columns of numpy."""
        return dict(self.connection.execute(sql, given or []).fetchnumpy())

    def write(self, sql: str, path: str, how: str = PACKED) -> int:
        """Write an answer into a Parquet file; how many rows."""
        return int(self.row(f"COPY ({sql}) TO {quoted(path)} (FORMAT parquet, {how})")[0])


def quoted(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def opened(brand: Brand, shelf: Shelf | None = None) -> Iterator[Tables]:
    """The brand's tables while the block runs; nothing of the connection stays behind."""
    import duckdb  # heavy, so only when somebody asks

    with tempfile.TemporaryDirectory(prefix="spill-", dir=folder(brand.pk)) as spill:
        config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": MEMORY, "threads": HANDS}
        config["temp_directory"] = spill
        with duckdb.connect(config=config) as connection:
            yield Tables(connection, shelf or shelf_of(brand))


@contextmanager
def in_order(t: Tables) -> Iterator[None]:
    """While the block runs, tables are joined as they are written, and a statement has one core, so that its rows need
    not be put in order again.

    DuckDB guesses how many rows a file of text has, and where it guesses too few lays them all in a table before it
    joins them with a small one, which costs a third of the time.
    """
    t.connection.execute("SET disabled_optimizers = 'build_side_probe_side'; SET threads = 1")
    try:
        yield
    finally:
        t.connection.execute(f"RESET disabled_optimizers; SET threads = {HANDS}")


@contextmanager
def hands(t: Tables) -> Iterator[Callable[[Callable[[Tables], Any]], Future[Any]]]:
    """A function that begins work and returns at once; each piece has a connection of its own while the block runs.

    A statement alone leaves cores idle at its beginning and its end; two at a time do not.
    """
    free: SimpleQueue[Tables] = SimpleQueue()

    def done(work: Callable[[Tables], Any]) -> Any:
        mine = free.get()
        try:
            return work(mine)
        finally:
            free.put(mine)

    with ThreadPoolExecutor(HANDS) as pool, ExitStack() as closing:
        for _hand in range(HANDS):
            free.put(Tables(closing.enter_context(t.connection.cursor()), t.shelf))
        closing.callback(pool.shutdown, cancel_futures=True)  # before the connections are closed
        yield lambda work: pool.submit(done, work)
