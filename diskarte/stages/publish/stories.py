"""One post whole, and what became of it: every moment on every channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from diskarte.core import clock
from diskarte.core.files.models import File
from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.outbox import actions as outbox
from diskarte.core.outbox import outlook
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Stranger, Who

from . import looks, rules, sending, undoing
from .models import Attachment, Post, Variant

TITLES = {
    "planned": gettext_lazy("Scheduled"),
    "tried": gettext_lazy("Tried"),
    "queued": gettext_lazy("In the queue"),
    "sending": gettext_lazy("Sending"),
    "sent": pgettext_lazy("a post", "Sent"),
    "asked": gettext_lazy("A person is asked"),
    "refused": gettext_lazy("Refused"),
    "blocked": gettext_lazy("The channel must be connected again"),
    "unknown": gettext_lazy("Nobody knows whether it arrived"),
    "lost": gettext_lazy("It did not arrive"),
    "cancelled": gettext_lazy("Cancelled"),
}
LOOK = {"unknown": "doubt", "asked": "needs", "blocked": "needs", "refused": "failed", "lost": "failed"}
READINGS = 8
NUMBERS = {
    "views": gettext_lazy("Views"), "reach": gettext_lazy("Reach"), "engagements": gettext_lazy("Engagements"),
    "likes": gettext_lazy("Likes"), "replies": gettext_lazy("Replies"), "shares": gettext_lazy("Shares"),
    "saves": gettext_lazy("Saves"), "clicks": gettext_lazy("Link clicks"),
    "profile_visits": gettext_lazy("Profile visits"), "new_followers": gettext_lazy("New followers"),
}  # fmt: skip


@dataclass(frozen=True)
class On:
    """A post on one channel. `state` is its delivery's, empty while there is none."""

    channel: int
    name: str
    network: str
    own: str | None
    state: str
    delivery: int | None
    url: str
    at: datetime | None


@dataclass(frozen=True)
class Whole:
    """A post with everything around it. `media` as looks.shown, with the attachment's id."""

    post: Post
    id: int
    name: str
    state: str
    channels: list[On]
    media: list[dict[str, Any]]
    looks: list[looks.Look]


@dataclass(frozen=True)
class Moment:
    """One thing that happened, or is to come; `state` is done, next, needs (a person), doubt or failed."""

    at: datetime | None
    title: str
    text: str = ""
    state: str = "done"
    icon: str = ""
    seconds: float | None = None
    exchanges: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Branch:
    """What became of a post on one channel; `hand` is what a person must do there, if anything."""

    channel: int
    name: str
    network: str
    handle: str
    state: str
    hand: str  # "", post (by hand), late, doubt, again (refused, lost), blocked
    moments: list[Moment]
    delivery: Delivery
    media: list[dict[str, Any]]
    parts: list[outlook.Part]  # of a thread, as far as they are out
    publication: int | None  # where its numbers are kept, once it is out
    down: str  # state of its deletion, empty while nobody asked for one


@dataclass(frozen=True)
class Story:
    """A post and what became of it on one of its channels; None before anything was handed over."""

    whole: Whole
    branch: Branch | None


def whole(who: Who, post: int) -> Whole:
    """Three queries. Raises Stranger."""
    return _whole(*_rows(who, post))


def _rows(who: Who, post: int) -> tuple[Post, list[Variant], list[Attachment]]:
    row = (
        who.own(Post)
        .filter(pk=post)
        .select_related("pillar", "slot", "goal", "made_by", "approved_by")
        .first()
    )
    if row is None:
        raise Stranger
    return row, sending.variants_of(row), list(row.attachments.select_related("file"))


def _whole(row: Post, variants: list[Variant], attached: list[Attachment]) -> Whole:
    media = [looks.shown(one.file) | {"attachment": one.pk} for one in attached]
    found = looks.looks(row, variants, [one.file for one in attached])
    state = sending.state_of(row, variants)
    return Whole(
        row, row.pk, rules.called(row.title, row.text), state, [_on(v) for v in variants], media, found
    )


def _on(v: Variant) -> On:
    d = v.delivery
    state, pk, url, at = (d.state, d.pk, d.url, d.sent_at or d.planned_at) if d else ("", None, "", None)
    return On(v.channel_id, str(v.channel), v.channel.network, v.text, state, pk, url, at)


def story(who: Who, post: int, channel: int | None) -> Story:
    """At most eight queries, however many channels."""
    row, variants, attached = _rows(who, post)
    out = {v.channel_id: v.delivery for v in variants if v.delivery}
    first = min(out.values(), key=lambda d: d.state not in LOOK, default=None)
    delivery = out.get(channel, first) if channel else first
    branch = _branch(who, row, delivery) if delivery else None
    return Story(_whole(row, variants, attached), branch)


