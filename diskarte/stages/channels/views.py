"""Pages of the stage «channels».

Connecting is posted here and not through the write door: the door keeps what was typed after a failure, and a
password must not be kept anywhere.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from diskarte.core.people.who import Forbidden
from diskarte.words import MB, Problem

from . import actions, sentences
from .tabs import tabs

PREFIX = "given."


def page(request: HttpRequest) -> HttpResponse:
    """The connected channels, what could be connected, and what the brand can put in."""
    who = request.who  # type: ignore[attr-defined]
    rows = [_shown(row) for row in actions.channels(who)]
    offers = [(offer, sentences.CONNECTS[offer.connect]) for offer in actions.offers(who)]
    budget = actions.budget(who)
    told: dict[str, Any] = {"by_hand": actions.choosing.without_connection(who)}
    told |= {"budget": budget, "hours": _short(budget.hours_a_week), "money": _short(budget.money_a_month)}
    return render(
        request, "channels/page.html", told | {"rows": rows, "offers": offers, "tabs": tabs("channels.page")}
    )


def _short(value: Decimal | None) -> str:
    """10.00 as «10», 10.50 as «10.5»."""
    return "" if value is None else f"{value.normalize():f}"


def networks(request: HttpRequest) -> HttpResponse:
    """What each network can do and takes."""
    rows = [_line(line) for line in actions.matrix(request.who)]  # type: ignore[attr-defined]
    return render(request, "channels/networks.html", {"rows": rows, "abilities": sentences.ABILITIES})


def channel(request: HttpRequest, channel: int) -> HttpResponse:
    """One channel: what is ready on this account."""
    row = actions.channel(request.who, channel)  # type: ignore[attr-defined]
    return render(request, "channels/channel.html", _shown(row) | {"abilities": _abilities(row.line)})


def connect(request: HttpRequest, network: str) -> HttpResponse:
    """The form of one network, and what it was given."""
    who = request.who  # type: ignore[attr-defined]
    offer = actions.offer(who, network)
    if request.method != "POST":
        return _form(request, offer, {})
    given, name = _given(request), request.POST.get("name", "")
    try:
        if offer.connect == "oauth" and not given.get("token"):
            return redirect("channels.sign_in", actions.begin_sign_in(who, network, given, name).pk)
        row = actions.connect(who, network, given, name)
    except Forbidden:
        raise
    except Problem as problem:
        return _form(request, offer, given, problem, name)
    messages.success(request, _("%(name)s is connected.") % {"name": row})
    return redirect("channels.page")


def reconnect(request: HttpRequest, channel: int) -> HttpResponse:
    """The form of one network again, for an account that lost its permission."""
    who = request.who  # type: ignore[attr-defined]
    known = actions.channel(who, channel)
    row, offer = known.channel, actions.offer(who, known.channel.network)
    if request.method != "POST":
        return _form(request, offer, {"handle": row.handle, "base": row.base}, row=row)
    given = _given(request)
    try:
        if offer.connect == "oauth" and not given.get("token"):
            return redirect(
                "channels.sign_in", actions.begin_sign_in(who, row.network, given, row.name, row.pk).pk
            )
        actions.reconnect(who, channel, given)
    except Forbidden:
        raise
    except Problem as problem:
        return _form(request, offer, given, problem, row=row)
    messages.success(request, _("%(name)s is connected again.") % {"name": row})
    return redirect("channels.channel", channel)


def sign_in(request: HttpRequest, sign_in: int) -> HttpResponse:
    """The link to the network's own page: a form may not leave this site, a link may."""
    row = actions.sign_in(request.who, sign_in)  # type: ignore[attr-defined]
    offer = actions.offer(request.who, row.network)  # type: ignore[attr-defined]
    return render(request, "channels/sign_in.html", {"row": row, "offer": offer, "return_to": actions.RETURN})


def back(request: HttpRequest) -> HttpResponse:
    """Where the network sends the person back, with or without a yes."""
    who, given = request.who, {name: str(value) for name, value in request.GET.items()}  # type: ignore[attr-defined]
    slug = actions.came_back(who, given)
    if who.brand is None or who.brand.slug != slug:
        return redirect(f"/{slug}/channels/back/?{urlencode(given)}")
    row = actions.finish_sign_in(who, given)
    messages.success(request, _("%(name)s is connected.") % {"name": row})
    return redirect("channels.page")


def _given(request: HttpRequest) -> dict[str, str]:
    return {n.removeprefix(PREFIX): str(v) for n, v in request.POST.items() if n.startswith(PREFIX) and v}


def _form(request: HttpRequest, offer: actions.Offer, given: dict[str, str], problem: Problem | None = None,
          name: str = "", row: Any = None) -> HttpResponse:  # fmt: skip
    """The connect form; a secret is never shown again, not even the one just typed."""
    wrong = problem.field if problem else ""
    fields = [
        {"field": f, "name": PREFIX + f.name, "value": "" if f.secret else given.get(f.name, ""), "label": _(f.label),
         "help": _(f.help) if f.help else "", "wrong": wrong == PREFIX + f.name}
        for f in offer.fields
    ]  # fmt: skip
    told = {"offer": offer, "fields": fields, "problem": problem, "name": name, "row": row}
    told |= {"says": _(offer.help or offer.note) if offer.help or offer.note else ""}
    return render(request, "channels/connect.html", told, status=422 if problem else 200)


def _shown(row: actions.Connected) -> dict[str, Any]:
    takes = row.line.limits.with_(**row.channel.limits_told)
    own = {"row": row, "channel": row.channel, "state": sentences.STATES[row.channel.state], "takes": takes}
    return own | _line(row.line) | {"limits": _limits(takes)}


def _line(line: Any) -> dict[str, Any]:
    return {
        "line": line, "limits": _limits(line.limits), "connects": sentences.CONNECTS[line.connect],
        "note": line.note and _(line.note), "doubt": sentences.DOUBTS[line.doubt],
        "cells": [(name in line.can, _why_not(line, name)) for name in sentences.ABILITIES],
    }  # fmt: skip


def _limits(takes: Any) -> dict[str, Any]:
    def megabytes(size: int | None) -> float | None:
        return round(size / MB, 1) if size else None

    return {
        "text": takes.text, "counted": sentences.COUNTED[takes.count], "images": takes.images, "videos": takes.videos,
        "image_mb": megabytes(takes.image_bytes), "video_mb": megabytes(takes.video_bytes), "parts": takes.parts,
        "per_day": takes.per_day,
    }  # fmt: skip


def _why_not(line: Any, name: str) -> str:
    return _(line.lacks[name].why) if name in line.lacks else ""


def _abilities(line: Any) -> list[dict[str, Any]]:
    """Each ability, and what else the network lacks: with the reason, and where it is written."""
    missing = {name: label for name, label in sentences.LACKS.items() if name in line.lacks}
    return [
        {"label": label, "able": name in line.can, "why": _why_not(line, name), "lack": line.lacks.get(name)}
        for name, label in (sentences.ABILITIES | missing).items()
    ]
