"""Pages of the stage «correct»."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from diskarte.stages.plan import board

from . import actions

SLOTS = 12  # shown of those a change planned

FACTORS = {
    "kind": _lazy("Kind of post"),
    "pillar": _lazy("Pillar"),
    "weekday": _lazy("Weekday"),
    "hour": _lazy("Hour"),
}


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What should we change? Proposals with their gain, findings with their evidence, decisions with verdicts."""
    who: Any = request.who  # type: ignore[attr-defined]
    found = actions.findings(who)
    accepted, base = actions.proposals(who, "accepted"), actions.learnt_from(who)
    told = {
        "proposals": actions.proposals(who),
        "good": [f for f in found if f.good],
        "bad": [f for f in found if not f.good],
        "shares": _shares(found),
        "accepted": accepted,
        "base": base,
        "too_little": _("%(n)s posts with numbers are there; from %(needed)s on a difference can be told.")
        % {"n": base["posts"], "needed": base["needed"]},
        "imports_url": reverse("measure.imports"),
    }
    return render(request, "correct/page.html", told)


def _shares(found: list[Any]) -> list[tuple[str, float]]:
    shares = {f.factor: f.share for f in found}
    return sorted(
        ((str(label), shares[name]) for name, label in FACTORS.items() if name in shares),
        key=lambda row: -row[1],
    )


@require_GET
def proposal(request: HttpRequest, proposal: int) -> HttpResponse:
    """Did it work? One decided change with its difference and its verdict."""
    who: Any = request.who  # type: ignore[attr-defined]
    rows = (row for state in ("accepted", "open", "refused") for row in actions.proposals(who, state))
    row = next((r for r in rows if r.pk == proposal), None)
    if row is None:
        return render(request, "404.html", status=404)
    accepted = row.state == "accepted"
    versions = board.history(who) if row.version_id and who.can.plan_see else []
    told = {
        "row": row,
        "back": reverse("correct.page"),
        "verdict": actions.verdict(who, proposal) if accepted else None,
        "slots": actions.slots_of(who, proposal)[:SLOTS] if accepted else [],
        "diff": next((v["diff"] for v in versions if v["version"].pk == row.version_id), []),
    }
    return render(request, "correct/proposal.html", told)


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """How did the strategy change? Every version of the settings with its reason, and the way to its verdict."""
    who: Any = request.who  # type: ignore[attr-defined]
    made = {row.version_id: row.pk for row in actions.proposals(who, "accepted")}
    versions = [row | {"proposal": made.get(row["version"].pk)} for row in board.history(who)]
    return render(request, "correct/history.html", {"versions": versions})
