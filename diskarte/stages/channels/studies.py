"""The public studies that ship with the program: one file a country, one cell a row, source and year in each."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .rules.presence import WORLD, Cell

FOLDER = Path(__file__).parent / "presence"
NAMES = "platforms.csv"


@dataclass(frozen=True)
class Platform:
    """A platform people use; `also` are other ways to write it, in small letters."""

    key: str
    label: str
    also: frozenset[str]


@cache
def platforms() -> dict[str, Platform]:
    """Every platform some study names, by its key."""
    found = {}
    for row in _rows(NAMES):
        also = {row["platform"], row["label"].casefold(), *filter(None, row["also"].split("|"))}
        found[row["platform"]] = Platform(row["platform"], row["label"], frozenset(also))
    return found


@cache
def cells() -> tuple[Cell, ...]:
    """Every cell of every country."""
    files = sorted(path for path in FOLDER.glob("*.csv") if path.name != NAMES)
    return tuple(
        _cell(row, WORLD if path.stem == "world" else path.stem) for path in files for row in _rows(path.name)
    )


def key(text: str) -> str:
    """The key of a platform however it is written; an unknown one is its own key."""
    told = text.strip().casefold()
    exact = next((one.key for one in platforms().values() if told in one.also), None)
    return exact or _within(told) or told.replace(" ", "_")[:40]


def _within(told: str) -> str | None:
    """«Facebook page (by hand)» begins with the label of a platform."""
    first = re.split(r"[^\w]+", told)[0]
    return next(
        (one.key for one in platforms().values() if first == one.label.casefold() and len(first) > 2), None
    )


def label(platform: str) -> str:
    """How a platform is called."""
    known = platforms().get(platform)
    return known.label if known else platform.replace("_", " ").capitalize()


def _cell(row: dict[str, str], country: str) -> Cell:
    ages = [int(row[name]) if row[name] else None for name in ("age_from", "age_to")]
    return Cell(
        row["platform"], country, float(row["share"]), row["base"], row["measure"], int(row["year"]), row["source"],
        row["url"], row["sex"], ages[0], ages[1], row["note"],
    )  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
