"""Both sides of the comparison as far as posts tell them: posts a week, engagement a post, our followers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who

from . import rules
from .models import RivalPost

WINDOW = timedelta(weeks=4)
MOST = 1000  # posts of four weeks that are looked at


def figures(who: Who, now: datetime) -> dict[str, rules.Figures]:
    """Network → our figures of the last four weeks. Replies are not posts. Two queries."""
    followers = dict(who.own(Channel).order_by("followers").values_list("network", "followers"))
    posts: dict[str, list[Any]] = {name: [] for name in followers}
    recent = who.own(Publication).filter(is_reply=False, at__gt=now - WINDOW, at__lte=now)
    for network, *counts in recent.values_list("network", "likes", "replies", "shares")[:MOST]:
        posts.setdefault(network, []).append(counts)
    return {name: _one(followers.get(name), rows) for name, rows in posts.items()}


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
