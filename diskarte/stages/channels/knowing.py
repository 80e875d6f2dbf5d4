"""What the brand knows of platforms: studies and its own cells, portraits, channels, playbooks, posts of both sides."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from diskarte import networks, playbooks
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.science.levels import Level, levels
from diskarte.stages.audience.models import Segment
from diskarte.stages.brand.models import Competitor, RivalPost
from diskarte.stages.goals.ways import HOURS as HOURS_OF
from diskarte.words import Kind, Problem

from . import studies
from .matrix import how
from .models import Place, Presence
from .rules import choosing
from .rules.choosing import Believed, Part
from .rules.presence import INTERNET, WORLD, Cell, ages_of, estimate

WINDOW = timedelta(days=90)
MOST = 5_000  # posts looked at
OURS = ""
NO_PLATFORM = ("name", "webhook")
ANSWERS = 0.25  # hours of answering for every hour of making
FEW_A_WEEK = 2.0  # posts a week at the slowest pace that still shows a page is alive
Z90 = 1.645


@dataclass(frozen=True)
class Seen:
    """A post of one side; `engaged` is likes, comments and shares as far as they are told."""

    page: str  # OURS or the competitor's name
    platform: str
    at: datetime
    kind: str
    engaged: float | None
    text: str = ""


def cells(who: Who) -> list[Cell]:
    """Every cell of the studies and the brand's own."""
    own = [
        Cell(r.platform, r.country, r.share, "people", "month", r.year, r.source, r.url, "", r.age_from, r.age_to,
             "", r.quality, r.pk)
        for r in who.own(Presence).order_by("pk")
    ]  # fmt: skip
    return [*studies.cells(), *own]


def country(who: Who) -> str:
    """Whose studies speak for the brand; the world's where its country has none."""
    assert who.brand is not None
    told = who.brand.country
    return told if any(cell.country == told for cell in studies.cells()) else WORLD


def platform_of(channel: Channel) -> str:
    """The platform a channel is on: its network, or what a channel by hand is called."""
    if channel.network in networks.all_networks() and how(networks.get(channel.network)) != "by_hand":
        return channel.network
    names = (
        channel.name,
        channel.handle.partition(":")[0],
        channel.url.partition("://")[2].partition("/")[0],
    )
    told = [studies.key(name.removeprefix("www.")) for name in names if name]
    return next((key for key in told if key in studies.platforms()), told[0] if told else channel.network)


def label(platform: str) -> str:
    """How a platform is called: by the studies, by the network's own file, or as it was written."""
    known = platform not in studies.platforms() and platform in networks.all_networks()
    return networks.get(platform).name if known else studies.label(platform)


def ours(who: Who, channels: Sequence[Channel] | None = None) -> dict[str, list[Channel]]:
    """Platform → our channels there; feeds, practice and secret addresses are nobody's platform."""
    found: dict[str, list[Channel]] = defaultdict(list)
    for channel in who.own(Channel).order_by("pk") if channels is None else channels:
        if (
            channel.network in networks.all_networks()
            and how(networks.get(channel.network)) not in NO_PLATFORM
        ):
            found[platform_of(channel)].append(channel)
    return found


def posts(who: Who, now: datetime, channels: Sequence[Channel] | None = None) -> list[Seen]:
    """Posts of both sides in the last 90 days. Two queries, and one for the channels where they are not given."""
    places = {c.pk: platform_of(c) for c in (who.own(Channel) if channels is None else channels)}
    since = now - WINDOW
    mine = who.own(Publication).filter(at__gte=since, is_reply=False).order_by("-at")
    facts = mine.values_list("channel_id", "network", "at", "kind", "text", "likes", "replies", "shares")[
        :MOST
    ]
    theirs = who.own(RivalPost).filter(at__gte=since).order_by("-at")
    facts_of_theirs = ("competitor__name", "network", "at", "kind", "text", "likes", "replies", "shares")
    rival = theirs.values_list(*facts_of_theirs)[:MOST]
    found = [
        Seen(OURS, places.get(pk) or studies.key(net), at, kind, _sum(n), text) for pk, net, at, kind, text, *n in facts
    ]  # fmt: skip
    return found + [
        Seen(name, studies.key(net), at, kind, _sum(n), text) for name, net, at, kind, text, *n in rival
    ]


def _sum(counts: Sequence[int | None]) -> float | None:
    known = [count for count in counts if count is not None]
    return float(sum(known)) if known else None


def segments(who: Who) -> list[Segment]:
    """The portraits that count."""
    return list(who.own(Segment).filter(state="active").order_by("pk"))


