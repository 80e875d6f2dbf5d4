"""Who gets the attention on one network: levels, cadence, share of voice, breakouts and topics, with their doubt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from diskarte.science.levels import Level, breakouts, levels
from diskarte.science.scale import count_interval
from diskarte.science.terms import Gap, gaps
from diskarte.science.voice import Share, share_of_voice

OURS = ""  # the page that is ourselves
WEEK = timedelta(days=7)
MOST_BREAKOUTS = 8


@dataclass(frozen=True)
class Seen:
    """A post anybody can see; `engaged` is likes + replies + shares as far as they are told, else None."""

    page: str
    network: str
    at: datetime
    text: str
    kind: str
    engaged: float | None
    url: str = ""


@dataclass(frozen=True)
class Side:
    """One page on one network. What too few posts cannot say is None."""

    page: str
    posts: int
    a_week: float
    a_week_low: float
    a_week_high: float
    kinds: tuple[tuple[str, int], ...]  # the commonest first; "" for posts whose kind is not told
    level: Level | None
    share: Share | None

    @property
    def is_ours(self) -> bool:
        """Whether this page is our own."""
        return self.page == OURS

    @property
    def mix(self) -> list[tuple[str, float]]:
        """Kinds that are told with their shares of all posts, the commonest first."""
        return [(kind, n / self.posts) for kind, n in self.kinds if kind]


@dataclass(frozen=True)
class Breakout:
    """A post far above its page's usual ones: how many times the typical post it got."""

    post: Seen
    times: float


@dataclass(frozen=True)
class Market:
    """One network in the period: every page, the strongest level first."""

    network: str
    first: datetime
    last: datetime
    sides: tuple[Side, ...]
    breakouts: tuple[Breakout, ...]
    gaps: tuple[Gap, ...]

    @property
    def posts(self) -> int:
        """How many posts were looked at."""
        return sum(side.posts for side in self.sides)


def markets(posts: Sequence[Seen]) -> list[Market]:
    """Every network on which a competitor was seen, the one with most posts first."""
    by: dict[str, list[Seen]] = defaultdict(list)
    for post in posts:
        by[post.network].append(post)
    rivals = {name: rows for name, rows in by.items() if any(row.page != OURS for row in rows)}
    return sorted((_market(name, rows) for name, rows in rivals.items()), key=lambda m: -m.posts)


def _market(network: str, rows: list[Seen]) -> Market:
    pages: dict[str, list[Seen]] = defaultdict(list)
    for row in rows:
        pages[row.page].append(row)
    told = [row for row in rows if row.engaged is not None]
    heights = _levels(told)
    shares = _shares(told)
    sides = [_side(page, posts, heights.get(page), shares.get(page)) for page, posts in pages.items()]
    sides.sort(key=lambda s: (-(s.level.typical if s.level else -1.0), s.page))
    days = [row.at for row in rows]
    return Market(network, min(days), max(days), tuple(sides), _breakouts(told, heights), _gaps(rows))


def _levels(told: list[Seen]) -> dict[str, Level]:
    """The level of every page, the kind of post taken off where most kinds are told."""
    if not told:
        return {}
    known = sum(bool(row.kind) for row in told) > 0.8 * len(told)
    kinds = [row.kind or "?" for row in told] if known else None
    found = levels([row.page for row in told], [row.engaged or 0.0 for row in told], kinds)
    return {str(level.name): level for level in found}


def _shares(told: list[Seen]) -> dict[str, Share]:
    counts: dict[Hashable, list[float]] = defaultdict(list)
    for row in told:
        counts[row.page].append(row.engaged or 0.0)
    return {str(share.name): share for share in share_of_voice(counts)}


def _side(page: str, posts: list[Seen], level: Level | None, share: Share | None) -> Side:
    """Cadence between a page's first and last post that was seen, a week at least."""
    days = [post.at for post in posts]
    weeks = max(WEEK, max(days) - min(days)) / WEEK
    low, high = count_interval(len(posts))
    kinds = tuple(Counter(post.kind for post in posts).most_common(4))
    return Side(page, len(posts), len(posts) / weeks, low / weeks, high / weeks, kinds, level, share)


def _breakouts(told: list[Seen], heights: dict[str, Level]) -> tuple[Breakout, ...]:
    found = []
    for page, level in heights.items():
        posts = [row for row in told if row.page == page]
        far = breakouts([row.engaged or 0.0 for row in posts])
        usual = max(1.0, level.typical)
        found += [
            Breakout(post, (post.engaged or 0.0) / usual) for post, out in zip(posts, far, strict=True) if out
        ]
    return tuple(sorted(found, key=lambda b: -b.times)[:MOST_BREAKOUTS])


def _gaps(rows: list[Seen]) -> tuple[Gap, ...]:
    theirs = [row for row in rows if row.page != OURS]
    ours = [row.text for row in rows if row.page == OURS]
    found = gaps(
        [row.text for row in theirs], [row.page for row in theirs], [row.engaged for row in theirs], ours
    )
    return tuple(found)
