"""Is this customer still one, how often will they come back, and what will that bring?

Answers: the chance that a customer is alive, the purchases of the next t, their mean worth, with draws for intervals.
Assumptions (BG/NBD): purchases come at random at rate lambda while alive, lambda ~ Gamma(r, rate alpha); after every
    purchase the customer leaves with chance p, p ~ Beta(a, b); lambda and p are independent. (Gamma-Gamma): a
    purchase's worth varies around the customer's own mean, nu ~ Gamma(q, v), independent of how often they buy.
Formula: with x repeat purchases, the last tx and now T after the first,
    L = G(r+x) alpha^r / G(r) * B(a, b+x) / B(a, b) * [(alpha+T)^-(r+x) + [x>0] a/(b+x-1) (alpha+tx)^-(r+x)].
    Maximum likelihood over the different (x, tx, T), weighted by their counts, with the analytic gradient in the
    logarithms of the parameters; under 200 customers a ridge N(0, 2) on these logarithms. Purchases in a horizon
    t: P(alive) * E[(1 - (1 + p t / (alpha+T))^-(r+x)) / p], p ~ Beta(a, b+x), by Gauss-Jacobi nodes; unlike the
    closed form it has no pole at a = 1 and stays finite for a < 1.
Units: tx, T, horizon in one unit of time (weeks here); money in any. Shapes: all (n,). Errors: unequal lengths,
    nothing given, tx > T or a negative value: ValueError; a fit that does not settle: ArithmeticError.
Source: Fader, Hardie & Lee 2005, Marketing Science 24(2), 275-284; Fader & Hardie 2013, the Gamma-Gamma note.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEW = 200  # customers below which the prior speaks
RIDGE_SD = 2.0
NODES = 12
MANY, SOME, STEPS = 40_000, 12_000, 12  # histories fitted at once; those climbed first; steps on all


BLOCK = 1_000_000  # customers looked up at once


@dataclass(frozen=True)
class Buyers:
    """Different histories and how many customers have each: x, tx, T, count, and which of them each customer has."""

    x: Floats
    tx: Floats
    T: Floats
    count: Floats
    which: NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Rhythm:
    """A fitted BG/NBD: parameters, and the covariance of their logarithms (4, 4)."""

    r: float
    alpha: float
    a: float
    b: float
    cov: Floats
    customers: int


@dataclass(frozen=True)
class Basket:
    """A fitted Gamma-Gamma: parameters, the covariance of their logarithms (3, 3)."""

    p: float
    q: float
    v: float
    cov: Floats
    customers: int

    @property
    def usual(self) -> float:
        """The mean worth over all customers; infinite variance of it (q <= 1) has none, so the median stands in."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else self.p * self.v / self.q


def histories(x: Floats, tx: Floats, T: Floats) -> Buyers:
    """The different histories; fitting a million customers costs no more than these."""
    x, tx, T = (np.asarray(one, dtype=np.float64) for one in (x, tx, T))
    if not (len(x) == len(tx) == len(T)) or not len(x):
        raise ValueError("give x, tx and T of at least one customer")
    if (x < 0).any() or (tx < 0).any() or (tx > T + 1e-9).any():
        raise ValueError("a history cannot be negative or end after now")
    unit = _unit(tx, T)
    code = (np.rint(x).astype(np.int64) << 40) + (np.rint(tx * unit).astype(np.int64) << 20)
    code += np.rint(T * unit).astype(np.int64)
    codes = np.unique(code)  # its indices would take five times the memory and twice the time
    which, first = np.empty(len(code), dtype=np.int32), np.empty(len(codes), dtype=np.int64)
    for start in range(0, len(code), BLOCK):
        which[start : start + BLOCK] = np.searchsorted(codes, code[start : start + BLOCK])
        first[which[start : start + BLOCK]] = np.arange(start, min(start + BLOCK, len(code)))
    count = np.bincount(which, minlength=len(codes)).astype(np.float64)
    return Buyers(x[first], tx[first], T[first], count, which)


def _unit(tx: Floats, T: Floats) -> float:
    """Steps of time that keep different times apart within 20 bits: seven a week where times are days."""
    top = max(float(T.max()), 1e-9)
    return 7.0 if np.allclose(T * 7, np.rint(T * 7), atol=1e-4) and top * 7 < 2**20 else (2**20 - 1) / top


def fit(buyers: Buyers, *, ridge: float | None = None) -> Rhythm:
    """The parameters; `ridge` is the sd of the prior on their logarithms, None: only where customers are few."""
    n = float(buyers.count.sum())
    sd = RIDGE_SD if ridge is None and n < FEW else ridge
    scale = max(float((buyers.T * buyers.count).sum() / n), 1e-9)  # times in units of the mean stay near 1
    rows = (buyers.x, buyers.tx / scale, buyers.T / scale, buyers.count)
    logs, cov = _climbed(_Cost(*rows, sd)) if len(buyers.x) <= MANY else _in_two_steps(rows, sd)
    logs[1] += np.log(scale)
    r, alpha, a, b = np.exp(logs)
    return Rhythm(float(r), float(alpha), float(a), float(b), cov, int(n))


