"""Playbooks: what a good local strategist would begin with in a trade, as data. Experience to edit, not measured.

One TOML file a trade. A text is a table of its languages (`name.en`, `name.fil`); a number that is a claim names
one of the public sources in `sources.toml`, every other number is a starting guess and the pages say so.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "fil")
ORDER = (
    "cafe", "shop", "online", "clinic", "salon", "school", "realestate", "b2b", "software", "creator", "ngo", "lgu",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A public study a playbook cites: what it says, where, and of which year."""

    title: str
    says: str
    url: str
    year: int


@dataclass(frozen=True)
class Playbook:
    """One trade in one language. The lists hold dicts as they stand in the file, their texts in that language."""

    name: str  # the file's
    language: str
    title: str
    about: str
    example: dict[str, str]  # question of the guided start → an example answer
    voices: list[dict[str, Any]] = field(repr=False)
    pillars: list[dict[str, Any]] = field(repr=False)  # share: percent, summing to 100
    segments: list[dict[str, Any]] = field(repr=False)  # each with its hooks under "hook"
    goals: list[dict[str, Any]] = field(repr=False)
    platforms: list[dict[str, Any]] = field(repr=False)


@cache
def raw(name: str) -> dict[str, Any]:
    """The file of a trade as it stands, with every language. Raises KeyError when there is none."""
    if name not in names():
        raise KeyError(name)
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def names() -> tuple[str, ...]:
    """Every trade there is a playbook for, the commonest first."""
    return ORDER


def one(name: str, language: str = "en") -> Playbook:
    """The playbook of a trade in a language, else in English. Raises KeyError when there is none."""
    spoken = language if language in LANGUAGES else "en"
    told = _in(raw(name), spoken)
    parts = {many: told.get(one_, []) for many, one_ in PARTS.items()}
    return Playbook(name, spoken, told["title"], told["about"], told["example"], **parts)


def every(language: str = "en") -> list[Playbook]:
    """All playbooks in a language."""
    return [one(name, language) for name in names()]


def source(name: str, language: str = "en") -> Source | None:
    """A cited study, or None for the empty name. Raises KeyError for a name that stands nowhere."""
    if not name:
        return None
    told = _in(_sources()[name], language if language in LANGUAGES else "en")
    return Source(told["title"], told["says"], told["url"], told["year"])


PARTS = {
    "voices": "voice",
    "pillars": "pillar",
    "segments": "segment",
    "goals": "goal",
    "platforms": "platform",
}


@cache
def _sources() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "sources.toml").read_text(encoding="utf-8"))


def _in(value: Any, language: str) -> Any:
    """A value of the file in one language: every table of languages becomes its text."""
    if isinstance(value, dict):
        if "en" in value:
            return value.get(language) or value["en"]
        return {key: _in(part, language) for key, part in value.items()}
    return [_in(part, language) for part in value] if isinstance(value, list) else value
