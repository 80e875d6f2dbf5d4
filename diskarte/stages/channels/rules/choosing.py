"""What is believed of each platform for this brand, part by part, and the answer in our words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from diskarte.science.choice import Places

from .presence import Estimate

STUDY, EXPERT = 0.25, 0.5
FIT = 0.5  # the part of those who are there that can be won, when nobody said anything
UNNAMED = 0.7  # of a portrait that names other platforms and not this one
SHARE_OF_GAP = 0.25  # a quarter of the difference in engagement counts: a page's level is not its future
FEWEST = 5  # posts behind an own level
HOURS = 3.0  # a week, when neither you nor the playbook says
ANYWAY, NEVER = "anyway", "never"


@dataclass(frozen=True)
class Part:
    """One thing that makes a platform fit more or less: a factor, the doubt (sd of its log), and its name."""

    name: str  # goal, ours, rivals, content
    factor: float
    sd: float
    n: int | None = None  # posts behind it


@dataclass(frozen=True)
class Believed:
    """One platform as it stands before the choice. `there` and `named` go by segment."""

    platform: str
    there: tuple[Estimate | None, ...]
    named: tuple[bool, ...]  # the portrait names it, or names none
    hours: float
    hours_from: str  # you, playbook, guess
    cost: float
    stance: str  # "", anyway, never
    parts: tuple[Part, ...]
    lean: float | None = None  # hours at two posts a week; None where a person said the hours

    @property
    def fit(self) -> float:
        """All parts together."""
        return min(1.0, math.prod(part.factor for part in self.parts))

    @property
    def doubt(self) -> float:
        """The sd of the log of all parts together."""
        return math.hypot(*(part.sd for part in self.parts))

    @property
    def known(self) -> bool:
        """Whether anything is known of who is there."""
        return any(self.there)


def slowed(rows: Sequence[Believed]) -> list[Believed]:
    """The platforms at two posts a week, for those who have few hours; what a person said of hours stays."""
    return [
        row if row.lean is None or row.lean >= row.hours else replace(row, hours=row.lean, hours_from="lean")
        for row in rows
    ]


def goal_part(told: int | None) -> Part:
    """How well it serves the goal: 0 to 10 as a person says, else the middle with an expert's doubt."""
    return Part("goal", FIT, EXPERT) if told is None else Part("goal", max(told, 0) / 10, STUDY)


def gap_part(name: str, log_gap: float, sd: float, n: int) -> Part | None:
    """A difference between levels as a factor; None with too few posts."""
    if n < FEWEST:
        return None
    return Part(name, min(1.5, max(0.5, math.exp(SHARE_OF_GAP * log_gap))), SHARE_OF_GAP * sd, n)


def content_part(ours: Sequence[str], taken: Sequence[str] | None) -> Part | None:
    """How much of what we make can be posted there; None where nobody knows."""
    if not ours or taken is None:
        return None
    return Part("content", 0.5 + 0.5 * sum(kind in taken for kind in ours) / len(ours), 0.1, len(ours))


def places(rows: Sequence[Believed], people: Sequence[float]) -> Places:
    """The platforms of which something is known, as the science takes them."""
    reach = [
        [
            (e.share if e else 0.0) * (1.0 if named else UNNAMED)
            for e, named in zip(r.there, r.named, strict=True)
        ]
        for r in rows
    ]
    doubts = [max((e.sd for e in r.there if e), default=EXPERT) for r in rows]
    return Places(
        np.array(reach, float).reshape(len(rows), len(people)), np.array(doubts), np.array([r.fit for r in rows]),
        np.array([r.doubt for r in rows]), np.array([r.hours for r in rows]),
        np.array([STUDY if r.hours_from == "you" else EXPERT for r in rows]), np.array([r.cost for r in rows]),
        np.array(people, float), np.array([r.stance == ANYWAY for r in rows]),
        np.array([r.stance == NEVER for r in rows]),
    )  # fmt: skip
