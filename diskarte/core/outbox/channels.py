"""A brand's accounts: kept when connected, held, and let go again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from diskarte.core.people.models import Brand
from diskarte.core.secrets import Secrets
from diskarte.networks.base import Account
from diskarte.words import Told as _

from .machine import move, step
from .models import Channel, Delivery


def keep(brand: Brand, network: str, account: Account, now: datetime, base: str = "") -> Channel:
    """The channel of this account, new or connected again; what waited for its permission is queued."""
    facts: dict[str, Any] = {
        "handle": account.handle, "name": account.name, "url": account.url, "base": base,
        "expires_at": account.expires_at, "state": "ready", "why": "", "connected_at": now, "checked_at": now,
        "refreshing_until": None, "closed_until": None, "app": None,
    }  # fmt: skip
    with transaction.atomic():
        same = {"brand": brand, "network": network, "identity": account.identity}
        channel = Channel.objects.filter(**same).first()
        if channel is None:
            return Channel.objects.create(**same, **facts, secrets=Secrets(account.secrets))
        for name, value in facts.items():
            setattr(channel, name, value)
        channel.secrets, channel.version = Secrets(account.secrets), F("version") + 1
        channel.save(update_fields=[*facts, "secrets", "version"])
        channel.refresh_from_db()
        wake(channel, now)
    return channel


def wake(channel: Channel, now: datetime) -> int:
    """Queue again what was blocked on this channel; how many. Late ones go the way their workspace chose."""
    done = 0
    for delivery in Delivery.objects.filter(channel=channel, state="blocked"):
        facts = {"why": "", "do": "", "tries": 0, "first_tried_at": None, "warned_at": None}
        if move(delivery, "queued", now, **facts):
            step(delivery, now, _("The channel is ready again."))
            done += 1
    Delivery.objects.filter(channel=channel, state="unknown").exclude(do="").update(do="", due_at=now)
    return done


def pause(channel: Channel) -> None:
    """Hold everything on this channel until `resume`."""
    channel.state = "paused"
    channel.save(update_fields=["state"])


def resume(channel: Channel, now: datetime) -> None:
    """Go on with what was held."""
    if channel.state == "paused":
        channel.state, channel.why = "ready", ""
        channel.save(update_fields=["state", "why"])
        wake(channel, now)
