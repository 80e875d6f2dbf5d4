"""Everything an installation keeps, as text: each table of the database, each file of its data folder, unpacked."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection


def kept(folder: Path) -> Iterator[tuple[str, str]]:
    """(Where, what) of everything."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield table, " ".join(_text(cell) for cell in row)
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield (
                str(file.relative_to(folder)),
                _columns(file) if file.suffix == ".parquet" else _text(file.read_bytes()),
            )


def _text(cell: object) -> str:
    if isinstance(cell, bytes | memoryview):
        raw = bytes(cell)
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        raw = _unzipped(raw) if raw[:4] == b"PK\3\4" else raw
        return raw.decode("utf-8", errors="replace").replace("\0", "")
    return str(cell)


def _unzipped(raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as box:
        return b"\n".join(box.read(name) for name in box.namelist())


def _columns(file: Path) -> str:
    import duckdb

    with duckdb.connect() as asked:
        return str(asked.execute(f"SELECT * FROM read_parquet('{file}')").fetchall())


def holding(folder: Path, *signs: str) -> list[str]:
    """Where one of the signs stands, in capitals or not."""
    found = (
        where for where, what in kept(folder) if any(sign.casefold() in what.casefold() for sign in signs)
    )
    return sorted(set(found))
