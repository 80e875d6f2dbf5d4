"""Pages of the stage «measure»."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diskarte.stages.channels import actions as channels
from diskarte.stages.goals import actions as goals

from . import actions, pictures
from .labels import KINDS, METRICS, PLACES, SORTS, WEEKDAYS

BLOCKS = [f"{hour:02}–{hour + 3:02}" for hour in range(0, 24, 3)]


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What happened? Totals beside the period before, months, and what goes with better numbers."""
    who: Any = request.who  # type: ignore[attr-defined]
    start, end = _days(request)
    seen = actions.overview(who, start, end)
    span = f"{seen.period.start} – {seen.period.end}"
    told = {
        "seen": seen,
        "quick": _quick(seen.period.end),
        "months": pictures.months(seen.months),
        "kinds": pictures.levels(_("Kind"), seen.levels["kind"], lambda n: str(KINDS.get(n, n))),
        "days": pictures.levels(_("Weekday"), seen.levels["weekday"], lambda n: str(WEEKDAYS[int(n)])),
        "day_names": WEEKDAYS,
        "totals": [(METRICS[total.metric], total) for total in seen.totals],
        "span": span,
        "posts_url": f"{reverse('measure.posts')}?start={seen.period.start}&end={seen.period.end}",
        "imports_url": reverse("measure.imports"),
        "blocks": BLOCKS,
        "cells": pictures.cells(seen.cells),
        "best": actions.posts(who, "engaged", start=seen.period.start, end=seen.period.end, limit=5),
        "waiting": actions.imports(who, "looked"),
    }
    return render(request, "measure/page.html", told)


def _quick(end: date) -> list[tuple[str, str]]:
    today = timezone.localdate()
    return [
        (_("Last 30 days"), f"?start={today - timedelta(days=29)}&end={today}"),
        (_("Last 90 days"), f"?start={today - timedelta(days=89)}&end={today}"),
        (_("Last 12 months"), f"?start={today - timedelta(days=364)}&end={today}"),
        (_("Year to the newest post"), f"?start={end - timedelta(days=364)}&end={end}"),
    ]


def _days(request: HttpRequest) -> tuple[date | None, date | None]:
    """The days asked for; what is no date counts as not asked."""

    def one(name: str) -> date | None:
        try:
            return parse_date(request.GET.get(name, ""))
        except ValueError:
            return None

    return one("start"), one("end")


@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    """Which posts? The rows behind every number."""
    who: Any = request.who  # type: ignore[attr-defined]
    asked: dict[str, Any] = {
        name: request.GET.get(name, "") for name in ("kind", "pillar", "search", "hours")
    }
    asked |= {name: _whole(request.GET.get(name)) for name in ("goal", "weekday")}
    sort: Any = request.GET.get("sort", "at")
    sort = sort if sort in dict(SORTS) else "at"
    number = max(_whole(request.GET.get("page")) or 1, 1)
    start, end = _days(request)
    given = asked | {"start": start, "end": end, "replies": request.GET.get("replies") == "true"}
    rows = actions.posts(who, sort, limit=51, offset=50 * (number - 1), **given)
    told = {"rows": rows[:50], "sorts": SORTS, "sort": sort, "kind_options": [("", _("All")), *KINDS.items()]}
    told |= {"posts_url": reverse("measure.posts"), "narrow": _narrow(who, asked)}
    more = {"next": number + 1 if len(rows) > 50 else None, "back": number - 1, "start": start, "end": end}
    return render(request, "measure/posts.html", told | more | asked)


def _narrow(who: Any, asked: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """What the list is narrowed to beside its form, as (name, value, in words)."""
    weekday, goal = asked["weekday"], asked["goal"]
    served = goals.goal(who, goal).sentence if goal is not None and who.can.goals_see else _("one goal")
    words = {
        "pillar": asked["pillar"],
        "weekday": str(WEEKDAYS[weekday]) if weekday in range(7) else "",
        "hours": asked["hours"].replace("-", "–"),
        "goal": "" if goal is None else served,
    }
    return [(name, asked[name], said) for name, said in words.items() if said]


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


@require_GET
def post(request: HttpRequest, publication: int) -> HttpResponse:
    """How did this post do?"""
    who: Any = request.who  # type: ignore[attr-defined]
    story = actions.post(who, publication)
    row = story.publication
    counts = [(label, getattr(row, name)) for name, label in METRICS.items() if name != "engagements"]
    share = None if story.better_than is None else f"{round(100 * story.better_than)} %"
    told = {"story": story, "row": row, "share": share, "counts": [c for c in counts if c[1] is not None]}
    return render(request, "measure/post.html", told | {"grown": pictures.grown(story.readings)})


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """Which numbers did people bring? Give files, see what they hold, take them in."""
    who: Any = request.who  # type: ignore[attr-defined]
    rows = actions.imports(who)
    looked = [row for row in rows if row.state == "looked"]
    refused = takewhile(lambda row: row.state == "refused", (row for row in rows if row.state != "looked"))
    choices = [("", _("None")), *((c.channel.pk, str(c.channel)) for c in channels.channels(who))]
    told = {"looked": [(row, _days_of(row), _sample(row)) for row in looked], "channel_options": choices}
    told |= {
        "done": [row for row in rows if row.state != "looked"],
        "refused": list(refused),
        "places": PLACES,
    }
    return render(request, "measure/imports.html", told)


def _days_of(row: Any) -> tuple[datetime | None, datetime | None]:
    """The first and the last moment of a file."""
    first, last = (parse_datetime(row.report.get(name) or "") for name in ("first", "last"))
    return first, last


def _sample(row: Any) -> list[dict[str, Any]]:
    """The first posts of a file with their numbers in words."""
    shown = row.report.get("sample", [])[:2]
    return [
        s
        | {"at": parse_datetime(s["at"]), "counts": [(METRICS.get(n, n), v) for n, v in s["counts"].items()]}
        for s in shown
    ]


@require_GET
def bad_rows(request: HttpRequest, import_: int) -> HttpResponse:
    """The rows that could not be read, as a file to correct and give again."""
    text = actions.bad_rows(request.who, import_)  # type: ignore[attr-defined]
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rows-not-read-{import_}.csv"'
    return answer
