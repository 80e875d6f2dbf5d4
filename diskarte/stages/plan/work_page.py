"""Pages of the settings behind the limits: what a post takes, silent days, clocks; and two versions side by side."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from diskarte.words import Kind, Problem

from . import actions, board, wording
from .whatif_page import day_of, rows_of, whole

TAKES = ("hours_of", "cost_of", "lead_days")


def work(request: Any) -> HttpResponse:
    """What a post of each kind takes, the days of silence, and the clock of each channel's audience."""
    settings = actions.current_settings(request.who)
    kinds = [
        (kind.value, wording.kind_name(kind), *(settings[name].get(kind.value, 0) for name in TAKES))
        for kind in Kind
    ]
    rows = [(row, settings["channels"].get(str(row.pk), {})) for row in actions.choices(request.who).channels]
    told = {"settings": settings, "kinds": kinds, "channels": rows, "silent": "\n".join(settings["blackout"])}
    zones = [
        ("", "–"),
        *((name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name),
    ]
    return render(request, "plan/work.html", {**told, "zones": zones})


def compare(request: Any) -> HttpResponse:
    """A month as two versions of the settings would plan it."""
    given, who = request.GET, request.who
    month = (day_of(given.get("month")) or actions.next_month(who)).replace(day=1)
    rows = [told["version"] for told in board.history(who)]
    versions = [(row.pk, _("Version %(n)s") % {"n": row.number}) for row in rows]
    first, second = whole(given.get("first")), whole(given.get("second"))
    told: dict[str, Any] = {
        "month": month, "month_name": wording.month_name(month), "month_value": f"{month:%Y-%m}", "found": None,
        "versions": versions, "first": first, "second": second,
    }  # fmt: skip
    if first and second:
        try:
            found = actions.arguing.compare_plans(who, month, first_version=first, second_version=second)
            told |= {"found": found, "rows": rows_of(found), "sides": (found.first, found.second)}
        except Problem as problem:
            told["problem"] = problem
    return render(request, "plan/compare.html", told)
