"""Pages of the stage «audience»."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import get_language

from diskarte import playbooks
from diskarte.core.tables import plain_name

from . import actions, sentences
from .hook_views import lifts, told_hook
from .rules import portraits
from .tabs import tabs

LISTS = ("places", "interests", "jobs", "pains", "gains", "objections", "networks", "evidence")

SHOWN = (
    "name", "email", "phone", "external_id", "joined_at", "language", "place", "consent", "bought_at", "amount",
)  # fmt: skip


def page(request: HttpRequest) -> HttpResponse:
    """The portraits."""
    who = request.who  # type: ignore[attr-defined]
    cards = [_card(portrait) for portrait in actions.segments(who)]
    told = {"cards": cards, "tabs": tabs("audience.page")}
    return render(request, "audience/page.html", told | {"playbooks": actions.playbooks(who)})


def segment(request: HttpRequest, segment: int) -> HttpResponse:
    """One portrait with its hooks."""
    portrait = actions.segment(request.who, segment)  # type: ignore[attr-defined]
    return render(request, "audience/segment.html", {"card": _card(portrait)})


def form(request: HttpRequest, segment: int | None = None) -> HttpResponse:
    """Draw a portrait, or change one."""
    told: dict[str, Any] = {"lists": {}}
    if segment is not None:
        row = actions.segment(request.who, segment).segment  # type: ignore[attr-defined]
        told = {"row": row, "lists": {name: "\n".join(getattr(row, name)) for name in LISTS}}
        told |= {"awake": portraits.spans(row.awake), "languages": sentences.languages(row.languages)}
    return render(request, "audience/form.html", told)


def people(request: HttpRequest) -> HttpResponse:
    """The people of imported lists."""
    who = request.who  # type: ignore[attr-defined]
    find = request.GET.get("find", "")
    told = {
        "crowd": actions.crowd(who),
        "intakes": actions.intakes(who),
        "find": find,
        "consents": sentences.CONSENT,
    }
    told |= {"rows": actions.people(who, find=find, limit=25), "tabs": tabs("audience.people")}
    return render(request, "audience/people.html", told)


def intake(request: HttpRequest, intake: int) -> HttpResponse:
    """The preview of a waiting file, or what became of one."""
    who = request.who  # type: ignore[attr-defined]
    row = actions.intake(who, intake)
    if row.state in ("working", "stopped"):
        return render(request, "audience/working.html", {"row": row})
    if row.state != "waiting":
        reasons = [
            (sentences.SHORT[code], n) for code, n in sorted(row.reasons.items(), key=lambda pair: -pair[1])
        ]
        return render(request, "audience/done.html", {"row": row, "reasons": reasons})
    chosen = request.GET.getlist("columns") or None
    preview = actions.look_again(who, intake, chosen)
    consents = list(sentences.CONSENT.items())
    return render(request, "audience/intake.html", {"p": preview, "consents": consents} | _columns(preview))


def progress(request: HttpRequest, intake: int) -> HttpResponse:
    """How far an import is: a piece that asks again, or the whole page once it is over."""
    row = actions.intake(request.who, intake)  # type: ignore[attr-defined]
    answer = render(request, "audience/working.html#bar", {"row": row})
    if row.state != "working":
        answer["HX-Refresh"] = "true"
    return answer


def proof(request: HttpRequest) -> HttpResponse:
    """Whether somebody is forgotten, and what was removed."""
    who = request.who  # type: ignore[attr-defined]
    given = request.GET.get("given", "").strip()
    told = {"given": given, "proof": actions.prove_forgotten(who, given) if given else None}
    rows = [
        (row, [(sentences.PLACES[place], n) for place, n in row.removed.items()])
        for row in actions.receipts(who)
    ]
    return render(request, "audience/proof.html", told | {"receipts": rows, "tabs": tabs("audience.people")})


def rejected(request: HttpRequest, intake: int) -> HttpResponse:
    """The rows that were not taken, as a file."""
    content = actions.rejected_people(request.who, intake)  # type: ignore[attr-defined]
    if not content:
        return redirect("audience.intake", intake)
    answer = HttpResponse(b"\xef\xbb\xbf" + content.encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejected-{intake}.csv"'
    return answer


def _columns(preview: Any) -> dict[str, Any]:
    """For each field a choice of columns, the chosen pairs, and the fields that are shown."""
    fields = []
    for name, label in sentences.FIELDS.items():
        options = [(f"{name}=", "–"), *((f"{name}={header}", header) for header in preview.headers)]
        fields.append((name, label, f"{name}={preview.columns.get(name, '')}", options))
    also = {"name": "first_name", "amount": "price"}
    shown = [name for name in SHOWN if name in preview.columns or also.get(name) in preview.columns]
    rows = [
        (line, [_cell(name, line.person.get(name)) for name in shown] if line.person else [])
        for line in preview.lines
    ]
    pairs = [f"{name}={header}" for name, header in preview.columns.items()]
    others = [h for h in preview.headers if h not in preview.columns.values() and plain_name(h)]
    heads = [sentences.FIELDS[name] for name in shown]
    return {"fields": fields, "heads": heads, "rows": rows, "pairs": pairs, "others": others}


def _cell(name: str, value: Any) -> Any:
    if name == "amount":
        return None if value is None else number_format(value / 100, 2, use_l10n=True, force_grouping=True)
    return sentences.CONSENT[value] if name == "consent" else value


def _card(portrait: actions.Portrait) -> dict[str, Any]:
    row, score = portrait.segment, portrait.score
    titles = {book.name: book.title for book in playbooks.every(get_language() or "en")}
    return {
        "row": row,
        "portrait": portrait,
        "awake": portraits.spans(row.awake),
        "languages": sentences.languages(row.languages),
        "hooks": [told_hook(ranked) for ranked in portrait.hooks],
        "open": [(sentences.QUESTIONS[name], sentences.ASK[name]) for name in portrait.unanswered],
        "source": sentences.source(row.source, titles),
        "tried": sentences.tried(score),
        **lifts(score),
    }
