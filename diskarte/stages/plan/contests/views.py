"""Pages of contests: the brand's own, and the public one where people enter and check the draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from diskarte.core import clock
from diskarte.words import Problem

from .. import rooms
from . import actions, drawing, gate, laws, rules, saying, taking
from .models import Contest

VERIFIER = Path(__file__).parent / "verify_draw.py"
STATES = {
    "draft": gettext_lazy("Prepare"), "open": gettext_lazy("Open"), "closed": gettext_lazy("List published"),
    "drawn": gettext_lazy("Drawn"),
}  # fmt: skip
BEACONS = (
    ("drand", gettext_lazy("drand, a public random number every three seconds")),
    ("lottery", gettext_lazy("A public lottery, typed in by you")),
    ("none", gettext_lazy("None (weaker: people must trust you)")),
)
PLACES = {
    "winner": gettext_lazy("wins"), "standby": gettext_lazy("stands by"), "passed": gettext_lazy("passed over"),
}  # fmt: skip


def page(request: Any) -> HttpResponse:
    """Every contest."""
    rows = actions.contests(request.who)
    told = {"rows": rows, "tabs": rooms.tabs("plan.contests"), "names": STATES}
    return render(request, "plan/contests/page.html", told)


def new(request: Any) -> HttpResponse:
    """The form of a contest."""
    told = {"beacons": BEACONS, "tabs": rooms.tabs("plan.contests"), "row": Contest(), "fresh": True}
    return render(
        request, "plan/contests/new.html", told | {"hints": laws.hints(request.who.brand.country, False)}
    )


def one(request: Any, pk: int) -> HttpResponse:
    """One contest: rules, entries, the list, the draw."""
    who, now = request.who, clock.now()
    found = actions.contest(who, pk)
    row = found.contest
    edits = "plan.edit" in who.rights
    find = request.GET.get("find", "")
    told = {
        "row": row, "found": found, "steps": _steps(row.state), "tabs": rooms.tabs("plan.contests"), "find": find,
        "hints": laws.hints(who.brand.country, row.purchase), "beacons": BEACONS, "over": now >= row.closes,
        "text": row.rules or saying.rules_text(row, who.brand), "public": _public_address(request, row),
        "entries": actions.entries(who, pk, find=find) if edits else [], "places": _places(row),
        "gone": actions.entries(who, pk, out=True) if edits else [], **_beacon(row, now), **_posts(row, edits),
    }  # fmt: skip
    return render(request, "plan/contests/one.html", told)


def _posts(row: Contest, edits: bool) -> dict[str, Any]:
    """The posts under which a comment may be an entry, and those that are chosen; at first the plan's own."""
    if not edits or row.state != "open":
        return {}
    chosen, sent = row.posts or taking.own_posts(row), list(taking.sent(row))
    shown = [post for n, post in enumerate(sent) if n < taking.OFFERED or post.pk in chosen]
    told = [(p.pk, f"{date_format(localtime(p.sent_at), 'j M')} · {p} · {p.channel}") for p in shown]
    return {"posts_offered": told, "posts_chosen": chosen}


def _steps(state: str) -> list[tuple[str, str]]:
    order = list(STATES)
    at = order.index(state) if state in order else -1
    return [
        (str(STATES[s]), "done" if n < at or state == "drawn" else "current" if n == at else "next")
        for n, s in enumerate(order)
    ]


def _beacon(row: Contest, now: Any) -> dict[str, Any]:
    """The beacon's round: where to read it, and whether it is out."""
    number, ready = rules.round_of(row.beacon_name), drawing.ready_at(row)
    address = rules.ROUND_ADDRESS % number if number and row.beacon_kind == "drand" else ""
    return {"round_url": address, "ready": ready, "waits": bool(ready and now < ready)}


def _places(row: Contest) -> list[dict[str, Any]]:
    """The drawn with what became of each, by full name and masked."""
    return [
        {"entry": entry, "what": what, "says": PLACES[what], "masked": rules.masked(entry.name)}
        for entry, what in drawing.placed(row)
    ]


def _public_address(request: Any, row: Contest) -> str:
    return str(request.build_absolute_uri(reverse("plan.contest_public", args=[row.key])))


def _known(request: Any, key: str) -> Contest:
    """The contest of this brand behind a public key; drafts do not exist for strangers."""
    row = Contest.objects.filter(key=key, brand__slug=request.brand_slug or "").exclude(state="draft").first()
    if row is None:
        raise Http404
    return row


@login_not_required
def public(request: Any, key: str, problem: Problem | None = None) -> HttpResponse:
    """What anyone may read: rules, entry form, list, winners by ticket, how to check."""
    row = _known(request, key)
    now = clock.now()
    told = {
        "row": row, "brand": row.brand, "problem": problem, "count": row.entries.filter(out="").count(),
        "cannot": rules.cannot_enter(row.state, rules.Dates(row.opens, row.closes, now)), "places": _places(row),
        "ticket": request.session.get(f"ticket:{key}", ""), "typed": request.POST, **_beacon(row, now),
    }  # fmt: skip
    told["cannot"] = _(told["cannot"]) if told["cannot"] else ""
    with timezone.override(row.brand.zone):
        return render(request, "plan/contests/public.html", told, status=422 if problem else 200)


@login_not_required
@require_POST
def enter(request: Any, key: str) -> HttpResponse:
    """One person enters; machines that fill every field and addresses that try too often do not."""
    row = _known(request, key)
    try:
        if not gate.allowed(request, key):
            raise Problem(_("Too many tries from your address."), do=_("Come again in an hour."))
        if request.POST.get("consent") != "yes":
            raise Problem(_("We need your consent to keep your name for this contest."), field="consent")
        if not request.POST.get("website"):  # a field people do not see
            entry = actions.enter(
                row, request.POST.get("name", ""), request.POST.get("contact", ""), clock.now()
            )
            request.session[f"ticket:{key}"] = entry.ticket
    except Problem as problem:
        return public(request, key, problem)
    return HttpResponseRedirect(reverse("plan.contest_public", args=[key]))


@login_not_required
def proof(request: Any, key: str) -> HttpResponse:
    """The data file of the verifier."""
    row = _known(request, key)
    if row.state != "drawn":
        raise Http404
    answer = JsonResponse(drawing.proof(row), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="draw.json"'
    return answer


@login_not_required
def tickets(request: Any, key: str) -> HttpResponse:
    """The published list, one ticket a line: its SHA-256 is the root."""
    row = _known(request, key)
    if row.state not in ("closed", "drawn"):
        raise Http404
    text = "".join(f"{line}\n" for line in drawing.tickets(row))
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="tickets.txt"'
    return answer


@login_not_required
def verifier(request: Any, key: str) -> HttpResponse:
    """The program that checks a draw, one short file."""
    _known(request, key)
    answer = HttpResponse(VERIFIER.read_text(encoding="utf-8"), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify_draw.py"'
    return answer
