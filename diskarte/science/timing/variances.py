"""How much does each cause move the numbers? Variances of a sum of Gaussian causes, from one history.

Answers: given y = sum of causes + noise, where cause k has covariance v_k K_k, which v_k and noise s2
    explain y best without taking chance for a cause?
Formula: maximise log N(y; 0, level 11' + sum v_k K_k + s2 I) - sum (log v_k - c_k)^2 / 2 w_k^2, by Newton
    steps with the average information matrix; the prior keeps a cause that the data cannot see at its
    usual size.
Assumptions: y is standardised (mean 0, sd about 1), its order does not matter here.
Shapes: kernels (k, n, n), y (n,), centres and widths (k + 1,) with the noise last. Errors: none; a step
    that does not help is halved, and the best point seen is returned.
Source: Gilmour, Thompson & Cullis 1995, Biometrics 51 (average information); prior centres fitted to real
    histories.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diskarte.science.scale import Floats

STEPS, SMALL_STEP, SMALL_GAIN = 12, 0.1, 0.01


@dataclass(frozen=True)
class Variances:
    """Fitted v (k,), noise s2, the inverse covariance (n, n), its product with y (n,), and the evidence."""

    v: Floats
    s2: float
    inverse: Floats
    alpha: Floats
    log_evidence: float

    @property
    def phi(self) -> Floats:
        """The log variances, the noise last, (k + 1,)."""
        return np.log(np.append(self.v, self.s2))

    def surprises(self) -> tuple[Floats, Floats]:
        """How far each y lies from what all others say about it, and the sd of that distance."""
        precision = np.diag(self.inverse)
        return self.alpha / precision, 1 / np.sqrt(precision)


def fit_variances(
    kernels: Floats,
    y: Floats,
    centres: Floats,
    widths: Floats,
    *,
    level: float = 1.0,
    start: Floats | None = None,
) -> Variances:
    """The penalised maximum of the marginal likelihood, begun at `start` or at the centres."""
    phi = (centres if start is None else start).copy()
    flat = kernels.reshape(len(kernels), -1)
    best = at(kernels, y, phi, level)
    value = best.log_evidence - _penalty(phi, centres, widths)
    for _ in range(STEPS):
        step = _newton(kernels, flat, best, (phi - centres) / widths**2, widths)
        for _ in range(4):
            tried = at(kernels, y, phi + step, level)
            gained = tried.log_evidence - _penalty(phi + step, centres, widths) - value
            if gained >= 0:
                break
            step = step / 2
        if gained < 0:
            break
        phi, best, value = phi + step, tried, value + gained
        if np.abs(step).max() < SMALL_STEP or gained < SMALL_GAIN:
            break
    return best


def at(kernels: Floats, y: Floats, phi: Floats, level: float = 1.0) -> Variances:
    """The model at these log variances, without any search; `level` is the variance of the common mean."""
    from scipy.linalg.lapack import dpotrf, dpotri

    n, v, s2 = len(y), np.exp(phi[:-1]), float(np.exp(phi[-1]))
    if not n:
        return Variances(v, s2, np.zeros((0, 0)), np.zeros(0), 0.0)
    cov = (v @ kernels.reshape(len(v), -1)).reshape(n, n) + level
    cov.flat[:: n + 1] += s2
    factor, _ = dpotrf(cov, lower=1, overwrite_a=1)
    logdet = 2 * float(np.log(np.diag(factor)).sum())
    lower, _ = dpotri(factor, lower=1, overwrite_c=1)
    inverse = lower + lower.T  # the upper half is zero
    inverse.flat[:: n + 1] /= 2
    alpha = inverse @ y
    evidence = -0.5 * (float(y @ alpha) + logdet + n * float(np.log(2 * np.pi)))
    return Variances(v, s2, inverse, alpha, evidence)


def _penalty(phi: Floats, centres: Floats, widths: Floats) -> float:
    return float((((phi - centres) / widths) ** 2).sum() / 2)


def _newton(kernels: Floats, flat: Floats, m: Variances, pull: Floats, widths: Floats) -> Floats:
    """One step on the log scale, no coordinate further than 2."""
    scales = np.append(m.v, m.s2)
    moved = np.vstack([kernels @ m.alpha, m.alpha[None]]) * scales[:, None]  # (k + 1, n)
    traces = np.append(flat @ m.inverse.ravel(), np.trace(m.inverse)) * scales
    slope = 0.5 * (moved @ m.alpha - traces) - pull
    information = 0.5 * moved @ m.inverse @ moved.T + np.diag(1 / widths**2)
    step: Floats = np.linalg.solve(information, slope)
    return step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
