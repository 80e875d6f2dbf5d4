"""From posts to a fitted history: which causes there are, how strong each is, what is believed of each level.

Formula: with all causes' latents u ~ N(u0, V) and y = X u + trends + noise, the posterior is u0 + V X'
    C^-1 (y - X u0) and V - V X' C^-1 X V, where C is the covariance of y. A trend's latent is its value
    where the candidates will stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from diskarte.science.scale import Floats
from diskarte.science.timing.answers import Timing, design, even_row
from diskarte.science.timing.causes import GAPS, HOUR_SCALE, HOURS, Levels, Past, circle
from diskarte.science.timing.second import second_opinion
from diskarte.science.timing.variances import Variances, at, fit_variances

NEWEST, FEWEST, FLOOR, CLIP = 400, 5, 0.05, 4.0
TRENDS = (8.0, 60.0)  # posts until a movement has faded to 1/e
TYPE_TREND = 100.0


@dataclass(frozen=True)
class Prior:
    """What we believe before a brand's own posts: its level and spread, the size of causes, known effects.

    `effects` holds, per cause, the effect of each level on the log scale ("hour" has the keys 0 to 23).
    """

    level: float = 3.0
    level_sd: float = 1.5
    spread: float = 1.1
    log_variance: float = -2.0
    log_variances: Mapping[str, float] = field(default_factory=dict)  # of single causes, where more is known
    log_variance_sd: float = 1.5
    log_noise: float = -0.3
    log_noise_sd: float = 1.0
    effects: Mapping[str, Mapping[str | int, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Latents:
    """One cause: the covariance of its effect between past posts (n, n) and with its own latents (p, n)."""

    kernel: Floats
    cross: Floats


def fit(
    past: Sequence[Past],
    prior: Prior | None = None,
    *,
    types: Sequence[str] = (),
    topics: Sequence[str] = (),
    ahead: float = 1.0,
) -> Timing:
    """Learn from a history in order of publishing; `types` and `topics` name levels the planner may also use.

    `ahead` is how many posts later the candidates will stand: 1 is the very next one.
    """
    prior, posts = prior or Prior(), tuple(past[-NEWEST:])
    y = np.array([p.y for p in posts], dtype=np.float64)
    if not np.isfinite(y).all():
        raise ValueError("every y must be a finite number; leave out posts without one")
    known_types, known_topics = (map(str, prior.effects.get(cause, ())) for cause in ("type", "topic"))
    levels = Levels.of(posts, (*types, *known_types), (*topics, *known_topics))
    columns = levels.columns(posts)
    latents = _latents(columns, _idle(levels, columns), len(posts), ahead)
    blocks = _blocks(latents)
    enough = len(posts) >= FEWEST
    centre, scale = (y.mean(), max(float(y.std()), FLOOR)) if enough else (prior.level, prior.spread)
    level_sd = 1.0 if enough else prior.level_sd / prior.spread
    known = _known(prior, levels, blocks) / scale
    z = (y - centre) / scale - design(columns, blocks) @ known
    model = _variances(latents, z, prior, level_sd**2, enough)
    mean, covariance = _posterior(latents, model, level_sd**2)
    mean = scale * (mean + known)
    mean[blocks["level"]] += centre
    usual = design(columns, blocks).mean(axis=0) if len(posts) else even_row(blocks)
    signal = enough and float(np.ptp(y)) > 0
    noise = scale * float(np.sqrt(model.s2))
    strengths = dict(zip([*latents][:-1], model.v.tolist(), strict=True)) | {"noise": model.s2}
    second = second_opinion(posts, y, levels, ahead) if signal else None
    return Timing(posts, levels, blocks, mean, scale**2 * covariance, usual, strengths, noise, signal, second)


def _latents(columns: Mapping[str, Floats], idle: set[str], n: int, ahead: float) -> dict[str, _Latents]:
    """Every cause that this history can speak about; the level comes last and has a fixed variance."""
    age = np.arange(n)[::-1]
    gap = np.abs(age[:, None] - age)
    told = {name: _Latents(c @ c.T, c.T) for name, c in columns.items() if name not in idle}
    for speed in TRENDS:
        told[f"trend of {speed:.0f}"] = _Latents(np.exp(-gap / speed), np.exp(-(age + ahead) / speed)[None])
    kind = columns["type"]
    fading = np.exp(-(age + ahead) / TYPE_TREND)
    told["type lately"] = _Latents(np.exp(-gap / TYPE_TREND) * (kind @ kind.T), kind.T * fading)
    told["level"] = _Latents(np.ones((n, n)), np.ones((1, n)))
    return told


def _idle(levels: Levels, columns: Mapping[str, Floats]) -> set[str]:
    """The causes that cannot differ in this brand: it has one topic or none, no paid posts, one length or gap."""
    idle = {"topic", "type and topic"} if len(levels.topics) <= 2 else set()
    same = {name for name in ("paid", "length", "gap") if (columns[name] == columns[name][:1]).all()}
    return idle | same


def _blocks(latents: Mapping[str, _Latents]) -> dict[str, slice]:
    ends = np.cumsum([len(latent.cross) for latent in latents.values()])
    return {
        name: slice(int(e) - len(latents[name].cross), int(e)) for name, e in zip(latents, ends, strict=True)
    }


def _variances(
    latents: Mapping[str, _Latents], z: Floats, prior: Prior, level: float, enough: bool
) -> Variances:
    """Fitted variances, after drawing in the posts that nothing else explains."""
    kernels = np.array([latent.kernel for name, latent in latents.items() if name != "level"])
    known = [prior.log_variances.get(name, prior.log_variance) for name in latents if name != "level"]
    centres = np.array([*known, prior.log_noise])
    widths = np.append(np.full(len(kernels), prior.log_variance_sd), prior.log_noise_sd)
    if not enough:
        return at(kernels, z, centres, level)
    model = fit_variances(kernels, z, centres, widths, level=level)
    surprise, sd = model.surprises()
    excess = np.sign(surprise) * np.maximum(np.abs(surprise) - CLIP * sd, 0)
    if not excess.any():
        return model
    return fit_variances(kernels, z - excess, centres, widths, level=level, start=model.phi)


def _posterior(latents: Mapping[str, _Latents], model: Variances, level: float) -> tuple[Floats, Floats]:
    """Mean (p,) and covariance (p, p) of all latents, standardised."""
    variances = [*model.v, level]
    sizes = [len(latent.cross) for latent in latents.values()]
    cross = np.vstack([v * latent.cross for v, latent in zip(variances, latents.values(), strict=True)])
    before = np.repeat(variances, sizes)
    return cross @ model.alpha, np.diag(before) - cross @ model.inverse @ cross.T


def _known(prior: Prior, levels: Levels, blocks: Mapping[str, slice]) -> Floats:
    """What the prior knows about single levels, as a mean of the latents (p,)."""
    mean = np.zeros(max(b.stop for b in blocks.values()))
    names: dict[str, Sequence[str | int]] = {
        "type": levels.types,
        "topic": levels.topics,
        "weekday": range(7),
        "gap": tuple(GAPS),
    }
    for cause, effects in prior.effects.items():
        if cause == "hour":
            curve = np.array([effects.get(h, 0.0) for h in range(24)])
            mean[blocks["hour"]] = np.linalg.lstsq(circle(HOURS, HOUR_SCALE), curve, rcond=1e-4)[0]
        elif cause in blocks:
            mean[blocks[cause]] = [effects.get(name, 0.0) for name in names[cause]]
    return mean
