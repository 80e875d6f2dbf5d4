"""The plan as a calendar other programs read (RFC 5545), under a private address."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who, worker_of

from . import wording
from .models import Feed, Slot
from .overview import noted, slots_between

LENGTH = timedelta(minutes=30)
BACK, AHEAD = timedelta(days=31), timedelta(days=366)


def opened(who: Who) -> Feed:
    """A new private address; the one before stops working."""
    row: Feed = who.own(Feed).first() or Feed(brand=who.brand)
    row.key = secrets.token_urlsafe(24)
    row.save()
    return row


def brand_of(slug: str, key: str) -> Brand | None:
    """The brand whose plan this key opens, or None."""
    row = Feed.objects.filter(brand__slug=slug).select_related("brand__workspace").first()
    return row.brand if row is not None and key and secrets.compare_digest(row.key.encode(), key.encode()) else None


def text_of(brand: Brand, now: datetime) -> str:
    """The calendar of a month back and a year ahead."""
    today = now.astimezone(brand.zone).date()
    return calendar(worker_of(brand), today - BACK, today + AHEAD, now)


def calendar(who: Who, start: date, end: date, now: datetime) -> str:
    """Slots and the brand's own days as an iCalendar text."""
    from icalendar import Calendar, Event

    assert who.brand is not None
    told = Calendar()
    told.add("prodid", "-//Diskarte//plan//EN")
    told.add("version", "2.0")
    told.add("x-wr-calname", who.brand.name)
    for slot in slots_between(who, start, end):
        told.add_component(_event(Event(), slot, now))
    for day in (d for d in noted(who, start, end) if d.id is not None):
        event = Event()
        event.add("uid", f"occasion-{day.id}@diskarte")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", day.day)
        event.add("summary", day.name)
        told.add_component(event)
    return str(told.to_ical().decode())


def _event(event: "Event", slot: Slot, now: datetime) -> "Event":  # type: ignore[name-defined]  # noqa: F821, UP037
    event.add("uid", f"slot-{slot.pk}@diskarte")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", slot.at.astimezone(UTC))
    event.add("dtend", (slot.at + LENGTH).astimezone(UTC))
    event.add("summary", " · ".join(_parts(slot)))
    event.add("categories", [slot.pillar.name] if slot.pillar else [])
    event.add("description", "\n".join(filter(None, [slot.topic, slot.note])))
    return event


def _parts(slot: Slot) -> Iterable[str]:
    yield str(slot.channel)
    yield wording.kind_name(slot.kind)
    if shown := slot.title or (slot.pillar and slot.pillar.name):
        yield str(shown)
