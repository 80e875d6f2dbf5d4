"""Reading numbers from connected networks: what was sent becomes a publication, publications are read as they age."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from diskarte import networks
from diskarte.core.numbers.models import COUNTS, Publication, Reading
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.wire import current
from diskarte.stages.publish.models import Post
from diskarte.words import Failure, Metric

from .rules import due_ages

log = logging.getLogger("diskarte.measure")
OLDEST_DAYS = 400  # older posts are not asked about any more
KNOWN = frozenset(metric.value for metric in COUNTS)


def keep_sent(deliveries: QuerySet[Delivery], now: datetime) -> int:
    """Make a publication of every sent delivery that has none yet; how many were made."""
    sent = deliveries.filter(state="sent", action="publish").exclude(remote_id="").select_related("channel")
    there = Publication.objects.filter(
        brand=OuterRef("brand"), network=OuterRef("channel__network"), remote_id=OuterRef("remote_id")
    )
    new = list(sent.filter(~Exists(there)).select_related("brand", "channel")[:5000])
    labels = _labels(new)
    Publication.objects.bulk_create(
        [_publication(d, labels.get(d.origin, {})) for d in new], ignore_conflicts=True, batch_size=500
    )
    return len(new)


def _labels(deliveries: list[Delivery]) -> dict[str, dict[str, Any]]:
    """What each post was for: pillar, topic, segment, hook, goal and slot, by origin."""
    ids = [int(d.origin.rpartition(":")[2]) for d in deliveries if d.origin.startswith("publish.post:")]
    posts = Post.objects.filter(pk__in=ids).select_related("pillar", "segment", "hook")
    return {f"publish.post:{post.pk}": _label(post) for post in posts}


def _label(post: Post) -> dict[str, Any]:
    return {
        "pillar": str(post.pillar or ""),
        "topic": post.topic,
        "segment": str(post.segment or ""),
        "hook": str(post.hook.text if post.hook else "")[:80],
        "goal": post.goal_id,
        "slot": post.slot_id,
        "kind": post.kind,
    }


def _publication(d: Delivery, label: dict[str, Any]) -> Publication:
    return Publication(
        brand_id=d.brand_id, simulated=d.brand.simulated, channel=d.channel, network=d.channel.network,
        remote_id=d.remote_id[:300], url=d.url[:600],
        at=d.sent_at or d.planned_at, text=d.content.get("text", ""), origin=d.origin, source=d.channel.network,
        **({"kind": d.content.get("kind", "text")} | label),
    )  # fmt: skip


def read_posts(channel: Channel, now: datetime) -> int:
    """Ask a network for the numbers of its posts that are due; how many answered."""
    network = networks.get(channel.network)
    if "measure" not in network.can:
        return 0
    rows = Publication.objects.filter(channel=channel, at__gte=now - _days(OLDEST_DAYS))
    due = [row for row in rows if due_ages(row.at, row.numbers_at, now)]
    return sum(_read_post(channel, row, now) for row in due) if due else 0


def _read_post(channel: Channel, row: Publication, now: datetime) -> bool:
    try:
        told = networks.get(channel.network).measure(current(channel, now), row.remote_id)
    except Failure as failure:
        log.info("no numbers of publication %s: %s", row.pk, failure)
        return False
    counts = {
        metric.value: value for metric, value in told.items() if value is not None and metric.value in KNOWN
    }
    for name, value in counts.items():
        setattr(row, name, value)
    row.numbers_at, row.source = now, channel.network
    row.save()
    Reading.objects.bulk_create([_reading(channel, row, name, value, now) for name, value in counts.items()])
    return True


def _reading(channel: Channel, row: Publication | None, name: str, value: float, now: datetime) -> Reading:
    return Reading(
        brand_id=channel.brand_id, channel=channel, publication=row, network=channel.network, metric=name, value=value,
        at=now, source=channel.network,
    )  # fmt: skip


def read_channel(channel: Channel, now: datetime) -> bool:
    """Read a channel's followers once a day; True when it told."""
    if "measure_channel" not in networks.get(channel.network).can:
        return False
    fresh = Reading.objects.filter(channel=channel, publication=None, at__gt=now - _days(0.9))
    if fresh.exists():
        return False
    try:
        told = networks.get(channel.network).measure_channel(current(channel, now))
    except Failure as failure:
        log.info("no numbers of channel %s: %s", channel.pk, failure)
        return False
    rows = [_reading(channel, None, m.value, v, now) for m, v in told.items() if v is not None]
    Reading.objects.bulk_create(rows)
    if told.get(Metric.FOLLOWERS) is not None:
        Channel.objects.filter(pk=channel.pk).update(followers=told[Metric.FOLLOWERS])
    return bool(rows)


def _days(n: float) -> timedelta:
    return timedelta(days=n)
