"""Rows of the stage «plan», with visible defaults."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.stages.plan.models import Slot
from tests.make import NOW, a_brand

KINDS = ("image", "reel", "carousel")


def a_channel(name: str = "Harbour", network: str = "practice", **facts: Any) -> Channel:
    brand = facts.pop("brand", None) or a_brand()
    found = {
        "brand": brand,
        "network": network,
        "name": name,
        "handle": name.lower(),
        "identity": name.lower(),
    }
    return Channel.objects.create(**found | facts)


def a_history(
    channel: Channel, posts: int = 80, evening: float = 1.9, reel: float = 1.6, seed: int = 1
) -> None:
    """Months of posts, one a day at a random hour; evenings and reels bring these factors more."""
    rng = random.Random(seed)
    pillars = ("Useful", "Fun", "Community", "Selling")
    for n in range(posts):
        hour, kind = rng.choice((8, 12, 15, 18, 19)), rng.choice(KINDS)
        lift = (evening if hour >= 18 else 1) * (reel if kind == "reel" else 1)
        day = NOW - timedelta(days=posts + 8 - n)
        Publication.objects.create(
            brand=channel.brand, channel=channel, network=channel.network, remote_id=f"{channel.pk}-{n}", kind=kind,
            at=day.replace(hour=(hour - 8) % 24), pillar=rng.choice(pillars), source="simulated", simulated=True,
            engagements=round(40 * lift * math.exp(rng.gauss(0, 0.3))),
        )  # fmt: skip


def moment(day: int, hour: int, month: int = 12) -> datetime:
    """An hour of a day of December 2026 in Manila, as UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


def a_slot(channel: Channel, day: int = 10, hour: int = 18, **facts: Any) -> Slot:
    return Slot.objects.create(
        brand=channel.brand, channel=channel, at=moment(day, hour), **{"kind": "image"} | facts
    )


def standing_at(slot: Slot) -> tuple[datetime, str, str, int]:
    return slot.at, slot.kind, slot.pillar.name if slot.pillar else "", slot.channel_id
