"""One command per figure. Every bench runs the peer's way beside ours, on the same data, in the same process."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, SupportsFloat

SHARED = Path(os.environ.get("DISKARTE_SHARED", Path(__file__).parent.parent.parent / "shared"))


@dataclass(frozen=True)
class Row:
    """One measured figure: ours, the baseline's, and what we want. None: there is no such number."""

    case: str
    metric: str
    unit: str
    ours: float | None
    baseline: float | None
    target: float | None
    better: Literal["lower", "higher"]

    @property
    def met(self) -> bool | None:
        """Whether ours reaches the target; None when one of them is missing."""
        if self.ours is None or self.target is None:
            return None
        return bool(self.ours <= self.target if self.better == "lower" else self.ours >= self.target)

    def as_json(self) -> dict[str, Any]:
        """The row as the last line of a bench prints it."""
        told = {k: float(v) if isinstance(v, SupportsFloat) else v for k, v in asdict(self).items()}
        return {**told, "met": self.met}


class Missing(Exception):
    """A bench cannot run here; its message says what is not there."""


def data(*parts: str) -> Path:
    """A file or folder of the shared data, or Missing."""
    path = SHARED.joinpath("data", *parts)
    if not path.exists():
        raise Missing(f"{'/'.join(parts)} is not there: set DISKARTE_SHARED to the shared test material")
    return path
