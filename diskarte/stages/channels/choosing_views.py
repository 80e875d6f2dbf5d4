"""Pages of the choice: where to be, who is where, beside competitors, shared followers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import actions, outside_words, wording
from .rules.outside import Outer
from .tabs import tabs

FOUND = {
    "unused": "channels.presence", "claimed": "channels.presence", "followers": "channels.followers",
    "growth": "brand.page",
}  # fmt: skip


def where(request: HttpRequest) -> HttpResponse:
    """The recommended set, how sure it is, and what would change it."""
    found = actions.choosing.choice(request.who)  # type: ignore[attr-defined]
    told: dict[str, Any] = {
        "found": found,
        "tabs": tabs("channels.where"),
        "budget": actions.budget(request.who),  # type: ignore[attr-defined]
    }
    told |= {"missing": wording.MISSING.get(found.missing), "country": wording.country(found.country)}
    told |= {"turns": [wording.turn(one, found.unit) for one in found.turns]}
    told |= {"rows": [_row(one) for one in found.platforms], "percent": found.unit == "percent"}
    told |= {"decided": found.decision and [_label(key) for key in found.decision.platforms]}
    told["decided_missing"] = _without_channel(found) if request.who.can.channels_edit else []  # type: ignore[attr-defined]
    return render(request, "channels/where.html", told)


def _without_channel(found: Any) -> list[tuple[str, str]]:
    """Platforms that were decided on and have no channel yet."""
    keys = found.decision.platforms if found.decision else []
    return [(one.platform, one.label) for one in found.platforms if one.platform in keys and not one.channels]


def _label(key: str) -> str:
    return str(actions.beside.label(key))


def _row(one: Any) -> dict[str, Any]:
    cells = {cell for e in one.believed.there if e for cell in e.cells}
    parts = [wording.part(part) for part in one.believed.parts]
    estimates = [e for e in one.believed.there if e]
    return {
        "one": one, "parts": parts, "hours_from": wording.HOURS_FROM[one.believed.hours_from], "cells": len(cells),
        "stance": wording.STANCES[one.believed.stance] if one.believed.stance else "",
        "percent": None if one.chance is None else round(one.chance * 100),
        "elsewhere": any(e.elsewhere for e in estimates), "named": all(one.believed.named),
    }  # fmt: skip


def place(request: HttpRequest, platform: str) -> HttpResponse:
    """The form of one platform: hours, money, fit, always or never."""
    request.who.must("channels.edit")  # type: ignore[attr-defined]
    row = actions.choosing.place(request.who, platform)  # type: ignore[attr-defined]
    told = {"row": row, "label": _label(row.platform), "stances": list(wording.STANCES.items())}
    return render(request, "channels/place.html", told)


def presence(request: HttpRequest) -> HttpResponse:
    """Who is where in a country, every number with its source."""
    verbs = actions.choosing
    countries = verbs.countries(request.who)  # type: ignore[attr-defined]
    asked = request.GET.get("country", "")
    here = asked if asked in countries else countries[0]
    rows = [_presence(line) for line in verbs.presence(request.who, here)]  # type: ignore[attr-defined]
    choices = [(code, wording.country(code)) for code in countries]
    told = {"rows": rows, "here": here, "country": wording.country(here), "countries": choices}
    return render(request, "channels/presence.html", told | {"tabs": tabs("channels.presence")})


def _presence(line: Any) -> dict[str, Any]:
    cells = [
        {"cell": c, "who": " ".join(filter(None, [str(wording.SEXES[c.sex]), wording.ages(c.age_from, c.age_to)])),
         "base": wording.BASES[c.base], "measure": wording.MEASURES[c.measure], "quality": wording.QUALITIES[c.quality]}
        for c in line.cells
    ]  # fmt: skip
    newest = next((one for one in cells if one["cell"] is line.newest), None)
    return {"line": line, "newest": newest, "cells": cells, "own": any(c.own is not None for c in line.cells)}


def presence_new(request: HttpRequest) -> HttpResponse:
    """The form of a number of your own."""
    who = request.who  # type: ignore[attr-defined]
    who.must("channels.edit")
    told = {
        "platform": request.GET.get("platform", "")[:40], "country": request.GET.get("country", "")[:3],
        "platforms": [(one.key, one.label) for one in actions.choosing.platforms(who)],
        "qualities": list(wording.QUALITIES.items()),
    }  # fmt: skip
    return render(request, "channels/presence_form.html", told)


def swot(request: HttpRequest) -> HttpResponse:
    """Measured strengths and weaknesses beside competitors, and moves out of them."""
    who = request.who  # type: ignore[attr-defined]
    found = actions.beside.swot(who)
    noted = actions.beside.noted(who)
    sides = [_side(name, title, found, noted.get(name, [])) for name, title in wording.SIDES.items()]
    moves = [(one, wording.KINDS[one.kind], _move(one)) for one in found.moves]
    goals = [(row.pk, row.sentence) for row in actions.beside.goals(who)]
    told = {
        "found": found,
        "noted": noted,
        "sides": sides,
        "moves": moves,
        "goals": goals,
        "tabs": tabs("channels.swot"),
    }
    return render(request, "channels/swot.html", told)


def _side(name: str, title: Any, found: Any, notes: list[Any]) -> dict[str, Any]:
    """One of the four quarters: what was measured, what comes from outside, what was noted, or what would show it."""
    facts = [(one, wording.fact(one, _label(one.platform))) for one in found.facts if one.side == name]
    outer = [
        (
            one,
            outside_words.said(one, _label),
            outside_words.rests_on(one),
            FOUND.get(one.about, "brand.market"),
        )
        for one in found.outer
        if one.side == name
    ]
    wanted = "" if facts or outer else outside_words.WANTED.get(name, "")
    return {"title": title, "facts": facts, "outer": outer, "notes": notes, "wanted": wanted}


def _move(one: Any) -> str:
    from_outside = isinstance(one.outer, Outer)
    return outside_words.move(one, _label) if from_outside else wording.move(one, _label(one.inner.platform))


def followers(request: HttpRequest) -> HttpResponse:
    """How far competitors' followers match ours."""
    who = request.who  # type: ignore[attr-defined]
    asked = request.GET.get("ours", "")
    found = actions.beside.overlap_with(who, int(asked) if asked.isdigit() else None)
    told = {"found": found, "sheets": actions.beside.lists_given(who), "tabs": tabs("channels.followers")}
    return render(request, "channels/followers.html", told)
