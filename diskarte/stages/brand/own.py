"""Both sides of the comparison as far as posts tell them: posts a week, engagement a post, our followers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from diskarte import networks
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.networks.base import ByHand

from . import rules
from .models import RivalPost

WINDOW = timedelta(weeks=4)
MOST = 1000  # posts of four weeks that are looked at


def figures(who: Who, now: datetime) -> dict[str, rules.Figures]:
    """Network → our figures of the last four weeks. Replies are not posts. Two queries."""
    channels = list(who.own(Channel).order_by("followers"))
    where = {one.pk: stands_on(one) for one in channels}
    followers = {where[one.pk]: one.followers for one in channels}
    posts: dict[str, list[Any]] = {name: [] for name in followers}
    recent = who.own(Publication).filter(is_reply=False, at__gt=now - WINDOW, at__lte=now)
    for pk, network, *counts in recent.values_list("channel", "network", "likes", "replies", "shares")[:MOST]:
        posts.setdefault(where.get(pk, network), []).append(counts)
    return {name: _one(followers.get(name), rows) for name, rows in posts.items()}


def stands_on(channel: Channel) -> str:
    """The network a channel is on: its own, or, where somebody posts by hand, the one its handle or address names."""
    known = networks.all_networks().get(channel.network)
    if known is None or not isinstance(known.connect, ByHand):
        return channel.network
    named, sign, _handle = channel.handle.partition(":")
    host = (urlsplit(channel.url).hostname or "").removeprefix("www.").split(".")[0]
    return rules.network_name(named) if sign and named.strip() else host or channel.network


def seen(who: Who, now: datetime) -> dict[int, dict[str, rules.Figures]]:
    """Competitor → network → figures from their public posts of the last four weeks. One query."""
    rows = who.own(RivalPost).filter(at__gt=now - WINDOW, at__lte=now).order_by("-seen_at")
    facts = rows.values_list("competitor", "network", "seen_at", "source", "likes", "replies", "shares")
    posts: dict[tuple[int, str], list[Any]] = {}
    told: dict[tuple[int, str], tuple[datetime, str]] = {}
    for rival, network, at, source, *counts in facts[:MOST]:
        posts.setdefault((rival, network), []).append(counts)
        told.setdefault((rival, network), (at, source))
    found: dict[int, dict[str, rules.Figures]] = {}
    for (rival, network), counts in posts.items():
        at, source = told[rival, network]
        found.setdefault(rival, {})[network] = replace(_one(None, counts), at=at, source=source)
    return found


def _one(followers: int | None, rows: list[list[int | None]]) -> rules.Figures:
    public = [
        sum(c for c in counts if c is not None) for counts in rows if any(c is not None for c in counts)
    ]
    return rules.Figures(
        followers, len(rows) / 4 if rows else None, rules.average(public), len(public) or len(rows),
        usual=rules.usual(public),
    )  # fmt: skip
