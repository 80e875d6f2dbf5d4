"""What goes out next, and what of this stage waits for a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_noop

from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Who
from diskarte.core.standing import Need, Standing
from diskarte.stages.plan.models import Slot

from . import lists, rules
from .models import Post, Variant

WEEK = timedelta(days=7)
ASKS = {  # state of a delivery: what a person is asked, how urgent, the word on the button
    "unknown": (gettext_noop("Did «%(title)s» reach %(channel)s?"), "look", gettext_noop("Look")),
    "asked": (gettext_noop("Post «%(title)s» on %(channel)s by hand"), "look", gettext_noop("Post it")),
    "late": (gettext_noop("«%(title)s» missed its hour on %(channel)s"), "look", gettext_noop("Decide")),
    "refused": (gettext_noop("%(channel)s refused «%(title)s»"), "fix", gettext_noop("Fix")),
    "lost": (gettext_noop("«%(title)s» did not reach %(channel)s"), "fix", gettext_noop("Fix")),
}
SHOWN = 5


@dataclass(frozen=True)
class Coming:
    """Something that goes out (`state` scheduled or needs_you), or a slot nobody has written yet (planned)."""

    at: datetime
    title: str
    kind: str
    pillar: str
    network: str
    state: str
    url: str
    channels: list[str] = field(default_factory=list)


def coming(who: Who, now: datetime, limit: int) -> list[Coming]:
    """The next `limit`, soonest first. Two queries."""
    limit = max(1, min(limit, 100))
    rows = [*_posts(who, limit), *_slots(who, now, limit)]
    return sorted(rows, key=lambda row: row.at)[:limit]


def _posts(who: Who, limit: int) -> list[Coming]:
    rows = Variant.objects.filter(post__brand=who.brand, delivery__state__in=("queued", "sending", "asked"))
    rows = rows.select_related("post__pillar", "delivery", "channel").order_by("delivery__planned_at", "pk")
    found: dict[int, Coming] = {}
    for one in rows[: limit * 6]:
        assert one.delivery is not None
        post, delivery = one.post, one.delivery
        if post.pk in found:
            found[post.pk].channels.append(str(one.channel))
            continue
        found[post.pk] = Coming(
            delivery.planned_at, rules.called(post.title, post.text), post.kind, str(post.pillar or ""),
            one.channel.network, "needs_you" if delivery.state == "asked" else "scheduled",
            reverse("publish.story", args=[post.pk]), [str(one.channel)],
        )  # fmt: skip
    return list(found.values())


def _slots(who: Who, now: datetime, limit: int) -> list[Coming]:
    written = Post.objects.filter(slot=OuterRef("pk"))
    rows = who.own(Slot).filter(~Exists(written), state="open", at__range=(now, now + WEEK))
    rows = rows.select_related("channel", "pillar").order_by("at")[:limit]
    return [
        Coming(
            slot.at, slot.title or slot.topic, slot.kind, str(slot.pillar or ""), slot.channel.network, "planned",
            f"{reverse('publish.write')}?slot={slot.pk}", [str(slot.channel)],
        )
        for slot in rows
    ]  # fmt: skip


def standing(who: Who, now: datetime) -> Standing:
    """Empty without posts, half while none is on its way or out, then full. Three queries."""
    found = lists.counts(who.own(Post))
    if not sum(found.values()):
        return Standing("empty", missing=gettext_noop("No post is written yet."))
    out = found["scheduled"] + found["sent"] + found["needs_you"]
    needs = _needs(who)
    if found["waiting"]:
        what = gettext_noop("Posts that wait for approval: %(n)s")
        values = {"n": found["waiting"]}
        args = {"state": "waiting"}
        needs.append(Need(what, "publish.list", values, args, "review", gettext_noop("Review")))
    missing = "" if out else gettext_noop("Nothing is scheduled yet.")
    return Standing("full" if out else "half", str(found["scheduled"] or ""), tuple(needs), missing)


def _needs(who: Who) -> list[Need]:
    rows = who.own(Delivery).filter(origin__startswith="publish.post:", state__in=ASKS)
    rows = rows.exclude(state="unknown", do="").select_related("channel").order_by("planned_at")
    return [_need(delivery) for delivery in rows[:SHOWN]]


def _need(delivery: Delivery) -> Need:
    what, urgency, do = ASKS["late" if delivery.is_late else delivery.state]
    values = {"title": delivery.label, "channel": str(delivery.channel)}
    post = int(delivery.origin.rpartition(":")[2])
    return Need(what, "publish.story", values, {"post": post}, urgency, do)
