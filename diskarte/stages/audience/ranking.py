"""What each hook and each portrait brought, from the ledger of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.db.models import Q

from diskarte.core import clock
from diskarte.core.numbers.models import Publication, engaged_of
from diskarte.core.people.who import Who

from .rules.hooks import Label, Result, Score, scores

FINISHED = timedelta(days=3)  # younger posts still grow
NEWEST = 5000
NAMES = (
    "segment", "hook", "network", "channel_id", "engagements", "likes", "replies", "shares", "saves", "clicks",
)  # fmt: skip


def results(who: Who) -> list[Result]:
    """Own posts at least three days old whose numbers are known; none where no post names a portrait or a hook."""
    known = (
        Q(engagements__isnull=False)
        | Q(likes__isnull=False)
        | Q(replies__isnull=False)
        | Q(shares__isnull=False)
    )
    rows = who.own(Publication).filter(known, is_reply=False, paid=False, at__lte=clock.now() - FINISHED)
    if not rows.exclude(hook="", segment="").exists():
        return []
    found = []
    for segment, hook, network, channel, *counts in rows.order_by("-at").values_list(*NAMES)[:NEWEST]:
        if (engaged := engaged_of(*counts)) is not None:
            found.append(Result(segment, hook, f"{network}/{channel or ''}", engaged))
    return found


def hook_scores(who: Who) -> dict[Label, Score]:
    """(segment, hook) → score; ("", "") is what a hook nobody tried may bring."""
    return scores(results(who))


def segment_scores(found: Sequence[Result]) -> dict[str, Score]:
    """Name of a portrait → the score of the posts written for it."""
    by_name = scores([replace(one, hook=one.segment) for one in found])
    return {name: score for (name, _hook), score in by_name.items() if name}
