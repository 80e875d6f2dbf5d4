"""How fast a channel may be used: the gap, and how many an hour and a day, as its network told; and its lanes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from diskarte.words import Limits

from . import lanes
from .lanes import limits_of as limits_of
from .models import Channel, Delivery, Lane

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGUN = ~Q(memo={}) | Q(doubt_at__isnull=False)
COUNTS = (Q(state__in=("sending", "sent", "unknown", "lost")) | (Q(state="queued") & BEGUN)) & ~Q(
    action="delete"
)


def claim(deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Those that may go out now, their places taken; inside the transaction that takes them.

    Rows are locked in one order, lanes before channels, so that no two workers wait for each other.
    """
    limits = {delivery.pk: limits_of(delivery.channel) for delivery in deliveries}
    ways = {delivery.pk: lanes.rates(delivery.channel, limits[delivery.pk]) for delivery in deliveries}
    held = lanes.locked(delivery.channel for delivery in deliveries)
    mine, shut = set(), set()
    for delivery in sorted(deliveries, key=lambda delivery: delivery.channel_id):
        through = [(held[pk], rate) for pk, rate in ways[delivery.pk]]
        if delivery.channel_id in shut and not _begun(delivery):
            continue
        if _closed(delivery.channel, through, now) or not _place(delivery, limits[delivery.pk], now):
            shut.add(delivery.channel_id)
            continue
        mine.add(delivery.pk)
        for lane, rate in through:
            lanes.spend(lane, rate, now)
    Lane.objects.bulk_update([lane for lane in held.values() if lane.full_at], ["full_at", "free_at"])
    return [delivery for delivery in deliveries if delivery.pk in mine]


def _closed(channel: Channel, through: Iterable[tuple[Lane, lanes.Rate]], now: datetime) -> bool:
    moments = [channel.closed_until, *(lane.free_at for lane, _rate in through)]
    return any(moment > now for moment in moments if moment)


def _place(delivery: Delivery, limits: Limits, now: datetime) -> bool:
    """Take the channel's next place; False when it is not free."""
    if _begun(delivery):
        return True
    spans = _spans(limits)
    if not spans:
        return True
    channel = Channel.objects.filter(pk=delivery.channel_id)
    if not channel.filter(is_open(now)).update(free_at=now):  # holds the row to the end: one at a time
        return False
    closed = _latest(_opens(delivery, span, most, now) for span, most in spans)
    after_this = _latest(_opens(delivery, span, most - 1, now) for span, most in spans)
    channel.update(free_at=closed or after_this)
    return closed is None


def _begun(delivery: Delivery) -> bool:
    """The rest of something begun (a memo), a repeat and deletions take no place: a thread is one post."""
    return bool(delivery.memo or delivery.doubt_at or delivery.action == "delete")


def release(delivery: Delivery) -> None:
    """Nothing happened: the place is given back, the next claim counts anew."""
    Channel.objects.filter(pk=delivery.channel_id).update(free_at=None)


def is_open(now: datetime, prefix: str = "") -> Q:
    """Channels whose pace allows something at this moment, as far as is known."""
    return Q(**{f"{prefix}free_at": None}) | Q(**{f"{prefix}free_at__lte": now})


def _spans(limits: Limits) -> list[tuple[timedelta, int]]:
    """How many within how long: the gap is one within its seconds."""
    gap = timedelta(seconds=limits.gap_seconds)
    told = [(gap, 1 if gap else None), (HOUR, limits.per_hour), (DAY, limits.per_day)]
    return [(span, most) for span, most in told if most]


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in moments if at), default=None)


def _opens(delivery: Delivery, span: timedelta, most: int, now: datetime) -> datetime | None:
    """When fewer than `most` others lie within the last span; None when that is so already."""
    if most <= 0:
        return now + span
    others = Delivery.objects.filter(COUNTS, channel=delivery.channel_id, last_tried_at__gt=now - span)
    times = others.exclude(pk=delivery.pk).order_by("-last_tried_at").values_list("last_tried_at", flat=True)
    nth = times[most - 1 : most]
    return nth[0] + span if nth and nth[0] else None
