"""Posts and the outbox: handing a post over, changing what waits there, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from diskarte.core import clock
from diskarte.core.files.models import File
from diskarte.core.outbox import machine, queue
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Who
from diskarte.words import Problem
from diskarte.words import Told as _

from . import looks, rules
from .models import Post, Variant

FREE = ("cancelled", "refused")  # nothing is out: the post may be handed over anew
FIXED = ("sent", "unknown", "lost")


def variants_of(post: Post) -> list[Variant]:
    """The post's channels with their deliveries, in the order they were chosen. One query."""
    rows = post.variants.select_related("channel", "delivery", "delivery__channel")
    return list(rows.order_by("pk"))


def files_of(post: Post) -> list[File]:
    """The post's media in their order. One query."""
    return [one.file for one in post.attachments.select_related("file")]


def state_of(post: Post, variants: Sequence[Variant]) -> str:
    """One of rules.STATES."""
    return rules.state_of(post.step, post.comment, [v.delivery.state for v in variants if v.delivery])


def hand_over(who: Who, post: Post, at: datetime) -> int:
    """One delivery for each channel at `at`, new or moved there; how many. Raises Problem and hands over nothing."""
    variants, files = variants_of(post), files_of(post)
    if not variants:
        raise Problem(_("No channel is chosen."), do=_("Choose where it should go."), field="channels")
    _refuse_what_they_would(post, variants, files)
    done = sum(_hand_over_one(who, post, variant, files, at) for variant in variants)
    if not done:
        raise Problem(_("Everything of it is out already, or in doubt."), do=_("Look at its story."))
    return done


def _refuse_what_they_would(post: Post, variants: Sequence[Variant], files: Sequence[File]) -> None:
    for look in looks.looks(post, variants, files):
        wrong = [trouble for trouble in look.troubles if trouble.fatal]
        if wrong:
            what = _("%(channel)s would refuse it: %(what)s") % {"channel": look.name, "what": wrong[0].what}
            place = (
                "parts" if wrong[0].field.startswith("parts") else "text" if wrong[0].field == "text" else ""
            )
            raise Problem(what, kept=_("Nothing was scheduled."), do=wrong[0].do, field=place)


def _hand_over_one(who: Who, post: Post, variant: Variant, files: Sequence[File], at: datetime) -> bool:
    assert who.brand is not None
    old = variant.delivery
    content = looks.content_of(post, variant, files, who.brand.languages)
    if old is not None and old.state in ("queued", "asked", "blocked"):
        _amend(who, old, content, at)
        comment_on(who, post, old)
        return True
    if old is not None and old.state not in FREE:
        return False
    if old is not None and old.state == "refused":
        call_off(who, old, _("The post was scheduled anew."))
    soon = int(at <= clock.now())  # «now» goes before what its workspace planned
    place: dict[str, Any] = {"origin": post.address, "label": _label(post), "priority": soon}
    new = queue.queue(who.brand, variant.channel, content, at, **place)
    Variant.objects.filter(pk=variant.pk).update(delivery=new)
    variant.delivery = new
    _tell(new, new=True)
    comment_on(who, post, new)
    return True


def comment_on(who: Who, post: Post, delivery: Delivery) -> None:
    """The first comment under one delivery: written down, changed or taken back as the post now says."""
    assert who.brand is not None
    waiting = (
        delivery.waiting.filter(action="comment", state__in=queue.CHANGEABLE)
        .select_related("channel")
        .first()
    )
    if waiting is None:
        if (
            post.first_comment
            and not delivery.waiting.filter(action="comment").exclude(state="cancelled").exists()
        ):
            queue.queue(
                who.brand, delivery.channel, {"text": post.first_comment}, delivery.planned_at,
                action="comment", after=delivery, origin=post.address, label=_label(post),
            )  # fmt: skip
    elif not post.first_comment:
        call_off(who, waiting, _("The first comment was taken out."))
    else:
        queue.amend(
            waiting,
            clock.now(),
            content={"text": post.first_comment},
            due_at=delivery.planned_at,
            who=_name(who),
        )


def follow(who: Who, post: Post) -> None:
    """What waits in the outbox takes the post's new words; what was refused or late becomes free to schedule again.

    Raises Problem when it is too late: something is being sent at this moment, or everything is out.
    """
    assert who.brand is not None
    variants, files = variants_of(post), files_of(post)
    states = {v.delivery.state for v in variants if v.delivery} - {"cancelled"}
    if "sending" in states:
        raise Problem(_("It is being sent at this moment."), do=_("Wait a little, then look again."))
    if states and states <= set(FIXED):
        raise Problem(
            _("It is out already, so nothing of it can change."), do=_("Make a copy and change that.")
        )
    for variant in variants:
        delivery = variant.delivery
        if delivery is None or delivery.state in (*FIXED, "cancelled"):
            continue
        if delivery.state == "refused" or delivery.is_late:
            call_off(who, delivery, _("The post was changed."))
            continue
        content = looks.content_of(post, variant, files, who.brand.languages)
        at = max(delivery.planned_at, clock.now()) if delivery.state != "queued" else None
        _amend(who, delivery, content, at)
        comment_on(who, post, delivery)


def take_back(who: Who, post: Post, why: str) -> int:
    """Cancel everything of a post that is not out yet; how many. Raises Problem when something is just being sent."""
    rows = Delivery.objects.filter(origin=post.address, brand=post.brand_id).select_related("channel")
    if rows.filter(state="sending").exists():
        raise Problem(_("It is being sent at this moment."), do=_("Wait a little, then look again."))
    return sum(call_off(who, row, why) for row in rows.filter(state__in=queue.CHANGEABLE, after=None))


def _amend(who: Who, delivery: Delivery, content: dict[str, object], at: datetime | None) -> None:
    if not queue.amend(delivery, clock.now(), content=content, due_at=at, who=_name(who)):
        raise Problem(_("A part of it is out already."), do=_("Look at its story, then decide."))
    _tell(delivery)


def call_off(who: Who, delivery: Delivery, why: str) -> bool:
    """Cancel one delivery; Problem when it moved on meanwhile."""
    if not machine.cancel(delivery, clock.now(), why, _name(who)):
        raise Problem(_("It moved on meanwhile."), do=_("Look at its story, then decide."))
    _tell(delivery)
    return True


def _tell(delivery: Delivery, new: bool = False) -> None:
    """Put what became of a delivery into the audit: undo then leaves this write alone, as it must."""
    delivery.silent = False  # type: ignore[misc]
    if new:
        vars(delivery).pop("_loaded", None)  # nothing was there before
    delivery.save(update_fields=["label"])


def _label(post: Post) -> str:
    return rules.called(post.title, post.text)


def _name(who: Who) -> str:
    return str(who.person or "")
