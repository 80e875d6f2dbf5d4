"""The front page of a brand: on course? what goes out next? what needs a person? what did we learn?"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from diskarte.doors.web.context import rail
from diskarte.start import actions as start

URGENT = ("fix", "look", "review")  # what is broken comes first


def compass(request: HttpRequest) -> HttpResponse:
    """Goals with their pace, the next deliveries, everything that waits for a person, the newest findings."""
    who: Any = request.who  # type: ignore[attr-defined]
    goals, correct = _verbs("goals"), _verbs("correct")
    stops = rail(request, who)
    needs = sorted(
        (need for stop in stops for need in stop.rows), key=lambda need: URGENT.index(need["urgency"])
    )
    first = next((stop for stop in stops[:5] if stop.state == "empty"), None)
    fresh = sum(stop.state == "empty" for stop in stops[:5]) > 2
    told = {
        "begin": start.way(who) if fresh and who.can.brand_edit else None,
        "goals": goals.pace(who),
        "next": _verbs("publish").coming(who, limit=5),
        "needs": needs,
        "first": first,  # of the five stages that make a strategy, the next to begin
        "fresh": fresh,
        "findings": correct.findings(who)[:3],
        "proposals": correct.proposals(who)[:3],
        "stops": stops,
        "today": timezone.now(),
        "goals_url": reverse("goals.page"),
        "write_url": reverse("publish.write"),
        "measure_url": reverse("measure.page"),
    }
    return render(request, "compass.html", told)


def _verbs(stage: str) -> Any:
    return import_module(f"diskarte.stages.{stage}.actions")
