"""How a stage hands something to the engine, and changes its mind. Called inside the stage's own write."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from diskarte.core.people.models import Brand
from diskarte.words import Problem
from diskarte.words import Told as _

from .machine import cancel, follow, move, step
from .models import Channel, Delivery

ACTIONS = ("publish", "reply", "comment", "delete")
CHANGEABLE = ("queued", "asked", "blocked", "refused")


def queue(
    brand: Brand,
    channel: Channel,
    content: dict[str, Any],
    due_at: datetime,
    *,
    action: str = "publish",
    origin: str = "",
    label: str = "",
    key: str | None = None,
    after: Delivery | None = None,
    priority: int = 0,
) -> Delivery:
    """Write down one thing to be done once; with the same `key` again it is the same delivery.

    `content`: text, parts, languages, kind, media (ids of `files.File`), answers (a remote id, for a reply),
    remote_id, url and the ids of a thread's later `parts` (for a deletion). A `comment` goes under what `after`
    published, once that is out.
    """
    if channel.brand_id != brand.pk or (after and after.brand_id != brand.pk):
        raise Problem(_("This channel belongs to another brand."), field="channel")
    if action not in ACTIONS or due_at.tzinfo is None:
        raise ValueError(f"a delivery is one of {ACTIONS} and due at an aware moment")
    if action == "comment" and after is None:
        raise ValueError("a comment comes after a post")
    facts = {
        "workspace_id": brand.workspace_id, "brand": brand, "channel": channel, "action": action,
        "origin": origin, "label": label[:120], "content": content, "after": after, "priority": priority,
        "planned_at": due_at, "due_at": due_at,
    }  # fmt: skip
    delivery, _new = Delivery.objects.get_or_create(key=key or uuid4().hex, defaults=facts)
    return delivery


def amend(
    delivery: Delivery,
    now: datetime,
    *,
    content: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    label: str | None = None,
    who: str = "",
) -> bool:
    """Change what or when, as long as nothing of it is out; False when it is too late for that.

    A delivery that was refused or waited for a person is queued again by it.
    """
    begun = bool(delivery.memo) or delivery.doubt_at is not None
    if delivery.state not in CHANGEABLE or (begun and content is not None):
        return False
    facts: dict[str, Any] = {"why": "", "do": "", "tries": 0, "first_tried_at": None, "warned_at": None}
    facts |= {"content": content} if content is not None else {}
    if due_at is not None:
        soon = max(delivery.priority, int(due_at <= now))  # «now» goes before what its workspace planned
        facts |= {"planned_at": due_at, "due_at": due_at, "priority": soon}
    facts |= {"label": label[:120]} if label is not None else {}
    if begun:
        facts.pop("planned_at", None)  # every attempt at something begun must say the same
    with transaction.atomic():
        was = delivery.state
        moved = move(delivery, "queued", now, **facts)
        if moved and (due_at or was != "queued"):
            step(delivery, now, _("Changed.") if due_at is None else _("Planned for another time."), who)
    return moved


def again(delivery: Delivery, now: datetime, who: str = "") -> bool:
    """Queue at once what a person wants tried again; False when it had moved on."""
    facts = {"why": "", "do": "", "tries": 0, "first_tried_at": None, "warned_at": None, "due_at": now}
    facts["priority"] = max(delivery.priority, 1)
    if not delivery.memo and delivery.doubt_at is None:
        facts["planned_at"] = min(
            delivery.planned_at, now
        )  # sent before its hour it would be looked for too late
    with transaction.atomic():
        if lost := delivery.state == "lost":
            facts["doubt_at"] = None
        moved = move(delivery, "queued", now, **facts)
        if moved and lost:
            follow(delivery, now, who)
        if moved:
            step(delivery, now, _("Tried again."), who)
    return moved


def call_off(origin: str, now: datetime, why: str, who: str = "") -> int:
    """Cancel everything of one origin that is not out yet; how many were."""
    rows = Delivery.objects.filter(origin=origin, state__in=CHANGEABLE)
    return sum(cancel(delivery, now, why, who) for delivery in rows)
