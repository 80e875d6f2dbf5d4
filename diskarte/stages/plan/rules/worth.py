"""What a post is worth at a moment: the brand's own numbers through the timing model, honest when there are none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from diskarte.science import timing

SPEAKS, FEWEST_BRANDS = 60, 3  # posts of a brand that may teach others, and the fewest such brands
ENOUGH = 20  # posts of a channel from which on it speaks for itself
BETWEEN_CHANNELS = 0.8  # sd of the log level from one channel of a brand to another, when one borrows
AWAKE = {7: 0.0, 8: 0.05, 9: 0.0, 12: 0.1, 13: 0.05, 17: 0.05, 18: 0.1, 19: 0.15, 20: 0.15, 21: 0.05}
ASLEEP = -0.15  # every hour not named above


@dataclass(frozen=True)
class Post:
    """A post of the past as the plan sees it: its channel, its local moment, its engagements."""

    channel: str
    kind: str
    pillar: str
    day: int  # ordinal of the local day
    minute: int
    engaged: float
    timed: bool = True  # False: only the day is known


@dataclass(frozen=True)
class Expected:
    """Engagements of one post: median and 80 % interval; None when nothing tells the level."""

    mid: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Worth:
    """A channel's fitted history. `own` is False when it had to borrow the brand's other channels.

    `neighbours`: how many other brands' histories shaped what is believed before its own posts.
    """

    model: timing.Timing
    own: bool
    neighbours: int = 0

    @property
    def n(self) -> int:
        return len(self.model.past)

    def candidate(self, kind: str, pillar: str, day: int, minute: int) -> timing.Candidate:
        return timing.Candidate(kind, pillar, date.fromordinal(day).weekday(), minute / 60)

    def lifts(self, candidates: Sequence[timing.Candidate]) -> list[float]:
        """Log of the expected factor against the usual post, one for each candidate."""
        told: list[float] = self.model.expect(candidates).tolist()
        return told

    def trials(self, candidates: Sequence[timing.Candidate], seed: int) -> list[float]:
        """The same some of the way to one draw of what may be true: high where much is unknown."""
        drawn = self.model.draw(candidates, np.random.default_rng(seed))
        told: list[float] = (drawn - self.model.usual).tolist()
        return told

    def expected(self, candidate: timing.Candidate) -> Expected:
        """What the post may end at; wider when the numbers are another channel's."""
        if not self.model.signal:
            return Expected()
        model = self.model
        if not self.own:
            model = replace(model, noise=math.hypot(model.noise, BETWEEN_CHANNELS))
        told = model.predict([candidate], level=0.8)[0]
        return Expected(told.mid, told.low, told.high)

    def reasons(self, candidate: timing.Candidate) -> list[dict[str, Any]]:
        """What speaks for (or against) this candidate by the numbers, the largest part first."""
        if not self.model.signal:
            return []
        lift = self.model.compare([candidate])[0]
        told = dict.fromkeys(PARTS, 0.0)
        for cause, part in self.model.why(candidate).items():
            for name, factors in PARTS.items():
                told[name] += part if cause in factors else 0.0
        values = {"hour": int(candidate.hour), "weekday": candidate.weekday, "kind": candidate.type,
                  "pillar": candidate.topic, "n": self.n, "chance": lift.chance, "own": self.own}  # fmt: skip
        ordered = sorted(told.items(), key=lambda pair: -abs(pair[1]))
        return [
            {
                "code": "untried" if name == "hour" and not lift.tried else name,
                "values": {**values, "lift": lift_of},
            }
            for name, part in ordered
            if abs(lift_of := math.expm1(part)) >= 0.01
        ]


PARTS = {  # every cause of the timing model that can differ from one candidate to another
    "hour": ("hour", "weekday", "weekday and hour"),
    "kind": ("type", "type lately"),
    "pillar": ("topic", "type and topic"),
    "pattern": ("pattern",),
    "rest": ("gap", "paid", "length"),
}


