"""What may move a post's numbers, as columns: the causes of the timing model.

Answers: which columns does a post have for its type, topic, hour ... so that "how strong is this cause"
    is one variance and "what does this cause add" is a weighted sum of its columns?
Model: type, topic, paid, length, weekday, gap (hours since the channel's last post, in four steps) and
    type x topic have one column per level; the hour of the day is a smooth circle, its kernel exp(-2
    sin^2(pi d / 24) / l^2) written as sines and cosines (exact to 1e-6); weekday x hour has that circle
    once for each weekday, less smooth.
Units: weekday 0-6 (Monday 0), hour 0-24 local. Shapes: columns (posts, columns of that cause).
Errors: weekday or hour out of range raise ValueError. A level never met before has a column of its own,
    without data.
Source: the kernels and length-scales .6 and .4 of method a; Rasmussen & Williams 2006, chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from diskarte.science.scale import Floats

HOUR_SCALE, WEEKDAY_HOUR_SCALE = 0.6, 0.4
DAYPARTS = ((5, 9), (9, 12), (12, 15), (15, 18), (18, 21), (21, 5))  # local hours, from - up to
HOURS = np.arange(24, dtype=np.float64) + 0.5  # the middle of every hour
GAPS = {"at once": 0.1, "within 2 hours": 2.0, "same day": 12.0, "rested": np.inf}  # below so many hours
UNSEEN = "\x00unseen"


@dataclass(frozen=True)
class Candidate:
    """A post that could be made: what, and when in local time."""

    type: str
    topic: str
    weekday: int
    hour: float
    paid: bool = False
    length: str = ""
    gap: float | None = None  # hours since the channel's post before this one; None: not known, as usual


@dataclass(frozen=True)
class Past(Candidate):
    """A post that was made, and its final log(1 + engagement)."""

    y: float = 0.0


@dataclass(frozen=True)
class Levels:
    """The names a history and its planner use; the last column of each cause stands for a name never met."""

    types: tuple[str, ...]
    topics: tuple[str, ...]
    lengths: tuple[str, ...]
    usual_gap: tuple[float, ...]  # how often the known gaps fell into each of GAPS

    @classmethod
    def of(cls, posts: Iterable[Candidate], types: Sequence[str] = (), topics: Sequence[str] = ()) -> Levels:
        """All names in these posts, and those the planner wants to consider besides."""
        posts = list(posts)
        return cls(
            _names([p.type for p in posts], types),
            _names([p.topic for p in posts], topics),
            _names([p.length for p in posts], ()),
            _usual_gap([p.gap for p in posts if p.gap is not None]),
        )

    def columns(self, posts: Sequence[Candidate]) -> dict[str, Floats]:
        """The columns of every cause for these posts, by the cause's name."""
        kind = _one_hot([p.type for p in posts], self.types)
        about = _one_hot([p.topic for p in posts], self.topics)
        weekday = np.array([p.weekday for p in posts], dtype=np.int64)
        hour = np.array([p.hour for p in posts], dtype=np.float64)
        if len(posts) and not (
            weekday.min() >= 0 and weekday.max() <= 6 and hour.min() >= 0 and hour.max() <= 24
        ):
            raise ValueError("weekday runs from 0 (Monday) to 6 and hour from 0 to 24")
        days = np.eye(7)[weekday]
        return {
            "type": kind,
            "topic": about,
            "type and topic": crossed(kind, about),
            "weekday": days,
            "hour": circle(hour, HOUR_SCALE),
            "weekday and hour": crossed(days, circle(hour, WEEKDAY_HOUR_SCALE)),
            "paid": np.eye(2)[np.array([p.paid for p in posts], dtype=np.int64)],
            "length": _one_hot([p.length for p in posts], self.lengths),
            "gap": self._gaps(posts),
        }

    def _gaps(self, posts: Sequence[Candidate]) -> Floats:
        rows = [self.usual_gap if p.gap is None else np.eye(len(GAPS))[gap_of(p.gap)] for p in posts]
        return np.array(rows, dtype=np.float64).reshape(len(posts), len(GAPS))


def circle(hours: Floats, scale: float) -> Floats:
    """Columns c with c(h) . c(g) = exp(-2 sin^2(pi (h - g) / 24) / scale^2), shape (n, columns)."""
    grid = 2 * np.pi * np.arange(64) / 64
    weights = np.fft.rfft(np.exp((np.cos(grid) - 1) / scale**2)).real / 64
    count = int((weights > 1e-7).sum())
    order = np.arange(1, count)
    angles = 2 * np.pi / 24 * hours[:, None] * order
    size = np.sqrt(2 * weights[1:count])
    return np.hstack(
        [np.full((len(hours), 1), weights[0] ** 0.5), size * np.cos(angles), size * np.sin(angles)]
    )


def daypart(hour: float) -> int:
    """Which of DAYPARTS holds this local hour."""
    if not 0 <= hour <= 24:
        raise ValueError("hour runs from 0 to 24")
    hour %= 24
    return next(i for i, (start, end) in enumerate(DAYPARTS) if (hour - start) % 24 < (end - start) % 24)


def gap_of(hours: float) -> int:
    """Which of GAPS holds this distance from the post before."""
    if hours < 0:
        raise ValueError("a gap cannot be negative")
    return next(i for i, below in enumerate(GAPS.values()) if hours < below or below == np.inf)


def hours_of(part: int) -> Floats:
    """The middle of every hour in this daypart."""
    start, end = DAYPARTS[part]
    return (start + np.arange((end - start) % 24, dtype=np.float64) + 0.5) % 24


def _usual_gap(known: Sequence[float]) -> tuple[float, ...]:
    counts = (
        np.bincount([gap_of(hours) for hours in known], minlength=len(GAPS)) if known else np.zeros(len(GAPS))
    )
    return tuple((counts / max(1, len(known))).tolist())


def _names(met: Iterable[str], wished: Iterable[str]) -> tuple[str, ...]:
    return (*dict.fromkeys((*met, *wished)), UNSEEN)


def _one_hot(values: Sequence[str], names: Sequence[str]) -> Floats:
    place = {name: j for j, name in enumerate(names)}
    which = [place.get(value, len(names) - 1) for value in values]
    return np.eye(len(names))[np.array(which, dtype=np.int64)]


def crossed(a: Floats, b: Floats) -> Floats:
    """Every column of a times every column of b, row by row."""
    return (a[:, :, None] * b[:, None, :]).reshape(len(a), a.shape[1] * b.shape[1])
