"""Pure decisions of the brand: what is still unsaid, the positioning statement, and who is ahead of whom."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from diskarte.science.scale import normal_width
from diskarte.stages import STAGES

LEVEL = 0.9  # a difference counts when it lies outside this interval of chance
POST_NOISE = 0.95  # sd of one post's engagement on the log scale, on ten real brand histories
OLD = timedelta(days=90)  # figures of a competitor older than this are history, not a comparison
SAME_FOLLOWERS = 0.05  # followers differ by this much within a month by themselves
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
PRICE_LEVELS = ("low", "middle", "high")
QUESTIONS = (
    "idea", "sells", "customers", "need", "promise", "proof", "earns", "price_level", "mission", "tone",
)  # fmt: skip
RESERVED = frozenset(
    (
        *STAGES, "accounts", "api", "brands", "do", "favicon.ico", "healthz", "i18n", "look", "mcp", "media",
        "metrics", "new", "outbox", "people", "practice", "robots.txt", "share", "static", "welcome", "feeds",
        "compass", "start", "document",
    )
)  # first parts of addresses that can never be a brand  # fmt: skip
STATEMENT = ("customers", "need", "sells", "promise", "proof")


@dataclass(frozen=True)
class Figures:
    """What is known of one side on one network; `n` posts stand behind cadence and engagement."""

    followers: float | None = None
    posts_a_week: float | None = None
    engagement: float | None = None  # likes + comments + shares of an average post
    n: int | None = None
    at: datetime | None = None
    source: str = ""
    usual: float | None = None  # the same of a usual post (geometric mean), where single posts are known


@dataclass(frozen=True)
class Line:
    """One factor beside a competitor: who is ahead, by which numbers, and who says so."""

    factor: str  # presence, followers, posts_a_week, engagement, usual, price_level, said
    verdict: str  # ahead, behind, same, different, unknown
    network: str = ""
    ours: float | None = None
    theirs: float | None = None
    low: float | None = None  # interval of ours / theirs
    high: float | None = None
    text: str = ""  # what somebody wrote, for `said`; the two levels, for `price_level`
    source: str = ""
    at: datetime | None = None
    why: str = ""  # why nobody can tell: ours, theirs, both, sample, old


def unanswered(answers: Mapping[str, str]) -> list[str]:
    """The questions of the canvas that nobody has answered, in their order."""
    return [name for name in QUESTIONS if not answers.get(name, "").strip()]


def missing_for_statement(answers: Mapping[str, str]) -> list[str]:
    """What the positioning statement still needs."""
    return [name for name in STATEMENT if not answers.get(name, "").strip()]


def phrase(text: str) -> str:
    """An answer as it can stand inside a sentence: one line, no full stop, no leading capital."""
    line = " ".join(text.split()).rstrip(".!")
    first, _space, rest = line.partition(" ")
    lower = first[:1].lower() + first[1:] if first[1:].islower() or first in ("A", "We", "The") else first
    return f"{lower} {rest}".strip()


def tidy(text: str) -> str:
    """A text without blanks around it, its lines ended the same way whatever the browser sent."""
    return "\n".join(text.splitlines()).strip()


def words(lines: Iterable[str]) -> list[str]:
    """Words given one a line or with commas between: trimmed, each once, in their order."""
    parts = (part.strip() for line in lines for part in re.split(r"[\n,;]", line))
    return list(dict.fromkeys(part for part in parts if part))


def handles(lines: Iterable[str]) -> dict[str, str]:
    """«Facebook: @rival» or an address a line → network to handle; ValueError names a line not understood."""
    found: dict[str, str] = {}
    for line in (part.strip() for text in lines for part in text.splitlines()):
        if not line:
            continue
        network, handle = _handle(line)
        if not network or not handle:
            raise ValueError(line)
        found[network] = handle
    return found


def _handle(line: str) -> tuple[str, str]:
    if "://" in line.split()[0]:
        host = (urlsplit(line).hostname or "").removeprefix("www.")
        return host.split(".")[0], line
    network, _sign, handle = line.partition(":" if ":" in line else " ")
    return network_name(network), handle.strip()


def network_name(text: str) -> str:
    """«By Hand» → «by_hand»: how a network is written in a table."""
    return text.strip().lower().replace(" ", "_")[:40]


def web_address(text: str) -> str:
    """An address with its scheme, or nothing. Raises ValueError for what is no website."""
    line = text.strip()
    if not line:
        return ""
    whole = line if "://" in line else f"https://{line}"
    parts = urlsplit(whole)
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or len(whole) > 500:
        raise ValueError(text)
    return whole


def slug_of(name: str, taken: Iterable[str]) -> str:
    """An address for a name: small Latin letters, digits and dashes, not among `taken`."""
    known = set(taken)
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50].strip("-") or "brand"
    tries = (base, *(f"{base}-{n}" for n in range(2, len(known) + 3)))
    return next(slug for slug in tries if slug not in known)


def compare(
    ours: Mapping[str, Figures],
    theirs: Mapping[str, Figures],
    handles: Iterable[str],
    price: tuple[str, str],
    now: datetime,
) -> list[Line]:
    """Every factor on every network they are on, then the price level: each with its numbers or a reason."""
    networks = dict.fromkeys([*handles, *theirs])
    lines = [line for name in networks for line in _on(name, ours.get(name), theirs.get(name), now)]
    return lines + _prices(*price)


def together(counted: Mapping[str, Figures], seen: Mapping[str, Figures]) -> dict[str, Figures]:
    """What was counted by hand with what their posts tell: posts win, followers are known by hand only."""
    found = dict(counted)
    for network, posts in seen.items():
        known = counted.get(network)
        followers = (
            known.followers if known and posts.at and known.at and posts.at - known.at <= OLD else None
        )
        found[network] = replace(posts, followers=followers)
    return found


def said(strengths: str, weaknesses: str, source: str) -> list[Line]:
    """What a person wrote about a competitor, a line each, with where they have it from."""
    sides = (("behind", strengths), ("ahead", weaknesses))
    return [
        Line("said", verdict, text=line.strip(), source=source)
        for verdict, text in sides
        for line in text.splitlines()
        if line.strip()
    ]


def _on(network: str, ours: Figures | None, theirs: Figures | None, now: datetime) -> list[Line]:
    source, at = (theirs.source, theirs.at) if theirs else ("", None)
    if ours is None:
        return [Line("presence", "behind", network, source=source, at=at)]
    if theirs is None:
        return [Line("presence", "unknown", network, why="theirs")]
    if at is not None and now - at > OLD:
        return [Line("presence", "unknown", network, source=source, at=at, why="old")]
    return [factor(network, ours, theirs) for factor in (_followers, _cadence, _engagement)]


def _followers(network: str, ours: Figures, theirs: Figures) -> Line:
    return _line("followers", network, theirs, ours.followers, theirs.followers, SAME_FOLLOWERS)


def _cadence(network: str, ours: Figures, theirs: Figures) -> Line:
    """Counts of posts scatter like Poisson: the log of each has sd 1 / sqrt(n)."""
    sd = math.hypot(*(1 / math.sqrt(n) for n in (ours.n, theirs.n))) if ours.n and theirs.n else None
    return _line("posts_a_week", network, theirs, ours.posts_a_week, theirs.posts_a_week, _reach(sd))


def _engagement(network: str, ours: Figures, theirs: Figures) -> Line:
    """A usual post beside a usual post, where both sides' posts are known: one lucky post moves no geometric mean.

    Else the mean somebody counted: that of n log-normal posts has a relative sd of sqrt((exp(noise^2) - 1) / n).
    """
    if ours.usual is not None and theirs.usual is not None and ours.n and theirs.n:
        reach = _reach(POST_NOISE * math.sqrt(1 / ours.n + 1 / theirs.n))
        return _line("usual", network, theirs, ours.usual, theirs.usual, reach)
    spread = math.expm1(POST_NOISE**2)
    sd = math.sqrt(spread / ours.n + spread / theirs.n) if ours.n and theirs.n else None
    return _line("engagement", network, theirs, ours.engagement, theirs.engagement, _reach(sd))


def _reach(sd: float | None) -> float | None:
    return None if sd is None else sd * normal_width(LEVEL)


def _line(
    factor: str, network: str, them: Figures, a: float | None, b: float | None, reach: float | None
) -> Line:
    """Compare two positive numbers as a ratio; `reach` is how far chance alone moves its logarithm."""
    line = Line(factor, "unknown", network, a, b, source=them.source, at=them.at)
    if a is None or b is None:
        return replace(line, why=_who_is_silent(a, b))
    if reach is None:
        return replace(line, why="sample")
    if not a or not b:
        return replace(line, verdict="same" if a == b else "ahead" if a > b else "behind")
    gap = math.log(a / b)
    low, high = math.exp(gap - reach), math.exp(gap + reach)
    verdict = "ahead" if low > 1 else "behind" if high < 1 else "same"
    return replace(line, verdict=verdict, low=low, high=high)


def _who_is_silent(a: float | None, b: float | None) -> str:
    return "both" if a is None and b is None else "ours" if a is None else "theirs"


def _prices(ours: str, theirs: str) -> list[Line]:
    """Another price level is a difference; whether it helps is for the customer to say."""
    if not theirs:
        return []
    if not ours:
        return [Line("price_level", "unknown", text=theirs, why="ours")]
    return [Line("price_level", "same" if ours == theirs else "different", text=f"{ours} {theirs}")]


def average(values: Sequence[float]) -> float | None:
    """The plain mean, None of nothing."""
    return sum(values) / len(values) if values else None


def usual(values: Sequence[float]) -> float | None:
    """The geometric mean of counts plus one, less one; None of nothing."""
    return math.expm1(sum(map(math.log1p, values)) / len(values)) if values else None


def handle_lines(handles: Mapping[str, str]) -> str:
    """Handles as a person writes them, one a line."""
    return "\n".join(f"{network}: {handle}" for network, handle in handles.items())
