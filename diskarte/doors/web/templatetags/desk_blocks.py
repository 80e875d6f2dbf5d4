"""Pieces with a body: callouts, empty pages, moments of a story, previews, the calendar."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from diskarte.doors.web.templatetags.desk_marks import KINDS

register = template.Library()

NOTE_ICONS = {"info": "info-circle", "good": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}
KIND_ICONS = {name: picture for name, (picture, _word) in KINDS.items()} | {
    "occasion": "star", "note": "notes", "crowd": "stack-2", "promotion": "speakerphone", "contest": "trophy",
}  # fmt: skip
MOMENT_ICONS = {"done": "check", "next": "clock", "needs": "user", "doubt": "help-circle", "failed": "x"}


@register.simple_block_tag(end_name="endkeep")
def keep(content: str) -> str:
    """`{% keep as name %}…{% endkeep %}`: render once, use many times."""
    return SafeString(content.strip())


@register.simple_block_tag(end_name="endnote")
def note(content: str, tone: str = "info", title: str = "") -> str:
    """`{% note "warn" %}…{% endnote %}`: a callout with an icon; info, good, warn or bad."""
    facts = {"body": content, "tone": tone, "title": title, "icon": NOTE_ICONS.get(tone, "info-circle")}
    return render_to_string("pieces/note.html", facts)


@register.simple_block_tag(end_name="endempty_state")
def empty_state(content: str, icon: str, title: str, text: str = "", href: str = "", button: str = "") -> str:
    """An empty page: why it matters in one sentence, one primary button, the body as an example."""
    facts = {"icon": icon, "title": title, "text": text, "href": href, "button": button}
    facts["body"] = SafeString(content.strip())
    return render_to_string("pieces/empty_state.html", facts)


@register.simple_block_tag(end_name="endmoment")
def moment(content: str, title: str, at: datetime | None = None, icon: str = "", state: str = "done") -> str:
    """One moment of a story line: done, next, needs (a person), doubt or failed."""
    picture = icon or MOMENT_ICONS.get(state, "point")
    facts = {"title": title, "at": at, "icon": picture, "state": state, "body": SafeString(content.strip())}
    return render_to_string("pieces/moment.html", facts)


@register.inclusion_tag("pieces/post_preview.html")
def post_preview(
    network: str,
    name: str,
    text: str,
    handle: str = "",
    media: Sequence[dict[str, Any]] = (),
    at: datetime | None = None,
    kind: str = "",
    more: str = "",
) -> dict[str, Any]:
    """A post as the network will show it, near enough; `media`: dicts of url, alt, video."""
    tall = kind in ("reel", "story")
    shown = list(media)[:4]
    return {
        "network": network, "name": name, "handle": handle, "text": text, "media": shown, "tall": tall,
        "at": at, "kind": kind, "more": more, "hidden": max(len(media) - 4, 0), "layout": len(shown),
    }  # fmt: skip


@register.inclusion_tag("pieces/calendar.html", takes_context=True)
def calendar(
    context: dict[str, Any],
    events: str,
    move: str = "",
    view: str = "month",
    channels: str = "",
    start: date | None = None,
    first_day: int = 1,
    side: bool = True,
    weigh: str = "",
    names: str = "slot,at",
    follow: str = "",
    keys: str = "",
    figures: str = "",
    add: str = "",
) -> dict[str, Any]:
    """The calendar: reads `events` (JSON), posts a drop to `move`, asks `weigh` what a drag would change.

    `names` are the verb's own names for what a drop gives: the slot, the moment and, if there are more, the row and the
    turn at which it was seen. With `follow="month"` the page itself is opened again with `?month=2026-12` when a person
    turns to another month. `keys` are the addresses of lock, unlock and drop, split by spaces. `figures` answers the
    piece `#plan-figures`, asked while dragging; `add` is opened in the side panel for a day that is clicked.
    """
    told = {
        "events": events, "move": move, "view": view, "channels": channels, "weigh": weigh, "names": names,
        "follow": follow, "figures": figures, "add": add,
        "keys": json.dumps(dict(zip(("lock", "unlock", "drop"), keys.split(), strict=False))),
        "side": "1" if side else "", "start": (start or timezone.localdate()).isoformat(),
        "first-day": first_day, "language": _clock_language(context.get("LANGUAGE_CODE", "en")),
        "icons": static("icons.svg"), "kinds": json.dumps(KIND_ICONS), "networks": static("networks/"),
    }  # fmt: skip
    return {"told": told, "words": _calendar_words(), "csrf_token": context.get("csrf_token")}


def _clock_language(language: str) -> str:
    return "en-GB" if language == "en" else language  # day before month, as everywhere else on the desk


def _calendar_words() -> dict[str, str]:
    return {
        "today": _("Today"), "prev": _("Earlier"), "next": _("Later"), "close": _("Close"),
        "month": _("Month"), "week": _("Week"), "day": _("Day"), "list": _("List"), "rows": _("Channels"),
        "allday": _("All day"), "moved": _("Moved"), "more": _("more"),
        "noevents": _("Nothing is planned here yet"),
        "failed": _("The calendar could not be reached. Reload the page."),
    }  # fmt: skip
