"""Pages of the stage «plan»."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render

from . import actions, board

LONGEST = timedelta(days=400)


def page(request: Any) -> HttpResponse:
    """A month: calendar or table, its mix, hours, conflicts and days of note."""
    return render(request, "plan/page.html", board.page(request.who, request.GET))


def events(request: Any) -> JsonResponse:
    """What stands between two days, for the calendar."""
    start, end = board.day_of(request.GET.get("start")), board.day_of(request.GET.get("end"))
    if start is None or end is None or not timedelta(0) <= end - start <= LONGEST:
        raise Http404
    return JsonResponse(board.events(request.who, start, end, board.Filters.of(request.GET)), safe=False)


def rows(request: Any) -> JsonResponse:
    """The channels as rows of the calendar."""
    channels = actions.choices(request.who).channels
    return JsonResponse([{"id": str(c.pk), "title": str(c)} for c in channels], safe=False)


def weigh(request: Any) -> JsonResponse:
    """What a slot would be worth at every hour of the week."""
    slot = board.whole(request.GET.get("id"))
    if slot is None:
        raise Http404
    return JsonResponse(actions.weigh(request.who, slot))


def slot(request: Any, pk: int) -> HttpResponse:
    """One slot: why here, what it may bring, its form."""
    return render(request, "plan/slot.html", board.slot_page(request.who, pk))


def new(request: Any) -> HttpResponse:
    """The form of a slot by hand."""
    return render(request, "plan/new.html", board.new_page(request.who, request.GET))


def settings(request: Any) -> HttpResponse:
    """Pillars, cadence, limits."""
    return render(request, "plan/settings.html", board.settings_page(request.who))


def history(request: Any) -> HttpResponse:
    """Every version of the settings."""
    return render(request, "plan/history.html", {"versions": board.history(request.who)})


def table(request: Any) -> HttpResponse:
    """The month as CSV."""
    month = (board.day_of(request.GET.get("month")) or actions.next_month(request.who)).replace(day=1)
    last = board.months_around(month)[1] - timedelta(days=1)
    text = actions.export_slots(request.who, month, last)
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="plan-{month:%Y-%m}.csv"'
    return answer


@login_not_required
def feed(request: Any) -> HttpResponse:
    """The calendar behind its private address; no sign-in, the key is the permission."""
    text = actions.feed_text(request.brand_slug or "", request.GET.get("key", ""))
    if text is None:
        raise Http404
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
