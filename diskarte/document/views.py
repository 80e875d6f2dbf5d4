"""Pages of the strategy document."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from . import actions

SPOKEN = dict(settings.LANGUAGES)


def page(request: Any) -> HttpResponse:
    """What the document would say and lack today, and every edition of it."""
    whole = actions.gaps(request.who)
    found = actions.editions(request.who)
    told = {
        "gaps": [(gap, reverse(gap.page)) for gap in whole.open], "percent": round(whole.share * 100),
        "editions": [(one, SPOKEN.get(one.language, one.language)) for one in found], "links": _links(request),
        "languages": settings.LANGUAGES, "to": reverse("document.page") + "{id}/", **_newest(found),
    }  # fmt: skip
    return render(request, "document/page.html", told)


def _newest(found: list[Any]) -> dict[str, Any]:
    """The edition to show, and the one on its way, where it is newer."""
    ready = next((one for one in found if one.state == "ready"), None)
    on_its_way = found[0] if found and actions.how_far(found[0]).state == "making" else None
    told = {"newest": ready, "spoken": SPOKEN.get(ready.language, ready.language) if ready else ""}
    return told | ({"edition": on_its_way, "how": actions.how_far(on_its_way)} if on_its_way else {})


def edition(request: Any, edition: int) -> HttpResponse:
    """One edition as a page, with its files and links."""
    row = actions.edition(request.who, edition)
    how = actions.making(request.who, edition)
    if how.state != "ready":
        return render(request, "document/making.html", {"edition": row, "how": how})
    links = [one for one in _links(request) if one.edition == row.number]
    return render(request, "document/edition.html", {"edition": row, "links": links, **_shown(row)})


def progress(request: Any, edition: int) -> HttpResponse:
    """How far an edition is: a piece that asks again, or the whole page once it is over."""
    how = actions.making(request.who, edition)
    told = {"edition": {"pk": edition}, "how": how}
    answer = render(request, "document/making.html#bar", told)
    if how.state != "making":
        answer["HX-Refresh"] = "true"
    return answer


def picture(request: Any, edition: int, number: int) -> HttpResponse:
    """One of an edition's first pages as a picture; it never changes."""
    made = actions.picture(actions.edition(request.who, edition), number)
    if made is None:
        raise Http404
    return HttpResponse(made, content_type="image/webp", headers={"Cache-Control": "private, max-age=86400"})


def file(request: Any, edition: int, form: str) -> HttpResponse:
    """One edition as PDF or DOCX."""
    return _file(actions.edition(request.who, edition), form)


@login_not_required
@require_safe
def shared(request: Any, secret: str) -> HttpResponse:
    """The edition behind a secret link: for whoever has it, and for no search engine."""
    row = actions.shared(secret)
    form = request.GET.get("form")
    with translation.override(row.language):
        answer = (
            _file(row, form)
            if form
            else render(request, "document/shared.html", {"edition": row, **_shown(row)})
        )
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _links(request: Any) -> list[Any]:
    return actions.links(request.who) if request.who.can.brand_edit else []


def _file(row: Any, form: str) -> HttpResponse:
    if form not in actions.MIMES:
        raise Http404
    name, mime, made = actions.drawn(row, form)
    how = "inline" if form == "pdf" else "attachment"
    return HttpResponse(made, content_type=mime, headers={"Content-Disposition": f'{how}; filename="{name}"'})


def _shown(row: Any) -> dict[str, Any]:
    told = row.content
    return {"sections": actions.chapters(row), "words": told["words"], "share": told["share"]}
