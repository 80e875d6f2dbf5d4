"""Pages of the stage «plan»."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render

from . import actions, board, grid
from .narrowing import Filters, day_of, whole

LONGEST = timedelta(days=400)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page(request: Any) -> HttpResponse:
    """A month: calendar or table, its mix, hours, conflicts and days of note."""
    return render(request, "plan/page.html", board.page(request.who, request.GET))


def events(request: Any) -> JsonResponse:
    """What stands between two days, for the calendar."""
    start, end = day_of(request.GET.get("start")), day_of(request.GET.get("end"))
    if start is None or end is None or not timedelta(0) <= end - start <= LONGEST:
        raise Http404
    return JsonResponse(grid.events(request.who, start, end, Filters.of(request.GET)), safe=False)


def figures(request: Any) -> HttpResponse:
    """The mix and the hours of a month, now or as a move would make them."""
    return render(request, "plan/figures.html", board.figures_if(request.who, request.GET))


def rows(request: Any) -> JsonResponse:
    """The channels as rows of the calendar."""
    channels = actions.choices(request.who).channels
    return JsonResponse([{"id": str(c.pk), "title": str(c)} for c in channels], safe=False)


def weigh(request: Any) -> JsonResponse:
    """What a slot would be worth at every hour of the week."""
    slot = whole(request.GET.get("id"))
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
    month, last = board.month_asked(request.who, request.GET)
    text = actions.export_slots(request.who, month, last)
    return board.file("\ufeff" + text, "text/csv; charset=utf-8", f"plan-{month:%Y-%m}.csv")


def workbook(request: Any) -> HttpResponse:
    """The month as XLSX, or the template to fill."""
    month, last = board.month_asked(request.who, request.GET)
    if "template" in request.GET:
        return board.file(actions.workbook(request.who, last, month), XLSX, "plan-template.xlsx")
    return board.file(actions.workbook(request.who, month, last), XLSX, f"plan-{month:%Y-%m}.xlsx")


def paper(request: Any, shape: str) -> HttpResponse:
    """The month for printing: a sheet with days as boxes, or a list."""
    if shape not in ("month", "list"):
        raise Http404
    month, _last = board.month_asked(request.who, request.GET)
    made = actions.print_month(request.who, month, shape, Filters.of(request.GET))
    return board.file(made, "application/pdf", f"plan-{month:%Y-%m}-{shape}.pdf", inline=True)


def take(request: Any, what: str) -> HttpResponse:
    """The form for a table of slots or of ideas."""
    if what not in ("slots", "ideas"):
        raise Http404
    return render(request, "plan/take.html", {"what": what})


def taken(request: Any, pk: int) -> HttpResponse:
    """What became of a table."""
    return render(request, "plan/taken.html", {"taking": actions.taken(request.who, pk)})


def refused(request: Any, pk: int) -> HttpResponse:
    """The rows of a table that were not taken, to mend and give again."""
    text = actions.taken(request.who, pk).file
    return board.file("\ufeff" + text, "text/csv; charset=utf-8", "rows-to-mend.csv")


def subscribe(request: Any) -> HttpResponse:
    """The private addresses for calendar programs."""
    return render(request, "plan/subscribe.html", {"feeds": board.feeds(request.who)})


@login_not_required
def feed(request: Any) -> HttpResponse:
    """The calendar behind a private address; no sign-in, the key is the permission."""
    text = actions.feed_text(request.brand_slug or "", request.GET.get("key", ""))
    if text is None:
        raise Http404
    return board.calendar_file(text, request.headers.get("If-None-Match", ""))
