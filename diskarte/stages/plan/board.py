"""What the plan's pages show: the calendar's events, the month chosen, filters, diffs in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings as django_settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from diskarte.core import clock
from diskarte.core.people.who import Who
from diskarte.stages.goals import actions as goals

from . import actions, feed, grid, in_force, narrowing, overview, placing, rooms, wording
from .grid import named
from .models import DayNote, Slot
from .narrowing import Filters, day_of
from .narrowing import whole as whole

A_PAGE = 200  # rows of the table


def months_around(month: date) -> tuple[date, date]:
    """The first days of the month before and after."""
    return (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=32)).replace(day=1)


def month_shown(who: Who) -> date:
    """The first day of the month to open first: this one while posts of it are still ahead, else the next to draft."""
    assert who.brand is not None
    now = clock.now()
    first = now.astimezone(who.brand.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (first + timedelta(days=32)).replace(day=1)
    left = who.own(Slot).filter(at__gte=now, at__lt=end).exclude(state="dropped").exists()
    return first.date() if left else actions.next_month(who)


def page(who: Who, given: Any) -> dict[str, Any]:
    """Everything of the month page."""
    assert who.brand is not None
    month = (day_of(given.get("month")) or month_shown(who)).replace(day=1)
    today = clock.now().astimezone(who.brand.zone).date()
    seen = actions.month(who, month)
    offered = narrowing.Narrow(seen.channels, seen.pillars, *placing.whom_and_why(who))
    before, after = months_around(month)
    filters = Filters.of(given)
    view = given.get("view") if given.get("view") in grid.view_names() else "month"
    rest = f"month={month:%Y-%m}" + (f"&view={view}" if view != "month" else "")
    opens = day_of(given.get("day")) or (today if month == today.replace(day=1) else month)
    return {
        "rooms": rooms.tabs("plan.page"), "seen": seen, "month": month, "month_name": wording.month_name(month),
        "before": before, "after": after, "before_name": wording.month_name(before),
        "after_name": wording.month_name(after), "filters": filters, "view": view, "table": view == "table",
        "views": _views(month, filters, view), "events": f"{reverse('plan.events')}?{filters.query}",
        "narrow": narrowing.offered(filters, offered), "chips": narrowing.chips(filters, offered, rest), "rest": rest,
        "first_mix": [(s.pillar, s.target, None) for s in seen.mix], "opens": opens, "days": days_split(seen, today),
        **(kept_rows(who, seen, filters, given.get("page")) if view == "table" else {}), "offered": offered,
        "search": actions.background.draft_progress(who, month), **figures(seen),
        "day_kinds": [("event", _("Event")), ("promotion", _("Promotion")), ("contest", _("Contest"))],
        "figures_url": f"{reverse('plan.figures')}?month={month:%Y-%m}", "keys": _keys(),
    }  # fmt: skip


def _keys() -> str:
    """The addresses of what a key does to a slot: lock, unlock, drop."""
    return " ".join(
        reverse("do", kwargs={"verb": f"plan.{name}"}) for name in ("lock", "unlock", "drop_slot")
    )


def figures(seen: Any) -> dict[str, Any]:
    """The mix and the hours beside the calendar."""
    mix = [(s.pillar, s.now, s.target) for s in seen.mix]
    return {"seen": seen, "mix": mix, "busy": max(seen.weeks, key=lambda w: w.hours)}


def figures_if(who: Who, given: Any) -> dict[str, Any]:
    """The same, as they would be with one slot at another moment or on another channel."""
    month = (day_of(given.get("month")) or month_shown(who)).replace(day=1)
    pk, at = narrowing.whole(given.get("slot")), narrowing.moment_of(given.get("at"), who)
    if pk is None or at is None:
        return figures(actions.month(who, month)) | {"month": month}
    row = actions.slot(who, pk)
    moved = {pk: (at, narrowing.whole(given.get("channel")) or row.channel_id)}
    return figures(overview.month_of(who, month, clock.now(), moved)) | {"month": month, "trying": True}


def _views(month: date, filters: Filters, view: str) -> list[tuple[str, str, bool]]:
    """Calendar and table as tabs; the calendar's own buttons turn it from month to week and so on."""
    also = f"&{filters.query}" if filters.query else ""
    here = f"?month={month:%Y-%m}{also}"
    return [(_("Calendar"), here, view != "table"), (_("Table"), f"{here}&view=table", view == "table")]


