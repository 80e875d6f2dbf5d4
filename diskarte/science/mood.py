"""How good is the mood of many texts, and has it changed?

Answers: the share of good texts among those with a tone, with its 90 % interval, and whether two periods differ.
Formula: share = good / (good + bad); its interval is Jeffreys' (Beta(good + 1/2, bad + 1/2)). Two periods differ when
    the difference exceeds 1.645 of its standard errors.
Assumptions: the texts of a period are a sample of what is said; errors of the single tones are not in the interval.
Units: texts or counts in, shares between 0 and 1 out. Errors: negative counts: ValueError.
Source: Brown, Cai & DasGupta 2001, Statist. Sci. 16 (Jeffreys interval).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from diskarte.science.tone import tone

Z90 = 1.6448536


@dataclass(frozen=True)
class Mood:
    """How many texts were good, bad, mixed and plain; the share of good ones with its 90 % interval, None of none."""

    good: int
    bad: int
    mixed: int
    plain: int
    share: float | None
    low: float | None
    high: float | None

    @property
    def felt(self) -> int:
        """Texts the share stands on."""
        return self.good + self.bad


def mood(texts: Sequence[str]) -> Mood:
    """The mood of many texts."""
    told = [tone(text) for text in texts]
    return of_counts(*(told.count(name) for name in ("good", "bad", "mixed", "plain")))


def of_counts(good: int, bad: int, mixed: int = 0, plain: int = 0) -> Mood:
    """The mood of texts that were counted."""
    if min(good, bad, mixed, plain) < 0:
        raise ValueError("a count cannot be negative")
    if not good + bad:
        return Mood(good, bad, mixed, plain, None, None, None)
    from scipy.stats import beta

    low, high = (float(beta.ppf(q, good + 0.5, bad + 0.5)) for q in (0.05, 0.95))
    return Mood(good, bad, mixed, plain, good / (good + bad), low if good else 0.0, high if bad else 1.0)


def changed(before: Mood, now: Mood) -> str:
    """better, worse, same, or unknown where one of the two has no share."""
    if before.share is None or now.share is None:
        return "unknown"
    shares = [(one.good + 0.5) / (one.felt + 1) for one in (before, now)]
    spread = sum(
        share * (1 - share) / (one.felt + 1) for share, one in zip(shares, (before, now), strict=True)
    )
    z = (shares[1] - shares[0]) / math.sqrt(spread)
    return "better" if z > Z90 else "worse" if z < -Z90 else "same"
