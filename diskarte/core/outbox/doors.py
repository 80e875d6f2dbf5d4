"""Somebody changed whether we are let in somewhere: the network said so, and the channel is asked what is true now."""

from __future__ import annotations

from datetime import datetime, timedelta

from . import checks, ears
from .models import Channel, Heard

DAY = timedelta(days=1)  # what is older was asked a hundred times, or is asked before the next post
CLEAR = ("good", "lost", "odd")


def moved(now: datetime) -> list[Channel]:
    """Channels of which such news came, and that nobody has asked with a clear answer since. Two queries or one."""
    heard = Heard.objects.filter(kind="door", at__gt=now - DAY).order_by("at")
    news = {(ear, about): at for ear, about, at in heard.values_list("ear__key", "about", "at")}
    if not news:
        return []
    rows = Channel.objects.filter(network__in=ears.able(), identity__in={about for _ear, about in news})
    rows = rows.exclude(state="paused").select_related("brand", "checkup").order_by("pk")
    told = [(channel, news.get((ears.key_of(channel), channel.identity))) for channel in rows]
    return [channel for channel, at in told if at and not _answered(channel, at)]


def _answered(channel: Channel, at: datetime) -> bool:
    last = getattr(channel, "checkup", None)
    return last is not None and last.at >= at and last.verdict in CLEAR


def ask(now: datetime) -> int:
    """Ask them: who was put out is blocked, so that people are told, who was let in again goes on; how many."""
    return len([checks.check(channel, now) for channel in moved(now)])
