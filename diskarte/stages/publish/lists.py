"""Posts with the state their deliveries give them, asked of the database at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from diskarte.core.files.models import File

from . import rules
from .models import Attachment, Post, Variant

ORDER = {"sent": "-when", "draft": "-made_at", "changes": "-made_at"}


@dataclass(frozen=True)
class Card:
    """One post in a list. `marks` are (network, channel's name, state of its delivery or empty)."""

    id: int
    title: str
    state: str
    at: datetime | None
    kind: str
    pillar: str
    marks: list[tuple[str, str, str]]
    picture: File | None
    comment: str


def stated(posts: QuerySet[Post]) -> Any:
    """The posts with `.state` (the same answer as rules.state_of) and `.when`."""
    on = Variant.objects.filter(post=OuterRef("pk")).exclude(delivery__state="cancelled")
    step = Case(
        When(step="review", then=Value("waiting")),
        When(step="approved", then=Value("approved")),
        When(~Q(comment=""), then=Value("changes")),
        default=Value("draft"),
    )
    state = Case(
        When(Exists(on.filter(delivery__state__in=rules.STUCK)), then=Value("needs_you")),
        When(Exists(on.filter(delivery__state__in=rules.LIVE)), then=Value("scheduled")),
        When(Exists(on.filter(delivery__isnull=False)), then=Value("sent")),
        default=step,
        output_field=CharField(),
    )
    return posts.annotate(state=state, when=Coalesce(F("due_at"), F("made_at")))


def counts(posts: QuerySet[Post]) -> dict[str, int]:
    """How many posts are in each state; states without any are there with 0."""
    found = stated(posts).order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(rules.STATES, 0) | dict(found)


def in_state(posts: QuerySet[Post], state: str) -> Any:
    """The posts in one state, or all of them, in the order one wants to read them."""
    rows = stated(posts)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by(ORDER.get(state, "-when" if not state else "when"), "-pk")


def cards(posts: Any) -> list[Card]:
    """Posts of `stated` as cards. Three queries, however many posts."""
    rows = list(posts.select_related("pillar"))
    variants: dict[int, list[tuple[str, str, str]]] = {}
    for v in Variant.objects.filter(post__in=rows).select_related("channel", "delivery").order_by("pk"):
        state = v.delivery.state if v.delivery else ""
        variants.setdefault(v.post_id, []).append((v.channel.network, str(v.channel), state))
    pictures: dict[int, File] = {}
    for one in Attachment.objects.filter(post__in=rows).select_related("file").order_by("-order", "-pk"):
        if one.file.is_image:
            pictures[one.post_id] = one.file
    return [
        Card(
            post.pk, rules.called(post.title, post.text), post.state, post.due_at, post.kind,
            str(post.pillar or ""), variants.get(post.pk, []), pictures.get(post.pk), post.comment,
        )
        for post in rows
    ]  # fmt: skip