class _Cost:
    """Minus the mean log likelihood and its slope, with the prior where there is one."""

    def __init__(self, x: Floats, tx: Floats, T: Floats, count: Floats, sd: float | None) -> None:
        self.rows, self.n, self.sd = (x, tx, T, count), float(count.sum()), sd
        self.points, self.index = np.unique(x, return_inverse=True)

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        value, slope = _likelihood(logs, *self.rows, self.points, self.index)
        if self.sd:
            value, slope = value - 0.5 * float(logs @ logs) / self.sd**2, slope - logs / self.sd**2
        return -value / self.n, -slope / self.n


def _climbed(cost: _Cost) -> tuple[Floats, Floats]:
    """The best logarithms and their covariance, from nothing."""
    from scipy.optimize import minimize

    found = minimize(cost, np.zeros(4), jac=True, method="L-BFGS-B", bounds=[(-12, 12)] * 4,
                     options={"ftol": 1e-12, "gtol": 1e-7, "maxiter": 400})  # fmt: skip
    if not np.isfinite(found.fun) or np.linalg.norm(found.jac) > 1e-3:
        raise ArithmeticError("the rhythm of purchases could not be fitted")
    return found.x.copy(), _covariance(lambda at: cost(at)[1] * cost.n, found.x)


def _in_two_steps(rows: tuple[Floats, Floats, Floats, Floats], sd: float | None) -> tuple[Floats, Floats]:
    """Climbed on every so many-th history, then few steps on all of them with the curvature found there."""
    step = -(-len(rows[0]) // SOME)
    some = _Cost(rows[0][::step], rows[1][::step], rows[2][::step], rows[3][::step], sd)
    logs, cov = _climbed(some)
    cost = _Cost(*rows, sd)
    turn = cov * some.n  # inverse curvature of the mean
    for _round in range(STEPS):
        _value, slope = cost(logs)
        if np.linalg.norm(slope) < 1e-7:
            break
        logs = logs - turn @ slope
    if not np.isfinite(logs).all() or np.linalg.norm(cost(logs)[1]) > 1e-5:
        return _climbed(cost)
    return logs, cov * some.n / cost.n


def _likelihood(
    logs: Floats, x: Floats, tx: Floats, T: Floats, count: Floats, points: Floats, index: NDArray[np.int64]
) -> tuple[float, Floats]:
    """Log likelihood and its slope in the logarithms; the special functions are asked once for each x."""
    from scipy.special import gammaln, psi

    r, alpha, a, b = np.exp(logs)
    of_x = gammaln(r + points) - gammaln(r) + gammaln(b + points) - gammaln(b) + gammaln(a + b)
    of_x -= gammaln(a + b + points)
    now, then = np.log(alpha + T), np.log(alpha + tx)
    stays = -(r + x) * now
    with np.errstate(divide="ignore"):
        leaves = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * then, -np.inf)
    both = np.logaddexp(stays, leaves)
    left = np.exp(leaves - both)  # the share of having left
    value = float(count @ (of_x[index] + r * logs[1] + both))
    in_a, in_b = psi(a + b) - psi(a + b + points), psi(b + points) - psi(b)
    slope = np.array([
        count @ ((psi(r + points) - psi(r))[index] + logs[1] - (1 - left) * now - left * then),
        count @ (r / alpha - (r + x) * ((1 - left) / (alpha + T) + left / (alpha + tx))),
        count @ (in_a[index] + left / a),
        count @ ((in_a + in_b)[index] - left / (b + np.maximum(x, 1) - 1)),
    ])  # fmt: skip
    return value, slope * np.array([r, alpha, a, b])


def _covariance(slope: object, at: Floats) -> Floats:
    """The inverse of the curvature at the optimum, by differences of the slope; made safe where it is flat."""
    step, size = 1e-4, len(at)
    curve = np.empty((size, size))
    for i in range(size):
        d = np.zeros(size)
        d[i] = step
        curve[i] = (slope(at + d) - slope(at - d)) / (2 * step)  # type: ignore[operator]
    values, vectors = np.linalg.eigh((curve + curve.T) / 2)
    return np.asarray(
        vectors @ np.diag(1 / np.maximum(values, 1 / RIDGE_SD**2)) @ vectors.T, dtype=np.float64
    )


def alive(model: Rhythm, buyers: Buyers) -> Floats:
    """The chance that a customer of each history is still one, (histories,)."""
    x = buyers.x
    with np.errstate(over="ignore"):
        odds = np.exp((model.r + x) * (np.log(model.alpha + buyers.T) - np.log(model.alpha + buyers.tx)))
        odds = odds * model.a / (model.b + np.maximum(x, 1) - 1)
    return np.asarray(np.where(x > 0, 1 / (1 + odds), 1.0), dtype=np.float64)


