"""Who changes what they do because of a message, and can this experiment tell at all?

Answers: for each person how much a message raises the chance of the outcome, and whether sending by that order beats
    sending at random; it abstains when the experiment cannot tell.
Assumptions: who got the message was drawn by lot; one person's message does not touch another; effects on the log
    odds are additive in the features.
Formula: logit P(y) = a + x b + t (c + x d), t = +-1/2, features standardised, ridge N(0, 1) on b and c and N(0, .1) on
    d, by Newton steps; the uplift is P(y | t = 1/2) - P(y | t = -1/2). Qini: at each share of the people, best first,
    extra outcomes Y1 - Y0 N1 / N0 per person treated, less the straight line to its end, averaged over the shares.
    Scores are out of fold; the interval comes from drawing the people again, which leaves out the luck of the fit.
Units: outcomes per person. Shapes: x (n, d), the others (n,). Errors: unequal lengths, fewer than two of either arm,
    an outcome that is not 0 or 1: ValueError.
Source: Radcliffe 2007, Direct Marketing Analytics Journal 1, 14-21 (Qini); Lo 2002, SIGKDD Explorations 4(2), 78-86.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MAIN_SD, EFFECT_SD = 1.0, 0.1
STEPS, CLOSE = 40, 1e-9


@dataclass(frozen=True)
class Model:
    """A fitted logit: centre and scale of the features (d,), coefficients of 1, x, t, t x (2 d + 2,)."""

    centre: Floats
    scale: Floats
    weights: Floats


@dataclass(frozen=True)
class Verdict:
    """Qini out of fold with its interval; `order` says whether sending by score beats lot, None: cannot tell."""

    qini: float
    low: float
    high: float
    everybody: float  # extra outcomes per person when all are sent the message
    score: Floats

    @property
    def order(self) -> bool | None:
        """True: better than by lot; False: worse; None: the interval holds nought, so it abstains."""
        return None if self.low <= 0 <= self.high else self.qini > 0


def fit(x: Floats, treated: Flags, y: Floats) -> Model:
    """The coefficients; the ridge keeps differences between people small unless the data insist."""
    x, treated, y = _checked(x, treated, y)
    centre, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    rows = _rows((x - centre) / scale, np.where(treated, 0.5, -0.5))
    d = x.shape[1]
    ridge = np.concatenate([[1e-9], np.full(d + 1, MAIN_SD**-2), np.full(d, EFFECT_SD**-2)])
    weights = np.zeros(rows.shape[1])
    for _step in range(STEPS):
        chance = _logistic(rows @ weights)
        slope = rows.T @ (y - chance) - ridge * weights
        curve = (rows.T * (chance * (1 - chance) + 1e-12)) @ rows + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights = weights + step * min(1.0, 4 / max(float(np.abs(step).max()), 1e-300))
        if np.abs(step).max() < CLOSE:
            break
    return Model(centre, scale, weights)


def uplift(model: Model, x: Floats) -> Floats:
    """How much the message raises the chance of the outcome, for each row of `x`."""
    z = (np.asarray(x, dtype=np.float64) - model.centre) / model.scale
    half = np.full(len(z), 0.5)
    told = _logistic(_rows(z, half) @ model.weights) - _logistic(_rows(z, -half) @ model.weights)
    return np.asarray(told, dtype=np.float64)


def qini(score: Floats, treated: Flags, y: Floats, times: Floats | None = None) -> float:
    """The mean gain over a lot in extra outcomes per person; `times` counts a person more than once (n,)."""
    order = np.argsort(-np.asarray(score), kind="stable")
    each = np.ones(len(order)) if times is None else np.asarray(times, dtype=np.float64)[order]
    here, out = np.asarray(treated, dtype=bool)[order], np.asarray(y, dtype=np.float64)[order] * each
    n1, n0 = np.cumsum(each * here), np.cumsum(each * ~here)
    if not n1[-1] or not n0[-1]:
        raise ValueError("nobody got the message, or nobody did not")
    extra = np.cumsum(out * here) - np.cumsum(out * ~here) * np.divide(
        n1, n0, out=np.zeros_like(n1), where=n0 > 0
    )
    share = np.cumsum(each) / each.sum()
    gain = (extra - extra[-1] * share) / n1[-1]
    return float((gain * each).sum() / each.sum())


def judged(
    x: Floats, treated: Flags, y: Floats, rng: np.random.Generator, folds: int = 5, rounds: int = 200,
    level: float = 0.95,
) -> Verdict:  # fmt: skip
    """Whether an order by uplift is worth anything, judged on people the fit has not seen."""
    x, treated, y = _checked(x, treated, y)
    fold = np.empty(len(y), dtype=np.int64)
    for arm in (treated, ~treated):  # every fold has its share of both arms
        fold[arm] = rng.permutation(np.arange(int(arm.sum())) % folds)
    score = np.empty(len(y))
    for one in range(folds):
        out = fold == one
        score[out] = uplift(fit(x[~out], treated[~out], y[~out]), x[out])
    drawn = [_again(score, treated, y, rng) for _round in range(rounds)]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    everybody = float(y[treated].mean() - y[~treated].mean())
    return Verdict(qini(score, treated, y), float(low), float(high), everybody, score)


def _again(score: Floats, treated: Flags, y: Floats, rng: np.random.Generator) -> float:
    """The Qini of the same arms drawn again with replacement."""
    times = np.zeros(len(y))
    for arm in (np.flatnonzero(treated), np.flatnonzero(~treated)):
        times[arm] = rng.multinomial(len(arm), np.full(len(arm), 1 / len(arm)))
    return qini(score, treated, y, times)


def _rows(z: Floats, t: Floats) -> Floats:
    return np.column_stack([np.ones(len(z)), z, t, z * t[:, None]])


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -35, 35))), dtype=np.float64)


def _checked(x: Floats, treated: Flags, y: Floats) -> tuple[Floats, Flags, Floats]:
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    treated = np.asarray(treated, dtype=bool)
    if x.ndim != 2 or not len(x) == len(treated) == len(y):
        raise ValueError("give as many rows of features as messages and outcomes")
    if min(int(treated.sum()), int((~treated).sum())) < 2:
        raise ValueError("each arm needs two people at least")
    if not np.isin(y, (0.0, 1.0)).all() or not np.isfinite(x).all():
        raise ValueError("outcomes are 0 or 1, features are finite")
    return x, treated, y
