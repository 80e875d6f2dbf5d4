"""What a person types becomes the rows of a post. Called inside a verb's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from diskarte.core import clock
from diskarte.core.files.keep import keep
from diskarte.core.files.models import File
from diskarte.core.given import Upload
from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Person
from diskarte.core.people.who import Stranger, Who
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.models import Pillar, Slot
from diskarte.words import Problem, Told

from . import rules, sending
from .models import Attachment, Post, Variant

KEEP = "(unchanged)"  # what a text parameter says when it was not given: empty means «take it out»
LABELS: dict[str, Any] = {"pillar": Pillar, "segment": Segment, "hook": Hook, "goal": Goal}
FROM_SLOT = ("kind", "topic", "title", "pillar_id", "segment_id", "hook_id", "goal_id")


def from_slot(who: Who, slot: int) -> dict[str, Any]:
    """What a new post takes over from its place in the plan."""
    row: Slot = who.one(Slot, slot)
    facts = {name: getattr(row, name) for name in FROM_SLOT}
    return {"slot": row, "due_at": row.at, **facts}


def slot_is(slot: Slot | None) -> None:
    """Tell the plan whether a post is written for its slot."""
    if slot is not None:
        plan.take_slot(slot, Post.objects.filter(slot=slot).exists())


def texts(given: dict[str, str]) -> dict[str, str]:
    """The texts that were given, trimmed; a link is checked."""
    found = {name: rules.lines(value).strip() for name, value in given.items() if value != KEEP}
    link = found.get("link", "")
    if link and not link.startswith(("https://", "http://")):
        raise Problem(_("«%s» is not a link.") % link[:80], do=_("It begins with https://"), field="link")
    return found


def labels(who: Who, given: dict[str, int | None]) -> dict[str, Any]:
    """The rows that were chosen; 0 takes a label off, None leaves it."""
    chosen = {name: pk for name, pk in given.items() if pk is not None}
    return {name: who.one(LABELS[name], pk) if pk else None for name, pk in chosen.items()}


def parts_of(given: Iterable[str]) -> list[str]:
    """The later posts of a thread, whether given one by one or in one text with lines of dashes."""
    return [part for text in given for part in rules.thread(text)]


def fill(
    who: Who, post: Post, said: dict[str, str], chosen: dict[str, int | None], *,
    due_at: datetime | None, kind: str | None, parts: list[str] | None,
) -> None:  # fmt: skip
    """Put what was given onto the row; nothing is saved."""
    facts: dict[str, Any] = {**texts(said), **labels(who, chosen)}
    facts |= {"due_at": due_at} if due_at is not None else {}
    facts |= {"kind": str(kind)} if kind is not None else {}
    facts |= {"parts": parts_of(parts)} if parts is not None else {}
    for name, value in facts.items():
        setattr(post, name, value)


def place(who: Who, post: Post, channels: Iterable[int] | None, own: Iterable[str] | None) -> None:
    """Where it goes, and what is said differently there; None leaves either as it is."""
    if channels is not None:
        put_on(who, post, channels)
    have = set(post.variants.values_list("channel", flat=True))
    for channel, text in own_texts(own or []).items():
        if channel in have:  # a text for a channel that was taken off in the same form is dropped with it
            say_here(post, channel, text)


def imagined(who: Who, post: Post, channels: Iterable[int], own: dict[int, str]) -> list[Variant]:
    """The variants these choices would make, unsaved. Two queries."""
    wanted = list(dict.fromkeys(channels))
    rows = {row.pk: row for row in who.own(Channel).filter(pk__in=wanted)}
    kept = dict(post.variants.values_list("channel", "text")) if post.pk else {}
    texts = kept | {pk: rules.lines(text).strip() or None for pk, text in own.items()}
    return [Variant(channel=rows[pk], text=texts.get(pk)) for pk in wanted if pk in rows]


def put_on(who: Who, post: Post, channels: Iterable[int]) -> None:
    """The post goes to exactly these channels; a channel where it is out already stays."""
    wanted = {pk: who.one(Channel, pk) for pk in dict.fromkeys(channels)}
    have = {variant.channel_id: variant for variant in sending.variants_of(post)}
    for pk in wanted.keys() - have.keys():
        Variant(post=post, channel=wanted[pk]).save()
    for pk in have.keys() - wanted.keys():
        leave(who, post, have[pk])


def leave(who: Who, post: Post, variant: Variant) -> None:
    """Take one channel off the post, and what waits for it out of the outbox."""
    state = variant.delivery.state if variant.delivery else ""
    if state in ("sending", *sending.FIXED):
        what = _("It is out on %(channel)s already.") % {"channel": variant.channel}
        raise Problem(what, do=_("Leave the channel chosen."), field="channels")
    if variant.delivery and state != "cancelled":
        sending.call_off(who, variant.delivery, Told("The channel was taken off the post."))
    variant.delete()


def say_here(post: Post, channel: int, text: str) -> None:
    """Another text on one channel; empty, or equal to the post's own, means no other."""
    variant = post.variants.filter(channel=channel).first()
    if variant is None:
        raise Problem(
            _("The post does not go to this channel."), do=_("Choose the channel first."), field="channels"
        )
    own = rules.lines(text).strip() or None
    own = None if own == post.text.strip() else own
    if variant.text != own:
        variant.text = own
        variant.save()


