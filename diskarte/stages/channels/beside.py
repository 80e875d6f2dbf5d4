"""Verbs beside competitors: measured strengths and weaknesses, moves out of pairs of them, and shared followers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.science import sketch as method
from diskarte.science.levels import Level
from diskarte.stages.audience import actions as audience
from diskarte.stages.audience import sketches
from diskarte.stages.audience.models import Sheet
from diskarte.stages.brand import actions as brand
from diskarte.stages.brand.models import Competitor
from diskarte.stages.goals import actions as goals_
from diskarte.stages.goals.models import Goal

from . import knowing, outside
from .knowing import OURS, WINDOW, Seen
from .rules import swot as rules
from .rules.outside import Outer, tows

WEEK = 7
NOTED = ("followers", "presence", "said", "price_level")


@dataclass(frozen=True)
class Move:
    """A proposal out of two facts (SO, ST, WO or WT), or of one from outside where we have none to set beside it."""

    kind: str
    inner: rules.Fact | None
    outer: rules.Fact | Outer


@dataclass(frozen=True)
class Swot:
    """The facts, the surest first, what comes from outside, the moves they suggest, and the posts looked at."""

    facts: tuple[rules.Fact, ...]
    outer: tuple[Outer, ...]
    moves: tuple[Move, ...]
    posts: int
    theirs: int
    days: int


@read(may="channels.see")
def swot(who: Who) -> Swot:
    """Strengths, weaknesses, opportunities and threats on each platform, each a measured fact with its interval."""
    now, channels = clock.now(), list(who.own(Channel).order_by("pk"))
    seen = knowing.posts(who, now, channels)
    found: list[rules.Fact] = []
    for platform in sorted({one.platform for one in seen if one.page != OURS}):
        found += _facts(platform, [one for one in seen if one.platform == platform])
    found.sort(key=lambda one: -abs(one.z))
    outer = outside.outer(who, seen, knowing.ours(who, channels), _lists(who), now)
    moves = [*(Move(*told) for told in rules.tows(found)), *(Move(*told) for told in tows(found, outer))]
    theirs = sum(one.page != OURS for one in seen)
    return Swot(tuple(found), tuple(outer), tuple(moves), len(seen), theirs, WINDOW.days)


def _lists(who: Who) -> list[tuple[str, int, tuple[float, float, float]]]:
    """Competitors' lists of followers: name, members, and how many of them follow us too."""
    return [
        (one.name, one.members, (one.low, one.both, one.high))
        for one in overlap_with(who).shared
        if one.is_rival
    ]


@dataclass(frozen=True)
class Noted:
    """What a person noted or counted of one competitor, with its source; no interval, so no measured fact."""

    competitor: str
    says: str
    source: str


def noted(who: Who) -> dict[str, list[Noted]]:
    """Strength or weakness → what stands under «Brand» of followers, presence and by hand, which nothing measures."""
    if "brand.see" not in who.rights:
        return {}
    told: dict[str, list[Noted]] = {}
    for row in brand.compare(who):
        for line in [*row.ahead, *row.behind]:
            if line.factor in NOTED:
                side = rules.S if line.verdict == "ahead" else rules.W
                told.setdefault(side, []).append(Noted(row.competitor.name, line.sentence, line.evidence))
    return told


def _facts(platform: str, seen: list[Seen]) -> list[rules.Fact]:
    usual = [_usual(level) for level in knowing.measured(seen, "page")]
    own = next((one for one in usual if one.page == OURS), None)
    counts = {page: sum(one.page == page for one in seen) for page in {one.page for one in seen}}
    mine, theirs = counts.pop(OURS, 0), list(counts.values())
    lines = [rules.engagement(platform, own, [u for u in usual if u.page != OURS])] if own else []
    lines.append(rules.cadence(platform, mine, theirs, WINDOW.days / WEEK))
    pages = _by_time(seen)
    lines.append(rules.platform_trend(platform, pages))
    lines += [rules.rival_trend(platform, page, values) for page, values in pages.items() if page != OURS]
    return [line for line in lines if line]


def _usual(level: Level) -> rules.Usual:
    mean, sd = knowing.logs(level)
    return rules.Usual(str(level.name), mean, sd, level.n)


def _by_time(seen: Sequence[Seen]) -> dict[str, Sequence[tuple[float, float]]]:
    """Page → (place in the period seen of the platform, engagement)."""
    told = [one for one in seen if one.engaged is not None]
    if not told:
        return {}
    first, last = min(one.at for one in told), max(one.at for one in told)
    span = (last - first).total_seconds() or 1.0
    found: dict[str, list[tuple[float, float]]] = {}
    for one in told:
        found.setdefault(one.page, []).append(((one.at - first).total_seconds() / span, one.engaged or 0.0))
    return dict(found)


@dataclass(frozen=True)
class Shared:
    """One list of followers beside ours: how many follow both, with an interval of 90 %, and its part of each."""

    sketch: int
    name: str
    members: int
    is_rival: bool
    both: float
    low: float
    high: float
    exact: bool
    of_ours: float  # share of our followers
    of_theirs: float


@dataclass(frozen=True)
class Matching:
    """Ours against every other list; `ours` is None until somebody says which list is ours."""

    ours: int | None
    name: str
    members: int
    lists: tuple[tuple[int, str, int], ...]  # id, name, members
    shared: tuple[Shared, ...]


@read(may="channels.see")
def overlap_with(who: Who, ours: int | None = None) -> Matching:
    """How far competitors' followers match ours, from lists of members: exact when small, else estimated."""
    rows = audience.communities(who)
    lists = tuple((row.pk, row.name, row.members) for row in rows)
    assert who.brand is not None
    us = {who.brand.name.casefold(), who.brand.slug.casefold()}
    mine = next((r for r in rows if (r.pk == ours if ours else r.name.casefold() in us)), None)
    if mine is None:
        return Matching(None, "", 0, lists, ())
    rivals = {name.casefold() for name in who.own(Competitor).values_list("name", flat=True)}
    own = sketches.bottom(mine)
    found = []
    for row in rows:
        if row.pk != mine.pk:
            told = method.overlap(own, sketches.bottom(row))
            found.append(Shared(
                row.pk, row.name, row.members, row.name.casefold() in rivals, told.both, told.low, told.high,
                told.exact, told.both / max(mine.members, 1), told.both / max(row.members, 1),
            ))  # fmt: skip
    found.sort(key=lambda one: (not one.is_rival, -one.of_theirs))
    return Matching(mine.pk, mine.name, mine.members, lists, tuple(found))


@dataclass(frozen=True)
class Imported:
    """What came of a file of followers: lists made, members read, rows left out; `sheet` keeps those for a day."""

    lists: int
    members: int
    refused: int
    sheet: int
    left_out: str


@write(may="channels.edit", done=gettext_noop("{members} followers in {lists} lists. {left_out}"))
def import_followers(who: Who, file: Upload, page: str = "") -> Imported:
    """Read followers' ids by page (CSV or XLSX, columns «member» and «page»); overlaps stay, no id does."""
    told = audience.add_members(who, file, page)
    return Imported(told.communities, told.members, told.refused, told.sheet, told.left_out)


@read(may="channels.see")
def lists_given(who: Who) -> list[Sheet]:
    """Files of followers with rows that were left out and can still be fetched."""
    return list(audience.sheets_given(who, "members"))


def label(platform: str) -> str:
    """How a platform is called."""
    return knowing.label(platform)


@read(may="channels.see")
def goals(who: Who) -> list[Goal]:
    """Open goals a move can become a way of."""
    return goals_.goals(who)
