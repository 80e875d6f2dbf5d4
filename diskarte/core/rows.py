"""Rows that remember: every table of ours derives from `Row`, so a write can tell before and after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from typing import Any, ClassVar, Self

from django.db import models

from diskarte.core.plain import plain

Change = dict[str, Any]  # {"model", "pk", "before": {...} | None, "after": {...} | None}
_changes: ContextVar[list[Change] | None] = ContextVar("changes", default=None)


@contextmanager
def watched() -> Iterator[list[Change]]:
    """Collect what every saved or deleted row was and became, inside this block."""
    changes: list[Change] = []
    token = _changes.set(changes)
    try:
        yield changes
    finally:
        _changes.reset(token)


class Row(models.Model):
    """A table whose rows tell what changed. Fields named in `hidden` never leave the database; what stands in those
    of `off_record`, which may quote a person, is shown but never told."""

    hidden: ClassVar[frozenset[str]] = frozenset()
    off_record: ClassVar[frozenset[str]] = frozenset()
    untold: ClassVar[frozenset[str]] = (
        frozenset()
    )  # fields that count changes themselves: neither told nor undone
    silent: ClassVar[bool] = False  # True: written too often to be worth a line in the audit

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **more: Any) -> Self:
        row = super().from_db(db, field_names, values, **more)
        if not cls.silent:
            row._loaded = _facts(row)
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        before = getattr(self, "_loaded", None)
        super().save(*args, **kwargs)
        if not self.silent:
            self._loaded = _facts(self)
            _note(self, before, self._loaded)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        pk, before = self.pk, _facts(self)
        answer = super().delete(*args, **kwargs)
        _note(self, before, None, pk)
        return answer


def _facts(row: Row) -> dict[str, Any]:
    without = row.get_deferred_fields() | row.untold
    names = [f.attname for f in row._meta.concrete_fields if f.attname not in without]
    return {name: _own(getattr(row, name)) for name in names}


def _own(value: Any) -> Any:
    """A copy of what could be changed in place, so that the change is seen."""
    return deepcopy(value) if isinstance(value, list | dict) else value


def _note(row: Row, before: dict[str, Any] | None, after: dict[str, Any] | None, pk: Any = None) -> None:
    changes = _changes.get()
    if changes is None or row.silent:
        return
    if before is not None and after is not None:
        names = [n for n in after if before.get(n) != after[n]]
        if not names:
            return
        before, after = {n: before.get(n) for n in names}, {n: after[n] for n in names}
    told = [_told(row, facts) for facts in (before, after)]
    changes.append({"model": row._meta.label_lower, "pk": pk or row.pk, "before": told[0], "after": told[1]})


def _told(row: Row, facts: dict[str, Any] | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    untold = row.hidden | row.off_record
    return {n: ("•••" if n in untold else plain(v)) for n, v in facts.items()}
