"""The posts of a brand that are not out yet, as a file. Media are named by their digest; their bytes stay behind."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Any

from diskarte.core.files.models import File
from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.core.toml import dump
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan.models import Pillar, Slot

from . import lists, rules
from .models import Attachment, Post, Variant

PLAIN = ("title", "text", "kind", "topic", "language", "link", "first_comment", "parts", "step", "comment")
LABELS: dict[str, tuple[Any, str]] = {
    "pillar": (Pillar, "name"), "segment": (Segment, "name"), "hook": (Hook, "text"), "goal": (Goal, "sentence"),
}  # fmt: skip


def export(brand: Brand) -> dict[str, str]:
    """Drafts, posts that wait, are approved or scheduled; a scheduled one comes back as what it was before."""
    rows = lists.stated(Post.objects.filter(brand=brand)).filter(state__in=(*rules.OPEN, "scheduled"))
    found = rows.select_related("slot__channel", *LABELS).order_by("due_at", "pk")
    posts = [_told(post) for post in found.prefetch_related("variants__channel", "attachments__file")]
    return {"posts.toml": dump({"post": posts})} if posts else {}


def restore(brand: Brand, files: dict[str, str], who: Who) -> None:
    """Make the posts again. A channel, label, slot or file that is not there any more is left out."""
    for told in tomllib.loads(files.get("posts.toml", "")).get("post", []):
        _make(brand, told)


def _told(post: Post) -> dict[str, Any]:
    told = {name: getattr(post, name) for name in PLAIN if getattr(post, name)}
    told |= {
        name: getattr(getattr(post, name), key) for name, (_m, key) in LABELS.items() if getattr(post, name)
    }
    if post.due_at:
        told["at"] = post.due_at.isoformat()
    if post.slot:
        told["slot"] = {"at": post.slot.at.isoformat(), "channel": _address(post.slot.channel)}
    variants = sorted(post.variants.all(), key=lambda v: v.pk)
    told["on"] = [{"channel": _address(v.channel), "text": v.text} for v in variants]
    media = [
        {"name": a.file.name, "sha256": a.file.sha256, "alt": a.file.alt} for a in post.attachments.all()
    ]
    return told | ({"media": media} if media else {})


def _address(channel: Channel) -> str:
    return f"{channel.network}:{channel.identity}"


def _channel(brand: Brand, address: str) -> Channel | None:
    network, _colon, identity = address.partition(":")
    return Channel.objects.filter(brand=brand, network=network, identity=identity).first()


def _make(brand: Brand, told: dict[str, Any]) -> None:
    facts: dict[str, Any] = {name: told[name] for name in PLAIN if name in told}
    for name, (model, key) in LABELS.items():
        facts[name] = model.objects.filter(brand=brand, **{key: told[name]}).first() if name in told else None
    due = datetime.fromisoformat(told["at"]) if "at" in told else None
    agreed = 1 if facts.get("step") == "approved" else None
    post = Post(
        brand=brand, due_at=due, slot=_slot(brand, told.get("slot")), approved_version=agreed, **facts
    )
    post.save()
    for one in told.get("on", []):
        channel = _channel(brand, one["channel"])
        if channel:
            Variant(post=post, channel=channel, text=one.get("text")).save()
    for order, one in enumerate(told.get("media", [])):
        file = File.objects.filter(brand=brand, sha256=one["sha256"]).first()
        if file:
            Attachment(post=post, file=file, order=order).save()


def _slot(brand: Brand, told: dict[str, str] | None) -> Slot | None:
    if not told:
        return None
    channel = _channel(brand, told["channel"])
    return Slot.objects.filter(brand=brand, at=datetime.fromisoformat(told["at"]), channel=channel).first()
