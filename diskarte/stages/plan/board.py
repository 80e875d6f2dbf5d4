"""What the plan's pages show: the calendar's events, the month chosen, filters, diffs in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from diskarte import networks
from diskarte.core import clock
from diskarte.core.people.who import Who
from diskarte.stages.goals import actions as goals
from diskarte.words import Problem

from . import actions, in_force, overview, rooms, wording
from .models import Slot

STATES = ("open", "written", "locked")


@dataclass(frozen=True)
class Filters:
    """What the page is narrowed to."""

    channel: int | None
    pillar: int | None
    state: str
    goal: int | None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filters:
        state = given.get("state", "")
        known = state if state in STATES else ""
        return cls(whole(given.get("channel")), whole(given.get("pillar")), known, whole(given.get("goal")))

    @property
    def query(self) -> str:
        told = {"channel": self.channel, "pillar": self.pillar, "state": self.state, "goal": self.goal}
        return "&".join(f"{name}={value}" for name, value in told.items() if value)


def whole(text: str | None) -> int | None:
    """A number in an address, or None."""
    return int(text) if text and text.isdigit() and len(text) < 19 else None


def day_of(text: str | None) -> date | None:
    """A day in an address: 2026-12-01, 2026-12 or a moment; None for anything else."""
    try:
        return datetime.fromisoformat(f"{text}-01" if text and len(text) == 7 else text or "").date()
    except ValueError:
        return None


def months_around(month: date) -> tuple[date, date]:
    """The first days of the month before and after."""
    return (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=32)).replace(day=1)


def events(who: Who, start: date, end: date, filters: Filters) -> list[dict[str, Any]]:
    """Slots and days of note as the calendar wants them; times on the brand's clock. Five queries."""
    rows = actions.slots(who, start, end, filters.channel, filters.pillar, filters.state or None, filters.goal)
    tones = {p.pk: int(p.colour or 0) for p in actions.pillars(who)}
    told = [_event(who, row, tones) for row in rows]
    days = actions.occasions(who, start, end)
    return told + [
        {"id": f"day-{n}", "start": day.day.isoformat(), "title": day.name, "kind": "occasion"}
        for n, day in enumerate(days)
    ]


def _event(who: Who, row: Any, tones: dict[int, int]) -> dict[str, Any]:
    assert who.brand is not None
    local = row.at.astimezone(who.brand.zone).replace(tzinfo=None)
    return {
        "id": str(row.pk), "start": local.isoformat(timespec="seconds"), "title": named(row), "kind": row.kind,
        "url": reverse("plan.slot", args=[row.pk]), "pillar": row.pillar.name if row.pillar else "",
        "tone_of_pillar": tones.get(row.pillar_id or 0, 0), "channels": [row.channel.network],
        "colours": [colour(row.channel.network)], "tone": "good" if row.state == "written" else "plain",
        "locked": row.locked, "resource": str(row.channel_id), "state": row.state,
    }  # fmt: skip


def named(row: Any) -> str:
    """What a slot is called: its title, its pillar, its kind."""
    return str(row.title or (row.pillar and row.pillar.name) or wording.kind_name(row.kind))


def colour(network: str) -> str:
    """The network's colour; grey for one that is not installed."""
    try:
        return networks.get(network).colour
    except Problem:
        return "#888888"


