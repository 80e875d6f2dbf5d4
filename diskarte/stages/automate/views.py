"""Pages of the stage «automate»."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from . import actions

WHEN = [
    ("breakout", _("A post does much better than usual")),
    ("trouble", _("A post could not be sent, or nobody knows whether it was")),
    ("behind", _("A goal falls behind its pace")),
]
THEN = [("mail", _("send a mail to")), ("draft_again", _("draft the post again"))]


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What may happen without asking? Uploads, rules, keys for programs."""
    who: Any = request.who  # type: ignore[attr-defined]
    found = actions.batches(who)
    told = {
        "looked": [batch for batch in found if batch.state == "looked"],
        "batches": [batch for batch in found if batch.state != "looked"],
        "rules": [(rule, dict(WHEN)[rule.when], dict(THEN)[rule.then]) for rule in actions.rules(who)],
        "firings": [(firing, _where(firing.about)) for firing in actions.firings(who)],
        "when": WHEN,
        "then": THEN,
        "tokens": actions.tokens(who),
    }
    return render(request, "automate/page.html", told)


PLACES = {"publication": "measure.post", "goal": "goals.goal"}


def _where(about: str) -> str:
    """The page of what a rule saw: «publication:12» is a post with its numbers."""
    kind, pk = about.split(":")[:2]
    return reverse(PLACES[kind], args=[pk]) if kind in PLACES else reverse("publish.outbox")


@require_GET
def rule(request: HttpRequest, rule: int) -> HttpResponse:
    """What would this rule do now? A dry run."""
    who: Any = request.who  # type: ignore[attr-defined]
    matches = actions.dry_run(who, rule)
    row = next(r for r in actions.rules(who) if r.pk == rule)
    told = {"row": row, "when": dict(WHEN)[row.when], "then": dict(THEN)[row.then], "matches": matches}
    return render(request, "automate/rule.html", told)


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An example table to fill."""
    return _csv(actions.template(request.who), "posts.csv")  # type: ignore[attr-defined]


@require_GET
def bad_rows(request: HttpRequest, batch: int) -> HttpResponse:
    """The rows that could not be read, as a file to correct and give again."""
    return _csv(actions.bad_rows(request.who, batch), f"rows-not-read-{batch}.csv")  # type: ignore[attr-defined]


def _csv(text: str, name: str) -> HttpResponse:
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
