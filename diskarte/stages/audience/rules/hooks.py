"""Hooks: the triggers they pull, and which of them worked, said no more surely than the posts allow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from diskarte.science.scale import chance_above, lift, to_log
from diskarte.science.shrink import shrink

TRIGGERS = (
    "curiosity", "loss", "proof", "identity", "belonging", "ease", "urgency", "novelty", "savings", "pride", "story",
)  # fmt: skip
NONE = ("", "")  # a post without a hook
FEW = 5  # posts below which a rank is only a hint
Label = tuple[str, str]  # segment, hook: both as a publication names them


@dataclass(frozen=True)
class Result:
    """What one published post with this hook brought."""

    segment: str
    hook: str
    channel: str
    engaged: int


@dataclass(frozen=True)
class Score:
    """How a hook did against the brand's usual post: factors, 1.0 is no difference; None: not tried yet."""

    uses: int = 0
    low: float | None = None
    mid: float | None = None
    high: float | None = None
    chance: float | None = None  # that it is better than usual

    @property
    def verdict(self) -> str:
        """untried, better, worse, or unclear while the interval holds both."""
        if self.low is None or self.high is None:
            return "untried"
        return "better" if self.low > 1 else "worse" if self.high < 1 else "unclear"


def scores(results: Sequence[Result], level: float = 0.9) -> dict[Label, Score]:
    """(segment, hook) → its score. Each post is compared with its own channel's usual, then hooks are shrunk."""
    if not any(result.hook for result in results):
        return {}
    values = _beside_usual(results)
    labels = [(r.segment, r.hook) if r.hook else NONE for r in results]
    fit = shrink(labels, values, level=level)
    told: dict[Label, Score] = {}
    for group in fit.groups:
        if group.label != NONE:
            mid, low, high = (lift(v) for v in (group.mean, group.low, group.high))  # 0 is the usual post
            chance = chance_above(group.mean, group.sd)
            told[group.label] = Score(group.n, low, mid, high, chance)  # type: ignore[index]
    return told


def _beside_usual(results: Sequence[Result]) -> list[float]:
    """log(1 + engaged) minus the mean of the same channel: large channels do not make a hook look good."""
    y = to_log(result.engaged for result in results)
    channels = np.array([result.channel for result in results])
    usual = {channel: float(y[channels == channel].mean()) for channel in set(channels.tolist())}
    return [float(value) - usual[channel] for value, channel in zip(y, channels.tolist(), strict=True)]


def order(found: Iterable[tuple[str, Score]]) -> list[str]:
    """Names from best to worst: by what we believe after shrinking; the untried keep their order, at the end."""
    rows = list(found)
    tried = sorted((row for row in rows if row[1].mid is not None), key=lambda row: -(row[1].mid or 0))
    return [name for name, _score in tried] + [name for name, score in rows if score.mid is None]
