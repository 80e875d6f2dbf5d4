"""Pages of promotions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from diskarte import networks
from diskarte.core import clock
from diskarte.core.outbox.models import Channel

from .. import rooms
from . import actions, looking, rules

STATES = {
    "draft": gettext_lazy("Being prepared"), "on": gettext_lazy("In the plan"), "ended": gettext_lazy("Ended"),
    "cancelled": gettext_lazy("Called off"),
}  # fmt: skip
TONES = {"draft": "is-plain", "on": "is-good", "ended": "is-info", "cancelled": "is-plain"}


def page(request: Any) -> HttpResponse:
    """Every promotion."""
    rows = [
        {"row": row, "state": STATES[row.state], "tone": TONES[row.state], "line": line(request.who, row)}
        for row in actions.promotions(request.who)
    ]
    return render(request, "plan/promotions/page.html", {"rows": rows, "tabs": rooms.tabs("plan.promotions")})


def new(request: Any) -> HttpResponse:
    """The form of a promotion, its days perhaps from a day of note."""
    given = {name: request.GET.get(name, "")[:120] for name in ("name", "starts", "ends")}
    told = {"given": given, "tabs": rooms.tabs("plan.promotions"), **rooms.own(request.who)}
    return render(request, "plan/promotions/new.html", told)


def one(request: Any, pk: int) -> HttpResponse:
    """One promotion: where it stands, its phases, its posts, what it brought."""
    who, now = request.who, clock.now()
    row = actions.promotion(who, pk)
    phases = rules.of_rows(row.phases)
    at = rules.now_in(phases, now.astimezone(who.brand.zone).date()) if row.state == "on" else ""
    before, lifts = looking.expected(who, now)
    told = {
        "row": row, "state": STATES[row.state], "tone": TONES[row.state], "result": actions.promotion_result(who, pk),
        "phases": _phases(row, at), "line": line(who, row), "money": looking.money(row), "before": before,
        "lifts": lifts, "low": min((x.low for x in lifts), default=None), "slots": looking.slots_of(who, row),
        "high": max((x.high for x in lifts), default=None), "links": _links(who, row), "profit": looking.profit(row),
        "running": row.state in ("draft", "on"), "tabs": rooms.tabs("plan.promotions"),
        "given": dict.fromkeys(("name", "starts", "ends"), ""),
        **rooms.own(who),
    }  # fmt: skip
    return render(request, "plan/promotions/one.html", told)


def _phases(row: Any, at: str) -> list[dict[str, Any]]:
    """All five phases for the form: those that are left out stand empty."""
    known = {phase["kind"]: phase for phase in row.phases}
    empty = {"first": row.starts.isoformat(), "last": row.starts.isoformat(), "posts": 0}
    return [
        {
            "kind": kind,
            "name": name,
            "now": kind == at,
            "there": kind in known,
            **empty,
            **known.get(kind, {}),
        }
        for kind, name in rooms.PHASES.items()
    ]


def line(who: Any, row: Any) -> dict[str, Any] | None:
    """The phases as bars of a drawing a thousand wide, with today where it falls inside."""
    phases = rules.of_rows(row.phases)
    if not phases:
        return None
    first, last = phases[0].first, max(phase.last for phase in phases)
    days = (last - first).days + 1

    def at(day: date) -> int:
        return round(1000 * (day - first).days / days)

    bars = [
        {"x": at(p.first) + 2, "width": max(round(1000 * ((p.last - p.first).days + 1) / days) - 4, 6),
         "name": rooms.PHASES[p.kind], "phase": p, "tone": n}
        for n, p in enumerate(phases)
    ]  # fmt: skip
    today = clock.now().astimezone(who.brand.zone).date()
    return {
        "bars": bars,
        "today": at(today) if first <= today <= last else None,
        "first": first,
        "last": last,
    }


def _links(who: Any, row: Any) -> list[dict[str, str]]:
    """The link of each channel with its own UTM."""
    rows = who.own(Channel).order_by("network", "name")
    chosen = [c for c in rows if not row.channels or c.pk in row.channels]
    return [
        {"channel": str(c), "network": c.network, "url": rules.address(row.link, row.name, c.network, row.code)}
        for c in chosen if row.link and c.network in networks.all_networks()
    ]  # fmt: skip
