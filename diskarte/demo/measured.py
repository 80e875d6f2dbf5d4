"""What was read about the demo's posts and channels: numbers at every age, followers week by week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from diskarte.core.numbers.models import COUNTS, Publication, Reading
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.models import Brand
from diskarte.core.practice.models import PracticePost
from diskarte.core.practice.people import counts_of, ends_at, followers_of
from diskarte.science.simulator import Counts, maturity
from diskarte.stages.measure.readings import keep_sent
from diskarte.stages.measure.rules import AGES

from .history import numbers

SOURCE = "simulated"
EVERY = timedelta(days=7)
GROWING = timedelta(days=40)


def read(brand: Brand, since: datetime, now: datetime) -> None:
    """What was sent becomes publications; those that may have grown since then get the numbers they have now."""
    keep_sent(Delivery.objects.filter(brand=brand), now)
    rows = list(Publication.objects.filter(brand=brand, at__gte=since - GROWING))
    posts = PracticePost.objects.in_bulk([int(row.remote_id) for row in rows])
    for row in rows:
        for name, value in numbers(posts[int(row.remote_id)], now).items():
            setattr(row, name, value)
    fields = [*(m.value for m in COUNTS), "numbers_at", "source", "simulated"]
    Publication.objects.bulk_update(rows, fields, batch_size=200)


def remember(brand: Brand, now: datetime) -> None:
    """The readings of every post that came from a slot, at each age it has reached."""
    rows = list(Publication.objects.filter(brand=brand, origin__startswith="publish.post:"))
    posts = PracticePost.objects.in_bulk([int(row.remote_id) for row in rows])
    told = [one for row in rows for one in _of(row, posts[int(row.remote_id)], now)]
    Reading.objects.bulk_create(told, batch_size=500)


def _of(row: Publication, post: PracticePost, now: datetime) -> Iterable[Reading]:
    for at in (row.at + timedelta(hours=age) for age in AGES):
        if at < now:
            for name, value in counts_of(post, at).items():
                yield Reading(
                    brand_id=row.brand_id, channel_id=row.channel_id, publication=row, network=row.network,
                    metric=name, value=value, at=at, source=SOURCE,
                )  # fmt: skip


def followers(channels: Iterable[Channel], since: datetime, until: datetime) -> None:
    """Followers of practice accounts once a week, by the network's own rule, and what they are now."""
    for channel in channels:
        posts = PracticePost.objects.filter(account=channel.identity, answers=None, deleted_at=None)
        ends = [(post.at, ends_at(post)) for post in posts]
        latest = followers_of(channel.identity, until)
        start, told, at = latest - _brought(ends, until) // 25, [], since
        while at < until:
            brought = sum(
                end.at(maturity((at - born).total_seconds() / 3600)).engagements for born, end in ends
            )
            told.append(_level(channel, start + brought // 25, at))
            at += EVERY
        Reading.objects.bulk_create(told)
        channel.followers, channel.checked_at = latest, until
        channel.save(update_fields=["followers", "checked_at"])


def _brought(ends: Iterable[tuple[datetime, Counts]], at: datetime) -> int:
    """Engagements of all posts until one moment."""
    return sum(end.at(maturity((at - born).total_seconds() / 3600)).engagements for born, end in ends)


def _level(channel: Channel, value: float, at: datetime) -> Reading:
    return Reading(
        brand_id=channel.brand_id, channel=channel, network=channel.network, metric="followers", value=value, at=at,
        source=SOURCE,
    )  # fmt: skip