def month_shown(who: Who) -> date:
    """The first day of the month to open first: this one while posts of it are still ahead, else the next to draft."""
    assert who.brand is not None
    now = clock.now()
    first = now.astimezone(who.brand.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (first + timedelta(days=32)).replace(day=1)
    left = who.own(Slot).filter(at__gte=now, at__lt=end).exclude(state="dropped").exists()
    return first.date() if left else actions.next_month(who)


def page(who: Who, given: Mapping[str, str]) -> dict[str, Any]:
    """Everything of the month page."""
    assert who.brand is not None
    month = (day_of(given.get("month")) or month_shown(who)).replace(day=1)
    today = clock.now().astimezone(who.brand.zone).date()
    seen = actions.month(who, month)
    before, after = months_around(month)
    filters = Filters.of(given)
    table = given.get("view") == "table"
    query = f"month={month:%Y-%m}" + (f"&{filters.query}" if filters.query else "")
    views = [(_("Calendar"), f"?{query}", not table), (_("Table"), f"?{query}&view=table", table)]
    return {
        "rooms": rooms.tabs("plan.page"),
        "seen": seen, "month": month, "month_name": wording.month_name(month), "before": before, "after": after,
        "before_name": wording.month_name(before), "after_name": wording.month_name(after), "filters": filters,
        "views": views, "table": table, "events": f"{reverse('plan.events')}?{filters.query}",
        "mix": [(s.pillar, s.now, s.target) for s in seen.mix], "states": state_choices(),
        "first_mix": [(s.pillar, s.target, None) for s in seen.mix],
        "opens": max(month, today) if month == today.replace(day=1) else month, "days": days_split(seen, today),
        "channels": seen.channels, "busy": max(seen.weeks, key=lambda w: w.hours),
        "pillars": seen.pillars, "rows": kept_rows(seen, filters) if table else [],
        "search": actions.background.draft_progress(who, month),
        "day_kinds": [("event", _("Event")), ("promotion", _("Promotion")), ("contest", _("Contest"))],
    }  # fmt: skip


def days_split(seen: Any, today: date) -> tuple[list[Any], list[Any]]:
    """The next five days of note, and the rest of the month's: further ahead first, then those that are over."""
    ahead = [day for day in seen.occasions if day.day >= today]
    return ahead[:5], ahead[5:] + [day for day in seen.occasions if day.day < today]


def kept_rows(seen: Any, filters: Filters) -> list[dict[str, Any]]:
    """The month's slots that pass the filters, as rows of a table."""
    tones = {p.pk: int(p.colour or 0) for p in seen.pillars}
    return [
        {"slot": row, "title": named(row), "url": reverse("plan.slot", args=[row.pk]), "tone": tones.get(row.pillar_id)}
        for row in overview.passing(seen.slots, filters.channel, filters.pillar, filters.state, filters.goal)
    ]


def state_choices() -> list[tuple[str, str]]:
    """States a person filters by."""
    return [("", _("All states")), ("open", _("Not written")), ("written", _("Written")), ("locked", _("Locked"))]


def slot_page(who: Who, pk: int) -> dict[str, Any]:
    """One slot with its reasons and the choices of its form."""
    row, found, offered = actions.slot(who, pk), actions.explain(who, pk), actions.choices(who)
    kinds = offered.kinds.get(row.channel_id) or (row.kind,)
    return {
        "slot": row, "title": named(row), "found": found, "tone": int((row.pillar and row.pillar.colour) or 0),
        "past": row.at <= clock.now(), **_forms(offered),
        "kinds": [(kind, wording.kind_name(kind)) for kind in kinds],
    }  # fmt: skip


def new_page(who: Who, given: Mapping[str, str]) -> dict[str, Any]:
    """The form of a slot by hand, on a day that was clicked."""
    assert who.brand is not None
    offered = actions.choices(who)
    day = day_of(given.get("day")) or (clock.now().astimezone(who.brand.zone) + timedelta(days=1)).date()
    every = dict.fromkeys(kind for kinds in offered.kinds.values() for kind in kinds)
    at = datetime(day.year, day.month, day.day, 18, tzinfo=who.brand.zone)
    kinds = [(kind, wording.kind_name(kind)) for kind in every]
    return {"at": at, "kinds": kinds, "channels": [(c.pk, str(c)) for c in offered.channels], **_forms(offered)}


def _forms(offered: Any) -> dict[str, Any]:
    nobody = [("", _("None"))]
    return {
        "pillar_choices": nobody + [(p.pk, p.name) for p in offered.pillars],
        "segment_choices": nobody + [(s.pk, s.name) for s in offered.segments],
        "hook_choices": nobody + [(h.pk, str(h)) for h in offered.hooks],
        "goal_choices": nobody + [(g.pk, g.sentence) for g in offered.goals],
    }


def settings_page(who: Who) -> dict[str, Any]:
    """Mix, cadence, limits and what was accepted, ready for the forms."""
    channels = in_force.lines(who)
    settings = in_force.current(who, channels)
    rows = [
        {"channel": c, "a_week": told["a_week"], "kinds": _weights(in_force.kinds(c), told["kinds"])}
        for c in channels
        if (told := settings["channels"].get(str(c.pk)))
    ]
    wishes = [(what, wording.setting_value(rule)) for what in ("prefer", "avoid") for rule in settings[what]]
    return {
        "settings": settings, "pillars": [_pillar(p) for p in actions.pillars(who)], "channels": rows, "wishes": wishes,
        "explore": round(settings["explore"] * 100), "tolerance": round(settings["tolerance"] * 100),
        "first": [(name, None, share) for name, share in settings["pillars"].items()], "feed": feed_address(who),
        "asked": goals.wishes(who),
    }  # fmt: skip


def _pillar(row: Any) -> dict[str, Any]:
    return {
        "pk": row.pk, "name": row.name, "tone": int(row.colour or 0), "percent": f"{100 * row.share:.4g}",
        "topics": row.topics, "lines": "\n".join(row.topics),
    }  # fmt: skip


def _weights(kinds: tuple[str, ...], weights: Mapping[str, float]) -> list[tuple[str, str, str]]:
    return [(kind, wording.kind_name(kind), f"{weights.get(kind, 0):g}") for kind in kinds]


def feed_address(who: Who) -> str:
    """The private address of the calendar, from the brand on; empty when there is none or for who may not see it."""
    key = actions.feed_key(who) if "plan.edit" in who.rights else ""
    return f"{reverse('plan.feed')}?key={key}" if key else ""


def history(who: Who) -> list[dict[str, Any]]:
    """The versions with their differences in words."""
    names = {str(c.pk): str(c) for c in in_force.lines(who)}
    return [
        {
            "version": row, "newest": n == 0,
            "diff": [
                {"name": wording.setting_name(d["path"], names), "before": wording.setting_value(d["before"]),
                 "after": wording.setting_value(d["after"])}
                for d in row.diff
            ],
        }
        for n, row in enumerate(actions.versions(who))
    ]  # fmt: skip
