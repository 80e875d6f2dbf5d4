"""A channel's line to its network, and its permission kept fresh without two refreshing at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
from django.db.models import F, Q

from diskarte import networks
from diskarte.core import clock, fetch, logs
from diskarte.core.practice.transport import PracticeTransport, is_practice
from diskarte.networks.base import Api
from diskarte.words import Failure, Reconnect, Refused, TryLater
from diskarte.words import Told as _

from . import ears, lanes, leases
from .models import Channel
from .patience import patiently

SOON = timedelta(minutes=5)
REFRESH_TAKES = timedelta(minutes=1)
REFUSALS = (400, 401, 403)  # how a sign-in says no; a redirect or a page of somebody in between does not
Record = Callable[[dict[str, Any]], None]


@lru_cache(maxsize=1)
def _outside() -> httpx.Client:
    """One client for all channels; it is never closed, and keeps no cookies: they would mix the accounts."""
    return fetch.client(cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())))


def ready() -> None:
    """Make what every line shares, once, before many threads want it at the same moment."""
    _outside()
    networks.all_networks()


def line(base: str, channel: Channel | None = None) -> httpx.Client:
    """The client for this address: inside the house for the practice network, guarded for everything else."""
    if is_practice(base):
        return httpx.Client(transport=PracticeTransport(channel.brand.zone if channel else None))
    return _outside()


def api_for(channel: Channel, record: Record | None = None, now: datetime | None = None) -> Api:
    """The `Api` of a channel, whose clock goes on from `now`. Raises Reconnect when its secrets cannot be opened."""
    if not channel.secrets.readable:
        raise Reconnect(_("The permission of this channel was sealed with a key that is not here any more."))
    network = networks.get(channel.network)
    base = channel.base or network.base
    api = network.api(line(base, channel), dict(channel.secrets), base, channel.identity)
    api.record, api.clock = logs.heard(record), clock.now if now is None else _going_on_from(now)
    api.hold = partial(lanes.hold, channel)
    if "listen" in network.can:
        api.memory = ears.Remembered(channel, api.clock())
    return api


def _going_on_from(now: datetime) -> Callable[[], datetime]:
    """A worker's moment is the database's; the clock of its machine may be wrong."""
    began = leases.ticks()
    return lambda: now + timedelta(seconds=leases.ticks() - began)


def current(channel: Channel, now: datetime, record: Record | None = None) -> Api:
    """The `Api` with secrets that should work: refreshed first when they are about to expire."""
    expiring = channel.expires_at is not None and channel.expires_at - now < SOON
    if expiring and "refresh" in networks.get(channel.network).can:
        try:
            refresh(channel, now, record)
        except TryLater:
            if channel.expires_at is None or channel.expires_at <= now:
                raise
    return api_for(channel, record, now)


def refresh(channel: Channel, now: datetime, record: Record | None = None) -> None:
    """New secrets for `channel`, in the row and in hand; by one caller only, whoever else asks gets theirs.

    The old secrets stay until new ones are there. Raises Reconnect (refused: a person must connect it again)
    or TryLater.
    """
    same = Channel.objects.filter(pk=channel.pk, version=channel.version)
    free = same.filter(Q(refreshing_until=None) | Q(refreshing_until__lt=now))
    if not free.update(refreshing_until=now + REFRESH_TAKES):
        if _replaced(channel):
            return
        raise TryLater(_("New permission is being fetched already."), 5)
    told: list[dict[str, Any]] = []
    try:
        api = api_for(channel, told.append, now)
        account = networks.get(channel.network).refresh(api, dict(channel.secrets))
    except Failure as failure:
        same.update(refreshing_until=None)
        if _replaced(channel):
            return
        raise _meaning(failure, told) from failure
    finally:
        if record:
            for exchange in told:
                record(exchange)
    facts = {"secrets": {**channel.secrets, **account.secrets}, "expires_at": account.expires_at}
    new = {**facts, "version": F("version") + 1, "refreshing_until": None}
    patiently(lambda: bool(same.update(**new)))  # the old ones may be worth nothing from now on
    channel.refresh_from_db()


def _meaning(failure: Failure, told: list[dict[str, Any]]) -> Failure:
    """Only a clear no is a lost permission. All else leaves the old one, to be tried again."""
    if isinstance(failure, TryLater | Reconnect):
        return failure
    status, body = (told[-1]["status"], told[-1]["body"]) if told else (None, "")
    clear = isinstance(failure, Refused) and status in REFUSALS and not body.lstrip().startswith("<")
    return Reconnect(str(failure)) if clear else TryLater(str(failure), 600)


def _replaced(channel: Channel) -> bool:
    """Somebody else stored newer secrets meanwhile: take them."""
    old = channel.version
    channel.refresh_from_db()
    return channel.version != old
