"""Settings come from one place: the environment, or else the file `.env`.

Each is asked for once, in `settings.py`, with a type, a default that works and one
sentence. `diskarte settings` prints them; `docs/settings.md` is that print-out.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Asked:
    name: str
    default: Any
    says: str
    secret: bool = False


ASKED: list[Asked] = []
VALUES: dict[str, Any] = {}


def _file() -> dict[str, str]:
    path = Path(os.environ.get("DISKARTE_ENV", ".env"))
    if not path.is_file():
        return {}
    lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


FILE = _file()


def _raw(name: str) -> str | None:
    """The text given for one setting; `NAME_FILE` names a file that holds it."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name, FILE.get(name))
    try:
        return Path(path).read_text().strip()
    except OSError as e:
        raise SystemExit(f"{name}_FILE={path}: cannot be read ({e.strerror}).") from None


def ask[T](name: str, default: T, says: str, *, secret: bool = False) -> T:
    """One setting: its text turned into the type of its default, or one sentence and the end."""
    ASKED.append(Asked(name, default, says, secret))
    raw = _raw(name)
    VALUES[name] = value = default if raw is None else _as(type(default), name, raw)
    return value


def _as[T](kind: type[T], name: str, raw: str) -> T:
    if kind is bool:
        if raw.lower() not in ("true", "false"):
            raise SystemExit(f"{name}={raw}: write true or false.")
        return raw.lower() == "true"  # type: ignore[return-value]
    try:
        return kind(raw)  # type: ignore[call-arg]
    except ValueError:
        raise SystemExit(f"{name}={raw}: not a valid {kind.__name__}.") from None
