"""What opens or threatens from outside, each with a number, its doubt and its source. Values in, values out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diskarte.science.levels import Level
from diskarte.science.voice import Share

from .presence import Cell, Estimate
from .swot import FEWEST, SURE, Fact, O, S, T, W

Z90 = 1.645
MANY = 0.3  # of a brand's people, surely, so that a platform is worth a word
RARE = 0.5  # a kind we make less than half as often as they do
FASTER = 0.05  # growth within this of ours is no difference
LONG = 8 * 7  # days between two counts of followers that show a growth
MOST = 2  # lines of a sort


@dataclass(frozen=True)
class Outer:
    """One line: `value` with its 90 % interval, parts for shares and ratios minus one for gains; z ranks the lines."""

    side: str  # opportunity, threat
    platform: str  # empty where it concerns none alone
    about: str  # unused, claimed, topic, kind, voice, growth, followers
    who: str  # the topic, the kind, or the competitor
    value: float
    low: float
    high: float
    z: float
    n: int | None = None  # posts or members behind it
    ours: float | None = None  # the same of us, where it is known
    source: str = ""
    url: str = ""


def presence(
    platform: str, found: Sequence[Estimate | None], weights: Sequence[float], rivals: Sequence[str]
) -> Outer | None:
    """A platform without a channel of ours where surely many of our people are: open ground, or a competitor's."""
    told = [(one, weight) for one, weight in zip(found, weights, strict=True) if one]
    whole = sum(weight for _one, weight in told)
    if not whole:
        return None
    share = sum(one.share * weight for one, weight in told) / whole
    sd = sum(one.sd * weight for one, weight in told) / whole
    low, high = share * math.exp(-Z90 * sd), min(1.0, share * math.exp(Z90 * sd))
    if low < MANY:
        return None
    side, about = (T, "claimed") if rivals else (O, "unused")
    cell = _cell(told[0][0])
    source = f"{cell.source}, {cell.year}"
    return Outer(
        side, platform, about, ", ".join(rivals), share, low, high, share / sd, source=source, url=cell.url
    )


def _cell(one: Estimate) -> Cell:
    """The number an estimate moves: the newest of everybody, else what it has."""
    return next((cell for cell in one.cells if cell.whole), one.cells[0])


def voice(platform: str, shares: Mapping[str, Share], us: str) -> list[Outer]:
    """Competitors that surely get more of the attention than we do."""
    mine = shares.get(us)
    if mine is None:
        return []
    above = [one for name, one in shares.items() if name != us and one.low > mine.high]
    found = [
        Outer(T, platform, "voice", str(one.name), one.share, one.low, one.high,
              (one.share - mine.share) / max((one.high - one.low) / (2 * Z90), 0.01), one.n, mine.share)
        for one in above
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.value)[:1]


def kinds(
    platform: str, levels: Sequence[Level], theirs: Mapping[str, float], ours: Mapping[str, float]
) -> list[Outer]:
    """Kinds of posts that bring competitors more than their other posts and that we make half as often or less.

    `levels`: of their kinds, the pages taken off; shares: part of each side's posts that is of a kind.
    """
    found = []
    for one in levels:
        rest = [other for other in levels if other.name != one.name]
        posts = sum(other.n for other in rest)
        if one.n < FEWEST or posts < FEWEST or ours.get(str(one.name), 0.0) >= RARE * theirs[str(one.name)]:
            continue
        usual = sum(math.log1p(other.typical) * other.n for other in rest) / posts
        errors = [_sd(other) * other.n / posts for other in rest]
        gap, sd = math.log1p(one.typical) - usual, math.hypot(_sd(one), *errors)
        if gap / sd > SURE:
            low, high = (math.expm1(gap + end * Z90 * sd) for end in (-1, 1))
            share = ours.get(str(one.name), 0.0)
            found.append(
                Outer(O, platform, "kind", str(one.name), math.expm1(gap), low, high, gap / sd, one.n, share)
            )
    return sorted(found, key=lambda one: -one.z)[:MOST]


def _sd(level: Level) -> float:
    return max((math.log1p(level.high) - math.log1p(max(level.low, 0.0))) / (2 * Z90), 0.01)


def growth(
    platform: str, who: str, theirs: float, ours: float | None, days: float, source: str
) -> Outer | None:
    """A competitor's followers grow faster than ours over the same time, or slower; counts, so without an interval.

    `theirs`, `ours`: parts gained in these days; ours None where nobody counted. A tenth in a year is no news alone.
    """
    if days < LONG:
        return None
    if ours is None:
        a_year = (1 + theirs) ** (365 / days) - 1
        side = T if a_year > 2 * FASTER else ""
    else:
        side = T if theirs > ours + FASTER else O if theirs < ours - FASTER else ""
    if not side:
        return None
    z = abs(theirs - (ours or 0.0)) / FASTER
    return Outer(side, platform, "growth", who, theirs, theirs, theirs, z, round(days), ours, source)


def strangers(who: str, members: int, both: tuple[float, float, float], source: str) -> Outer | None:
    """Followers of a competitor who do not follow us: people who want what we sell and have not met us."""
    low, mid, high = (1 - part / members for part in reversed(both)) if members else (0.0, 0.0, 0.0)
    if low <= MANY:
        return None
    return Outer(O, "", "followers", who, mid, low, high, mid * 10, members, source=source)


def chosen(lines: Sequence[Outer]) -> list[Outer]:
    """At most two of a sort, the surest first."""
    ranked = sorted(lines, key=lambda one: -one.z)
    return [one for i, one in enumerate(ranked) if sum(o.about == one.about for o in ranked[:i]) < MOST]


def tows(facts: Sequence[Fact], outer: Sequence[Outer]) -> list[tuple[str, Fact | None, Outer]]:
    """(SO, ST, WO, WT, or O and T alone; our surest fact there or else anywhere; the line from outside) of each line.

    A strength goes before a weakness: what works can carry something new.
    """
    found = []
    for line in outer:
        inner = _surest([one for one in facts if one.platform == line.platform]) or _surest(facts)
        letter = "O" if line.side == O else "T"
        found.append((f"{'S' if inner.side == S else 'W'}{letter}" if inner else letter, inner, line))
    return found


def _surest(facts: Sequence[Fact]) -> Fact | None:
    mine = [one for one in facts if one.side in (S, W)]
    return max(mine, key=lambda one: (one.side == S, abs(one.z)), default=None)