def days_split(seen: Any, today: date) -> tuple[list[Any], list[Any]]:
    """The next five days of note, and the rest of the month's: further ahead first, then those that are over."""
    ahead = [day for day in seen.occasions if day.day >= today]
    return ahead[:5], ahead[5:] + [day for day in seen.occasions if day.day < today]


def kept_rows(who: Who, seen: Any, filters: Filters, page: str | None) -> dict[str, Any]:
    """The month's slots that pass the filters, as rows of a table, a page at a time."""
    tones = {p.pk: int(p.colour or 0) for p in seen.pillars}
    last = months_around(seen.month)[1] - timedelta(days=1)
    found = filters.narrowed(overview.between(who, seen.month, last)).defer("reasons")
    at = max(narrowing.whole(page) or 1, 1)
    ordered = found.select_related("channel", "pillar", "segment").order_by("at", "pk")
    slots = list(ordered[(at - 1) * A_PAGE : at * A_PAGE + 1])
    rows = [
        {
            "slot": row,
            "title": named(row),
            "url": reverse("plan.slot", args=[row.pk]),
            "tone": tones.get(row.pillar_id),
        }
        for row in slots[:A_PAGE]
    ]
    return {"rows": rows, "page_before": at - 1, "page_after": at + 1 if len(slots) > A_PAGE else 0}


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
    note = who.own(DayNote).filter(day=day).values_list("text", flat=True).first() or ""
    channels = [(c.pk, str(c)) for c in offered.channels]
    return {"day": day, "note": note, "at": at, "kinds": kinds, "channels": channels, **_forms(offered)}


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
        "first": [(name, None, share) for name, share in settings["pillars"].items()],
        "asked": goals.wishes(who),
    }  # fmt: skip


def _pillar(row: Any) -> dict[str, Any]:
    return {
        "pk": row.pk, "name": row.name, "tone": int(row.colour or 0), "percent": f"{100 * row.share:.4g}",
        "topics": row.topics, "lines": "\n".join(row.topics),
    }  # fmt: skip


def _weights(kinds: tuple[str, ...], weights: Mapping[str, float]) -> list[tuple[str, str, str]]:
    return [(kind, wording.kind_name(kind), f"{weights.get(kind, 0):g}") for kind in kinds]


def feeds(who: Who) -> list[dict[str, str | int | None]]:
    """The private addresses, complete and as `webcal:`, which a phone opens in its calendar."""
    told: list[dict[str, str | int | None]] = []
    for row in actions.feeds(who):
        url = f"{django_settings.SITE}{reverse('plan.feed')}?key={row.key}" if row.key else ""
        opens = f"webcal{url[url.index(':') :]}" if url else ""
        told.append(
            {"channel": row.channel, "name": row.name or _("The whole plan"), "url": url, "webcal": opens}
        )
    return told


def month_asked(who: Who, given: Any) -> tuple[date, date]:
    """The first and the last day of the month in an address."""
    month = (day_of(given.get("month")) or month_shown(who)).replace(day=1)
    return month, months_around(month)[1] - timedelta(days=1)


def file(content: str | bytes, kind: str, name: str, inline: bool = False) -> HttpResponse:
    """A file for download, or shown by the browser itself."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return answer


def calendar_file(text: str, had: str) -> HttpResponse:
    """A calendar for a program that may have this very one already."""
    name = feed.etag(text)
    if name in had:
        return HttpResponse(status=304, headers={"ETag": name})
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = name, "private, no-cache"
    answer["Content-Disposition"] = 'inline; filename="plan.ics"'
    return answer


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