def own_texts(given: Iterable[str]) -> dict[int, str]:
    """«12:text» for channel 12; what does not begin with a number is a Problem."""
    found = {}
    for one in given:
        channel, colon, text = one.partition(":")
        if not (colon and channel.isdecimal()):
            raise Problem(_("A text of its own begins with the channel's number and a colon."), field="own")
        found[int(channel)] = text
    return found


def with_this(own: Iterable[str] | None, channel: int | None, text: str) -> list[str]:
    """The texts of other channels, and the one of the channel that is in view."""
    return [*(own or []), *([] if channel is None else [f"{channel}:{text}"])]


def attach(who: Who, post: Post, file: Upload, alt: str) -> Attachment:
    """Keep the file and put it last; its description is the file's own, wherever it is used."""
    assert who.brand is not None
    kept = keep(who.brand, file.name, file, alt=alt)
    if alt.strip() and kept.alt != alt.strip():
        describe(kept, alt)
    last = post.attachments.aggregate(last=Max("order"))["last"]
    if post.attachments.filter(file=kept).exists():
        raise Problem(_("This file is there already."), field="file")
    row = Attachment(post=post, file=kept, order=0 if last is None else last + 1)
    row.save()
    return row


def attachment(who: Who, pk: int, post: Post | None = None) -> Attachment:
    """One attachment of the brand (and of this post), or Stranger."""
    rows = Attachment.objects.filter(post__brand=who.brand, pk=pk).select_related("post", "file")
    found = (rows if post is None else rows.filter(post=post)).first()
    if found is None:
        raise Stranger
    return found


def describe(file: File, alt: str) -> None:
    """The description of a file, wherever it is used."""
    file.alt = alt.strip()[:2000]
    file.save()


def settle_kind(post: Post) -> None:
    """Media plainly say what a post is made of; without any it stays what was planned."""
    mimes = list(post.attachments.values_list("file__mime", flat=True))
    if mimes:
        post.kind = rules.kind_of(mimes, post.text, post.kind)


def changed(who: Who, post: Post) -> None:
    """Count a change of what would be sent: an agreement given before is no agreement to this.

    Somebody who may approve agrees by changing. What waits in the outbox follows, or the change is refused.
    """
    variants = sending.variants_of(post)
    state = sending.state_of(post, variants)
    may_agree = "publish.approve" in who.rights
    assert who.workspace is not None
    if state == "scheduled" and who.workspace.approval == "required" and not may_agree:
        raise Problem(
            _("It is approved and scheduled."), do=_("Ask somebody who may approve to take it back first.")
        )
    settle_kind(post)
    agreed = post.step == "approved" and post.approved_version == post.version
    post.version += 1
    if agreed and may_agree:
        post.approved_version = post.version
    elif post.step == "approved":
        post.step = "draft"
    post.save()
    sending.follow(who, post)


def only_open(post: Post, otherwise: str) -> None:
    """Raise Problem `otherwise` unless nothing of the post is in the outbox or out."""
    if sending.state_of(post, sending.variants_of(post)) not in rules.OPEN:
        raise Problem(otherwise, do=_("Take it back first, if it is not too late."))


def why_not(code: str) -> str:
    """Why a post may not go out yet, in words; `code` as rules.may_go gives it."""
    return {
        "waiting": _("It waits for approval."),
        "changed": _("It was changed after it was approved."),
    }.get(code, _("It needs approval before it may go out."))


def copy(who: Who, post: Post) -> Post:
    """A draft with the same words, labels, channels and media."""
    same = ("title", "text", "kind", "topic", "language", "link", "first_comment", "parts", *LABELS)
    new = Post(
        brand=post.brand, made_by=person(who), made_at=clock.now(), **{n: getattr(post, n) for n in same}
    )
    new.save()
    for variant in sending.variants_of(post):
        Variant(post=new, channel=variant.channel, text=variant.text).save()
    for one in post.attachments.all():
        Attachment(post=new, file_id=one.file_id, order=one.order).save()
    return new


def choices(who: Who) -> dict[str, list[tuple[int, str]]]:
    """What can be chosen for a post: (id, name) of channels, pillars, segments, hooks and open goals."""
    rows = {
        "channels": who.own(Channel).order_by("network", "name"),
        "pillar": who.own(Pillar),
        "segment": who.own(Segment).order_by("name"),
        "hook": who.own(Hook).order_by("text"),
        "goal": who.own(Goal).filter(state="open").order_by("deadline"),
    }
    return {name: [(row.pk, str(row)) for row in found] for name, found in rows.items()}


def person(who: Who) -> Person | None:
    """Who does it, or None when it is the house itself."""
    return who.person if who.person and who.person.pk else None
