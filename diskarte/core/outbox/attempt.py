"""One try of one delivery: build the post, call the network once, and leave by exactly one move."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from diskarte import networks
from diskarte.core.files.models import File
from diskarte.networks.base import Api, Network
from diskarte.words import (
    MB,
    Ask,
    Kind,
    Media,
    Post,
    Problem,
    Reconnect,
    Refused,
    Sent,
    TryLater,
    Unknown,
    Wait,
)
from diskarte.words import Told as _

from . import endings, lanes, leases, machine, pace, wire
from .change import change
from .endings import Ending
from .models import Attempt, Channel, Delivery
from .patience import patiently

Story = list[dict[str, Any]]
EXCHANGES = 30
JUST_NOW = timedelta(seconds=2)
HAND = "by hand"
SPREADS, SPREAD_TAKES = 3, 20  # tries and seconds that a new permission gets until all their machines know it
LARGEST = 512 * MB  # of one file, where the network sets no limit


class Intent:
    """Handed to the `Api`: commits the intent right before each call that cannot be taken back.

    It stops a worker that was held up: one whose delivery is in other hands, or whose network has forgotten the
    key meanwhile.
    """

    def __init__(self, delivery: Delivery, now: datetime) -> None:
        self.delivery, self.now, self.began = delivery, now, leases.ticks()
        self.made = False  # something irreversible has begun in this attempt

    def __call__(self) -> None:
        now = self.now + timedelta(seconds=leases.ticks() - self.began)
        if self.delivery.doubt_at and not remembered(self.delivery, now):
            raise Unknown(self.delivery.why)
        try:
            mine = leases.hold(self.delivery, now)
        except (OperationalError, InterfaceError) as error:
            raise TryLater(_("Our own database could not be reached."), 30) from error
        if not mine:
            raise TryLater(_("Another worker has it in hand."))
        self.made = True


def attempt(delivery: Delivery, now: datetime, luck: Callable[[], float] = random.random) -> bool:
    """Try a delivery that `take` handed out (or take this one first); True when its ending was written.

    False means that the lease was lost meanwhile: then nothing at all was written. Raises nothing a network
    can cause.
    """
    if delivery.state == "queued" and not take_one(delivery, now):
        return False
    story: Story = []
    began = time.monotonic()
    intent = Intent(delivery, now)
    try:
        ending = _try(delivery, intent, story, luck)
    except DatabaseError:
        _drop_line()
        ending = _unfinished(delivery, intent, _("Our own database failed in the middle of it."), luck)
    ended = now + timedelta(seconds=int(time.monotonic() - began))
    return close(delivery, ending, now, ended, story)


def take_one(delivery: Delivery, now: datetime) -> bool:
    """Take this very delivery in hand, whatever its turn; False when somebody else has it or its pace forbids."""
    with transaction.atomic():
        return machine.hand_out(delivery, HAND, now)


def _unfinished(delivery: Delivery, intent: Intent, why: str, luck: Callable[[], float]) -> Ending:
    """It stopped in the middle: a doubt only when a call was begun, or there was one before."""
    if intent.made or delivery.doubt_at:
        return endings.in_doubt(delivery, why)
    return endings.later(delivery, why, 60, intent.now, luck())


def _drop_line() -> None:
    """Forget a broken connection to the database; the next question opens a new one."""
    if not connection.in_atomic_block:
        connection.close()


def _try(delivery: Delivery, intent: Intent, story: Story, luck: Callable[[], float]) -> Ending:
    now = intent.now
    if delivery.doubt_at and not remembered(delivery, now):
        return endings.in_doubt(delivery, delivery.why)
    try:
        answer = _call(delivery, intent, story.append)
    except TryLater as failure:
        return endings.later(delivery, str(failure), failure.seconds, now, luck(), failure.do)
    except Reconnect as failure:
        return endings.blocked(delivery, str(failure))
    except Unknown as failure:
        return _unfinished(delivery, intent, str(failure), luck)
    except Refused as failure:
        return endings.refused(delivery, str(failure), failure.do)
    except Problem as failure:
        return endings.refused(delivery, failure.what, failure.do)
    return _ending_of(delivery, answer, now)


def _ending_of(delivery: Delivery, answer: Sent | Wait | Ask, now: datetime) -> Ending:
    if isinstance(answer, Wait):
        return endings.waiting(delivery, answer, now)
    if isinstance(answer, Ask):
        return Ending("asked", "", answer.what, {"doubt_at": None})
    facts = {"remote_id": answer.remote_id, "url": answer.url, "told": answer.told, "doubt_at": None}
    return Ending("sent", "", "", facts)


def _call(delivery: Delivery, intent: Intent, record: wire.Record) -> Sent | Wait | Ask:
    """The network's answer; a permission that just ran out is renewed once, since then nothing happened yet."""
    channel, network, now = delivery.channel, networks.get(delivery.channel.network), intent.now
    post = post_of(delivery)
    _refuse_what_they_would(delivery, network, post)
    if delivery.last_tried_at is None or not timedelta(0) <= now - delivery.last_tried_at < JUST_NOW:
        channel.refresh_from_db()  # else it was read when the delivery was taken
    api = wire.current(channel, now, record)
    api.before = intent
    try:
        return _do(delivery, network, api, post)
    except Reconnect:
        old = channel.version
        if "refresh" in network.can:
            wire.refresh(channel, now, record)
        else:
            channel.refresh_from_db()
        if channel.version == old:
            raise
    return _with_the_newer(delivery, intent, record, post)


