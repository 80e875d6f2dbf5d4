"""What a calendar is given and what it answers: items, places, limits; placed, left over, bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

GRAIN = 1000  # solver units of one unit of value
DAY = 1440


@dataclass(frozen=True, order=True)
class Place:
    """A moment on one line of the calendar: day and minute of its local clock.

    `offset` is how many minutes that clock is ahead of one that never changes, so that distances are true
    over a clock change; it may be left out where no clock changes.
    """

    line: str
    day: int
    minute: int
    offset: int = field(default=0, compare=False)

    @property
    def moment(self) -> int:
        return self.day * DAY + self.minute - self.offset


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
    cost: float = 0.0  # money
    near: bool = False  # may stand on neighbouring days of its own topic
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
    """What an arrangement must keep; `mix` gives for a topic the least and most items placed, over all lines.

    `day_of` and `week_of` are caps of single lines, such as a network's own; the lower of two caps holds.
    """

    per_day: int = 2
    day_of: Mapping[str, int] = field(default_factory=dict)
    week_of: Mapping[str, int] = field(default_factory=dict)  # in each seven days counted from `week_from`
    gap: int = 0  # minutes
    apart: int = 0  # days between two of the same topic on a line; 1: not on one day
    hours: float | None = None  # of work in each seven days counted from `week_from`
    week_from: int = 0
    money: float | None = None  # for all items, the fixed ones too
    mix: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def a_day(self, line: str) -> int:
        """The most items of one day on this line."""
        return min(self.per_day, self.day_of.get(line, self.per_day))

    def week(self, day: int) -> int:
        """Which week a day is in."""
        return (day - self.week_from) // 7

    @property
    def joins(self) -> bool:
        """Whether something here is shared by all lines."""
        return bool(self.mix) or self.hours is not None or self.money is not None


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

    Codes: "window" (no place allowed at all), "taken", "day", "week", "gap", "topic", "hours", "money".
    """

    item: Item
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Progress:
    """How far a search is: items placed, the best sum of values so far, and what no arrangement exceeds."""

    placed: int
    objective: float
    bound: float


Watch = Callable[[Progress], None]


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
