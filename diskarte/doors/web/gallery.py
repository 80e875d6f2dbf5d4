"""Every piece of the look on one page, `/look/`, for whoever builds or changes pages; not served in production."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from diskarte import networks
from diskarte.doors.web.context import LABELS
from diskarte.doors.web.templatetags.desk_marks import STATES
from diskarte.stages import STAGES
from diskarte.words import Kind

NEEDS = {"channels": 1, "publish": 4}
FIGURES = {"goals": "62 %", "audience": "4", "plan": "38", "measure": "36k", "correct": "3"}


def _open_here() -> None:
    if not (settings.DEBUG or getattr(settings, "SHOW_LOOK", False)):
        raise Http404


def _rail() -> list[SimpleNamespace]:
    states = ["full", "full", "full", "half", "half", "empty", "half", "half", "empty", "empty"]
    return [
        SimpleNamespace(
            stage=stage, number=n, label=LABELS[stage], url=f"#{stage}", state=state, current=stage == "plan",
            needs=NEEDS.get(stage, 0), figure=FIGURES.get(stage, ""),
        )
        for n, (stage, state) in enumerate(zip(STAGES, states, strict=True), 1)
    ]  # fmt: skip


def _line() -> dict[str, Any]:
    """Followers per week with the band of the forecast, as a stage makes it with Altair."""
    weeks = [
        {"week": f"2026-{9 + n // 4:02d}-{1 + n % 4 * 7:02d}", "followers": 7800 + n * n * 14}
        for n in range(13)
    ]
    band = [
        {"week": w["week"], "low": w["followers"] - 40 * n, "high": w["followers"] + 40 * n}
        for n, w in enumerate(weeks)
    ]
    x = {"field": "week", "type": "temporal", "title": None}
    y = {"type": "quantitative", "scale": {"zero": False}, "title": "followers"}
    return {
        "layer": [
            {
                "data": {"values": weeks},
                "mark": "line",
                "encoding": {"x": x, "y": {"field": "followers", **y}},
            },
            {
                "data": {"values": band},
                "mark": "errorband",
                "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
        ]
    }


def _bars() -> dict[str, Any]:
    rows = [("Reel", 5.2, 31), ("Carousel", 4.1, 22), ("Image", 2.6, 54), ("Link", 1.1, 9)]
    values = [{"kind": kind, "rate": rate, "posts": n} for kind, rate, n in rows]
    base = {"y": {"field": "kind", "type": "nominal", "sort": None, "title": None}}
    x = {"field": "rate", "type": "quantitative", "title": "engagement rate, %"}
    return {
        "data": {"values": values},
        "encoding": {**base, "x": x},
        "layer": [
            {"mark": {"type": "bar", "tooltip": True}},
            {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"text": {"field": "rate"}}},
        ],
    }


def _heat() -> list[list[dict[str, Any] | None]]:
    def cell(day: int, hour: int) -> dict[str, Any] | None:
        n = (day * 7 + hour * 5) % 23 - 4
        value = 0.02 + 0.004 * ((day + hour * 2) % 9)
        return None if n <= 0 else {"value": value, "n": n * 4, "low": value * 0.7, "high": value * 1.3}

    return [[cell(day, hour) for hour in range(8)] for day in range(7)]


def _facts(request: HttpRequest, now: datetime) -> dict[str, Any]:
    brand = SimpleNamespace(name="Kape Diwata", slug="kape-diwata", time_zone="Asia/Manila", currency="PHP")
    days, hours = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], [f"{h}:00" for h in range(6, 22, 2)]
    return {
        "who": SimpleNamespace(person="Ana Reyes", brand=brand, workspace=SimpleNamespace(name="Studio Araw"), can={}),
        "rail": _rail(),
        "brands": [SimpleNamespace(name="Kape Diwata", url="/look/", current=True)],
        "now": now, "soon": now + timedelta(days=2, hours=3), "past": now - timedelta(hours=3),
        "line": _line(), "bars": _bars(), "heat": _heat(), "days": days, "hours": hours,
        "mix": [("Useful", 0.46, 0.4), ("Fun", 0.22, 0.3), ("Community", 0.2, 0.2), ("Selling", None, 0.1)],
        "spark": [3, 4, 4, None, 6, 7, 6, 9, 11, 10, 13],
        "tabs": [("Board", "#", False), ("Calendar", "#", True), ("Wishes", "#", False, 4)],
        "steps": [("Pillars", "done"), ("Mix", "done"), ("Cadence", "current"), ("Calendar", "next")],
        "page": Paginator(range(480), 20).get_page(request.GET.get("page", 5)),
        "networks": sorted(networks.all_networks()),
        "states": list(STATES),
        "kinds": [str(kind) for kind in Kind],
        "kept": {"plan.look": {"values": {"hours": ["forty"]}, "errors": {"hours": "Write a number, such as 40."}}},
        "problem": {"what": "The file has no date column.", "kept": "Nothing was imported.", "do": "Add one."},
        "text": "Good morning! The new beans are here ☕\nWhich one should we brew first? #KapeDiwata https://kape.example",
    }  # fmt: skip


@login_not_required
def look(request: HttpRequest) -> HttpResponse:
    """Show every piece with sample data."""
    _open_here()
    with timezone.override("Asia/Manila"):
        messages.success(request, "Moved to Wednesday 12:00.", extra_tags="undo:/do/people.undo?line=1")
        return render(request, "pieces/gallery.html", _facts(request, timezone.now()))


@login_not_required
def events(request: HttpRequest) -> JsonResponse:
    """A month of sample slots for the calendar, in the brand's clock."""
    _open_here()
    start = datetime.fromisoformat(request.GET["start"][:10])
    names, kinds = sorted(networks.all_networks()), ["reel", "image", "carousel", "text", "story"]
    pillars = ["Useful", "Fun", "Community", "Selling"]
    rows = [
        {
            "id": str(n), "title": f"Barista tip {n}", "kind": kinds[n % 5], "pillar": pillars[n % 4],
            "tone_of_pillar": n % 4,
            "start": (start + timedelta(days=n * 0.8, hours=7 + n % 12)).isoformat()[:16] + ":00",
            "channels": [names[n % len(names)]], "colours": [networks.get(names[n % len(names)]).colour],
            "url": "/look/side/", "locked": n % 7 == 0, "tone": "warn" if n == 5 else "plain",
            "resource": f"c{n % 3}",
        }
        for n in range(50)
    ]  # fmt: skip
    feast = {
        "id": "o1",
        "title": "Undas",
        "kind": "occasion",
        "start": f"{start:%Y-%m}-28",
        "end": f"{start:%Y-%m}-28",
    }
    return JsonResponse([*rows, feast], safe=False)


@login_not_required
def channels(request: HttpRequest) -> JsonResponse:
    """The rows of the calendar's channel view."""
    _open_here()
    return JsonResponse([{"id": f"c{n}", "title": f"Channel {n + 1}"} for n in range(3)], safe=False)


@login_not_required
def weigh(request: HttpRequest) -> JsonResponse:
    """What each hour of the week would bring, for the hint while dragging."""
    _open_here()
    return JsonResponse(
        {"now": 1.0, "hours": {f"{d}-{h}": 0.6 + h / 30 for d in range(1, 8) for h in range(24)}}
    )


@login_not_required
def side(request: HttpRequest) -> HttpResponse:
    """A page that opens in the side panel."""
    _open_here()
    return render(request, "pieces/gallery_side.html", _facts(request, timezone.now()) | {"rail": _rail()})


urlpatterns = [
    path("", look, name="look"),
    path("events/", events, name="look.events"),
    path("channels/", channels, name="look.channels"),
    path("weigh/", weigh, name="look.weigh"),
    path("side/", side, name="look.side"),
]
