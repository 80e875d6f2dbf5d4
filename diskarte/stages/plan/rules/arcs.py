"""Campaign arcs: posts that belong together and must stand in their own days, phase after phase.

A promotion or a contest is told to the plan as one arc. The draft places `posts` slots within each phase's days, of
the kinds and pillar wished where these are given, on the channels wished or on any. It never asks where an arc is from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

PhaseKind = Literal["tease", "launch", "peak", "last_call", "thanks"]
PHASES: tuple[PhaseKind, ...] = get_args(PhaseKind)


@dataclass(frozen=True)
class Phase:
    """Some days of an arc and what it wants in them: `posts` in all, over `channels` together.

    Errors: a last day before the first, or a negative number of posts: ValueError.
    """

    kind: PhaseKind
    first: date
    last: date  # included
    posts: int = 1
    pillar: str = ""  # its name; empty: the mix decides
    kinds: tuple[str, ...] = ()  # words.Kind, the best first; empty: the channel's own mix
    channels: tuple[int, ...] = ()  # ids; empty: all channels of the plan

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a phase ends on its first day or later")
        if self.posts < 0:
            raise ValueError("a phase cannot want a negative number of posts")


@dataclass(frozen=True)
class Arc:
    """A campaign: `key` tells it apart and stays when it is renamed ("promotion:3"); phases in order of time."""

    key: str
    name: str
    phases: tuple[Phase, ...]

    @property
    def first(self) -> date:
        return min(phase.first for phase in self.phases)

    @property
    def last(self) -> date:
        return max(phase.last for phase in self.phases)


def within(arcs: Iterable[Arc], first: date, last: date) -> list[tuple[Arc, Phase]]:
    """Every phase that has a day between two days (both included), in order of its first day."""
    told = [(arc, p) for arc in arcs for p in arc.phases if p.first <= last and p.last >= first]
    return sorted(told, key=lambda pair: (pair[1].first, pair[1].last, pair[0].key))