def _branch(who: Who, post: Post, delivery: Delivery) -> Branch:
    before = [Moment(post.made_at, _("Written"), str(post.made_by or ""), icon="pencil")]
    if post.approved_at:
        before.append(Moment(post.approved_at, _("Approved"), str(post.approved_by or ""), icon="check"))
    out = _publication(post, delivery)
    told = sorted([*before, *_so_far(who, delivery)], key=lambda moment: moment.at or post.made_at)
    told += _after(delivery, out)
    down = undoing.deletion_of(delivery)
    told += [_taken_down(down)] if down else []
    files = File.objects.filter(brand=post.brand_id, pk__in=delivery.content.get("media", []))
    shown = [looks.shown(file) for file in files]
    place = delivery.channel
    return Branch(
        place.pk, str(place), place.network, place.handle, delivery.state, hand_of(delivery), told, delivery, shown,
        outlook.parts(delivery), out.pk if out else None, down.state if down else "",
    )  # fmt: skip


def _taken_down(down: Delivery) -> Moment:
    """What became of its deletion."""
    if down.state == "sent":
        return Moment(down.sent_at, _("Taken down"), icon="trash")
    state = LOOK.get(down.state, "next")
    return Moment(
        down.planned_at, _("To be taken down"), " ".join(p for p in (down.why, down.do) if p), state, "trash"
    )


def _so_far(who: Who, delivery: Delivery) -> list[Moment]:
    """What happened to a delivery, with the state it is in at the end."""
    told = [_moment(one) for one in outbox.story(who, delivery.pk)]
    if told and delivery.state in LOOK and told[-1].state == "done":
        at = delivery.last_tried_at or told[-1].at
        told.append(Moment(at, str(TITLES[delivery.state]), delivery.why, LOOK[delivery.state]))
    return told


def moments_of(who: Who, delivery: Delivery) -> list[Moment]:
    """The story of a delivery that is no post: a reply, a first comment, a deletion."""
    return _so_far(who, delivery) + _coming(delivery)


def hand_of(delivery: Delivery) -> str:
    """What a person must do about a delivery: see Branch.hand."""
    if delivery.state == "asked":
        return "late" if delivery.is_late else "post"
    return {"unknown": "doubt", "lost": "again", "refused": "again", "blocked": "blocked"}.get(
        delivery.state, ""
    )


def _moment(one: outbox.Happening) -> Moment:
    why = " · ".join(part for part in (one.who, "" if one.what == "planned" else one.why) if part)
    title, icon = _title(one), "send" if one.what == "sent" else ""
    if one.what == "queued" and one.seconds is not None and one.why:
        icon = "refresh"
    return Moment(one.at, title, why, LOOK.get(one.what, "done"), icon, one.seconds, one.exchanges)


def _title(one: outbox.Happening) -> str:
    """An attempt that left it in the queue did not work yet, or did one step of several."""
    if one.what == "queued" and one.seconds is not None:
        return _("It did not work this time") if one.why else _("One step is done")
    return str(TITLES.get(one.what, one.what))


def _publication(post: Post, delivery: Delivery) -> Publication | None:
    """What is kept about it out there, once it is sent."""
    if delivery.state != "sent":
        return None
    rows = Publication.objects.filter(brand=post.brand_id, origin=post.address, channel=delivery.channel_id)
    return rows.first()


def _after(delivery: Delivery, out: Publication | None) -> list[Moment]:
    """What is to come, then what was read about it."""
    if delivery.state != "sent":
        return _coming(delivery)
    read = [] if out is None or delivery.sent_at is None else _read(out, delivery.sent_at)
    return read or [Moment(None, _("Numbers are read from an hour on"), state="next", icon="chart-line")]


def _coming(delivery: Delivery) -> list[Moment]:
    """What happens next; nothing while a person is asked, since the page says that above."""
    nearest = outlook.coming(delivery, clock.now())
    if nearest is None or (nearest.person and delivery.state != "queued"):
        return []
    return [Moment(nearest.at, nearest.what.rstrip("."), state="next", icon="send")]


def _read(out: Publication, sent_at: datetime) -> list[Moment]:
    found: dict[datetime, dict[str, float]] = {}
    for row in Reading.objects.filter(publication=out, metric__in=NUMBERS).order_by("at"):
        found.setdefault(row.at, {})[row.metric] = row.value
    newest = list(found.items())[-READINGS:]
    return [Moment(at, _age(at - sent_at), _in_words(told), icon="chart-line") for at, told in newest]


def _in_words(told: dict[str, float]) -> str:
    """«Views 1,328 · Reach 1,028», what matters most first."""
    known = [(name, told[m]) for m, name in NUMBERS.items() if m in told]
    return " · ".join(f"{name} {number_format(value, 0, force_grouping=True)}" for name, value in known)


def _age(age: timedelta) -> str:
    """«After 3 h», «After 7 days»: how old a post was when it was read."""
    hours = max(0, round(age.total_seconds() / 3600))
    if hours < 48:
        return _("After %(n)s h") % {"n": hours}
    return _("After %(n)s days") % {"n": round(hours / 24)}
