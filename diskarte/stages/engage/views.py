"""Pages of the stage «engage»."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import actions

PARTNERS = (
    ("creator", gettext_lazy("Creator")), ("brand", gettext_lazy("Another brand")), ("media", gettext_lazy("Media")),
    ("community", gettext_lazy("Community")),
)  # fmt: skip
DEALS = (
    ("mutual", gettext_lazy("Mutual PR")), ("barter", gettext_lazy("Barter")), ("paid", gettext_lazy("Paid")),
    ("guest", gettext_lazy("Guest post")),
)  # fmt: skip


def page(request: HttpRequest) -> HttpResponse:
    """The pipeline of deals."""
    who = request.who  # type: ignore[attr-defined]
    told = {"pipeline": actions.pipeline(who), "partners": actions.partners(who)}
    return render(request, "engage/page.html", told | _tabs(who, "engage.page"))


def partners(request: HttpRequest) -> HttpResponse:
    """Everybody we could work with."""
    who = request.who  # type: ignore[attr-defined]
    told = {"partners": actions.partners(who), "kinds": dict(PARTNERS)}
    return render(request, "engage/partners.html", told | _tabs(who, "engage.partners"))


def partner(request: HttpRequest, partner: int | None = None) -> HttpResponse:
    """One partner, or a new one."""
    who = request.who  # type: ignore[attr-defined]
    told: dict[str, Any] = {"kinds": PARTNERS, "there": reverse("engage.partners")}
    if partner is not None:
        told |= {"partner": actions.partner(who, partner), "letter": actions.letter(who, partner)}
    return render(request, "engage/partner.html", told)


def deal(request: HttpRequest, deal: int | None = None) -> HttpResponse:
    """One deal with its letter and its checks, or a new idea."""
    who = request.who  # type: ignore[attr-defined]
    known = [(one.id, one.partner.name) for one in actions.partners(who)]
    wanted = request.GET.get("partner", "")
    told: dict[str, Any] = {
        "kinds": DEALS,
        "partners": known,
        "partner": int(wanted) if wanted.isdecimal() else None,
    }
    if deal is not None:
        card = actions.deal(who, deal)
        told |= {"card": card, "deal": card.deal, "letter": actions.letter(who, card.deal.partner_id, deal)}
        states = [(c.state, c.name) for c in actions.pipeline(who).columns]
        told |= {"states": states, "places": _places(states, card.deal.state)}
    return render(request, "engage/deal.html", told | {"there": reverse("engage.page")})


def _places(states: list[tuple[str, str]], here: str) -> list[tuple[str, str]]:
    """Every state of a deal as a step: done, current, next."""
    at = [state for state, _name in states].index(here)
    return [
        (str(n), "done" if i < at else "current" if i == at else "next") for i, (_s, n) in enumerate(states)
    ]


def inbox(request: HttpRequest) -> HttpResponse:
    """What people wrote to us."""
    who = request.who  # type: ignore[attr-defined]
    state = request.GET.get("state", "open")
    counts = actions.inbox_counts(who)
    rows = actions.messages(who, "open" if state == "mine" else state, mine=state == "mine")
    shown = (
        ("open", _("Open"), counts.open),
        ("mine", _("Mine"), counts.mine),
        ("done", _("Answered"), counts.done),
    )
    told = {
        "rows": rows, "counts": counts, "state": state, "wait": _long(counts.wait),
        "people": [("", "–"), *actions.colleagues(who)],
        "states": [(name, f"?state={value}", value == state, n or None) for value, name, n in shown],
    }  # fmt: skip
    return render(request, "engage/inbox.html", told | _tabs(who, "engage.inbox", counts.open))


def _long(wait: timedelta | None) -> str:
    """«25 minutes», «3 hours», «2 days»; empty when nobody was answered yet."""
    if wait is None:
        return ""
    minutes = round(wait.total_seconds() / 60)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour", "%(n)s hours", round(minutes / 60)) % {"n": round(minutes / 60)}
    return _("%(n)s days") % {"n": round(minutes / 1440)}


def _tabs(who: Any, here: str, n: int | None = None) -> dict[str, Any]:
    rows = (("engage.page", _("Deals")), ("engage.partners", _("Partners")), ("engage.inbox", _("Inbox")))
    n = (actions.inbox_counts(who).open if n is None else n) or None
    tabs = [(name, reverse(url), url == here, n if url == "engage.inbox" else None) for url, name in rows]
    return {"tabs": tabs}
