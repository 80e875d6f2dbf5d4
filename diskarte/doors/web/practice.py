"""The practice network as its readers would see it: what was posted on one account, with its simulated numbers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import brands_of
from diskarte.core.practice.models import PracticePost
from diskarte.core.practice.people import answers_under, counts_of
from diskarte.core.practice.transport import is_practice, page_of


@require_GET
def feed(request: HttpRequest, account: str) -> HttpResponse:
    """Everything on one practice account, the newest first, for members of the brand that has it."""
    channel = _channel(request, account)
    rows = PracticePost.objects.filter(account=account, answers=None, deleted_at=None).order_by("-at")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    now = timezone.now()
    posts = [(row, counts_of(row, now), answers_under(row, now)[:5]) for row in page]
    with timezone.override(channel.brand.zone):
        return render(request, "practice.html", {"channel": channel, "posts": posts, "page": page})


def _channel(request: HttpRequest, account: str) -> Channel:
    """The channel behind the account, or 404 for whoever does not belong to its brand."""
    mine = brands_of(request.user)  # type: ignore[arg-type]
    rows = Channel.objects.filter(brand__in=mine, identity=account).select_related("brand")
    found = next((row for row in rows if row.url == page_of(account) or is_practice(row.base)), None)
    if found is None:
        raise Http404
    return found
