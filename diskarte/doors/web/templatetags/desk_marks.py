"""Small marks: icons, edges, badges, rings, tabs; always a word beside a colour."""

from __future__ import annotations

from functools import cache
from secrets import token_hex
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diskarte import networks

register = template.Library()

KINDS = {
    "text": ("text-size", gettext_lazy("Text")),
    "image": ("photo", gettext_lazy("Picture")),
    "carousel": ("carousel-horizontal", gettext_lazy("Carousel")),
    "reel": ("device-mobile", gettext_lazy("Reel")),
    "video": ("video", gettext_lazy("Video")),
    "story": ("circle-dashed", gettext_lazy("Story")),
    "link": ("link", gettext_lazy("Link")),
    "poll": ("chart-bar", gettext_lazy("Poll")),
    "live": ("broadcast", gettext_lazy("Live")),
    "article": ("article", gettext_lazy("Article")),
}
STATES = {
    "draft": ("plain", "pencil", gettext_lazy("Draft")),
    "planned": ("plain", "calendar", gettext_lazy("Planned")),
    "waiting": ("warn", "hourglass", gettext_lazy("Waits for approval")),
    "changes": ("warn", "edit", gettext_lazy("Changes asked")),
    "approved": ("good", "check", gettext_lazy("Approved")),
    "scheduled": ("info", "clock", gettext_lazy("Scheduled")),
    "queued": ("info", "clock", gettext_lazy("In the queue")),
    "sending": ("info", "send", gettext_lazy("Sending")),
    "sent": ("good", "circle-check", gettext_lazy("Sent")),
    "published": ("good", "circle-check", gettext_lazy("Published")),
    "done": ("good", "circle-check", gettext_lazy("Done")),
    "needs_you": ("warn", "user", gettext_lazy("Needs you")),
    "asked": ("warn", "user", gettext_lazy("Post it by hand")),
    "blocked": ("warn", "plug-off", gettext_lazy("Connect again")),
    "unknown": ("warn", "help-circle", gettext_lazy("In doubt")),
    "refused": ("bad", "circle-x", gettext_lazy("Refused")),
    "failed": ("bad", "circle-x", gettext_lazy("Failed")),
    "lost": ("bad", "cloud-off", gettext_lazy("Lost")),
    "cancelled": ("plain", "ban", gettext_lazy("Cancelled")),
    "open": ("plain", "circle-dashed", gettext_lazy("Open")),
    "written": ("info", "pencil", gettext_lazy("Written")),
    "locked": ("info", "lock", gettext_lazy("Locked")),
    "ready": ("good", "plug-connected", gettext_lazy("Ready")),
    "paused": ("plain", "player-pause", gettext_lazy("Resting")),
    "ahead": ("good", "trending-up", gettext_lazy("Ahead")),
    "on pace": ("good", "check", gettext_lazy("On pace")),
    "behind": ("warn", "trending-down", gettext_lazy("Behind")),
    "reached": ("good", "flag", gettext_lazy("Reached")),
    "missed": ("bad", "circle-x", gettext_lazy("Missed")),
    "closed": ("plain", "archive", gettext_lazy("Closed")),
    "idea": ("plain", "bulb", gettext_lazy("Idea")),
    "contacted": ("info", "mail", gettext_lazy("Contacted")),
    "agreed": ("info", "heart-handshake", gettext_lazy("Agreed")),
    "live": ("good", "broadcast", gettext_lazy("Live now")),
    "checked": ("good", "checks", gettext_lazy("Checked")),
}
RING_WORDS = {
    "empty": gettext_lazy("not started"),
    "half": gettext_lazy("in progress"),
    "full": gettext_lazy("done"),
}


def fresh_id(prefix: str) -> str:
    """An id no other piece of the page has, also when the piece arrives later by htmx."""
    return f"{prefix}-{token_hex(4)}"


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """`{% icon "calendar" %}`: an icon of the sprite, decoration without `label`; `size` is "sm" or "lg"."""
    css = f"icon icon-{size}" if size else "icon"
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


@cache
def _network_picture(name: str) -> str:
    path = f"networks/{name}.svg"
    return path if name and finders.find(path) else ""


@register.simple_tag
def network_icon(name: str, label: str = "") -> SafeString:
    """`{% network_icon "practice" %}`: the network's own picture, a globe when its file brings none."""
    path = _network_picture(name)
    if not path:
        return icon("world", label)
    return format_html(
        '<img class="network-icon" src="{}" width="20" height="20" alt="{}">', static(path), label
    )


