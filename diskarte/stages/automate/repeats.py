"""The page of posts that come again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from diskarte.stages.publish import actions as publish

from . import actions

EVERY = [("day", _("day")), ("week", _("week")), ("month", _("month")), ("year", _("year"))]
DAYS = [
    ("MO", _("Monday")), ("TU", _("Tuesday")), ("WE", _("Wednesday")), ("TH", _("Thursday")), ("FR", _("Friday")),
    ("SA", _("Saturday")), ("SU", _("Sunday")),
]  # fmt: skip


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Which posts come again, and when next?"""
    who: Any = request.who  # type: ignore[attr-defined]
    cards = publish.posts(who, limit=100)
    told = {
        "rows": actions.repeating.repeats(who), "every": EVERY, "days": DAYS, "post": request.GET.get("post", ""),
        "posts": [(card.id, card.title or str(card.id)) for card in cards],
    }  # fmt: skip
    return render(request, "automate/repeats.html", told)
