"""A question that is asked again and again: its SQL is written once for each line to the database.

Django writes a query anew each time. The engine asks the same few ones several times a second, and for them the
writing took longer than the asking.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Build = Callable[..., QuerySet[Any, Any]]
KEPT = "diskarte_questions"
FIRST_MARK = datetime(1901, 2, 3, 4, 5, 6, 789, tzinfo=UTC)  # a moment nobody asks about stands for one


class Question:
    """`build(*moments)` makes a `values_list` query; a call with moments gives its rows as Django would.

    A moment must stand in the query as it was given: what is reckoned from it is given as a moment of its own.
    """

    def __init__(self, build: Build) -> None:
        self.build = build

    def __call__(self, *moments: datetime) -> list[tuple[Any, ...]]:
        line = connections[DEFAULT_DB_ALIAS]
        written = vars(line).setdefault(KEPT, {})  # on the line itself: it knows the line, and goes with it
        if self not in written:
            written[self] = _Statement(self.build, line, len(moments))
        return list(written[self].ask(line, moments))


class _Statement:
    """The SQL for one line, its values, and which of them are moments."""

    def __init__(self, build: Build, line: Any, moments: int) -> None:
        marks = [FIRST_MARK + n * timedelta(days=1) for n in range(moments)]
        self.compiler = build(*marks).query.get_compiler(connection=line)
        self.sql, values = self.compiler.as_sql()
        places = {line.ops.adapt_datetimefield_value(mark): n for n, mark in enumerate(marks)}
        self.values = list(values)
        self.places = [(at, places[value]) for at, value in enumerate(values) if _known(value, places)]
        assert {n for _at, n in self.places} == set(range(moments)), "a moment does not stand in the query"

    def ask(self, line: Any, moments: tuple[datetime, ...]) -> list[tuple[Any, ...]]:
        values, told = self.values.copy(), [line.ops.adapt_datetimefield_value(one) for one in moments]
        for at, n in self.places:
            values[at] = told[n]
        with line.cursor() as cursor:
            cursor.execute(self.sql, values)
            rows = cursor.fetchall()
        return [tuple(row) for row in self.compiler.results_iter(results=[rows])]


def _known(value: Any, places: dict[Any, int]) -> bool:
    return isinstance(value, datetime | str) and value in places
