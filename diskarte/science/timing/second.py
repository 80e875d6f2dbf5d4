"""A second opinion on what a post will bring: one smooth surface over everything at once, judged by the median.

Answers: what do similar posts say, whatever the reason they are similar? The model of causes adds effects
    up; this one lets type, hour, weekday and lately act together. Half of each foretells better than
    either.
Formula: y = f(x) + b, f with the kernel exp(-|x - x'|^2 / p) over p standardised columns, chosen to
    minimise |f|^2 / 2 + sum of absolute errors: support vector regression with C = 1, without its dead
    zone. Solved by reweighting: alpha = (K + diag(max(|error|, .05)))^-1 (y - b), 8 times.
Assumptions: as in timing; there must be enough posts (60) for likeness to mean something.
Shapes: posts (n,), answers (m,). Errors: none.
Source: method a (ensemble); Smola & Schölkopf 2004, Statistics and Computing 14; IRLS after Schlossmacher
    1973.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diskarte.science.scale import Floats
from diskarte.science.timing.causes import Candidate, Levels

ENOUGH, ROUNDS, SOFT = 60, 8, 0.05


@dataclass(frozen=True)
class SecondOpinion:
    """A fitted surface: the past posts' columns (n, p), their weights (n,), and how to read it."""

    levels: Levels
    centre: Floats
    width: Floats
    points: Floats
    alpha: Floats
    middle: float
    scale: float
    now: float

    def expect(self, candidates: Sequence[Candidate]) -> Floats:
        """The typical log value of every candidate, (m,)."""
        columns = _columns(self.levels, candidates, np.full(len(candidates), self.now))
        near = _kernel((columns - self.centre) / self.width, self.points)
        return self.middle + self.scale * (near @ self.alpha)


def second_opinion(
    posts: Sequence[Candidate], y: Floats, levels: Levels, ahead: float
) -> SecondOpinion | None:
    """Fit the surface to posts in order of publishing; None when they are too few or all the same."""
    scale = float(y.std())
    if len(posts) < ENOUGH or scale == 0:
        return None
    columns = _columns(levels, posts, np.arange(len(posts), dtype=np.float64))
    centre, width = columns.mean(axis=0), columns.std(axis=0)
    width[width < 1e-9] = np.inf  # a column that never differed says nothing
    points = (columns - centre) / width
    alpha, b = _least_absolute(_kernel(points, points), (y - y.mean()) / scale)
    middle = float(y.mean()) + scale * b
    return SecondOpinion(levels, centre, width, points, alpha, middle, scale, len(posts) - 1 + ahead)


def _least_absolute(kernel: Floats, z: Floats) -> tuple[Floats, float]:
    """Weights (n,) and level of the surface with the smallest size and absolute errors."""
    from scipy.linalg import cho_factor, cho_solve

    error, b = np.ones(len(z)), float(np.median(z))
    alpha = np.zeros(len(z))
    for _ in range(ROUNDS):
        factor = cho_factor(kernel + np.diag(np.maximum(np.abs(error), SOFT)), lower=True)
        one, own = cho_solve(factor, np.column_stack([np.ones(len(z)), z])).T
        b = float(own.sum() / one.sum())
        alpha = own - b * one
        error = z - b - kernel @ alpha
    return alpha, b


def _columns(levels: Levels, posts: Sequence[Candidate], order: Floats) -> Floats:
    """What makes posts alike: type, topic, length, paid, gap, hour, weekday and when in the history, (n, p)."""
    told = levels.columns(posts)
    hour = np.array([p.hour for p in posts]) * (2 * np.pi / 24)
    day = np.array([p.weekday for p in posts])
    turn = day * (2 * np.pi / 7)
    waves = [f(k * hour) for k in (1, 2) for f in (np.sin, np.cos)]
    rest = [*waves, np.sin(turn), np.cos(turn), (day > 4).astype(np.float64), order]
    return np.hstack(
        [told["type"], told["topic"], told["length"], told["paid"][:, 1:], told["gap"], np.column_stack(rest)]
    )


def _kernel(a: Floats, b: Floats) -> Floats:
    """exp(-|a - b|^2 / p), where p counts the columns that differ at all."""
    p = max(1, int((b.std(axis=0) > 0).sum()))
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.exp(-np.maximum(squares, 0) / p)
