"""Builders of the stage «brand»."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.brand import actions
from diskarte.stages.brand.models import Competitor
from tests.make import NOW

ANSWERS = {
    "customers": "People working near Katipunan.",
    "need": "want a place that does not rush them",
    "sells": "a café",
    "promise": "names the farmer on every cup",
    "proof": "We buy from three farms.",
}


def a_rival(who: Who, name: str = "Kanto Roasters", **facts: Any) -> Competitor:
    return actions.add_competitor(who, name, **({"handles": ["practice: @kanto"]} | facts))


def a_channel(who: Who, followers: int | None = 1000, network: str = "practice") -> Channel:
    return Channel.objects.create(
        brand=who.brand,
        network=network,
        identity=f"{network}-1",
        name="Kape",
        followers=followers,
        checked_at=NOW,
    )


def posts(who: Who, count: int, likes: int, before: datetime = NOW, network: str = "practice") -> None:
    """`count` posts of the last days, one a day, each with `likes` likes and nothing else told."""
    for n in range(count):
        at = before - timedelta(days=n, hours=1)
        Publication.objects.create(brand=who.brand, network=network, remote_id=str(n), at=at, likes=likes)
