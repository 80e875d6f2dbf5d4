"""What a fitted history can say: scores, draws, reasons, lifts, the week's map and the shares of the factors.

Every answer is a row over the latents, its mean row . mean and its variance row . covariance . row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from diskarte.science.scale import Floats, chance_above, from_log, lift, normal_width
from diskarte.science.timing.causes import (
    DAYPARTS,
    GAPS,
    HOUR_SCALE,
    HOURS,
    WEEKDAY_HOUR_SCALE,
    Candidate,
    Levels,
    Past,
    circle,
    crossed,
    daypart,
    gap_of,
    hours_of,
)
from diskarte.science.timing.second import SecondOpinion

NEAR_HOURS = 2.0


@dataclass(frozen=True)
class Lift:
    """Against the brand's usual post, as factors: estimate, 90 % interval, and the chance of being better."""

    mean: float
    low: float
    high: float
    chance: float
    tried: bool  # False: the brand never used this level, or never posted within two hours of this time


@dataclass(frozen=True)
class Effect(Lift):
    """The lift of one level of one factor, everything else as the brand usually does it."""

    factor: str
    level: str | int  # weekday: 0-6; hour: a daypart as "18-21"
    n: int


@dataclass(frozen=True)
class Cell(Lift):
    """The lift of one hour of the week, for the brand's usual mix of everything else."""

    weekday: int
    hour: int
    n: int


@dataclass(frozen=True)
class Predicted:
    """One post's engagement as counts: the interval asked for, its median and its mean."""

    low: float
    mid: float
    high: float
    mean: float


