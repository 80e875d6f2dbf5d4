"""What a draft is asked: the month, the settings, the channels, what stands already, campaigns, the days of note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from typing import Any

from diskarte.science.calendar import Item, Place, Placed

from . import moments
from .arcs import Arc
from .worth import Worth


@dataclass(frozen=True)
class Line:
    """A channel as the draft sees it: its id as text, the kinds it takes, its audience's clock, its network's cap."""

    id: str
    kinds: tuple[str, ...]
    zone: tzinfo | None = None  # None: the brand's
    now: tuple[int, int] | None = None  # on its own clock; None: as the brand's
    per_day: int | None = None  # what the network takes in a day


@dataclass(frozen=True)
class Had:
    """A slot that exists. `stays`: locked, written, by hand, a trial, or past; `gone`: a person dropped it."""

    id: int
    line: str
    kind: str
    pillar: str
    day: int
    minute: int
    stays: bool = False
    gone: bool = False
    arc: str = ""  # "promotion:3 launch": the campaign and the phase it belongs to


@dataclass(frozen=True)
class Ask:
    """Everything a draft depends on. `now` is (day, minute) of the brand's local clock."""

    month: date
    now: tuple[int, int]
    settings: Mapping[str, Any]
    lines: tuple[Line, ...]
    worth: Mapping[str, Worth]
    had: tuple[Had, ...] = ()  # of this month, and of the weeks around it
    our_days: frozenset[int] = frozenset()
    seed: int = 0
    arcs: tuple[Arc, ...] = ()
    zone: tzinfo = UTC  # the brand's
    free: frozenset[int] = frozenset()  # slots that a first, quick plan put there: they move at no cost
    by_id: Mapping[str, Line] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {line.id: line for line in self.lines})

    def zone_of(self, line: str) -> tzinfo:
        """The clock of a channel's audience."""
        known = self.by_id.get(line)
        return (known.zone if known else None) or self.zone

    def now_of(self, line: str) -> tuple[int, int]:
        """Day and minute of now on that clock."""
        known = self.by_id.get(line)
        return (known.now if known else None) or self.now

    def place(self, line: str, day: int, minute: int) -> Place:
        """A moment of a channel, with true distances to its other moments."""
        return Place(line, day, minute, moments.offset(day, minute, self.zone_of(line)))

    def place_of(self, had: Had) -> Place:
        return self.place(had.line, had.day, had.minute)

    def inside(self, had: Had) -> bool:
        """Whether the slot lies in the month and still ahead."""
        days = moments.days_of(self.month)
        ahead = (had.day, had.minute) > self.now_of(had.line)
        return days[0].toordinal() <= had.day <= days[-1].toordinal() and ahead

    def movable(self) -> list[Had]:
        """The slots a draft may change, at a cost."""
        return [h for h in self.loose() if h.id not in self.free]

    def loose(self) -> list[Had]:
        """The slots a draft may change or do without."""
        return [h for h in self.had if self.inside(h) and not h.stays and not h.gone]

    def hours(self, kind: str) -> float:
        return float(self.settings["hours_of"].get(kind, 0.0))

    def cost(self, kind: str) -> float:
        return float(self.settings["cost_of"].get(kind, 0.0))

    def fixed(self) -> list[Placed]:
        """What stands and does not move, here and in the weeks around; money counts only for this month."""
        days = moments.days_of(self.month)
        told = []
        for h in self.had:
            if not h.gone and (h.stays or not self.inside(h)):
                here = days[0].toordinal() <= h.day <= days[-1].toordinal()
                cost = self.cost(h.kind) if here else 0.0
                item = Item(
                    f"slot {h.id}",
                    h.line,
                    (h.pillar,),
                    h.kind,
                    hours=self.hours(h.kind),
                    cost=cost,
                    near=bool(h.arc),
                )
                told.append(Placed(item, h.pillar, self.place_of(h)))
        return told

    def places(self) -> list[Place]:
        """Every moment of the month, from two hours after now, at which the settings let a post go out."""
        return [place for place, rules in self._hours() if not rules]

    def shut(self) -> dict[Place, str]:
        """The moments that would be free if it were not for one rule, with its name."""
        return {place: rules[0] for place, rules in self._hours() if len(rules) == 1}

    def _hours(self) -> list[tuple[Place, tuple[str, ...]]]:
        days = moments.days_of(self.month)
        return [
            (self.place(line.id, day.toordinal(), hour * 60), moments.shut_by(self.settings, day, hour * 60))
            for line in self.lines
            for earliest in [(self.now_of(line.id)[0], self.now_of(line.id)[1] + 120)]
            for day in days
            for hour in range(24)
            if (day.toordinal(), hour * 60) >= earliest
            and moments.exists(day.toordinal(), hour * 60, self.zone_of(line.id))
        ]
