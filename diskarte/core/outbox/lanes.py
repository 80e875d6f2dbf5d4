"""What several channels share: the calls of one app, and those to one server, are counted together.

A lane is a token bucket in one row, locked while a delivery is taken: any number of workers together make no
more calls than were declared, in whatever window one looks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q

from diskarte import networks
from diskarte.words import Limits

from .models import Channel, Lane

SHARED = ("client_id", "token")  # the first of these secrets a channel has tells whose calls count together
KNOWN = frozenset(Limits.__dataclass_fields__)
Rate = tuple[int, float]


def limits_of(channel: Channel) -> Limits:
    """The network's limits, with what this account or server told instead."""
    return _limits(channel.network, channel.limits_told)


def _limits(network: str, limits_told: dict[str, Any]) -> Limits:
    if not limits_told:
        return networks.get(network).limits
    told = {name: value for name, value in limits_told.items() if name in KNOWN}
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return networks.get(network).limits.with_(**told)


def rhythm(most: int, seconds: float) -> tuple[int, timedelta]:
    """How many at once, and the pause for each one more: together never above `most` within `seconds`."""
    burst = max(1, most // 4)
    return burst, timedelta(seconds=seconds / max(1, most - burst))


def spend(lane: Lane, rate: Rate, now: datetime) -> None:
    """Count one call; `free_at` is then the moment from which the next is allowed."""
    burst, pause = rhythm(*rate)
    lane.full_at = max(lane.full_at or now, now) + pause
    lane.free_at = max(lane.full_at - (burst - 1) * pause, lane.free_at or now)


def room(lane: Lane, rate: Rate, until: datetime) -> int:
    """How many calls it lets through up to a moment, the places that come free by then among them."""
    burst, pause = rhythm(*rate)
    ahead = max((lane.full_at or until) - until, timedelta(0))
    return burst - -(-ahead // pause)


def is_open(now: datetime, prefix: str = "") -> Q:
    """Channels whose lanes and whose network allow a call at this moment."""
    told = [f"{prefix}closed_until", f"{prefix}app__free_at", f"{prefix}server__free_at"]
    allowed = Q()
    for name in told:
        allowed &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": now})
    return allowed


def locked(channels: Iterable[Channel]) -> dict[int, Lane]:
    """The lanes of these channels, held to the end of the transaction; always in the same order."""
    wanted = {pk for channel in channels for pk in (channel.app_id, channel.server_id) if pk}
    if not wanted:
        return {}
    return {lane.pk: lane for lane in Lane.objects.filter(pk__in=wanted).select_for_update().order_by("pk")}


def rates(channel: Channel, limits: Limits) -> list[tuple[int, Rate]]:
    """The lanes that the channel has joined, and what each allows."""
    ways = [(channel.app_id, limits.per_app), (channel.server_id, limits.per_server)]
    return [(pk, rate) for pk, rate in ways if pk and rate]


def join(channels: Iterable[Channel]) -> None:
    """Give channels the lanes their limits ask for. Outside the transaction that takes: no locks are kept."""
    for channel in channels:
        limits = limits_of(channel)
        for name, rate in (("app", limits.per_app), ("server", limits.per_server)):
            if rate and getattr(channel, f"{name}_id") is None:
                setattr(channel, name, _lane(channel, name))
                Channel.objects.filter(pk=channel.pk).update(**{name: getattr(channel, name)})


def rooms(
    rows: Iterable[tuple[str, dict[str, Any], int | None, int | None]], until: datetime
) -> dict[int, int]:
    """Of each lane that channels like these have joined, how many calls it lets through up to a moment."""
    ways: dict[int, Rate] = {}
    for network, told, app, server in rows:
        if app or server:
            limits = _limits(network, told)
            ways |= {
                pk: rate for pk, rate in ((app, limits.per_app), (server, limits.per_server)) if pk and rate
            }
    return (
        {lane.pk: room(lane, ways[lane.pk], until) for lane in Lane.objects.filter(pk__in=ways)}
        if ways
        else {}
    )


def lacks(network: str, limits_told: dict[str, Any], app: int | None, server: int | None) -> bool:
    """Whether a channel like this has yet to join a lane that its limits ask for."""
    limits = _limits(network, limits_told)
    return bool(limits.per_app and app is None) or bool(limits.per_server and server is None)


def _lane(channel: Channel, name: str) -> Lane:
    key = [channel.network, urlsplit(channel.base or networks.get(channel.network).base).netloc, name]
    if name == "app":
        secret = next((str(channel.secrets[s]) for s in SHARED if channel.secrets.get(s)), str(channel.pk))
        key.append(hashlib.sha256(secret.encode()).hexdigest()[:32])
    return Lane.objects.get_or_create(key=" ".join(key))[0]


def hold(channel: Channel, until: datetime) -> None:
    """The network asked for silence on this channel; whoever hears the longest wish is obeyed."""
    rows = Channel.objects.filter(pk=channel.pk)
    rows.filter(Q(closed_until=None) | Q(closed_until__lt=until)).update(closed_until=until)
