"""Writing TOML that a person likes to read; reading is the standard library's `tomllib`."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def dump(facts: dict[str, Any]) -> str:
    """A flat dict, with tables and lists of tables one level down, as TOML. Keys whose value is None are left out."""
    simple = {k: v for k, v in facts.items() if not _is_table(v)}
    lines = [f"{k} = {_value(v)}" for k, v in simple.items() if v is not None]
    for name, table in facts.items():
        if isinstance(table, dict):
            lines += ["", f"[{_key(name)}]", *_pairs(table)]
        elif _is_table(table):
            for row in table:
                lines += ["", f"[[{_key(name)}]]", *_pairs(row)]
    return "\n".join(lines).strip() + "\n"


def _is_table(value: Any) -> bool:
    rows = isinstance(value, list | tuple) and bool(value) and all(isinstance(v, dict) for v in value)
    return isinstance(value, dict) or rows


def _pairs(table: dict[str, Any]) -> list[str]:
    return [f"{_key(k)} = {_value(v)}" for k, v in table.items() if v is not None]


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _line(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _text(str(value))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return _text(str(value))


def _text(text: str) -> str:
    if (
        "\n" in text
        and '"""' not in text
        and "\\" not in text
        and "\r" not in text
        and not text.endswith('"')
    ):
        safe = all(ch == "\n" or ch == "\t" or (ord(ch) >= 32 and ch != "\x7f") for ch in text)
        if safe:
            return f'"""\n{text}"""'
    return _line(text)


def _line(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
