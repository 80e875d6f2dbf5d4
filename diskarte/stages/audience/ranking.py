"""What each hook brought, from the ledger of results."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from diskarte.core import clock
from diskarte.core.numbers.models import Publication
from diskarte.core.people.who import Who

from .rules.hooks import Label, Result, Score, scores

FINISHED = timedelta(days=3)  # younger posts still grow
NEWEST = 5000


def hook_scores(who: Who) -> dict[Label, Score]:
    """(segment, hook) → score, over own posts at least three days old whose numbers are known."""
    known = (
        Q(engagements__isnull=False)
        | Q(likes__isnull=False)
        | Q(replies__isnull=False)
        | Q(shares__isnull=False)
    )
    rows = who.own(Publication).filter(known, is_reply=False, paid=False, at__lte=clock.now() - FINISHED)
    if not rows.exclude(hook="").exists():
        return {}
    names = (
        "segment",
        "hook",
        "network",
        "channel_id",
        "engagements",
        "likes",
        "replies",
        "shares",
        "saves",
        "clicks",
    )
    results = []
    for post in rows.only(*names).order_by("-at")[:NEWEST]:
        if post.engaged is not None:
            channel = f"{post.network}/{post.channel_id or ''}"
            results.append(Result(post.segment, post.hook, channel, post.engaged))
    return scores(results)