@dataclass(frozen=True)
class Timing:
    """A fitted history: latent effects with mean (p,) and covariance (p, p); `blocks` says whose is which."""

    past: tuple[Past, ...]
    levels: Levels
    blocks: Mapping[str, slice]
    mean: Floats
    covariance: Floats
    usual_row: Floats
    strengths: Mapping[str, float]  # fitted variance of every cause and the "noise", in units of y's own
    noise: float  # sd of one post around its expectation
    signal: bool  # False: fewer than five posts, or all of them the same
    second: SecondOpinion | None = None  # from 60 posts on

    @property
    def usual(self) -> float:
        """The expected log value of the brand's usual post, next time."""
        return float(self.usual_row @ self.mean) + self._usual_shift

    def expect(self, candidates: Sequence[Candidate]) -> Floats:
        """Expected log value of every candidate against the usual post, next time."""
        rows = self._rows(candidates)
        return rows @ self.mean + self._shift_of(candidates, rows) - self.usual

    def score(self, candidates: Sequence[Candidate]) -> tuple[Floats, Floats]:
        """Expected log value of every candidate and the sd of that expectation, without one post's luck."""
        mean, sd = self._read(self._rows(candidates))
        return mean + self._shift(candidates), sd

    def draw(self, candidates: Sequence[Candidate], rng: np.random.Generator, share: float = 0.3) -> Floats:
        """One plausible truth for all candidates at once, only `share` of the way from the mean of the causes.

        Taking the best of a draw tries what may be good as often as it may be (Thompson). In simulated years a
        share of 0.3 gained more than 0.5 or 0.8; the second opinion has no say, it cannot doubt itself.
        """
        root = np.linalg.cholesky(self.covariance + 1e-9 * np.eye(len(self.mean)))
        return self._rows(candidates) @ (self.mean + share * (root @ rng.normal(size=len(self.mean))))

    def sample(self, candidates: Sequence[Candidate], rng: np.random.Generator, n: int) -> Floats:
        """Expected log values in `n` plausible truths, (n, candidates); one truth holds for all candidates."""
        root = np.linalg.cholesky(self.covariance + 1e-9 * np.eye(len(self.mean)))
        truths = self.mean + rng.normal(size=(n, len(self.mean))) @ root.T
        return truths @ self._rows(candidates).T + self._shift(candidates)

    def predict(self, candidates: Sequence[Candidate], level: float = 0.8) -> list[Predicted]:
        """The count each candidate may end at, with the luck of a single post."""
        means, sds = self.score(candidates)
        spreads = np.hypot(sds, self.noise)
        reach = normal_width(level) * spreads
        points = (means - reach, means, means + reach, means + spreads**2 / 2)
        return [Predicted(*(from_log(float(x)) for x in row)) for row in zip(*points, strict=True)]

    def compare(self, candidates: Sequence[Candidate]) -> list[Lift]:
        """Every candidate against the brand's usual post."""
        means, sds = self._read(self._rows(candidates) - self.usual_row)
        means = means + self._shift(candidates) - self._usual_shift
        tried = [_near(c.hour, self.past) for c in candidates]
        return [Lift(*_factors(m, s), t) for m, s, t in zip(means, sds, tried, strict=True)]

    def versus(self, one: Candidate, other: Candidate) -> Lift:
        """One candidate against another; what they share leaves no doubt between them."""
        rows = self._rows([one, other])
        mean, sd = self._read((rows[0] - rows[1])[None])
        shift = self._shift([one, other])
        tried = _near(one.hour, self.past) and _near(other.hour, self.past)
        return Lift(*_factors(mean[0] + shift[0] - shift[1], sd[0]), tried)

    def why(self, candidate: Candidate) -> dict[str, float]:
        """What each cause adds on the log scale; together the candidate's score minus `usual`."""
        row = self._rows([candidate])[0] - self.usual_row
        told = {cause: float(row[where] @ self.mean[where]) for cause, where in self.blocks.items()}
        pattern = float(self._shift([candidate])[0]) - self._usual_shift
        return {**told, "pattern": pattern} if self.second else told

    def effects(self, factor: str) -> list[Effect]:
        """The lift of every level of "type", "topic", "weekday", "hour" (dayparts) or "gap", the best first."""
        told = []
        for level, mix, n in self._levels_of(factor):
            mean, sd = self._read((self._row({factor: mix}) - self.usual_row)[None])
            told.append(Effect(*_factors(mean[0], sd[0]), self._tried(factor, level, n), factor, level, n))
        return sorted(told, key=lambda effect: -effect.mean)

    def hours(self) -> list[Lift]:
        """The lift of each hour of the day, 0 first, over the usual weekdays."""
        rows = np.array([self._row({"hour": hour}) for hour in HOURS[:, None]])
        means, sds = self._read(rows - self.usual_row)
        near = [_near(float(hour), self.past) for hour in HOURS]
        return [Lift(*_factors(m, s), tried) for m, s, tried in zip(means, sds, near, strict=True)]

    def heatmap(self) -> list[Cell]:
        """The 168 hours of a week, Monday 0:00 first."""
        slots = [(day, hour) for day in range(7) for hour in range(24)]
        rows = [self._row({"weekday": np.eye(7)[d], "hour": np.array([h + 0.5])}) for d, h in slots]
        means, sds = self._read(np.array(rows) - self.usual_row)
        met = [(p.weekday, int(p.hour) % 24) for p in self.past]
        return [
            Cell(*_factors(m, s), _near(slot[1] + 0.5, self.past), *slot, met.count(slot))
            for slot, m, s in zip(slots, means, sds, strict=True)
        ]

    def shares(self) -> dict[str, float]:
        """Which part of the explained differences between the brand's posts each factor holds.

        The largest comes first, they sum to 1, and what two factors do only together is halved between them.
        Empty when there is no signal.
        """
        told: dict[str, float] = {}
        rows = self._rows(self.past) - self.usual_row if self.signal else np.zeros((0, 0))
        for cause, where in self.blocks.items() if self.signal else ():
            if cause == "level" or cause.startswith("trend"):
                continue
            part = rows[:, where]
            moved = (part @ self.mean[where]) ** 2 + ((part @ self.covariance[where, where]) * part).sum(
                axis=1
            )
            for factor in (names := cause.removesuffix(" lately").split(" and ")):
                told[factor] = told.get(factor, 0.0) + float(moved.mean()) / len(names)
        total = sum(told.values()) or 1.0
        return {name: value / total for name, value in sorted(told.items(), key=lambda i: -i[1])}

    def _shift(self, candidates: Sequence[Candidate]) -> Floats:
        """Half the way from the sum of causes to the second opinion."""
        return self._shift_of(candidates, self._rows(candidates))

    def _shift_of(self, candidates: Sequence[Candidate], rows: Floats) -> Floats:
        if self.second is None or not candidates:
            return np.zeros(len(candidates))
        return (self.second.expect(candidates) - rows @ self.mean) / 2

    @cached_property
    def _usual_shift(self) -> float:
        return float(self._shift(self.past).mean()) if self.past else 0.0

    def _read(self, rows: Floats) -> tuple[Floats, Floats]:
        variances = ((rows @ self.covariance) * rows).sum(axis=1)
        return rows @ self.mean, np.sqrt(np.maximum(variances, 0))

    def _rows(self, posts: Sequence[Candidate]) -> Floats:
        return design(self.levels.columns(posts), self.blocks)

    def _row(self, mix: Mapping[str, Floats]) -> Floats:
        """The usual row with some factors set: a mix over levels, or for "hour" hours that count equally."""
        kind, about = self._usual_pair("type", "topic")
        days, hours = self._usual_pair("weekday", "hour")
        row = self.usual_row.copy()
        kind, about, days = mix.get("type", kind), mix.get("topic", about), mix.get("weekday", days)
        put = {"type": kind, "type lately": kind, "topic": about, "weekday": days}
        put |= {"gap": mix["gap"]} if "gap" in mix else {}
        if "hour" in mix:
            put["hour"] = circle(mix["hour"], HOUR_SCALE).mean(axis=0)
            hours = circle(mix["hour"], WEEKDAY_HOUR_SCALE).mean(axis=0)
        if {"type", "topic"} & set(mix):
            put["type and topic"] = crossed(kind[None], about[None])[0]
        if {"weekday", "hour"} & set(mix):
            put["weekday and hour"] = crossed(days[None], hours[None])[0]
        for cause in put.keys() & self.blocks.keys():
            row[self.blocks[cause]] = put[cause]
        return row

    def _usual_pair(self, first: str, second: str) -> tuple[Floats, Floats]:
        """The usual mix of two factors that also act together."""
        mix = self.usual_row[self.blocks[first]]
        together = self.blocks.get(f"{first} and {second}")
        return mix, self.usual_row[together].reshape(len(mix), -1).sum(axis=0) if together else np.ones(1)

    def _levels_of(self, factor: str) -> list[tuple[str | int, Floats, int]]:
        """Each level's name, its mix, and how many posts had it."""
        if factor == "weekday":
            return [(d, np.eye(7)[d], sum(p.weekday == d for p in self.past)) for d in range(7)]
        if factor == "hour":
            met = [daypart(p.hour) for p in self.past]
            return [(f"{a:02}-{b:02}", hours_of(i), met.count(i)) for i, (a, b) in enumerate(DAYPARTS)]
        if factor not in self.blocks:
            return []
        if factor == "gap":
            met = [gap_of(p.gap) for p in self.past if p.gap is not None]
            return [(name, np.eye(len(GAPS))[i], met.count(i)) for i, name in enumerate(GAPS)]
        names = {"type": self.levels.types, "topic": self.levels.topics}[factor]
        values = [getattr(p, factor) for p in self.past]
        return [(name, np.eye(len(names))[j], values.count(name)) for j, name in enumerate(names[:-1])]

    def _tried(self, factor: str, level: str | int, n: int) -> bool:
        if factor != "hour":
            return n > 0
        start, end = (int(h) for h in str(level).split("-"))
        return any(_near(float(h), self.past) for h in hours_of(DAYPARTS.index((start, end))))


