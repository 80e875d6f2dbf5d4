"""One number of a brand, day by day. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Days:
    """One number day by day. `values[i]` is `first` + i days; None: something happened but nobody told the number."""

    first: date | None = None
    values: list[float | None] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)  # of a rate: its denominator
    posts: list[int] = field(default_factory=list)
    until: date | None = None  # the last day the numbers speak for
    source: str = ""

    @property
    def told(self) -> bool:
        """True when the number has ever arrived."""
        return any(value is not None for value in self.values)

    def between(self, start: date, end: date) -> list[float | None]:
        """Values of the days from `start` to `end`, both included, as far as they are known."""
        return self.values[self._place(start, end)]

    def weights_between(self, start: date, end: date) -> list[float]:
        """The denominators of a rate on those days."""
        return self.weights[self._place(start, end)]

    def posts_between(self, start: date, end: date) -> int:
        """How many posts stand behind those days."""
        return sum(self.posts[self._place(start, end)])

    def silent(self, start: date, end: date) -> bool:
        """True when there were posts on those days and not one of them told its number."""
        place = self._place(start, end)
        told = [value for value, posts in zip(self.values[place], self.posts[place], strict=True) if posts]
        return bool(told) and all(value is None for value in told)

    def _place(self, start: date, end: date) -> slice:
        if self.first is None:
            return slice(0, 0)
        return slice(max(0, (start - self.first).days), max(0, (end - self.first).days + 1))
