"""What a file of people would become, before anything is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Any

from diskarte.core.people.who import Who

from . import sentences
from .forgetting import Door
from .importing.way import Way
from .intake import LOOKED_AT, how, judged, unreachable
from .models import Intake
from .rules.people import Unfit

SHOWN = 8


@dataclass(frozen=True)
class Line:
    """One row of a preview: the person it becomes, or why it does not."""

    number: int
    person: dict[str, Any] | None
    reason: str = ""


@dataclass(frozen=True)
class Preview:
    """What a file would become: the first rows, and how many of the first thousand are good."""

    id: int
    name: str
    encoding: str
    delimiter: str
    headers: list[str]
    columns: dict[str, str]
    day_first: bool
    lines: list[Line]
    good: int
    bad: int
    looked_at: int
    warnings: list[str]


def preview(who: Who, intake: Intake, columns: list[str] | None) -> Preview:
    """Look at the first rows of a waiting file; nothing is imported."""
    way, found = how(who, intake, columns)
    problem = unreachable(way.columns)
    warnings = [*found.warnings, *([f"{problem.what} {problem.do}"] if problem else [])]
    door, lines = Door(intake.brand), []
    for number, row in islice(found.rows, LOOKED_AT):
        lines.append(_line(number, row, way, door))
    good = sum(1 for line in lines if line.person is not None)
    wrong = [line for line in lines if line.person is None]
    first = lines[:SHOWN]
    shown = sorted(
        [*first, *(line for line in wrong if line not in first)][: SHOWN * 2], key=attrgetter("number")
    )
    return Preview(
        intake.pk, intake.name, intake.shape.get("encoding", found.encoding), found.delimiter, found.headers,
        way.columns, way.day_first, shown, good, len(wrong), len(lines), warnings,
    )  # fmt: skip


def _line(number: int, row: Mapping[str, str], way: Way, door: Door) -> Line:
    try:
        one, line = judged(row, way, door)
        bought = {"bought_at": line.day, "amount": line.cents, "currency": line.currency} if line else {}
        return Line(number, one.plain() | bought)
    except Unfit as unfit:
        return Line(number, None, sentences.reason(unfit.code, unfit.value))
