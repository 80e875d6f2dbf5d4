"""What measuring does by itself."""

from __future__ import annotations

from datetime import datetime

from diskarte.core.jobs import every
from diskarte.core.outbox.models import Channel, Delivery

from . import readings


@every(minutes=1)
def keep_sent(now: datetime) -> None:
    """Every delivery that was sent becomes a publication."""
    readings.keep_sent(Delivery.objects.all(), now)


@every(minutes=5)
def read_numbers(now: datetime) -> None:
    """Ask connected networks about posts that reached an age at which we look."""
    for channel in Channel.objects.filter(state="ready").select_related("brand"):
        readings.read_posts(channel, now)
        readings.read_channel(channel, now)