@register.simple_tag
def channel_edge(name: str) -> SafeString:
    """`{% channel_edge "practice" %}`: a 3 px edge in the network's colour; first child of a card."""
    known = networks.all_networks().get(name)
    colour = getattr(known, "colour", "") or "#8a949e"
    return format_html(
        '<svg class="edge" aria-hidden="true"><rect width="100%" height="100%" fill="{}"/></svg>', colour
    )


@register.simple_tag
def kind(name: str) -> SafeString:
    """`{% kind "reel" %}`: what a post is made of, icon and word."""
    picture, word = KINDS.get(str(name), ("file", capfirst(str(name))))
    return format_html('<span class="kind">{} {}</span>', icon(picture, size="sm"), word)


@register.simple_tag
def pillar(name: str, tone: int | None = None) -> SafeString:
    """`{% pillar "Useful" %}`: a filled label; `tone` 0–7 fixes its colour, else the name does."""
    if not name:
        return SafeString("")
    shade = sum(map(ord, str(name))) % 8 if tone is None else tone % 8
    return format_html('<span class="pillar pillar-{}">{}</span>', shade, name)


@register.simple_tag
def status_badge(state: str, label: str = "") -> SafeString:
    """`{% status_badge "sent" %}`: a state of a post or delivery as icon and word."""
    tone, picture, word = STATES.get(
        str(state), ("plain", "circle-dashed", capfirst(str(state).replace("_", " ")))
    )
    return format_html(
        '<span class="state is-{}">{} {}</span>', tone, icon(picture, size="sm"), label or word
    )


@register.simple_tag(name="help")
def help_bubble(text: str) -> SafeString:
    """`{% help "What reach means" %}`: a small i whose bubble opens by mouse, key and touch."""
    ref = fresh_id("help")
    return format_html(
        '<span class="tip"><button type="button" class="tip-button" aria-label="{}" aria-describedby="{}">'
        "{}</button>"
        '<span class="bubble" role="tooltip" id="{}">{}</span></span>',
        _("What is this?"),
        ref,
        icon("info-circle", size="sm"),
        ref,
        text,
    )


@register.simple_tag
def face(name: str) -> SafeString:
    """`{% face "Ana Reyes" %}`: initials in a circle, with the name as its label."""
    words = [word for word in str(name).replace("@", " ").split() if word[0].isalnum()]
    initials = "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
    return format_html(
        '<span class="face" role="img" aria-label="{}" title="{}">{}</span>', name, name, initials or "?"
    )


@register.inclusion_tag("pieces/ring.html")
def ring(state: str, needs: int = 0, number: int | None = None) -> dict[str, Any]:
    """`{% ring "half" needs=2 number=5 %}`: how far a stage is; a dot when something needs a person."""
    return {"state": state, "needs": needs, "number": number, "says": RING_WORDS.get(state, "")}


@register.inclusion_tag("pieces/tabs.html")
def tabs(rows: list[Any], label: str = "") -> dict[str, Any]:
    """`{% tabs rows %}`: rows of (label, url, current) or (label, url, current, count)."""
    keys = ("label", "url", "current", "count")
    return {
        "tabs": [dict(zip(keys, (*row, None, None), strict=False)) for row in rows],
        "label": label or _("Views"),
    }


@register.inclusion_tag("pieces/steps.html")
def steps(rows: list[Any]) -> dict[str, Any]:
    """`{% steps rows %}`: rows of (label, state) with state done, current or next."""
    return {
        "steps": [{"label": row[0], "state": row[1], "url": row[2] if len(row) > 2 else ""} for row in rows]
    }


@register.inclusion_tag("pieces/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """`{% pages page %}`: links to the other pages of a list; the rest of the query string stays."""
    request = context["request"]

    def link(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    rows = [
        {"n": n, "url": link(n) if isinstance(n, int) else "", "current": n == page.number} for n in numbers
    ]
    back = link(page.previous_page_number()) if page.has_previous() else ""
    on = link(page.next_page_number()) if page.has_next() else ""
    return {"page": page, "numbers": rows, "back": back, "on": on}


@register.simple_tag
def side(href: str) -> SafeString:
    """`<a {% side slot.url %}>`: the linked page opens in the side panel, or as a page without script."""
    return format_html(
        'href="{}" hx-get="{}" hx-target="#side-body" hx-select="#page > *" hx-swap="innerHTML"', href, href
    )


@register.simple_tag(takes_context=True)
def home_address(context: Context) -> str:
    """The front page of the brand one is in, else of the site."""
    return next((str(brand.url) for brand in context.get("brands") or [] if brand.current), "/")


@register.filter
def undo_address(tags: str | None) -> str:
    """The address in a message's tags (`extra_tags="undo:/do/…"`), empty when there is none."""
    found = [
        word[5:]
        for word in (tags or "").split()
        if word.startswith("undo:/") and not word.startswith("undo://")
    ]
    return found[0] if found else ""
