"""What a slot can be given: an id or text, and how much more often than another it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Choice:
    """Something a slot can be given: an id or text, and how much more often than another it is due."""

    id: Any
    name: str
    weight: float = 1.0
    only: frozenset[str] = frozenset()  # lines it fits; empty: all
    until: date | None = None
    under: Any = None  # hooks: their segment; topics: their pillar
