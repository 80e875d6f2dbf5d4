"""The page of the days of note: the year ahead by month, and what concerns the brand."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from diskarte.stages.brand.places import countries, country_name

from . import days, rooms, wording
from .rules import occasions as table


def page(request: Any) -> HttpResponse:
    """The year ahead, narrowed by kind and by what matters."""
    who, kind = request.who, request.GET.get("kind", "")
    fit = request.GET.get("fit", "some")
    told = days.year_ahead(who, kind=kind if kind in rooms.KINDS else "", fit=fit)
    months = [
        {"name": wording.month_name(first), "days": [_row(day) for day in rows]}
        for first, rows in groupby(told, key=lambda day: day.day.replace(day=1))
    ]
    return render(
        request, "plan/days/page.html", {"months": months, "count": len(told), **_around(who, kind, fit)}
    )


def _row(day: days.Ahead) -> dict[str, Any]:
    shown = str(rooms.KINDS.get(day.kind, day.kind))
    abroad = country_name(day.country) if day.country else ""
    end = (day.until or day.day).isoformat()
    new = f"{reverse('plan.promotion_new')}?name={_quoted(day.name)}&starts={day.day.isoformat()}&ends={end}"
    return {"day": day, "kind": shown, "abroad": abroad, "promote": new}


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


def _around(who: Any, kind: str, fit: str) -> dict[str, Any]:
    """Filters, the brand's choice, what is hidden."""
    chosen, country = days.day_choice(who), who.brand.country
    kinds = [("", _("Every kind")), *((k, str(v)) for k, v in rooms.KINDS.items())]
    fits = [("high", _("Only what is made for us")), ("some", _("What may fit")), ("all", _("Everything"))]
    return {
        "tabs": rooms.tabs("plan.days"), "kinds": kinds, "fits": fits, "kind": kind, "fit": fit, "chosen": chosen,
        "trades": [("", _("Not said")), *((k, str(v)) for k, v in rooms.TRADES.items())],
        "regions": table.regions(country), "region_choices": [("", _("All of it")), *table.regions(country).items()],
        "unknown_country": not table.known(country),
        "country": country_name(country), "hidden": days.hidden_days(who),
        "places": [(code, name) for code, name in countries() if table.known(code) and code != country],
        "fit_choices": [("", _("As for our trade")), *((k, str(v)) for k, v in rooms.FITS.items())],
        "own_kinds": [(k, str(rooms.KINDS[k])) for k in ("event", "promotion", "contest")],
    }  # fmt: skip
