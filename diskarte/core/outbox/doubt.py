"""Settling what nobody saw end: the network's memory of the key, a look, or a person. Never hope."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from diskarte import networks
from diskarte.words import Failure, Post, Reconnect, Sent, Wait
from diskarte.words import Told as _

from . import wire
from .attempt import block, post_of, remembered
from .endings import look
from .machine import move, step
from .models import Delivery
from .question import Question

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LOOKS_FOR = timedelta(hours=24)
REPEATS = 8
DOUBTFUL = Question(
    lambda now: Delivery.objects.filter(state="unknown", do="", due_at__lte=now).values_list("pk")[:1]
)


def unsettled(now: datetime, limit: int = 20) -> list[Delivery]:
    """Doubts that the engine can look into by itself, and whose time has come."""
    if not DOUBTFUL(now):
        return []  # the usual answer, and a cheap question
    rows = Delivery.objects.filter(state="unknown", do="", due_at__lte=now).exclude(channel__state="paused")
    return list(rows.select_related("channel__brand", "workspace", "after").order_by("due_at")[:limit])


def settle(delivery: Delivery, now: datetime) -> str:
    """Find out about one `unknown`; the state it has afterwards. At most one caller looks at a time."""
    network = networks.get(delivery.channel.network)
    if remembered(delivery, now) and delivery.tries < REPEATS:
        why = _("The network remembers what it was given, so it is safe to ask again.")
        _move(delivery, "queued", now, why, due_at=now)
    elif "find" in network.can and not network.blind:
        mine = move(delivery, "unknown", now, due_at=now + 5 * MINUTE) if delivery.due_at <= now else True
        if mine:
            _look(delivery, now)
    else:
        _give_to_person(delivery, now)
    return delivery.state


def _look(delivery: Delivery, now: datetime) -> None:
    try:
        found = _found(delivery, post_of(delivery), now)
    except Reconnect as failure:
        block(delivery.channel, str(failure))
        _give_to_person(delivery, now)
    except Failure as failure:
        _look_again(delivery, now, str(failure))
    else:
        _decide(delivery, found, now)


def _found(delivery: Delivery, post: Post, now: datetime) -> Sent | None:
    delivery.channel.refresh_from_db()
    api = wire.current(delivery.channel, now)
    return networks.get(delivery.channel.network).find(api, post)


def _decide(delivery: Delivery, found: Sent | None, now: datetime) -> None:
    if found and _of_another(delivery, found):
        _give_to_person(delivery, now)
    elif found:
        facts = {"remote_id": found.remote_id, "url": found.url, "told": found.told}
        _move(delivery, "sent", now, _("We looked, and it is there."), **facts)
    else:
        _move(delivery, "queued", now, _("We looked, and it is not there."), due_at=now, doubt_at=None)


def _of_another(delivery: Delivery, found: Sent) -> bool:
    """A post that says the same, but is known as another delivery's: it proves nothing about this one."""
    same = Delivery.objects.filter(channel=delivery.channel_id, remote_id=found.remote_id, state="sent")
    return bool(found.remote_id) and same.exclude(pk=delivery.pk).exists()


def _look_again(delivery: Delivery, now: datetime, why: str) -> None:
    age = now - (delivery.doubt_at or now)
    if age > LOOKS_FOR:
        _give_to_person(delivery, now)
    else:
        move(delivery, "unknown", now, due_at=now + min(max(age / 2, MINUTE), HOUR), why=why)


def arrived(delivery: Delivery, seen: Sent, now: datetime) -> tuple[str, dict[str, Any]]:
    """The state and facts after a person saw it there: a thread in doubt about one part goes on with the next."""
    given = delivery.content
    post = Post(delivery.key, given.get("text", ""), parts=tuple(given.get("parts", [])))
    answer = networks.get(delivery.channel.network).arrived(post, dict(delivery.memo), seen)
    if isinstance(answer, Wait):
        return "queued", {"memo": answer.memo, "doubt_at": None, "due_at": now, "why": "", "do": ""}
    return "sent", {"remote_id": answer.remote_id, "url": answer.url, "told": answer.told}


def _give_to_person(delivery: Delivery, now: datetime) -> None:
    move(delivery, "unknown", now, do=look())


def _move(delivery: Delivery, new: str, now: datetime, why: str, **facts: object) -> None:
    with transaction.atomic():
        if move(delivery, new, now, **facts):
            step(delivery, now, why)
