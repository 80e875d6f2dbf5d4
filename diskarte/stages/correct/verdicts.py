"""Did it work? The posts before and after a decision, compared without mistaking a drift for an effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from diskarte.core.numbers.models import Publication

NEEDED = 20  # posts after the decision below which nothing is said


@dataclass(frozen=True)
class Verdict:
    """The effect as a factor with its 90 % interval, or None while `missing` posts are needed to tell."""

    before: int
    after: int
    missing: int
    lift: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None

    @property
    def change(self) -> tuple[float, float, float] | None:
        """Low, middle, high as fractions; None while nothing can be told."""
        if self.low is None or self.lift is None or self.high is None:
            return None
        return self.low - 1, self.lift - 1, self.high - 1


def judged(rows: Sequence[Publication], decided: datetime) -> Verdict:
    """Compare the ripe posts before and after a decision (method h: a level that drifts by itself)."""
    known = [r for r in rows if r.engaged is not None]
    before = [r for r in known if r.at < decided]
    after = [r for r in known if r.at >= decided]
    missing = max(NEEDED - len(after), NEEDED - len(before), 0)
    if missing:
        return Verdict(len(before), len(after), missing)
    from diskarte.science.changes import change

    values = [math.log1p(r.engaged) for r in (*before, *after) if r.engaged is not None]
    told = change(values, len(before))
    return Verdict(len(before), len(after), 0, told.lift, told.low, told.high, told.chance)
