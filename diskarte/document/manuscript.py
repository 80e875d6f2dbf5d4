"""An edition as the press gets it: values only, so that setting it needs no database and none of our secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Manuscript:
    """The content of an edition and how it looks; `logo` is the path of the picture, empty without one."""

    content: dict[str, Any]
    colour: str
    language: str
    logo: str = ""
