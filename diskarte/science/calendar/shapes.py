"""What a calendar is given and what it answers: items, places, limits; placed, left over, bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

GRAIN = 1000  # solver units of one unit of value
DAY = 1440


@dataclass(frozen=True, order=True)
class Place:
    """A moment on one line of the calendar."""

    line: str
    day: int
    minute: int

    @property
    def moment(self) -> int:
        return self.day * DAY + self.minute


@dataclass(frozen=True)
class Item:
    """Something to place once, on its own line, between two days (inclusive), about one of its topics."""

    name: str
    line: str
    topics: tuple[str, ...] = ("",)
    kind: str = ""
    release: int = -(10**6)
    due: int = 10**6
    hours: float = 0.0
    mark: str = ""  # tells otherwise equal items apart


@dataclass(frozen=True)
class Placed:
    """An item where it stands. In `fixed` it was there before and does not move."""

    item: Item
    topic: str
    place: Place
    value: float = 0.0


@dataclass(frozen=True)
class Limits:
    """What an arrangement must keep; `mix` gives for a topic the least and most items placed, over all lines."""

    per_day: int = 2
    gap: int = 0  # minutes
    apart: int = 0  # days between two of the same topic on a line; 1: not on one day
    hours: float | None = None  # of work in each seven days counted from `week_from`
    week_from: int = 0
    mix: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wishes:
    """What is better kept and costs `cost` of value for each item against it.

    `spread`: at most so many items a day over all lines. `aim`: so many items of a topic, over all lines.
    """

    spread: int | None = None
    aim: Mapping[str, int] = field(default_factory=dict)
    cost: float = 0.1

    def against(self, days: Iterable[int], topics: Iterable[str]) -> float:
        """What these items lose by standing against the wishes."""
        per_day, per_topic = Counter(days), Counter(topics)
        crowded = sum(max(n - self.spread, 0) for n in per_day.values()) if self.spread is not None else 0
        return self.cost * (crowded + sum(abs(per_topic[topic] - n) for topic, n in self.aim.items()))


Triple = tuple[str, str, Place]  # kind, topic, place
Value = Callable[[Item, str, Place], float | None]


@dataclass(frozen=True)
class Stay:
    """What an earlier arrangement had: keeping one is worth `bonus`, and at least `least` are to be kept."""

    triples: frozenset[Triple] = frozenset()
    bonus: float = 0.0
    least: int = 0


@dataclass(frozen=True)
class Unplaced:
    """An item left over; `reasons` counts what stands against each place of its window, the most common first.

    Codes: "window" (no place allowed at all), "taken", "day", "gap", "topic", "hours".
    """

    item: Item
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Plan:
    """The arrangement. `objective` and `bound` are sums of values; `gap` is their relative distance."""

    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    objective: float
    bound: float
    proven: bool  # no better arrangement exists
    off_mix: Mapping[str, int]  # topic → items above (+) or below (-) its range

    @property
    def gap(self) -> float:
        return max(self.bound - self.objective, 0.0) / max(abs(self.objective), 1e-9)
