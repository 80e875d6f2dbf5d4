"""What does not fit in a planned month: quiet hours, too close, too many, too much work, and what is still missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from .demand import cadence
from .moments import avoided, days_of, is_quiet, weeks_of


class Seen(NamedTuple):
    """A slot as the watch sees it; a tuple, since a month may hold thousands."""

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


Told = list[tuple[int, Conflict]]


def conflicts(settings: Mapping[str, Any], slots: Sequence[Seen]) -> list[Conflict]:
    """What the settings say against these slots, in order of time."""
    return first_conflicts(settings, slots, 6 * len(slots) + 1)[0]


def first_conflicts(
    settings: Mapping[str, Any], slots: Sequence[Seen], most: int
) -> tuple[list[Conflict], int]:
    """The first of what the settings say against these slots, in order of time, and how much there is in all."""
    ordered = sorted(slots, key=lambda s: (s.day, s.minute))
    by_line: dict[str, list[Seen]] = defaultdict(list)
    for s in ordered:
        by_line[s.line].append(s)
    parts = [_hours(settings, ordered, most)]
    parts += [found(settings, line, most) for line in by_line.values() for found in (_close, _many)]
    told = sorted((pair for part, _n in parts for pair in part), key=lambda pair: (pair[0], pair[1].slots))
    return [conflict for _day, conflict in told[:most]], sum(n for _part, n in parts)


def _hours(settings: Mapping[str, Any], slots: Sequence[Seen], most: int) -> tuple[Told, int]:
    """Slots in the quiet hours, or where the settings avoid something."""
    told: Told = []
    count = 0
    quiet: dict[int, bool] = {}
    for s in slots:
        if s.minute not in quiet:
            quiet[s.minute] = is_quiet(s.minute, (settings["quiet"][0], settings["quiet"][1]))
        hour, weekday = s.minute // 60, (s.day + 6) % 7
        if not (quiet[s.minute] or (settings["avoid"] and _avoids(settings, s, hour, weekday))):
            continue
        count += 1
        if count <= most:
            told.append((s.day, Conflict("quiet" if quiet[s.minute] else "avoided", (s.id,), {"hour": hour})))
    return told, count


def _avoids(settings: Mapping[str, Any], s: Seen, hour: int, weekday: int) -> bool:
    return avoided(settings, hour=hour, weekday=weekday, kind=s.kind, pillar=s.pillar)


def _close(settings: Mapping[str, Any], line: Sequence[Seen], most: int) -> tuple[Told, int]:
    told: Told = []
    count, gap = 0, settings["gap_hours"] * 60
    for a, b in pairwise(line):
        apart = (b.day - a.day) * 1440 + b.minute - a.minute
        if apart < gap:
            count += 1
            if count <= most:
                told.append((b.day, Conflict("close", (a.id, b.id), {"hours": round(apart / 60, 1)})))
    return told, count


def _many(settings: Mapping[str, Any], line: Sequence[Seen], most: int) -> tuple[Told, int]:
    days: dict[int, list[int]] = defaultdict(list)
    for s in line:
        days[s.day].append(s.id)
    cap = settings["per_day"]
    full = [(day, ids) for day, ids in days.items() if len(ids) > cap]
    told = [(day, Conflict("many", tuple(ids), {"n": len(ids), "most": cap})) for day, ids in full[:most]]
    return told, len(full)


def weeks(settings: Mapping[str, Any], month: date, slots: Sequence[Seen]) -> list[Week]:
    """Hours of work in each week of the month, by the kinds of its posts."""
    room = settings["hours_a_week"]
    counted = Counter((s.day, s.kind) for s in slots)
    told = []
    for week in weeks_of(days_of(month)):
        first, last = week[0].toordinal(), week[-1].toordinal()
        here = [(kind, n) for (day, kind), n in counted.items() if first <= day <= last]
        hours = sum(settings["hours_of"].get(kind, 0.0) * n for kind, n in here)
        share = None if room is None else room
        told.append(Week(week[0], week[-1], hours, share, sum(n for _kind, n in here)))
    return told


def missing(settings: Mapping[str, Any], month: date, slots: Sequence[Seen], today: date) -> list[Conflict]:
    """How many posts each channel lacks in the days ahead, against its cadence."""
    ahead = [day for day in days_of(month) if day >= today]
    if not ahead:
        return []
    told, first = [], ahead[0].toordinal()
    there = Counter(s.line for s in slots if s.day >= first)
    for line, channel in settings["channels"].items():
        due = sum(cadence(channel["a_week"], weeks_of(ahead)))
        if due > there[line]:
            told.append(Conflict("missing", (), {"line": line, "n": due - there[line], "due": due}))
    return told
