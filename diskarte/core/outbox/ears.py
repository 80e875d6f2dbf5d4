"""What networks told only once: stored before they are told that we have it, and read from here by their own files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from django.db.models import Q

from diskarte import networks
from diskarte.networks.base import News

from .models import Channel, Delivery, Ear, Heard

STALE = timedelta(hours=1)  # who has not been heard for so long may have told something by now
LATELY = timedelta(days=7)  # for how long a gap is worth a person's attention
TEXT_KEPT = timedelta(days=30)  # by then the stage that answers people has its own copy
KEPT = timedelta(days=400)  # as long as the numbers of a post are asked for
FACTS = ("number", "about", "kind", "at", "what", "by", "who", "text", "url", "amount")


def able() -> list[str]:
    """The networks that tell news only once."""
    return [name for name, network in networks.all_networks().items() if "listen" in network.can]


def key_of(channel: Channel) -> str:
    """Whose news this channel shares; empty where its network tells none."""
    network = networks.get(channel.network)
    if "listen" not in network.can or not channel.secrets.readable:
        return ""
    host = urlsplit(channel.base or network.base).netloc
    return f"{channel.network} {host} {network.ear(dict(channel.secrets))}"


def ear_of(channel: Channel) -> Ear | None:
    """What is known of this channel's hearing; None where there is none, or it has not begun. One query."""
    key = key_of(channel)
    return Ear.objects.filter(key=key).first() if key else None


def deaf(channels: Iterable[Channel], now: datetime) -> dict[int, Ear]:
    """Which of these channels do not hear, or missed something lately, by id. One query, none where nobody listens."""
    keys = {channel.pk: key for channel in channels if (key := key_of(channel))}
    if not keys:
        return {}
    missed = ~Q(why="") | Q(gap_until__gt=now - LATELY)
    found = {ear.key: ear for ear in Ear.objects.filter(missed, key__in=keys.values())}
    return {pk: found[key] for pk, key in keys.items() if key in found}


class Remembered:
    """The memory of one channel, as its network's file reads it."""

    def __init__(self, channel: Channel, now: datetime) -> None:
        self.channel, self.now = channel, now

    @cached_property
    def ear(self) -> Ear | None:
        return ear_of(self.channel)

    def about(self, ids: Collection[str]) -> list[News]:
        """Everything heard about these messages, in the order it was told. One query."""
        if self.ear is None:
            return []
        rows = Heard.objects.filter(ear=self.ear, about__in=ids).order_by("number", "pk")
        return [News(**facts) for facts in rows.values(*FACTS)]

    def complete(self, remote_id: str) -> bool:
        """Was everything heard that happened to this post since it was sent? One query."""
        ear = self.ear
        if ear is None or ear.heard_at is None or ear.heard_at < self.now - STALE:
            return False
        ours = Delivery.objects.filter(channel=self.channel, remote_id=remote_id, state="sent")
        return ours.filter(sent_at__gte=ear.whole_since).exists() if ear.whole_since else False


def forget(now: datetime) -> int:
    """Who wrote what is forgotten after a month, that something was written after as long as numbers are kept."""
    old = Heard.objects.filter(at__lt=now - TEXT_KEPT).exclude(text="", who="")
    Heard.objects.filter(at__lt=now - KEPT).delete()
    _forget_ears(now)
    return old.update(text="", who="", url="")


def _forget_ears(now: datetime) -> None:
    """Ears without a channel, a month after the last one went; none while a channel's secrets cannot be read."""
    channels = list(Channel.objects.filter(network__in=able()))
    if all(channel.secrets.readable for channel in channels):
        unheard = Ear.objects.filter(Q(heard_at=None) | Q(heard_at__lt=now - TEXT_KEPT))
        unheard.exclude(key__in={key_of(channel) for channel in channels}).delete()