def purchases(model: Rhythm, buyers: Buyers, horizon: float) -> Floats:
    """Expected purchases within `horizon` from now, (histories,)."""
    points, index = np.unique(buyers.x, return_inverse=True)
    told = np.empty(len(buyers.x))
    order = np.argsort(index, kind="stable")
    ends = np.searchsorted(index[order], np.arange(len(points) + 1))
    reach = horizon / (model.alpha + buyers.T)
    for j, x in enumerate(points):
        rows = order[ends[j] : ends[j + 1]]
        p, w = _beta_nodes(model.a, model.b + x)
        told[rows] = (-np.expm1(-(model.r + x) * np.log1p(np.outer(reach[rows], p))) / p) @ w
    return told * alive(model, buyers)


def _beta_nodes(a: float, b: float) -> tuple[Floats, Floats]:
    """Nodes and weights of the mean over Beta(a, b): Golub and Welsch with the Jacobi recurrence on (0, 1)."""
    from scipy.linalg import eigh_tridiagonal

    s, t = b - 1, a - 1  # weight (1-y)^s (1+y)^t on (-1, 1)
    k = np.arange(NODES, dtype=np.float64)
    c = 2 * k + s + t
    with np.errstate(divide="ignore", invalid="ignore"):
        diagonal = (t**2 - s**2) / (c * (c + 2))
    diagonal[0] = (t - s) / (s + t + 2)
    k = k[1:]
    c = 2 * k + s + t
    with np.errstate(divide="ignore", invalid="ignore"):
        square = 4 * k * (k + s) * (k + t) * (k + s + t) / (c**2 * (c + 1) * (c - 1))
    square[0] = 4 * (1 + s) * (1 + t) / ((s + t + 2) ** 2 * (s + t + 3))
    y, vectors = eigh_tridiagonal(diagonal, np.sqrt(square))
    return np.maximum((y + 1) / 2, 1e-12), vectors[0] ** 2


def fit_basket(x: Floats, mean: Floats) -> Basket:
    """The worth of a purchase from customers' repeat purchases and their means; x = 0 and means <= 0 are left out."""
    from scipy.optimize import minimize
    from scipy.special import gammaln

    keep = (x > 0) & (mean > 0)
    x, m = np.asarray(x[keep], dtype=np.float64), np.asarray(mean[keep], dtype=np.float64)
    if not len(x):
        raise ValueError("nobody bought twice")
    unit = float(np.median(m))
    m = m / unit
    points, index = np.unique(x, return_inverse=True)
    logm, total, count = np.log(m), x * m, float(len(x))
    ridge = RIDGE_SD if count < FEW else 0.0

    def cost(logs: Floats) -> float:
        p, q, v = np.exp(logs)
        of_x = (
            gammaln(p * points + q)
            - gammaln(p * points)
            - gammaln(q)
            + q * np.log(v)
            + p * points * np.log(points)
        )
        value = float((of_x[index] + (p * x - 1) * logm - (p * x + q) * np.log(total + v)).sum())
        return -value / count + (0.5 * float(logs @ logs) / ridge**2 / count if ridge else 0.0)

    found = minimize(cost, np.array([1.0, 1.0, 1.0]), method="BFGS", options={"gtol": 1e-6})
    if not np.isfinite(found.fun) or np.abs(found.x).max() > 12:
        raise ArithmeticError("the worth of purchases could not be fitted")
    p, q, v = np.exp(found.x)
    return Basket(float(p), float(q), float(v * unit), np.asarray(found.hess_inv) / count, int(count))


def worth(basket: Basket, x: Floats, mean: Floats) -> Floats:
    """What a customer's next purchase is worth; who never came back gets the mean of all."""
    seen = np.where(mean > 0, x, 0.0) * basket.p
    weight = seen / (seen + max(basket.q - 1, 1e-9))
    return np.asarray((1 - weight) * basket.usual + weight * np.where(mean > 0, mean, 0.0), dtype=np.float64)


def draws(rhythm: Rhythm, basket: Basket, n: int, rng: np.random.Generator) -> list[tuple[Rhythm, Basket]]:
    """Other parameters the data would allow as well, for intervals of sums."""
    logs = np.log([rhythm.r, rhythm.alpha, rhythm.a, rhythm.b])
    more = np.log([basket.p, basket.q, basket.v])
    rhythms = np.exp(rng.multivariate_normal(logs, rhythm.cov, n, method="eigh"))
    baskets = np.exp(rng.multivariate_normal(more, basket.cov, n, method="eigh"))
    told = []
    for (r, alpha, a, b), (p, q, v) in zip(rhythms.tolist(), baskets.tolist(), strict=True):
        one = Rhythm(r, alpha, a, b, rhythm.cov, rhythm.customers)
        told.append((one, Basket(p, q, v, basket.cov, basket.customers)))
    return told


def lived(model: Rhythm, buyers: Buyers, horizon: float, rng: np.random.Generator) -> Floats:
    """One possible future: purchases within `horizon` of one customer of each history, (histories,)."""
    rate = rng.gamma(model.r + buyers.x, 1 / (model.alpha + buyers.T))
    leaves = np.clip(rng.beta(model.a, model.b + buyers.x), 1e-9, 1 - 1e-9)
    most = rng.geometric(leaves)
    here = rng.random(len(buyers.x)) < alive(model, buyers)
    return np.asarray(np.minimum(rng.poisson(rate * horizon), most) * here, dtype=np.float64)
