"""What the composer's page shows: the fields on the left, the chosen channel's look on the right."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from diskarte.core.people.who import Who

from . import actions, rules
from .looks import Look
from .stories import On, Whole

KINDS = (
    ("text", _("Text")), ("image", _("Picture")), ("carousel", _("Carousel")), ("reel", _("Reel")),
    ("video", _("Video")), ("story", _("Story")), ("link", _("Link")), ("poll", _("Poll")), ("live", _("Live")),
    ("article", _("Article")),
)  # fmt: skip
NONE = [(0, "–")]


def blank(who: Who, slot: int | None, day: str) -> dict[str, Any]:
    """A new post; from a slot with everything the plan knows about it."""
    chosen = actions.choices(who)
    start = actions.start(who, slot) if slot else None
    form: dict[str, Any] = {"kind": "text", "at": f"{day}T12:00" if day else ""}
    if start is not None and start.slot is not None:
        form = _fields(start) | {"channels": [start.slot.channel_id]}
    first = form.get("channels") or [pk for pk, _name in chosen["channels"]][:1]
    form["channels"] = first
    found = actions.try_out(who, channels=first, kind=form["kind"])
    told = {"form": form, "slot": slot, "verb": "publish.write", "state": "draft", "policy": _policy(who)}
    told |= {"fresh": True}  # nothing is typed: nothing can be wrong yet
    return told | {"save_to": there()} | _labels(chosen) | _right(found, first)


def saved(who: Who, whole: Whole, channel: int | None) -> dict[str, Any]:
    """A post that exists."""
    chosen = actions.choices(who)
    on = [one.channel for one in whole.channels]
    form = _fields(whole.post) | {"channels": on}
    found = whole.looks
    own = {look.channel: look.own or "" for look in found if look.own is not None}
    told = {"form": form, "whole": whole, "post": whole.post, "verb": "publish.edit", "state": whole.state}
    told |= {"media": pictures(whole.media), "policy": _policy(who), "there": there(), "moved": _moved(whole)}
    return told | _labels(chosen) | _right(found, on, channel, own, whole.id)


def typed(who: Who, given: QueryDict) -> dict[str, Any]:
    """The right side for a form as it is at this moment."""
    channels = [int(pk) for pk in given.getlist("channels") if pk.isdecimal()]
    own = [one.partition(":") for one in given.getlist("own")]
    texts = {int(pk): text for pk, _colon, text in own if pk.isdecimal()}
    shown = _number(given.get("only_on"))
    texts |= {} if shown is None else {shown: given.get("own_text", "")}
    post = _number(given.get("post"))
    found = actions.try_out(
        who, given.get("text", ""), channels, post, None,
        _kind(given.get("kind", "")), given.get("link", ""), given.get("first_comment", ""),
        given.getlist("parts"), [f"{pk}:{text}" for pk, text in texts.items()],
    )  # fmt: skip
    return _right(found, channels, _number(given.get("show") or given.get("only_on")), texts, post)


def _moved(whole: Whole) -> Any:
    """Where the plan has moved the post's slot meanwhile; None while they agree."""
    slot = whole.post.slot
    if slot is None or whole.post.due_at is None or whole.state == "needs_you" or slot.state == "dropped":
        return None
    return slot.at if slot.at != whole.post.due_at else None


def _policy(who: Who) -> str:
    return who.workspace.approval if who.workspace else ""


def there() -> str:
    """The page of whatever post the verb returns."""
    return reverse("publish.page") + "{id}/"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _kind(value: str) -> Any:
    return value if value in dict(KINDS) else None


def _fields(post: Any) -> dict[str, Any]:
    names = ("text", "title", "link", "first_comment", "topic", "kind")
    told = {name: getattr(post, name) for name in names}
    labels = {name: getattr(post, f"{name}_id") or 0 for name in ("pillar", "segment", "hook", "goal")}
    return told | labels | {"at": post.due_at or "", "parts": rules.as_thread(post.parts)}


def _labels(chosen: dict[str, list[tuple[int, str]]]) -> dict[str, Any]:
    return {
        "choices": {n: rows if n == "channels" else NONE + rows for n, rows in chosen.items()},
        "kinds": KINDS,
    }


def _right(
    found: list[Look], channels: list[int], show: int | None = None,
    own: dict[int, str] | None = None, post: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Tabs, the chosen look, and the texts of the other channels, which travel along hidden."""
    chosen = next((look for look in found if look.channel == show), found[0] if found else None)
    texts = own or {}
    here = chosen.channel if chosen else None
    return {
        "looks": found, "look": chosen, "post_id": post,
        "own_here": texts.get(here, "") if here is not None else "",
        "own_elsewhere": [f"{pk}:{text}" for pk, text in texts.items() if pk != here and pk in channels],
        "look_media": pictures(chosen.media) if chosen else [],
    }  # fmt: skip


def pictures(media: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same with the address of each file."""
    return [one | {"url": reverse("publish.media", args=[one["file"], one["name"]])} for one in media]


def story_tabs(out: list[On], chosen: int | None) -> list[tuple[str, str, bool]]:
    """One tab for each channel of a story."""
    return [(on.name, f"?channel={on.channel}", on.channel == chosen) for on in out]


def lane_row(delivery: Any) -> dict[str, Any]:
    """A delivery in the list of the outbox, with the page that tells its story."""
    return {"d": delivery, "story": reverse("publish.delivery", args=[delivery.pk])}
