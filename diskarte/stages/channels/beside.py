"""Verbs beside competitors: measured strengths and weaknesses, moves out of pairs of them, and shared followers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock, tables
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.science import sketch as method
from diskarte.science.levels import Level
from diskarte.stages.audience import actions as audience
from diskarte.stages.audience import sketches
from diskarte.stages.brand.models import Competitor
from diskarte.stages.goals import actions as goals_
from diskarte.stages.goals.models import Goal
from diskarte.words import Problem

from . import knowing
from .knowing import OURS, WINDOW, Seen
from .rules import swot as rules

WEEK = 7
BAD_SHOWN = 5


@dataclass(frozen=True)
class Move:
    """A proposal out of two facts: SO, ST, WO or WT."""

    kind: str
    inner: rules.Fact
    outer: rules.Fact


@dataclass(frozen=True)
class Swot:
    """The facts, the surest first, the moves they suggest, and how many posts were looked at."""

    facts: tuple[rules.Fact, ...]
    moves: tuple[Move, ...]
    posts: int
    theirs: int
    days: int


@read(may="channels.see")
def swot(who: Who) -> Swot:
    """Strengths, weaknesses, opportunities and threats on each platform, each a measured fact with its interval."""
    seen = knowing.posts(who, clock.now())
    found: list[rules.Fact] = []
    for platform in sorted({one.platform for one in seen if one.page != OURS}):
        found += _facts(platform, [one for one in seen if one.platform == platform])
    found.sort(key=lambda one: -abs(one.z))
    moves = tuple(Move(*told) for told in rules.tows(found))
    theirs = sum(one.page != OURS for one in seen)
    return Swot(tuple(found), moves, len(seen), theirs, WINDOW.days)


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
    """What came of a file of followers: lists made, members read, rows left out with their numbers and reasons."""

    lists: int
    members: int
    refused: int
    reasons: tuple[str, ...]

    @property
    def left_out(self) -> str:
        """What was left out, in words."""
        if not self.refused:
            return _("Every row was read.")
        return _("Left out %(n)s rows: %(which)s.") % {"n": self.refused, "which": "; ".join(self.reasons)}


@write(may="channels.edit", done=gettext_noop("{members} followers in {lists} lists. {left_out}"))
def import_followers(who: Who, file: Upload, page: str = "") -> Imported:
    """Read followers' ids by page (CSV or XLSX, columns «member» and «page»); overlaps stay, no id does."""
    refused, reasons = _refused(file, page.strip())
    told = audience.add_members(who, file, page)
    return Imported(told.communities, told.members, refused, tuple(reasons))


def _refused(file: Upload, page: str) -> tuple[int, list[str]]:
    """Rows that name nobody or no page: how many, and the first with their reasons."""
    found = tables.read(file)
    columns = tables.match_headers(found.headers, sketches.COLUMNS)
    if "member" not in columns:
        kept, do = _("Nothing was changed."), _("Give a column «member» with the ids, and a column «page».")
        raise Problem(_("No column of this file looks like followers."), kept=kept, do=do, field="file")
    count = 0
    reasons: list[str] = []
    for number, row in found.rows:
        why = "" if row[columns["member"]] else _("row %(n)s names nobody") % {"n": number}
        if not why and "community" in columns and not row[columns["community"]] and not page:
            why = _("row %(n)s names no page") % {"n": number}
        count += bool(why)
        if why and len(reasons) < BAD_SHOWN:
            reasons.append(why)
    return count, reasons


def label(platform: str) -> str:
    """How a platform is called."""
    return knowing.label(platform)


@read(may="channels.see")
def goals(who: Who) -> list[Goal]:
    """Open goals a move can become a way of."""
    return goals_.goals(who)
