"""What an attempt's answer means for its delivery. Pure: a delivery and an answer in, one ending out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from diskarte.words import Told as _
from diskarte.words import Wait

from .models import Delivery

FIRST, LONGEST = 30.0, 3600.0  # seconds: the back-off's first ceiling and its last
GIVE_UP = timedelta(hours=24)
LOOK_AFTER = timedelta(seconds=20)  # a lost answer may belong to a call that is still being carried out


@dataclass(frozen=True)
class Ending:
    """The state an attempt leads to, why, what a person can do, and what else changes in the row."""

    state: str
    why: str = ""
    do: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    free: bool = False  # nothing happened: the channel's place is given back


def look() -> str:
    return _("Look at the channel, then tell us: is it there, or not?")


def later(delivery: Delivery, why: str, seconds: float, now: datetime, luck: float, do: str = "") -> Ending:
    """Again after a pause: exponential with full jitter, never sooner than the network asked; not for ever."""
    if now - (delivery.first_tried_at or now) > GIVE_UP:
        why = _("It did not work for %(hours)s hours, so we stopped. The last answer: %(why)s") % {
            "hours": round(GIVE_UP.total_seconds() / 3600),
            "why": why,
        }
        return refused(delivery, why, do)
    ceiling = min(LONGEST, FIRST * 2 ** min(delivery.tries - 1, 16))
    pause = max(seconds, ceiling * luck)
    why = _("%(why)s %(do)s", why=why, do=_(do)) if do else why
    return Ending(
        "queued", why, "", {"due_at": now + timedelta(seconds=pause)}, free=delivery.doubt_at is None
    )


def waiting(delivery: Delivery, answer: Wait, now: datetime) -> Ending:
    """Not finished. A memo that grew proves that the call in doubt, if there was one, is done."""
    grown = answer.memo != delivery.memo
    if not grown and now - (delivery.first_tried_at or now) > GIVE_UP:
        return refused(delivery, _("The network did not finish it within a day."))
    facts = {"memo": answer.memo, "due_at": now + timedelta(seconds=max(0.0, answer.seconds))}
    return Ending("queued", "", "", {**facts, "doubt_at": None} if grown else facts)


def refused(delivery: Delivery, why: str, do: str = "") -> Ending:
    """No, for good. After a doubt that says nothing about the first call, so the doubt stays."""
    if delivery.doubt_at is not None:
        return Ending("unknown", why, look(), {"doubt_at": delivery.doubt_at})
    advice = _(do) if do else _("Change it as the answer says, then try again, or cancel it.")
    return Ending("refused", why, advice, free=True)


def once_more(delivery: Delivery, why: str, now: datetime) -> Ending:
    """The permission in hand was lost, but there is a newer one by now."""
    return Ending("queued", why, "", {"due_at": now}, free=delivery.doubt_at is None)


def blocked(delivery: Delivery, why: str) -> Ending:
    """The channel lost its permission."""
    return Ending(
        "blocked",
        why,
        _("Connect the channel again: it then goes out by itself."),
        free=delivery.doubt_at is None,
    )


def in_doubt(delivery: Delivery, why: str) -> Ending:
    """It may have happened. The doubt is as old as the first call that nobody saw end."""
    return Ending("unknown", why, "", {"doubt_at": delivery.doubt_at or delivery.last_tried_at})
