"""Verbs of the plan's private addresses for calendar programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who

from . import feed, in_force
from .models import Feed


@dataclass(frozen=True)
class Address:
    """A private address: of one channel, or of the whole plan; `key` is empty while there is none."""

    channel: int | None
    name: str
    key: str


@read(may="plan.see")
def calendar_feed(
    who: Who, start: date | None = None, end: date | None = None, channel: int | None = None
) -> str:
    """The plan, or one channel's part of it, as an iCalendar text; without days, a month back and a year ahead."""
    assert who.brand is not None
    today = clock.now().astimezone(who.brand.zone).date()
    only = who.one(Channel, channel) if channel is not None else None
    return feed.calendar(who, start or today - feed.BACK, end or today + feed.AHEAD, only)


@write(may="plan.edit", done=gettext_noop("The calendar has a new private address."))
def open_feed(who: Who, channel: int | None = None) -> dict[str, str]:
    """Make a private address for calendar programs, of all channels or one; an earlier one stops working."""
    return {"key": feed.opened(who, who.one(Channel, channel) if channel is not None else None).key}


@write(may="plan.edit", done=gettext_noop("The calendar's address no longer works."))
def close_feed(who: Who, channel: int | None = None) -> None:
    """Take a private address back: the channel's, or that of the whole plan."""
    for row in who.own(Feed).filter(channel=channel):
        row.delete()


@read(may="plan.edit")
def feed_key(who: Who) -> str:
    """The key of the whole plan's private address; empty when there is none."""
    return str(who.own(Feed).filter(channel=None).values_list("key", flat=True).first() or "")


@read(may="plan.edit")
def feeds(who: Who) -> list[Address]:
    """Every private address there may be: the whole plan's first, then each channel's."""
    keys = dict(who.own(Feed).values_list("channel_id", "key"))
    channels = [(c.pk, str(c)) for c in in_force.lines(who)]
    return [Address(pk, name, keys.get(pk, "")) for pk, name in [(None, ""), *channels]]


def feed_text(slug: str, key: str) -> str | None:
    """The calendar behind a private address, for whoever holds the key; None when it opens nothing."""
    row = feed.behind(slug, key)
    return feed.text_of(row, clock.now()) if row is not None else None
