"""What does not fit in a planned month: quiet hours, too close, too many, too much work, and what is still missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from .demand import cadence
from .moments import avoided, days_of, is_quiet, weeks_of


@dataclass(frozen=True)
class Seen:
    """A slot as the watch sees it."""

    id: int
    line: str
    kind: str
    pillar: str
    day: int
    minute: int


@dataclass(frozen=True)
class Conflict:
    """Something to look at: a code, the slots it is about, and its numbers."""

    code: str  # quiet, avoided, close, many, hours, missing
    slots: tuple[int, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Week:
    """A week of the month with its hours of work; `room` None means nobody said how many there are."""

    first: date
    last: date
    hours: float
    room: float | None
    posts: int


def conflicts(settings: Mapping[str, Any], slots: Sequence[Seen]) -> list[Conflict]:
    """What the settings say against these slots, in order of time."""
    told: list[tuple[int, Conflict]] = []
    by_line: dict[str, list[Seen]] = defaultdict(list)
    for s in sorted(slots, key=lambda s: (s.day, s.minute)):
        by_line[s.line].append(s)
        hour, weekday = s.minute // 60, (s.day + 6) % 7
        if is_quiet(s.minute, (settings["quiet"][0], settings["quiet"][1])):
            told.append((s.day, Conflict("quiet", (s.id,), {"hour": hour})))
        elif avoided(settings, hour=hour, weekday=weekday, kind=s.kind, pillar=s.pillar):
            told.append((s.day, Conflict("avoided", (s.id,), {"hour": hour})))
    for line in by_line.values():
        told += _close(settings, line) + _many(settings, line)
    return [conflict for _day, conflict in sorted(told, key=lambda pair: (pair[0], pair[1].slots))]


def _close(settings: Mapping[str, Any], line: Sequence[Seen]) -> list[tuple[int, Conflict]]:
    told = []
    for a, b in pairwise(line):
        apart = (b.day - a.day) * 1440 + b.minute - a.minute
        if apart < settings["gap_hours"] * 60:
            told.append((b.day, Conflict("close", (a.id, b.id), {"hours": round(apart / 60, 1)})))
    return told


def _many(settings: Mapping[str, Any], line: Sequence[Seen]) -> list[tuple[int, Conflict]]:
    days: dict[int, list[int]] = defaultdict(list)
    for s in line:
        days[s.day].append(s.id)
    most = settings["per_day"]
    full = {day: ids for day, ids in days.items() if len(ids) > most}
    return [(day, Conflict("many", tuple(ids), {"n": len(ids), "most": most})) for day, ids in full.items()]


def weeks(settings: Mapping[str, Any], month: date, slots: Sequence[Seen]) -> list[Week]:
    """Hours of work in each week of the month, by the kinds of its posts."""
    room = settings["hours_a_week"]
    told = []
    for week in weeks_of(days_of(month)):
        here = [s for s in slots if week[0].toordinal() <= s.day <= week[-1].toordinal()]
        hours = sum(settings["hours_of"].get(s.kind, 0.0) for s in here)
        share = None if room is None else room
        told.append(Week(week[0], week[-1], hours, share, len(here)))
    return told


def missing(settings: Mapping[str, Any], month: date, slots: Sequence[Seen], today: date) -> list[Conflict]:
    """How many posts each channel lacks in the days ahead, against its cadence."""
    ahead = [day for day in days_of(month) if day >= today]
    if not ahead:
        return []
    told = []
    for line, channel in settings["channels"].items():
        due = sum(cadence(channel["a_week"], weeks_of(ahead)))
        there = sum(s.line == line and s.day >= ahead[0].toordinal() for s in slots)
        if due > there:
            told.append(Conflict("missing", (), {"line": line, "n": due - there, "due": due}))
    return told
