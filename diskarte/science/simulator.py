"""A small world with known truth, in which a history can be made up and a strategy can be tried.

Answers: what would this post have brought in a world whose rules we know? It makes the demo's history,
    serves the practice network inside the product, and lets a bench ask whether the planner finds what is
    really there.
Model: log(1 + engagement) = base + type + topic + weekday + daypart + weekday x daypart + type x topic +
    noise. Every effect is N(0, sd); in later months it drifts as a stationary walk, e' = sqrt(1 - d^2) e
    + d N(0, sd), so that effects change without growing. Two presets hold the sd found on real pages.
Assumptions: effects add on the log scale; noise is normal; nobody gets tired of a kind, no month shakes
    all posts.
Units: weekday 0-6 (Monday 0), hour 0-24 in local time, month = whole months since `start`, ages in hours.
Errors: a kind or topic that the world does not know, an hour or weekday out of range: ValueError.
Source: SD fitted to ten real brand histories; the scale of `maturity` is a feed's: 63 % after six hours.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from diskarte.science.scale import Floats, from_log
from diskarte.science.timing.causes import DAYPARTS, daypart


@dataclass(frozen=True)
class Preset:
    """How strongly each factor moves engagement: standard deviations on the log scale."""

    type: float
    topic: float
    weekday: float
    daypart: float
    weekday_daypart: float
    type_topic: float
    noise: float


PRESETS = {
    "cosmetics": Preset(0.48, 0.24, 0.09, 0.16, 0.12, 0.44, 0.60),
    "median": Preset(0.43, 0.32, 0.17, 0.33, 0.19, 0.30, 0.95),
}


@dataclass(frozen=True)
class Effects:
    """The true effects of one month: type (K,), topic (P,), weekday (7,), daypart (6,), (7, 6) and (K, P)."""

    type: Floats
    topic: Floats
    weekday: Floats
    daypart: Floats
    weekday_daypart: Floats
    type_topic: Floats


@dataclass
class World:
    """One world: the same seed and the same questions always give the same answers."""

    seed: int
    preset: str = "median"
    types: Sequence[str] = ("image", "carousel", "reel", "text", "link")
    topics: Sequence[str] = ("useful", "fun", "community", "selling")
    start: date = date(2026, 1, 1)
    base_log_engagement: float = 4.0
    drift: float = 0.05  # share of an effect's sd that is new every month
    growth: float = 0.0  # log engagement gained per month, as an audience grows
    _months: list[Effects] = field(default_factory=list, repr=False)

    @property
    def noise(self) -> float:
        """The sd of one post around its expectation, on the log scale."""
        return PRESETS[self.preset].noise

    def month_of(self, day: date) -> int:
        """Whole months between the start and this day; days before the start belong to month 0."""
        return max(0, (day.year - self.start.year) * 12 + day.month - self.start.month)

    def effects(self, month: int = 0) -> Effects:
        """The true effects in this month."""
        while len(self._months) <= month:
            self._months.append(self._next())
        return self._months[month]

    def expected(self, type: str, topic: str, weekday: int, hour: float, month: int = 0) -> float:
        """The expected log(1 + engagement) of such a post."""
        now = self.effects(month)
        kind, about = _place(type, self.types), _place(topic, self.topics)
        part = daypart(hour)
        if not 0 <= weekday <= 6:
            raise ValueError("weekday runs from 0 (Monday) to 6")
        return float(
            self.base_log_engagement
            + self.growth * month
            + now.type[kind]
            + now.topic[about]
            + now.type_topic[kind, about]
            + now.weekday[weekday]
            + now.daypart[part]
            + now.weekday_daypart[weekday, part]
        )

    def outcome(self, key: str, type: str, topic: str, weekday: int, hour: float, month: int = 0) -> int:
        """The engagement this very post ends at; `key` names the post and fixes its luck."""
        luck = self._random("luck", key).normal(0, self.noise)
        return round(from_log(self.expected(type, topic, weekday, hour, month) + luck))

    def counts(self, key: str, engagement: int, age_hours: float = math.inf) -> Counts:
        """This post's public numbers at an age; they only grow, and end at `engagement` in all."""
        return _split(self._random("counts", key), engagement).at(maturity(age_hours))

    def _next(self) -> Effects:
        month = len(self._months)
        rng = self._random("effects", str(month))
        sd = PRESETS[self.preset]
        kinds, topics, parts = len(self.types), len(self.topics), len(DAYPARTS)
        fresh = Effects(
            rng.normal(0, sd.type, kinds),
            rng.normal(0, sd.topic, topics),
            rng.normal(0, sd.weekday, 7),
            rng.normal(0, sd.daypart, parts),
            rng.normal(0, sd.weekday_daypart, (7, parts)),
            rng.normal(0, sd.type_topic, (kinds, topics)),
        )
        return _drifted(self._months[-1], fresh, self.drift) if month else fresh

    def _random(self, *words: str) -> np.random.Generator:
        """A generator that depends on the seed and these words alone, on every machine."""
        digest = hashlib.blake2b("\x1f".join((str(self.seed), *words)).encode(), digest_size=16).digest()
        return np.random.default_rng(int.from_bytes(digest, "big"))


@dataclass(frozen=True)
class Counts:
    """The public numbers of one post. reach <= views; likes + ... + clicks = engagements <= reach."""

    views: int
    reach: int
    likes: int
    replies: int
    shares: int
    saves: int
    clicks: int

    @property
    def engagements(self) -> int:
        """Likes, replies, shares, saves and clicks together."""
        return self.likes + self.replies + self.shares + self.saves + self.clicks

    def at(self, share: float) -> Counts:
        """The same post when only this share of everything has happened, rounded down."""
        return Counts(*(math.floor(getattr(self, name) * share) for name in self.__dataclass_fields__))


def maturity(age_hours: float, scale: float = 6.0) -> float:
    """The share of its final numbers a post has at this age: 1 - exp(-(age / scale)^0.6), never falling."""
    return 0.0 if age_hours <= 0 else 1 - math.exp(-((age_hours / scale) ** 0.6))


def _drifted(old: Effects, fresh: Effects, drift: float) -> Effects:
    """Last month's effects, moved: their variance stays that of the preset."""
    keep = math.sqrt(1 - drift**2)
    names = Effects.__dataclass_fields__
    return Effects(**{name: keep * getattr(old, name) + drift * getattr(fresh, name) for name in names})


def _place(name: str, names: Sequence[str]) -> int:
    if name not in names:
        raise ValueError(f"this world knows {', '.join(names)}, not {name!r}")
    return list(names).index(name)


def _split(rng: np.random.Generator, engagement: int) -> Counts:
    """Share one engagement number out: about 72 % likes, a rate around 4 % of reach, 1.3 views a person."""
    if engagement < 0:
        raise ValueError("engagement cannot be negative")
    shares = rng.dirichlet(np.array([72, 9, 7, 5, 7]) * 0.6)
    likes, replies, forwarded, saves, clicks = (int(n) for n in rng.multinomial(engagement, shares))
    rate = min(0.6, float(np.exp(rng.normal(np.log(0.04), 0.35))))
    reach = max(engagement, round((engagement + rng.random()) / rate))
    views = round(reach * (1.1 + 0.4 * rng.random()))
    return Counts(views, reach, likes, replies, forwarded, saves, clicks)
