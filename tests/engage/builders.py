"""Rows of the stage «engage», with visible defaults."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.queue import queue
from diskarte.core.people.models import Brand
from diskarte.stages.engage import actions
from diskarte.stages.engage.models import Deal, Message, Partner
from tests.make import NOW, a_brand, alice

PAYDAY = date(2026, 12, 15)


def a_channel(name: str = "Harbour", network: str = "practice", brand: Brand | None = None) -> Channel:
    facts = {"name": name, "handle": name.lower()}
    key = {"brand": brand or a_brand(), "network": network, "identity": name.lower()}
    return Channel.objects.get_or_create(**key, defaults=facts)[0]


def a_partner(name: str = "Ana Reyes", **given: Any) -> Partner:
    who = given.pop("who", None) or alice()
    return actions.add_partner(who, name, **{"audience": 24000, "topics": ["food"], **given})


def a_deal(title: str = "Payday giveaway", **given: Any) -> Deal:
    facts = {
        "give": "beans",
        "give_value": Decimal(1750),
        "get": "a reel",
        "get_value": Decimal(3000),
    } | given
    who, partner = facts.pop("who", None) or alice(), facts.pop("partner", None) or a_partner()
    return actions.propose_deal(who, partner.pk, title, **facts)


def a_sent_post(channel: Channel | None = None, **facts: Any) -> Delivery:
    channel = channel or a_channel()
    row = queue(channel.brand, channel, {"text": "Open at 6"}, NOW - timedelta(hours=3), label="Open at 6")
    told = {"state": "sent", "sent_at": NOW - timedelta(hours=3), "remote_id": f"p{row.pk}"} | facts
    Delivery.objects.filter(pk=row.pk).update(**told)
    row.refresh_from_db()
    return row


def a_message(text: str = "Saan po kayo?", channel: Channel | None = None, **facts: Any) -> Message:
    post = a_sent_post(channel)
    given = {"author": "Mika", "at": NOW - timedelta(hours=2), "remote_id": f"m{post.pk}"} | facts
    return Message.objects.create(brand=post.brand, channel=post.channel, under=post, text=text, **given)
