"""What stands on a calendar already, and what it forbids."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable

from diskarte.science.calendar.shapes import DAY, Limits, Place, Placed


class Held:
    """What stands already, and what it forbids."""

    def __init__(self, limits: Limits, placed: Iterable[Placed] = ()) -> None:
        self.limits = limits
        self.moments: dict[str, list[int]] = defaultdict(list)
        self.days: Counter[tuple[str, int]] = Counter()
        self.weeks: Counter[tuple[str, int]] = Counter()
        self.money = 0.0
        self.topics: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.hours: Counter[int] = Counter()
        for p in placed:
            self.add(p)

    def add(self, p: Placed) -> None:
        insort(self.moments[p.place.line], p.place.moment)
        self.days[p.place.line, p.place.day] += 1
        self.weeks[p.place.line, self.week(p.place)] += 1
        self.money += p.item.cost
        if not p.item.near:
            self.topics[p.place.line, p.topic].append(p.place.day)
        self.hours[self.week(p.place)] += round(p.item.hours * 60)

    def week(self, place: Place) -> int:
        return self.limits.week(place.day)

    def against_place(self, place: Place) -> str:
        """Why nothing can stand here, or an empty string."""
        moments, moment = self.moments[place.line], place.moment
        i = bisect_left(moments, moment)
        distance = min((abs(moment - m) for m in moments[max(i - 1, 0) : i + 1]), default=DAY * 99)
        if distance == 0:
            return "taken"
        if self.days[place.line, place.day] >= self.limits.a_day(place.line):
            return "day"
        most = self.limits.week_of.get(place.line)
        if most is not None and self.weeks[place.line, self.week(place)] >= most:
            return "week"
        return "gap" if distance < self.limits.gap else ""

    def against_topic(self, topic: str, place: Place) -> bool:
        return any(abs(place.day - day) < self.limits.apart for day in self.topics[place.line, topic])

    def against(self, p: Placed) -> str:
        """The code of what forbids this placing, or an empty string."""
        if blocked := self.against_place(p.place):
            return blocked
        if not p.item.near and self.against_topic(p.topic, p.place):
            return "topic"
        if self.limits.money is not None and p.item.cost > self.limits.money - self.money + 1e-9:
            return "money" if p.item.cost else ""
        room = None if self.limits.hours is None else round(self.limits.hours * 60)
        full = room is not None and self.hours[self.week(p.place)] + round(p.item.hours * 60) > room
        return "hours" if full else ""
