"""Rows of the stage «publish», with visible defaults."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Any

from diskarte.core.given import Upload
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.models import Brand
from diskarte.stages.plan.models import Pillar, Slot
from diskarte.stages.publish import actions
from diskarte.stages.publish.models import Post
from tests.make import NOW, a_brand, alice

LATER = NOW + timedelta(hours=3)  # Tuesday 12:00 in Manila


def a_channel(name: str = "Harbour", network: str = "practice", **facts: Any) -> Channel:
    brand = facts.pop("brand", None) or a_brand()
    found = {"name": name, "handle": name.lower(), "identity": name.lower()} | facts
    key = {"brand": brand, "network": network, "identity": found.pop("identity")}
    return Channel.objects.get_or_create(**key, defaults=found)[0]


def a_slot(brand: Brand | None = None, at: datetime = LATER, **facts: Any) -> Slot:
    brand = brand or a_brand()
    channel = facts.pop("channel", None) or a_channel(brand=brand)
    pillar, _new = Pillar.objects.get_or_create(brand=brand, name="Useful", defaults={"share": 1.0})
    return Slot.objects.create(
        brand=brand, at=at, channel=channel, pillar=pillar, **{"kind": "image", **facts}
    )


def a_post(text: str = "Open at 6", channel: Channel | None = None, **given: Any) -> Post:
    channels = given.pop("channels", None) or [(channel or a_channel()).pk]
    return actions.write(given.pop("who", None) or alice(), text=text, channels=channels, **given)


def a_picture(name: str = "cup.png", shade: int = 0) -> Upload:
    """A real picture of two by two pixels."""
    rows = b"".join(b"\0" + bytes([shade, 90, 60]) * 2 for _row in range(2))
    chunks = (("IHDR", b"\0\0\0\2\0\0\0\2\x08\x02\0\0\0"), ("IDAT", zlib.compress(rows)), ("IEND", b""))
    return Upload(name, b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks))


def _chunk(name: str, body: bytes) -> bytes:
    whole = name.encode() + body
    return len(body).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")


def in_state(post: Post, state: str, **facts: Any) -> Delivery:
    """The post's first delivery as if the engine had brought it there."""
    delivery = Delivery.objects.filter(origin=post.address, action="publish").first()
    assert delivery is not None
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **facts)
    delivery.refresh_from_db()
    return delivery