def _with_the_newer(delivery: Delivery, intent: Intent, record: wire.Record, post: Post) -> Sent | Wait | Ask:
    """The same with the permission that was given meanwhile; a network's machines may not all know it yet."""
    network = networks.get(delivery.channel.network)
    api = wire.api_for(delivery.channel, record, intent.now)
    api.before = intent
    try:
        return _do(delivery, network, api, post)
    except Reconnect as failure:
        if delivery.tries > SPREADS:
            raise
        why = _("%(network)s does not take the permission yet that it has just given.", network=network.name)
        raise TryLater(why, SPREAD_TAKES) from failure


def _refuse_what_they_would(delivery: Delivery, network: Network, post: Post) -> None:
    """Say before the first call what would be refused after it: limits change between planning and sending.

    What has begun goes on, whatever the limits are by now. Raises Problem.
    """
    if delivery.action == "delete" or delivery.memo or delivery.doubt_at:
        return
    wrong = next((c for c in network.preflight(post, lanes.limits_of(delivery.channel)) if c.fatal), None)
    if wrong is not None:
        raise Problem(_(wrong.what, **wrong.values), do=_(wrong.do, **wrong.values))


def _do(delivery: Delivery, network: Network, api: Api, post: Post) -> Sent | Wait | Ask:
    memo = deepcopy(delivery.memo)
    match delivery.action:
        case "publish" if "publish" in network.can:
            return network.publish(api, post, memo)
        case "reply" | "comment" if "reply" in network.can and post.answers:
            return network.reply(api, post, memo)
        case "delete" if "delete" in network.can:
            for part in reversed(delivery.content.get("parts", [])):  # of a thread the last first
                network.delete(api, str(part))
            network.delete(api, str(delivery.content["remote_id"]))
            return Sent(str(delivery.content["remote_id"]), "")
    return Ask(_by_hand(delivery, network.name))


def _by_hand(delivery: Delivery, network: str) -> str:
    """What a person does where the network has no way for programs."""
    where = (
        delivery.content.get("url") or (delivery.after.url if delivery.after else "") or delivery.channel.url
    )
    says = {
        "publish": _("%(network)s lets no program publish: post this yourself. %(where)s"),
        "delete": _("%(network)s lets no program delete: delete it yourself. %(where)s"),
    }.get(delivery.action, _("%(network)s lets no program answer: write this yourself. %(where)s"))
    return (says % {"network": network, "where": where}).strip()


def post_of(delivery: Delivery) -> Post:
    """The delivery as the network takes it, equal at every attempt. Raises Problem when a file is gone."""
    given = delivery.content
    answers = given.get("answers", "")
    if delivery.action == "comment" and delivery.after:
        answers = delivery.after.remote_id
    return Post(
        key=delivery.key,
        text=given.get("text", ""),
        media=tuple(_media(delivery, pk) for pk in given.get("media", [])),
        answers=answers,
        parts=tuple(given.get("parts", [])),
        languages=tuple(given.get("languages", [])),
        kind=Kind(given.get("kind") or Kind.TEXT),
        due_at=delivery.planned_at,
    )


def _media(delivery: Delivery, pk: int) -> Media:
    file = File.objects.filter(brand=delivery.brand_id, pk=pk).first()
    try:
        if file is None:
            raise FileNotFoundError
        _check_size(file, delivery.channel)
        content, shape = file.read(), (file.width, file.height)
        return Media(file.name, file.mime, content, file.alt, file.seconds, file.codec, None, *shape)
    except FileNotFoundError:
        raise Problem(
            _("A file of this post is not there any more."), do=_("Choose it again, then try once more.")
        ) from None


def _check_size(file: File, channel: Channel) -> None:
    """A file is read whole: one that cannot be accepted must not fill the memory first. Raises Problem."""
    limits = lanes.limits_of(channel)
    most = min((limits.video_bytes if file.is_video else limits.image_bytes) or LARGEST, LARGEST)
    if file.size > most:
        told = {"file": file.name, "mb": round(file.size / MB), "most": round(most / MB)}
        raise Problem(
            _("«%(file)s» has %(mb)s MB; at most %(most)s MB are taken there.") % told,
            do=_("Make the file smaller or leave it out, then try again."),
        )


def remembered(delivery: Delivery, now: datetime) -> bool:
    """Does the network surely still know the key of the call in doubt, so that repeating it is harmless?"""
    if delivery.action == "delete":
        return True
    window = networks.get(delivery.channel.network).remembers_key
    spare = min(window / 4, leases.SKEW)  # a call takes time, and a clock may have jumped
    since = delivery.doubt_at
    return since is not None and since <= now < since + window - spare


def block(channel: Channel, why: str) -> bool:
    """Stop the channel, unless it was connected again while the permission in hand was in use."""
    same = Channel.objects.filter(pk=channel.pk, version=channel.version).exclude(state="paused")
    return bool(same.update(state="blocked", why=why))


def close(delivery: Delivery, ending: Ending, now: datetime, ended: datetime, story: Story) -> bool:
    """Write the ending and the attempt's story; both or, for an old fence, neither."""
    return patiently(lambda: _written(delivery, ending, now, ended, story))


@transaction.atomic
def _written(delivery: Delivery, ending: Ending, now: datetime, ended: datetime, story: Story) -> bool:
    if ending.state == "blocked" and not block(delivery.channel, ending.why):
        ending = endings.once_more(delivery, ending.why, now)  # connected again, or resting, meanwhile
    facts = {"why": ending.why, "do": ending.do, "doubt_at": delivery.doubt_at, **ending.facts}
    if ending.state == "unknown":
        facts["due_at"] = ended + endings.LOOK_AFTER
    if not machine.move(delivery, ending.state, ended, **facts):
        return False
    if ending.free:
        pace.release(delivery)
    seen = {"ended_at": ended, "outcome": ending.state, "why": ending.why, "exchanges": story[-EXCHANGES:]}
    change(Attempt, {"delivery_id": delivery.pk, "fence": delivery.fence}, seen)
    return True
