"""Hooks: the triggers they pull, and which of them worked, said no more surely than the posts allow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from diskarte.science.scale import chance_above, lift, normal_width, to_log
from diskarte.science.shrink import shrink

TRIGGERS = (
    "curiosity", "loss", "proof", "identity", "belonging", "ease", "urgency", "novelty", "savings", "pride", "story",
)  # fmt: skip
STEPS = ("notice", "weigh", "buy", "return")  # of a person's way with us
USUAL_STEP = {
    "curiosity": "notice", "identity": "notice", "belonging": "notice", "story": "notice", "pride": "notice",
    "novelty": "notice", "ease": "weigh", "proof": "weigh", "loss": "weigh", "savings": "buy", "urgency": "buy",
}  # fmt: skip
NONE = ("", "")  # a post without a hook; among scores: what a hook nobody tried may bring
FEW = 5  # posts below which a rank is only a hint
CHASE = 60  # more posts than this to tell are not worth the wait
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
    more: int | None = (
        None  # posts until it can be told, if it goes on as so far; None: told, or not worth the wait
    )

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
    reach = normal_width(level) * fit.between
    told: dict[Label, Score] = {NONE: Score(0, lift(-reach), 1.0, lift(reach), 0.5)}
    for group in fit.groups:
        if group.label != NONE:
            mid, low, high = (lift(v) for v in (group.mean, group.low, group.high))  # 0 is the usual post
            chance = chance_above(group.mean, group.sd)
            needed = posts_to_tell(group.raw, fit.between, fit.within, level)
            more = max(needed - group.n, 1) if needed and low <= 1 <= high else None
            more = more if more is not None and more <= CHASE else None
            told[group.label] = Score(group.n, low, mid, high, chance, more)  # type: ignore[index]
    return told


def posts_to_tell(raw: float, between: float, within: float, level: float = 0.9) -> int | None:
    """Posts after which a plain mean of `raw` (log scale) would leave out «no difference», shrunk as scores are.

    With r = between² / within² a mean of n posts keeps n r / (1 + n r) and has the sd within·√(r / (1 + n r)).
    None when no number of posts would.
    """
    if not raw or within <= 0 or between <= 0:
        return None
    r, noise = (between / within) ** 2, (normal_width(level) * within) ** 2
    n = (noise * r + math.sqrt((noise * r) ** 2 + 4 * r * raw**2 * noise)) / (2 * r * raw**2)
    return math.ceil(n) if n < 10**6 else None


def advice(score: Score, resting: bool = False) -> str:
    """What to do with a hook: rest (it rests), keep, retire, test."""
    if resting:
        return "rest"
    return {"better": "keep", "worse": "retire"}.get(score.verdict, "test")


def test_next(found: Iterable[tuple[str, str, Score]], untried: Score, most: int) -> list[str]:
    """Which of (name, segment, score) to try next: what may still turn out best, one segment after the other.

    A hook nobody tried may bring what hooks of this brand bring at best; of equals the less used comes first.
    """
    rows = [(name, segment, score if score.high is not None else untried) for name, segment, score in found]
    rows = [row for row in rows if row[2].verdict in ("unclear", "untried")]
    rows.sort(key=lambda row: (-(row[2].high or math.inf), row[2].uses))
    turn: dict[str, int] = {}
    turns = []
    for name, segment, _score in rows:
        turn[segment] = turn.get(segment, 0) + 1
        turns.append((turn[segment], name))
    turns.sort(key=lambda pair: pair[0])
    return [name for _turn, name in turns[:most]]


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
