"""Listening: news is stored, then the network is told so. A crash between the two brings it again, never twice."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from diskarte import networks
from diskarte.networks.base import Hearing
from diskarte.words import Failure, Reconnect, Told, TryLater

from . import ears, wire
from .models import Channel, Ear, Heard

LONGEST = 30.0  # seconds for all ears together
NOW_AND_THEN = 15  # minutes between questions with a permission that failed: it may be let in again
ROUNDS = 50  # questions in a row: a day of a busy group is read in one go


def listen_all(now: datetime) -> int:
    """Ask on behalf of every ear, through a channel of it whose permission works; how many pieces of news.

    A network that hangs may hold the other periodic work up for half a minute; who was left out comes first soon, as
    each minute another ear begins.
    """
    sharing, until, new = _sharing(now), time.monotonic() + LONGEST, 0
    keys = sorted(sharing)
    first = int(now.timestamp() // 60) % len(keys) if keys else 0
    for key in keys[first:] + keys[:first]:
        if time.monotonic() > until:
            break
        new += _listen_through(sharing[key], now)
    return new


def _sharing(now: datetime) -> dict[str, list[Channel]]:
    """The channels of each ear. What rests or was put out does not send, but people go on writing under it."""
    open_now = Q(closed_until=None) | Q(closed_until__lte=now)
    found: dict[str, list[Channel]] = defaultdict(list)
    rows = Channel.objects.filter(open_now, network__in=ears.able(), state__in=("ready", "paused", "blocked"))
    for channel in rows.select_related("brand").order_by("-connected_at", "pk"):
        if key := ears.key_of(channel):
            found[key].append(channel)
    return found


def _listen_through(channels: list[Channel], now: datetime) -> int:
    """The newest permission first; an older one may be gone."""
    ear, _new = Ear.objects.get_or_create(key=ears.key_of(channels[0]))
    for channel in channels:
        if channel.state == "blocked" and ear.why and now.minute % NOW_AND_THEN:
            continue
        try:
            return _listen(ear, channel, now)
        except Reconnect as failure:
            _cannot(ear, failure)
        except Failure as failure:
            late = ear.heard_at is None or ear.heard_at < now - ears.STALE
            if late or not isinstance(failure, TryLater):
                _cannot(ear, failure)
            break
    return 0


def _cannot(ear: Ear, failure: Failure) -> None:
    Ear.objects.filter(pk=ear.pk).update(why=str(failure), do=Told(failure.do))


def _listen(ear: Ear, channel: Channel, now: datetime) -> int:
    network, api, new = networks.get(channel.network), wire.current(channel, now), 0
    for _round in range(ROUNDS):
        told = network.listen(api, ear.cursor, ear.heard_at)
        if not store(ear, told, now):
            break
        new += len(told.news)
        if not told.more:
            break
    return new


@transaction.atomic
def store(ear: Ear, told: Hearing, now: datetime) -> bool:
    """Keep the news and the cursor behind them, both or neither; False when somebody else read on meanwhile.

    `now`: when the network was asked, however long the storing takes.
    """
    facts = {
        "cursor": told.cursor,
        "heard_at": now,
        "whole_since": ear.whole_since or now,
        "why": "",
        "do": "",
    }
    if told.lost:
        facts |= {"gap_from": ear.heard_at, "gap_until": now, "whole_since": now}
    same = {"cursor": ear.cursor, "heard_at": ear.heard_at}  # a gap may have been found without any news
    if not Ear.objects.filter(pk=ear.pk, **same).update(**facts):
        return False
    Heard.objects.bulk_create(
        [Heard(ear=ear, **{name: getattr(one, name) for name in ears.FACTS}) for one in told.news],
        ignore_conflicts=True, batch_size=500,
    )  # fmt: skip
    for name, value in facts.items():
        setattr(ear, name, value)
    return True
