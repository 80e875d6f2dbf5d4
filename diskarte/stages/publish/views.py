"""Pages of the stage «publish»."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from . import actions, composer

A_PAGE = 50
STATES = (
    ("draft", gettext_lazy("Drafts")), ("changes", gettext_lazy("Changes asked")),
    ("waiting", gettext_lazy("Wait for approval")), ("approved", gettext_lazy("Approved posts")),
    ("scheduled", gettext_lazy("Scheduled posts")), ("needs_you", gettext_lazy("Need you")),
    ("sent", gettext_lazy("Sent posts")),
)  # fmt: skip


def page(request: HttpRequest, state: str = "") -> HttpResponse:
    """Posts by state."""
    who = request.who  # type: ignore[attr-defined]
    counts = actions.counts(who)
    number = max(1, _whole(request.GET.get("page")) or 1)
    rows = actions.posts(who, state, (number - 1) * A_PAGE, A_PAGE)
    total = counts[state] if state else sum(counts.values())
    tabs = [(_("All"), reverse("publish.page"), not state, sum(counts.values()))]
    tabs += [
        (str(name), reverse("publish.list", args=[s]), s == state, counts[s])
        for s, name in STATES
        if counts[s]
    ]
    more = number + 1 if number * A_PAGE < total else None
    told = {"rows": rows, "tabs": tabs, "total": total, "counts": counts, "state": state, "number": number}
    return render(request, "publish/page.html", told | {"more": more, "less": number - 1 or None})


def write(request: HttpRequest) -> HttpResponse:
    """The composer for a new post, free or from a slot."""
    who = request.who  # type: ignore[attr-defined]
    slot = _whole(request.GET.get("slot"))
    known = actions.written_for(who, slot) if slot else None
    if known is not None:
        return HttpResponseRedirect(reverse("publish.post", args=[known.pk]))
    told = composer.blank(who, slot, request.GET.get("day", ""))
    return render(request, "publish/write.html", told)


def post(request: HttpRequest, post: int) -> HttpResponse:
    """The composer for a post that is not out yet; what is out has only its story."""
    who = request.who  # type: ignore[attr-defined]
    whole = actions.post(who, post)
    if whole.state == "sent":
        return HttpResponseRedirect(reverse("publish.story", args=[post]))
    return render(
        request, "publish/write.html", composer.saved(who, whole, _whole(request.GET.get("channel")))
    )


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """The right side of the composer for what is typed at this moment; nothing is kept."""
    who = request.who  # type: ignore[attr-defined]
    return render(request, "publish/look.html", composer.typed(who, request.POST))


def story(request: HttpRequest, post: int) -> HttpResponse:
    """What became of a post on one of its channels."""
    who = request.who  # type: ignore[attr-defined]
    found = actions.story(who, post, _whole(request.GET.get("channel")))
    branch, whole = found.branch, found.whole
    told = {"whole": whole, "post": whole.post, "branch": branch, "there": composer.there()}
    out = [on for on in whole.channels if on.delivery]
    told |= {"tabs": composer.story_tabs(out, branch.channel if branch else None)}
    return render(
        request, "publish/story.html", told | {"media": composer.pictures(branch.media if branch else [])}
    )


def media(request: HttpRequest, file: int, name: str) -> FileResponse:
    """One file of the brand: pictures and videos in the page, everything else as a download."""
    found: Any = actions.media(request.who, file)  # type: ignore[attr-defined]
    shown = (found.is_image or found.is_video) and "download" not in request.GET
    answer = FileResponse(found.path.open("rb"), as_attachment=not shown, filename=found.name)
    answer.headers["Content-Type"] = found.mime or "application/octet-stream"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
