"""What people write under our posts: read from the networks, shown in one list, answered through the outbox."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from diskarte import networks
from diskarte.core import clock
from diskarte.core.jobs.models import Run
from diskarte.core.outbox import heard, pace, queue, wire
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.models import Membership, Person
from diskarte.core.people.who import Stranger, Who
from diskarte.words import Failure, Post, Problem
from diskarte.words import Reply as Heard

from . import rules
from .deals import person as person_of
from .models import Message, Reply

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(days=14)  # older posts hardly ever get an answer any more
MOST = 40  # posts looked under in one round, for each channel
JOB = "engage.read_replies"


@dataclass(frozen=True)
class Card:
    """One message with our answers; `can` says whether the network lets a program answer.

    `post` is the post of ours it stands under, 0 when that was not written here.
    """

    message: Message
    id: int
    network: str
    channel: str
    under: str
    post: int
    answers: list[tuple[str, str, datetime]]  # text, state of its delivery, when
    can: bool


@dataclass(frozen=True)
class Counts:
    """`wait` is the median time between a message and our first answer; None: never answered."""

    open: int
    done: int
    mine: int
    wait: timedelta | None


def cards(who: Who, state: str, channel: int | None, mine: bool, limit: int) -> list[Card]:
    """Two queries."""
    if state not in ("", "open", "done"):
        raise Problem(_("There is no state «%s».") % state, do="open, done", field="state")
    rows = who.own(Message).select_related("channel", "under", "assigned").order_by("-at", "-pk")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(channel=channel) if channel else rows
    rows = rows.filter(assigned=person_of(who)) if mine else rows
    ours = Prefetch("replies", Reply.objects.select_related("delivery").order_by("pk"))
    return [_card(row) for row in rows.prefetch_related(ours)[: max(1, min(limit, 500))]]


def _card(row: Message) -> Card:
    answers = [(r.text, r.delivery.state if r.delivery else "", r.made_at) for r in row.replies.all()]
    can = "reply" in networks.get(row.channel.network).can
    under = row.under.label if row.under else ""
    return Card(row, row.pk, row.channel.network, str(row.channel), under, _post(row), answers, can)


def _post(row: Message) -> int:
    where, _colon, pk = row.under.origin.partition(":") if row.under else ("", "", "")
    return int(pk) if where == "publish.post" and pk.isdigit() else 0


def counts(who: Who) -> Counts:
    """Two queries."""
    mine = Q(state="open", assigned=person_of(who)) if person_of(who) else Q(pk__in=[])
    wanted = {"open": Q(state="open"), "done": Q(state="done"), "mine": mine}
    told = who.own(Message).aggregate(**{name: Count("pk", filter=only) for name, only in wanted.items()})
    firsts: dict[int, timedelta] = {}
    rows = Reply.objects.filter(message__brand=who.brand).order_by("made_at")
    for pk, made_at, at in rows.values_list("message", "made_at", "message__at"):
        firsts.setdefault(pk, max(made_at - at, timedelta(0)))
    seconds = [wait.total_seconds() for wait in firsts.values()]
    wait = timedelta(seconds=median(seconds)) if seconds else None
    return Counts(told["open"], told["done"], told["mine"], wait)


def colleagues(who: Who) -> list[tuple[int, str]]:
    """One query."""
    rows = Membership.objects.filter(workspace=who.workspace, person__is_active=True).select_related("person")
    return [(row.person_id, str(row.person)) for row in rows.order_by("person__name", "person__email")]


def assign(who: Who, row: Message, person: int | None) -> Message:
    """Give it to somebody of this workspace; anybody else does not exist."""
    if person is not None and person not in dict(colleagues(who)):
        raise Stranger
    row.assigned = Person.objects.get(pk=person) if person else None
    row.save()
    return row


def reply(who: Who, row: Message, text: str) -> Reply:
    """Hand the answer to the outbox; what the network would refuse is said before."""
    assert who.brand is not None
    assert who.workspace is not None
    if who.workspace.approval == "required":
        who.must("publish.send")
    channel, text = row.channel, rules.lines(text).strip()
    if not text:
        raise Problem(_("The answer is empty."), field="text")
    limits = pace.limits_of(channel)
    found = networks.get(channel.network).preflight(Post("look", text), limits)
    wrong = [c for c in found if c.fatal and c.field == "text"]
    if wrong:
        first = wrong[0]
        raise Problem(_(first.what) % first.values, do=_(first.do) % first.values, field="text")
    ours = Reply(message=row, text=text, made_by=person_of(who), made_at=clock.now())
    ours.save()
    content = {
        "text": text,
        "answers": row.remote_id,
        "url": row.url,
        "languages": list(who.brand.languages[:1]),
    }
    ours.delivery = queue.queue(
        who.brand, channel, content, clock.now(), action="reply", origin=f"engage.reply:{ours.pk}",
        label=_("Answer to %(author)s") % {"author": row.author}, priority=1,
    )  # fmt: skip
    _tell(ours.delivery)
    ours.save()
    row.state = "done"
    row.save()
    return ours


def _tell(delivery: Delivery) -> None:
    """The audit names the delivery: what is on its way is not taken back by undo."""
    delivery.silent = False  # type: ignore[misc]
    vars(delivery).pop("_loaded", None)  # nothing was there before
    delivery.save(update_fields=["label"])


def soon(who: Who, now: datetime) -> int:
    """Ask the worker to look now; how many posts of this brand it will look under."""
    Run.objects.update_or_create(name=JOB, defaults={"next_at": now})
    return _posts(now).filter(brand=who.brand).count()


def _posts(now: datetime) -> QuerySet[Delivery]:
    able = [name for name, network in networks.all_networks().items() if "read_replies" in network.can]
    fresh = Q(sent_at__gt=now - LOOK_BACK) | Q(pk__in=heard.wanted(now))
    rows = Delivery.objects.filter(fresh, state="sent", action="publish")
    return rows.filter(channel__network__in=able, channel__state="ready").exclude(remote_id="")


def read_all(now: datetime) -> int:
    """Read what was written under the posts of the last two weeks; how many messages are new.

    Called by the job, outside any transaction: a slow network holds nothing up. One channel's failure stops
    only that channel.
    """
    return sum(
        _read(channel, now) for channel in Channel.objects.filter(pk__in=_posts(now).values("channel"))
    )


def _read(channel: Channel, now: datetime) -> int:
    posts = _posts(now).filter(channel=channel).order_by("-sent_at")[:MOST]
    network, new = networks.get(channel.network), 0
    try:
        api = wire.current(channel, now)
        for delivery in posts:
            new += sum(_keep(delivery, reply) for reply in network.read_replies(api, delivery.remote_id))
    except Failure as failure:
        log.warning("no messages from channel %s: %s", channel.pk, failure)
    return new


def _keep(delivery: Delivery, reply: Heard) -> bool:
    """True when it is new and not our own voice."""
    channel = delivery.channel
    ours: dict[str, Any] = {"channel": channel, "remote_id": reply.remote_id}
    if reply.author.lstrip("@") in (channel.handle.lstrip("@"), channel.identity):
        return False
    if Delivery.objects.filter(**ours).exists():
        return False
    facts = {
        "brand_id": delivery.brand_id, "under": delivery, "author": reply.author[:200], "text": reply.text,
        "url": reply.url[:1000], "at": reply.at, "read_at": clock.now(),
    }  # fmt: skip
    _row, new = Message.objects.get_or_create(**ours, defaults=facts)
    return new
