"""Compare and set: rows that still are as they were read take new values, in one statement.

Django's `update` says the same; with several statements a post, building them anew took longer than running them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import connection, models

Facts = Mapping[str, Any]  # a field's name (of a foreign key: with `_id`): its value, never an expression


def change(model: type[models.Model], still: Facts, new: Facts, empty: Facts | None = None) -> int:
    """Set `new`, and `empty` where nothing stands yet, in every row where all of `still` holds; how many there were."""
    empty = empty or {}
    fields, sql = _statement(model, tuple(new), tuple(empty), tuple(still), connection.vendor)
    values = (*new.values(), *empty.values(), *still.values())
    told = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        return int(cursor.rowcount)


@lru_cache(maxsize=256)
def _statement(
    model: type[models.Model],
    new: tuple[str, ...],
    empty: tuple[str, ...],
    still: tuple[str, ...],
    _vendor: str,
) -> tuple[list[Any], str]:
    """The fields in the order of their places, and the statement."""
    fields = [model._meta.get_field(name) for name in (*new, *empty, *still)]
    columns = [connection.ops.quote_name(str(field.column)) for field in fields]  # type: ignore[union-attr]
    sets = [f"{column} = %s" for column in columns[: len(new)]]
    sets += [f"{column} = COALESCE({column}, %s)" for column in columns[len(new) : len(new) + len(empty)]]
    where = " AND ".join(f"{column} = %s" for column in columns[len(new) + len(empty) :])
    table = connection.ops.quote_name(model._meta.db_table)
    return fields, f"UPDATE {table} SET {', '.join(sets)} WHERE {where}"  # noqa: S608 - names of our own columns