def _factors(mean: float, sd: float) -> tuple[float, float, float, float]:
    """A difference on the log scale as lift, 90 % interval and chance of being above 1."""
    mean, reach = float(mean), normal_width(0.9) * float(sd)
    return lift(mean), lift(mean - reach), lift(mean + reach), chance_above(mean, float(sd))


def _near(hour: float, past: Sequence[Past]) -> bool:
    """Whether a past post stood within two hours of this time of day."""
    return any(abs((p.hour - hour + 12) % 24 - 12) <= NEAR_HOURS for p in past)


def design(columns: Mapping[str, Floats], blocks: Mapping[str, slice]) -> Floats:
    """One row per post over all latents, (n, p). Trends and level are the same for every candidate."""
    kind = columns["type"]
    same = np.ones((len(kind), 1))
    return np.hstack([columns.get(name, kind if name == "type lately" else same) for name in blocks])


def even_row(blocks: Mapping[str, slice]) -> Floats:
    """The usual row of a brand without posts: an even mix of all levels and hours."""
    sizes = [where.stop - where.start for where in blocks.values()]
    row = np.repeat([1 / size for size in sizes], sizes)
    row[blocks["hour"]] = circle(HOURS, HOUR_SCALE).mean(axis=0)
    row[blocks["weekday and hour"]] = np.tile(circle(HOURS, WEEKDAY_HOUR_SCALE).mean(axis=0) / 7, 7)
    return row