@dataclass(frozen=True)
class Neighbours:
    """What other brands of the same house teach: their common prior and how many they are, none of their posts."""

    prior: timing.Prior = field(default_factory=timing.Prior)
    count: int = 0

    def for_brand(self, awake: Iterable[int], pillars: Sequence[str]) -> timing.Prior:
        """The prior of one brand: waking hours where nobody else knows better, and only its own pillars' names."""
        if not self.count:
            return timing.Prior(effects={"hour": hour_prior(awake)})
        effects = {name: known for name, known in self.prior.effects.items() if name != "topic"}
        topics = {name: told for name, told in self.prior.effects.get("topic", {}).items() if name in pillars}
        return replace(self.prior, effects={**effects, **({"topic": topics} if topics else {})})


def common(histories: Sequence[Sequence[Post]]) -> Neighbours:
    """What several brands have in common; fewer than FEWEST_BRANDS would tell one brand's secrets, so: nothing."""
    rich = [told for told in histories if len(told) >= SPEAKS]
    if len(rich) < FEWEST_BRANDS:
        return Neighbours()
    fitted = [timing.fit(_levelled(_by_channel(told))) for told in rich]
    speaking = [one for one in fitted if one.signal]
    if len(speaking) < FEWEST_BRANDS:
        return Neighbours()
    return Neighbours(timing.pool(speaking), len(speaking))


def learn(
    posts: Sequence[Post],
    channels: Iterable[str],
    kinds: Sequence[str],
    pillars: Sequence[str],
    awake: Iterable[int],
    neighbours: Neighbours | None = None,
) -> dict[str, Worth]:
    """A fitted history for every channel: its own with enough posts, else the whole brand's, levels set equal."""
    neighbours = neighbours or Neighbours()
    prior = neighbours.for_brand(awake, pillars)
    by_channel = _by_channel(posts)

    def fitted(history: list[timing.Past]) -> timing.Timing:
        return timing.fit(history, prior, types=kinds, topics=pillars)

    own = {name: by_channel.get(name, []) for name in channels}
    near = neighbours.count
    rich = {n: Worth(fitted(_pasts(told)), True, near) for n, told in own.items() if len(told) >= ENOUGH}
    if len(rich) == len(own):
        return rich
    borrowed = Worth(fitted(_levelled(by_channel)), False, near)
    only = set(by_channel)
    return {name: rich.get(name) or replace(borrowed, own=only <= {name} and bool(only)) for name in own}


def hour_prior(awake: Iterable[int]) -> Mapping[str | int, float]:
    """A cautious guess of what each hour adds before any numbers: waking hours, lunch, evening."""
    hours = set(awake)
    if hours:
        return {hour: 0.1 if hour in hours else -0.15 for hour in range(24)}
    return {hour: AWAKE.get(hour, ASLEEP) for hour in range(24)}


def _by_channel(posts: Sequence[Post]) -> dict[str, list[Post]]:
    """The posts of each channel in order of time."""
    told: dict[str, list[Post]] = {}
    for post in sorted(posts, key=lambda p: (p.day, p.minute)):
        told.setdefault(post.channel, []).append(post)
    return told


def _pasts(posts: Sequence[Post], shift: float = 0.0) -> list[timing.Past]:
    """One channel's posts, in order of time, as the model reads them."""
    return [
        timing.Past(
            p.kind, p.pillar, date.fromordinal(p.day).weekday(), p.minute / 60, gap=gap_of(before, p),
            y=math.log1p(p.engaged) + shift,
        )
        for before, p in zip([None, *posts], posts, strict=False)
    ]  # fmt: skip


def gap_of(before: Post | None, post: Post) -> float | None:
    """Hours since the post before it on its channel; None when there is none or an hour is not known."""
    if before is None or not before.timed or not post.timed:
        return None
    return (post.day - before.day) * 24 + (post.minute - before.minute) / 60


def _levelled(by_channel: Mapping[str, Sequence[Post]]) -> list[timing.Past]:
    """All posts in order of time, each channel moved to the brand's mean level."""
    logs = {name: [math.log1p(p.engaged) for p in told] for name, told in by_channel.items()}
    every = [y for told in logs.values() for y in told]
    if not every:
        return []
    level = sum(every) / len(every)
    shifts = {name: level - sum(told) / len(told) for name, told in logs.items()}
    pairs = [
        (p.day, p.minute, name, past)
        for name, told in by_channel.items()
        for p, past in zip(told, _pasts(told, shifts[name]), strict=True)
    ]
    return [past for *_when, past in sorted(pairs, key=lambda row: row[:3])]
