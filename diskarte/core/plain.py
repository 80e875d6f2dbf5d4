"""What a verb returned, as plain values that every door can print: rows become dicts without secrets."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from pydantic import BaseModel

SECRET = frozenset({"password", "digest", "secrets"})


def plain(value: Any) -> Any:
    """The same value made of dict, list, str, int, float, bool and None only."""
    if value is None or isinstance(value, bool | int | float | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Model):
        return _row(value)
    if isinstance(value, BaseModel):
        return plain(value.model_dump())
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.repr}
    if isinstance(value, dict):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset | QuerySet):
        return [plain(v) for v in value]
    return str(value)


def _row(row: Model) -> dict[str, Any]:
    hidden = SECRET | getattr(row, "hidden", frozenset())
    names = [f.attname for f in row._meta.concrete_fields if f.attname not in hidden]
    return {name: plain(getattr(row, name)) for name in names}
