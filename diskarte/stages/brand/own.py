"""Our own side of the comparison, from what was measured: followers, posts a week, engagement a post."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who

from . import rules

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


def _one(followers: int | None, rows: list[list[int | None]]) -> rules.Figures:
    public = [
        sum(c for c in counts if c is not None) for counts in rows if any(c is not None for c in counts)
    ]
    return rules.Figures(
        followers, len(rows) / 4 if rows else None, rules.average(public), len(public) or len(rows)
    )
