"""What the other brands of a workspace have in common: the start of a brand that has no numbers of its own.

Only a common prior leaves the other brands' histories (means and spreads over at least three of them): no post, no
number and no name of theirs. Another workspace's brands are never read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from django.core.cache import cache

from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand

from .rules import moments, worth

RIPE = timedelta(days=7)  # a younger post's numbers still grow
NEWEST, MOST_BRANDS = 400, 8
NOON = 12 * 60
DAY = 24 * 3600


def common(brand: Brand, now: datetime) -> worth.Neighbours:
    """The prior of this brand's neighbours, worked out once a day or when they have published more."""
    others = Brand.objects.filter(workspace=brand.workspace_id, simulated=brand.simulated).exclude(
        pk=brand.pk
    )
    posts = Publication.objects.filter(brand__in=others).count()
    key = f"plan.neighbours.{brand.pk}.{now:%Y-%m-%d}.{posts}"
    found: worth.Neighbours | None = cache.get(key) if posts else worth.Neighbours()
    if found is None:
        found = worth.common([ripe_posts(one, now, NEWEST) for one in others.order_by("-pk")[:MOST_BRANDS]])
        cache.set(key, found, DAY)
    return found


def ripe_posts(
    brand: Brand,
    now: datetime,
    newest: int,
    channels: Sequence[Channel] = (),
    zones: Mapping[str, tzinfo] | None = None,
) -> list[worth.Post]:
    """A brand's posts with known numbers that no longer grow; replies and paid ones are another matter.

    Hours are those of the channel's audience where `zones` names its clock, else the brand's.
    """
    rows = Publication.objects.filter(brand=brand, is_reply=False, paid=False, at__lt=now - RIPE)
    return list(_posts(rows.order_by("-at")[:newest], brand, channels, zones or {}))


def _posts(
    rows: Iterable[Publication], brand: Brand, channels: Sequence[Channel], zones: Mapping[str, tzinfo]
) -> Iterable[worth.Post]:
    alone = Counter(c.network for c in channels)
    by_network = {c.network: str(c.pk) for c in channels if alone[c.network] == 1}
    for row in rows:
        if row.engaged is not None:
            line = (
                str(row.channel_id)
                if row.channel_id
                else by_network.get(row.network, f"network {row.network}")
            )
            day, minute = moments.to_local(row.at, zones.get(line, brand.zone))
            at = NOON if row.day_only else minute
            engaged = float(max(row.engaged, 0))
            yield worth.Post(line, row.kind, row.pillar, day, at, engaged, not row.day_only)
