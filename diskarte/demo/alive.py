"""What became of slots whose hour has come: written, approved, scheduled and sent by the house's own engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random

from diskarte.core import clock
from diskarte.core.files.models import File
from diskarte.core.outbox import actions as outbox
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.models import Delivery
from diskarte.stages.plan.models import Slot
from diskarte.stages.publish import actions as publish
from diskarte.stages.publish.models import Attachment, Post

from .facts import SHOP
from .people import Cast
from .strategy import PAGE, Places
from .texts import Bank, Said
from .then import then

TWICE = 2  # so often a hook is used in these months: nobody wants to read it again


@dataclass(frozen=True)
class Desk:
    """What the people of the demo write with."""

    cast: Cast
    places: Places
    cards: list[File]
    clips: list[File]
    bank: Bank
    luck: Random
    now: datetime  # nothing has happened after this
    hooks: Counter[int | None] = field(default_factory=Counter)  # how often each was used


def lived(desk: Desk, since: datetime, until: datetime) -> None:
    """Every slot between two moments becomes a post that went out."""
    brand = desk.cast.brand
    rows = Slot.objects.filter(brand=brand, at__gte=since, at__lt=until, state="open").order_by("at", "pk")
    with then(brand, until):
        for slot in rows.select_related("channel", "pillar", "hook", "segment"):
            with clock.at(slot.at - timedelta(days=3, minutes=desk.luck.randrange(600))):
                post = written(desk, slot)
            if post.pk % 3:
                with clock.at(slot.at - timedelta(days=2, minutes=desk.luck.randrange(300))):
                    publish.request_approval(desk.cast.author, post.pk)
                with clock.at(slot.at - timedelta(days=1, minutes=desk.luck.randrange(300))):
                    publish.approve(desk.cast.approver, post.pk)
            scheduled(desk, post, slot.at - timedelta(hours=20))
            _sent(desk, post, min(slot.at + timedelta(seconds=desk.luck.randrange(3, 50)), desk.now))


def scheduled(desk: Desk, post: Post, at: datetime) -> None:
    """The owner hands a post to the outbox at this moment, under keys that are the same whenever this is built.

    With its key comes a post's luck among the practice network's readers.
    """
    with clock.at(at):
        publish.schedule(desk.cast.owner, post.pk)
    for delivery in Delivery.objects.filter(origin=post.address):
        named(delivery, f"{post.title} {delivery.due_at.isoformat()}", at)


def written(desk: Desk, slot: Slot) -> Post:
    """A slot with its text and media, by the author; still a draft."""
    said, hooked = _said(desk, slot)
    text = f"Malapit na ang {slot.occasion}!\n\n{said.text}" if slot.occasion else said.text
    link = f"{SHOP}/{slot.topic.split()[0].lower()}" if slot.kind == "link" else ""
    post = publish.write(
        desk.cast.author, text=text, slot=slot.pk, title=said.title, link=link, hook=None if hooked else 0,
        topic=slot.topic if hooked else said.topic,
    )  # fmt: skip
    Attachment.objects.bulk_create(
        Attachment(post=post, file=f, order=n) for n, f in enumerate(_media(desk, slot))
    )
    return post


def _said(desk: Desk, slot: Slot) -> tuple[Said, bool]:
    pillar = slot.pillar.name if slot.pillar else "Useful"
    if slot.hook and pillar in ("Useful", "Selling") and desk.hooks[slot.hook_id] < TWICE:
        desk.hooks[slot.hook_id] += 1
        return desk.bank.hooked(slot.hook.text, slot.hook.offer), True
    return desk.bank.say(
        pillar, slot.kind, "beans" if slot.channel_id == desk.places.beans.pk else "cafe"
    ), False


def _media(desk: Desk, slot: Slot) -> list[File]:
    """What a kind of post is made of: one card, three, or a clip."""
    if slot.kind in ("reel", "video", "story", "live"):
        return [desk.luck.choice(desk.clips)]
    if slot.kind in ("text", "link", "poll", "article"):
        return []
    return desk.luck.sample(desk.cards, 3 if slot.kind == "carousel" else 1)


def _sent(desk: Desk, post: Post, at: datetime) -> None:
    """The outbox does its work at this moment; what it cannot do itself, a person does a little later."""
    for delivery in Delivery.objects.filter(origin=post.address).select_related(
        "channel__brand", "workspace"
    ):
        with clock.at(at):
            attempt(delivery, at)
        if delivery.state == "asked":
            with clock.at(min(at + timedelta(minutes=desk.luck.randrange(4, 40)), desk.now)):
                outbox.resolve(desk.cast.owner, delivery.pk, True, f"{PAGE}/posts/{delivery.pk}")


def named(delivery: Delivery, name: str, at: datetime) -> None:
    """Give a delivery a key that comes from its name, and the moment it was made."""
    key = blake2b(name.encode(), digest_size=16).hexdigest()
    Delivery.objects.filter(pk=delivery.pk).update(key=key, made_at=at)