def believed(
    who: Who,
    people: Sequence[Segment],
    advised: dict[str, dict[str, Any]],
    seen: Sequence[Seen],
    now: datetime,
) -> list[Believed]:
    """Every platform somebody knows something about, with all that is believed of it."""
    told, here = cells(who), country(who)
    said = {row.platform: row for row in who.own(Place)}
    keys = {c.platform for c in told if c.country == here} | set(said) | set(ours(who)) | set(advised)
    gaps = _gaps(seen)
    usual = median([_advised(hint) for hint in advised.values()] or [choosing.HOURS])
    usual_lean = median([_lean(hint) for hint in advised.values()] or [choosing.HOURS])
    mine = [one.kind for one in seen if one.page == OURS]
    rows = []
    for key in sorted(keys - {INTERNET}):
        row, hint = said.get(key), advised.get(key, {})
        hours, hours_from = _hours(row, hint, usual)
        parts = [choosing.goal_part(row.fit if row else None), *gaps.get(key, [])]
        content = choosing.content_part(mine or list(hint.get("kinds", [])), _takes(key))
        rows.append(Believed(
            key, tuple(estimate(told, key, here, ages_of(s.age_from, s.age_to), now.year) for s in people),
            tuple(_named(s, key) for s in people), hours, hours_from, float(row.cost_a_month or 0) if row else 0.0,
            row.stance if row else "", tuple([*parts, *([content] if content else [])]),
            None if hours_from == "you" else _lean(hint) if hint else usual_lean,
        ))  # fmt: skip
    return rows


def _named(segment: Segment, key: str) -> bool:
    return not segment.networks or key in {studies.key(name) for name in segment.networks}


def advice(people: Sequence[Segment]) -> dict[str, dict[str, Any]]:
    """Platform → what the playbooks of the portraits advise there."""
    found: dict[str, dict[str, Any]] = {}
    for trade in sorted(
        {s.source.removeprefix("playbook: ") for s in people if s.source.startswith("playbook: ")}
    ):
        if trade in playbooks.names():
            for row in playbooks.one(trade).platforms:
                found.setdefault(studies.key(row["name"]), row)
    return found


def _hours(row: Place | None, hint: dict[str, Any], usual: float) -> tuple[float, str]:
    """Hours a week and who says so; a platform nobody advises takes as long as the advised ones usually do."""
    if row and row.hours_a_week is not None:
        return row.hours_a_week, "you"
    return (_advised(hint), "playbook") if hint else (usual, "guess")


def _advised(hint: dict[str, Any]) -> float:
    """The hours of a playbook's posts a week, with the time for answers."""
    kinds = hint.get("kinds") or [Kind.IMAGE]
    each = sum(HOURS_OF.get(kind, 1.0) for kind in kinds) / len(kinds)
    return round(float(hint.get("a_week", 1)) * each * (1 + ANSWERS), 1)


def _lean(hint: dict[str, Any]) -> float:
    """The hours of a playbook's mix at two posts a week, or fewer where it asks for fewer."""
    return round(_advised(hint) * min(1.0, FEW_A_WEEK / max(float(hint.get("a_week", 1)), 0.1)), 1)


def _takes(key: str) -> list[str] | None:
    """The kinds a platform takes, where its file says so."""
    try:
        return [str(kind) for kind in networks.get(key).kinds]
    except Problem:
        return None


def _gaps(seen: Sequence[Seen]) -> dict[str, list[Part]]:
    """Platform → what our own engagement there says, against our other platforms and against competitors."""
    own = {str(one.name): one for one in measured([s for s in seen if s.page == OURS], "platform")}
    found: dict[str, list[Part]] = defaultdict(list)
    typical = median([logs(one)[0] for one in own.values()]) if len(own) > 1 else None
    for key, level in own.items():
        mean, sd = logs(level)
        if typical is not None and (part := choosing.gap_part("ours", mean - typical, sd, level.n)):
            found[key].append(part)
        rivals = measured([s for s in seen if s.page != OURS and s.platform == key], "page")
        if rivals and (
            part := choosing.gap_part("rivals", mean - median([logs(r)[0] for r in rivals]), sd, level.n)
        ):
            found[key].append(part)
    return found


def measured(seen: Sequence[Seen], by: str) -> list[Level]:
    """Levels of a usual post by page or platform, of posts whose numbers are told."""
    told = [one for one in seen if one.engaged is not None]
    return levels([getattr(one, by) for one in told], [one.engaged or 0.0 for one in told]) if told else []


def logs(level: Level) -> tuple[float, float]:
    """A level's mean and sd in the log of 1 + count."""
    low, mid, high = (math.log1p(max(value, 0.0)) for value in (level.low, level.typical, level.high))
    return mid, max((high - low) / (2 * Z90), 0.01)


def rivals_there(who: Who, seen: Sequence[Seen]) -> dict[str, set[str]]:
    """Platform → competitors that are there, by their handles or posts."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in who.own(Competitor):
        for name in row.handles:
            found[studies.key(name)].add(row.name)
    for one in seen:
        if one.page != OURS:
            found[one.platform].add(one.page)
    return found
