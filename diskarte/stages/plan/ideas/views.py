"""Pages of ideas."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from .. import actions, rooms, wording
from . import actions as verbs


def page(request: Any) -> HttpResponse:
    """The board: what is caught, what must be written, what is ready, what has a place."""
    columns = verbs.board(request.who)
    told = {
        "rooms": rooms.tabs("plan.ideas"), "columns": columns, "ahead": _ahead(columns),
        "count": sum(len(cards) for step, _name, cards in columns if step != "planned"), **_offered(request.who),
    }  # fmt: skip
    return render(request, "plan/ideas/page.html", told)


def _ahead(columns: list[Any]) -> dict[str, str]:
    """The column after each one that a card may go to by one button."""
    return {"idea": "to_write", "to_write": "ready"} if columns else {}


def one(request: Any, pk: int) -> HttpResponse:
    """One idea with its form."""
    idea = verbs.one_idea(request.who, pk)
    return render(request, "plan/ideas/one.html", {"idea": idea, **_offered(request.who)})


def _offered(who: Any) -> dict[str, Any]:
    found, nobody = actions.choices(who), [("", _("Any"))]
    kinds = dict.fromkeys(kind for told in found.kinds.values() for kind in told)
    return {
        "pillar_choices": nobody + [(p.pk, p.name) for p in found.pillars],
        "segment_choices": nobody + [(s.pk, s.name) for s in found.segments],
        "channel_choices": nobody + [(c.pk, str(c)) for c in found.channels],
        "kind_choices": nobody + [(kind, wording.kind_name(kind)) for kind in kinds],
    }
