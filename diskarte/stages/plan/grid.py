"""What the calendar draws between two days, however many posts stand there: each day's first ones and how many more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diskarte import networks as installed
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import campaigns, overview, wording
from .models import DayNote, Pillar, Slot
from .narrowing import Filters
from .rules import moments

SHOWN = ((2, 400), (9, 60), (400, 12))  # up to so many days: so many posts a day are drawn


def events(who: Who, start: date, end: date, filters: Filters) -> list[dict[str, Any]]:
    """Campaigns, slots, days of note and notes as the calendar wants them; times on the brand's clock. Nine queries."""
    assert who.brand is not None
    days = _days(who, start, end, filters.narrowed(overview.between(who, start, end)))
    most = next(n for span, n in SHOWN if (end - start).days <= span)
    shown = [pk for keys in days.values() for pk in keys[:most]]
    tones = {
        pk: (name, int(tone or 0)) for pk, name, tone in who.own(Pillar).values_list("pk", "name", "colour")
    }
    networks = dict(who.own(Channel).values_list("pk", "network"))
    rows = who.own(Slot).filter(pk__in=shown).order_by("at", "pk").values_list(*Drawn._fields)
    told = [_event(Drawn(*values), who.brand.zone, tones, networks) for values in rows]
    crowded = [_crowd(day, keys, filters) for day, keys in days.items() if len(keys) > most]
    bands = [band.event() for band in campaigns.bands(who, start, end)]
    return bands + crowded + told + _notes(who, start, end) + _of_note(who, start, end)


class Drawn(NamedTuple):
    """What is drawn of a slot."""

    pk: int
    at: datetime
    channel_id: int
    kind: str
    pillar_id: int | None
    title: str
    note: str
    state: str
    locked: bool
    turn: int


def _days(who: Who, start: date, end: date, rows: QuerySet[Slot]) -> dict[date, list[int]]:
    """The slots of each local day, soonest first; the days are walked along with the slots."""
    zone = who.brand.zone  # type: ignore[union-attr]
    days: dict[date, list[int]] = defaultdict(list)
    ordinal = start.toordinal()
    until = moments.to_utc(ordinal + 1, 0, zone)
    for pk, at in rows.order_by("at", "pk").values_list("pk", "at"):
        while at >= until:
            ordinal += 1
            until = moments.to_utc(ordinal + 1, 0, zone)
        days[date.fromordinal(ordinal)].append(pk)
    return days


def _event(
    row: Drawn, zone: ZoneInfo, tones: Mapping[int, tuple[str, int]], networks: Mapping[int, str]
) -> dict[str, Any]:
    pillar, tone = tones.get(row.pillar_id or 0, ("", 0))
    network = networks[row.channel_id]
    return {
        "id": str(row.pk), "start": row.at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds"),
        "title": row.title or pillar or wording.kind_name(row.kind), "kind": row.kind,
        "url": reverse("plan.slot", args=[row.pk]), "pillar": pillar, "tone_of_pillar": tone, "channels": [network],
        "colours": [colour(network)], "tone": "good" if row.state == "written" else "plain", "locked": row.locked,
        "note": row.note[:200], "resource": str(row.channel_id), "state": row.state, "turn": row.turn,
    }  # fmt: skip


def named(row: Slot) -> str:
    """What a slot is called: its title, its pillar, its kind."""
    return str(row.title or (row.pillar and row.pillar.name) or wording.kind_name(row.kind))


def colour(network: str) -> str:
    """The network's colour; grey for one that is not installed."""
    try:
        return installed.get(network).colour
    except Problem:
        return "#888888"


def _crowd(day: date, keys: list[int], filters: Filters) -> dict[str, Any]:
    said = ngettext("%(n)d post on this day", "%(n)d posts on this day", len(keys)) % {"n": len(keys)}
    also = f"&{filters.query}" if filters.query else ""
    url = f"{reverse('plan.page')}?month={day:%Y-%m}&view=day&day={day.isoformat()}{also}"
    return {
        "id": f"all-{day}",
        "start": day.isoformat(),
        "title": said,
        "kind": "crowd",
        "url": url,
        "page": True,
    }


def _notes(who: Who, start: date, end: date) -> list[dict[str, Any]]:
    rows = who.own(DayNote).filter(day__gte=start, day__lte=end)
    return [
        {"id": f"note-{row.pk}", "start": row.day.isoformat(), "title": row.text, "kind": "note",
         "url": f"{reverse('plan.new')}?day={row.day.isoformat()}"}
        for row in rows
    ]  # fmt: skip


def _of_note(who: Who, start: date, end: date) -> list[dict[str, Any]]:
    return [
        {"id": f"day-{n}", "start": day.day.isoformat(), "title": day.name, "kind": "occasion"}
        for n, day in enumerate(overview.noted(who, start, end))
    ]


def view_names() -> dict[str, str]:
    """The ways to look at the plan, by their name in the address."""
    return {
        "month": _("Month"), "week": _("Week"), "day": _("Day"), "list": _("List"), "rows": _("Channels"),
        "table": _("Table"),
    }  # fmt: skip
