"""Pages on which the plan argues: the search for a better one, why not instead, two plans side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from diskarte.core.people.who import Who
from diskarte.words import Kind, Problem

from . import actions, wording

MOST = 20.0  # posts a week that a wish may add


def search(request: Any) -> HttpResponse:
    """How far the search for a month's best plan is; when it has ended the page is shown anew."""
    month = day_of(request.GET.get("month"))
    if month is None:
        raise Http404
    found = actions.background.draft_progress(request.who, month)
    if found is None or found.state in ("done", "failed"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "plan/search.html", {"search": found, "month": month})


def instead(request: Any, pk: int) -> HttpResponse:
    """Why a slot is not at another time, on another channel or of another kind."""
    return render(request, "plan/instead.html", instead_of(request.who, pk, request.GET))


def whatif(request: Any) -> HttpResponse:
    """What a wish would bring and take: the month as it is and as it would be, side by side."""
    return render(request, "plan/whatif.html", side_by_side(request.who, request.GET))


def instead_of(who: Who, pk: int, given: Mapping[str, str]) -> dict[str, Any]:
    """The slot, the choices, and the answer when something was asked."""
    assert who.brand is not None
    row, offered = actions.slot(who, pk), actions.choices(who)
    at, channel, kind = moment_of(given.get("at")), whole(given.get("channel")), kind_of(given.get("kind"))
    told: dict[str, Any] = {
        "slot": row, "title": str(row.title or row.pillar or wording.kind_name(row.kind)),
        "at": at or row.at, "channel": channel or row.channel_id,
        "kind": kind or row.kind, "channels": [(c.pk, str(c)) for c in offered.channels], "answer": None,
        "kinds": [(k, wording.kind_name(k)) for k in dict.fromkeys(k for ks in offered.kinds.values() for k in ks)],
    }  # fmt: skip
    if at or channel or kind:
        moved = at.replace(tzinfo=who.brand.zone) if at else None
        try:
            told["answer"] = actions.arguing.why_not(who, pk, moved, channel, kind)
        except Problem as problem:
            told["problem"] = problem
    return told


def side_by_side(who: Who, given: Mapping[str, str]) -> dict[str, Any]:
    """The form of a wish, and the two plans when one was made."""
    month = (day_of(given.get("month")) or actions.next_month(who)).replace(day=1)
    offered = actions.choices(who)
    channel, kind, more = whole(given.get("channel")), kind_of(given.get("kind")), number(given.get("more"))
    told: dict[str, Any] = {
        "month": month, "month_key": f"{month:%Y-%m}", "month_name": wording.month_name(month), "channel": channel,
        "kind": kind, "more": f"{more or 1:g}",
        "channels": [(c.pk, str(c)) for c in offered.channels], "found": None,
        "kinds": [(k, wording.kind_name(k)) for k in dict.fromkeys(k for ks in offered.kinds.values() for k in ks)],
    }  # fmt: skip
    if channel and kind and more:
        try:
            told["found"] = found = actions.arguing.price_wish(who, month, channel, kind, more)
            told["rows"], told["sides"] = rows_of(found), (found.first, found.second)
        except Problem as problem:
            told["problem"] = problem
    return told


def rows_of(found: Any) -> list[tuple[str, Any, Any]]:
    """What two plans are made of, one line for each count; a line without counts is the head of those below it."""
    a, b = found.first, found.second
    told: list[tuple[str, Any, Any]] = [
        (_("Posts"), a.posts, b.posts),
        (_("Hours of work"), a.hours, b.hours),
    ]
    told += [(_("Cost"), a.cost, b.cost)] if a.cost or b.cost else []
    told += [(_("Without a place"), a.left, b.left)] if a.left or b.left else []
    for name, head in (("channels", _("By channel")), ("kinds", _("By kind")), ("mix", _("By pillar"))):
        one, other = getattr(a, name), getattr(b, name)
        told.append((head, None, None))
        told += [(key, one.get(key, 0), other.get(key, 0)) for key in dict.fromkeys([*one, *other])]
    return told


def day_of(text: str | None) -> date | None:
    """A day or a month (its first day) in an address."""
    try:
        return date.fromisoformat(f"{text}-01" if text and len(text) == 7 else text or "")
    except ValueError:
        return None


def whole(text: str | None) -> int | None:
    """A row's number in an address."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def moment_of(text: str | None) -> datetime | None:
    """A local moment of an address, without a zone."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        return None


def kind_of(text: str | None) -> Kind | None:
    return Kind(text) if text in set(Kind) else None


def number(text: str | None) -> float | None:
    """A number of posts a week in an address; nothing for what is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if -MOST <= value <= MOST and value else None
