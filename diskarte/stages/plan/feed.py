"""The plan as a calendar other programs read (RFC 5545), under private addresses: the brand's and each channel's."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who, worker_of

from . import campaigns, wording
from .models import Feed, Slot
from .overview import between, noted

LENGTH = timedelta(minutes=30)
BACK, AHEAD = timedelta(days=31), timedelta(days=366)
OFTEN = "PT1H"  # how often a calendar program should look again


def opened(who: Who, channel: Channel | None = None) -> Feed:
    """A new private address; the one before stops working."""
    row: Feed = who.own(Feed).filter(channel=channel).first() or Feed(brand=who.brand, channel=channel)
    row.key = secrets.token_urlsafe(24)
    row.save()
    return row


def behind(slug: str, key: str) -> Feed | None:
    """The feed this key opens, or None. The key is looked up by the database, and compared in constant time."""
    row = Feed.objects.filter(brand__slug=slug, key=key).select_related("brand__workspace", "channel").first()
    return row if row is not None and key and secrets.compare_digest(row.key.encode(), key.encode()) else None


def text_of(row: Feed, now: datetime) -> str:
    """The calendar of a month back and a year ahead."""
    today = now.astimezone(row.brand.zone).date()
    return calendar(worker_of(row.brand), today - BACK, today + AHEAD, row.channel)


def etag(text: str) -> str:
    """A short name of exactly this calendar: a program that has it need not be given it again."""
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def calendar(who: Who, start: date, end: date, channel: Channel | None = None) -> str:
    """Slots, campaigns and the brand's own days as an iCalendar text; of one channel, its slots only."""
    from icalendar import Calendar

    assert who.brand is not None
    told = Calendar()
    name = f"{who.brand.name}: {channel}" if channel else who.brand.name
    for key, value in (
        ("prodid", "-//Diskarte//plan//EN"), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH"),
        ("x-wr-calname", name), ("x-wr-timezone", who.brand.zone.key), ("x-published-ttl", OFTEN),
    ):  # fmt: skip
        told.add(key, value)
    told.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    rows = between(who, start, end).defer("reasons").select_related("channel", "pillar").order_by("at", "pk")
    for slot in rows.filter(channel=channel) if channel else rows:
        told.add_component(_event(who, slot))
    for day in (d for d in noted(who, start, end) if d.id is not None and channel is None):
        told.add_component(_day(who, day))
    for band in campaigns.bands(who, start, end) if channel is None else ():
        if not band.draft:
            told.add_component(_campaign(who, band))
    if any(part.name == "VEVENT" for part in told.subcomponents):
        told.add_missing_timezones(first_date=start, last_date=end + timedelta(days=1))
    return str(told.to_ical().decode())


def _uid(who: Who, what: str) -> str:
    """The same for the same thing for ever, and of no other brand or installation."""
    return f"{what}@{who.brand.slug}.{urlsplit(settings.SITE).hostname}"  # type: ignore[union-attr]


def _event(who: Who, slot: Slot) -> Any:
    from icalendar import Event

    assert who.brand is not None
    event, at = Event(), slot.at.astimezone(who.brand.zone)
    event.add("uid", _uid(who, f"slot-{slot.pk}"))
    event.add("dtstamp", slot.changed_at.astimezone(UTC))
    event.add("last-modified", slot.changed_at.astimezone(UTC))
    event.add("sequence", slot.turn)
    event.add("dtstart", at)
    event.add("dtend", (slot.at + LENGTH).astimezone(who.brand.zone))
    event.add("summary", " · ".join(_parts(slot)))
    event.add("status", "CONFIRMED" if slot.state == "written" else "TENTATIVE")
    event.add("transp", "TRANSPARENT")  # a post keeps nobody busy
    event.add("url", settings.SITE + reverse("plan.slot", args=[slot.pk]))
    if slot.pillar:
        event.add("categories", [slot.pillar.name])
    event.add("description", "\n".join(filter(None, [slot.topic, slot.note])))
    return event


def _day(who: Who, day: Any) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", _uid(who, f"occasion-{day.id}-{day.day.year}"))
    event.add("dtstamp", datetime(day.day.year, 1, 1, tzinfo=UTC))
    event.add("dtstart", day.day)
    event.add("summary", day.name)
    event.add("transp", "TRANSPARENT")
    return event


def _campaign(who: Who, band: campaigns.Band) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", _uid(who, f"{band.kind}-{band.pk}"))
    event.add("dtstamp", datetime(band.first.year, band.first.month, band.first.day, tzinfo=UTC))
    event.add("dtstart", band.first)
    event.add("dtend", band.last + timedelta(days=1))
    event.add("summary", band.name)
    event.add("transp", "TRANSPARENT")
    event.add("url", settings.SITE + band.url)
    return event


def _parts(slot: Slot) -> Iterable[str]:
    yield str(slot.channel)
    yield wording.kind_name(slot.kind)
    if shown := slot.title or (slot.pillar and slot.pillar.name):
        yield str(shown)
