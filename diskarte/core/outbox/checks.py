"""May each channel still post? Asked a day before it has to, and again an hour before when that failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from diskarte import networks
from diskarte.networks.base import Network
from diskarte.words import Reconnect, Refused, TryLater, Unknown
from diskarte.words import Told as _

from . import channels, wire
from .attempt import block
from .models import Channel, Checkup, Delivery

AHEAD, LAST = timedelta(hours=24), timedelta(hours=1)


def wanted(planned: Iterable[datetime], good_at: datetime | None, at: datetime | None, now: datetime) -> bool:
    """Should a channel be asked now, given its posts of the next day, and when it was asked and found good last?

    Each post wants one good answer within the day before it: the first look comes as soon as that day begins, the
    second an hour before, if the first brought nothing good.
    """
    for moment in planned:
        opens, last = moment - AHEAD, moment - LAST
        if opens > now or (good_at is not None and good_at >= opens):
            continue
        if at is None or at < opens or at < last <= now:
            return True
    return False


def coming(now: datetime) -> dict[int, list[datetime]]:
    """When each channel has to post within a day, by its id. One query."""
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = Delivery.objects.filter(state="queued", due_at__range=(now, now + AHEAD))
    for channel, due_at in rows.order_by("due_at").values_list("channel", "due_at"):
        found[channel].append(due_at)
    return found


def due(now: datetime) -> list[Channel]:
    """The channels to ask now; what rests on purpose is left alone. Two queries."""
    posts = coming(now)
    rows = Channel.objects.filter(pk__in=posts).exclude(state="paused").select_related("brand", "checkup")
    known = networks.all_networks()
    return [c for c in rows.order_by("pk") if c.network in known and _wanted(c, posts[c.pk], now)]


def _wanted(channel: Channel, planned: list[datetime], now: datetime) -> bool:
    last = _last(channel)
    good_at, at = (last.good_at, last.at) if last else (None, None)
    return can_be_asked(networks.get(channel.network)) and wanted(planned, good_at, at, now)


def _last(channel: Channel) -> Checkup | None:
    return getattr(channel, "checkup", None)


def can_be_asked(network: Network) -> bool:
    """Is there a call that uses the permission and changes nothing?"""
    return bool({"verify", "measure_channel"} & network.can)


def check(channel: Channel, now: datetime) -> Checkup:
    """Use a channel's permission once and keep what came of it; raises nothing a network can cause.

    Only the network's own «no» to who we are blocks the channel: a line that is down, a slow or a strange answer
    does not. A channel that was blocked and is let in again goes on by itself.
    """
    try:
        _ask(networks.get(channel.network), channel, now)
    except Reconnect as failure:
        block(channel, str(failure))
        return _keep(channel, now, "lost", str(failure))
    except (TryLater, Unknown) as failure:
        return _keep(channel, now, "away", str(failure))
    except Refused as failure:
        return _keep(channel, now, "odd", str(failure))
    _let_in(channel, now)
    return _keep(channel, now, "good", "")


def _ask(network: Network, channel: Channel, now: datetime) -> None:
    api = wire.current(channel, now)
    if "verify" in network.can:
        network.verify(api)
    else:
        network.measure_channel(api)


def _let_in(channel: Channel, now: datetime) -> None:
    same = Channel.objects.filter(pk=channel.pk, version=channel.version, state="blocked")
    if same.update(state="ready", why=""):
        channels.wake(channel, now)


def _keep(channel: Channel, now: datetime, verdict: str, why: str) -> Checkup:
    facts = {"at": now, "verdict": verdict, "why": why} | ({"good_at": now} if verdict == "good" else {})
    row, _new = Checkup.objects.update_or_create(channel=channel, defaults=facts)
    return row


def worry(channel: Channel, first: datetime | None, now: datetime) -> tuple[str, str, str] | None:
    """What to know about a channel before its post at `first` (None: none planned): what, what to do, how urgent."""
    if first is None:
        return _shut(channel)
    last, at = _last(channel), first.strftime("%Y-%m-%d %H:%M UTC")
    told = {"channel": channel, "at": at, "why": last.why if last else channel.why}
    if channel.state == "blocked":
        what = _("%(channel)s has lost its permission, and a post waits for %(at)s.")
        return what % told, _("Connect the channel again: what waits then goes out by itself."), "fix"
    if channel.expires_at and channel.expires_at <= first and not _renews(channel):
        what = _("The permission of %(channel)s ends before its post of %(at)s.")
        return what % told, _("Connect the channel again before that."), "fix"
    if last is None or last.at < first - AHEAD or last.verdict in ("good", "lost"):
        return None
    if last.verdict == "odd":
        what = _("%(channel)s answers strangely before its post of %(at)s: %(why)s")
        return what % told, _("Look at the channel there. We try to send at the hour all the same."), "look"
    if last.at >= first - LAST:
        what = _("%(channel)s could not be reached before its post of %(at)s: %(why)s")
        return what % told, _("Nothing is lost: we try at the hour, and again until it works."), "look"
    return None


def _shut(channel: Channel) -> tuple[str, str, str] | None:
    """What is worth a word although nothing is planned: a permission that was there and is gone."""
    if channel.state != "blocked" or not channel.secrets:
        return None
    what = _("%(channel)s has lost its permission: %(why)s", channel=channel, why=channel.why)
    return what, _("Connect the channel again: what waits then goes out by itself."), "fix"


def _renews(channel: Channel) -> bool:
    return "refresh" in networks.get(channel.network).can
