"""Who asks, and for which brand. The brand is the first part of the path: /kape-diwata/plan/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from diskarte.core.people.models import Person
from diskarte.core.people.who import Forbidden, Stranger, Who, brands_of, who_in
from diskarte.stages import STAGES
from diskarte.words import Problem

BRANDLESS = (
    "/brand/new/",
    "/channels/back/",
)  # a first brand; a network that sends people back knows no brand
WHOLE = ("start", "document")  # rooms above the stages: their pages want a brand too
DEMO_OWNER = "demo@diskarte.local"
Next = Callable[[HttpRequest], HttpResponse]
OURS = frozenset(
    (
        *STAGES, "accounts", "api", "brands", "do", "favicon.ico", "healthz", "i18n", "look", "mcp", "media",
        "metrics", "new", "outbox", "people", "practice", "robots.txt", "share", "static", "welcome", "feeds",
        "compass", "start", "document",
    )
)  # fmt: skip
OPEN = ("/api/", "/healthz", "/metrics", "/static/", "/favicon.ico", "/robots.txt")


def brand_in_path(get_response: Next) -> Next:
    """Take the brand off the path and put it before every address made on the way: no page knows about it.

    Afterwards addresses are made as before: what runs next in this thread belongs to no brand.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        before = get_script_prefix()
        try:
            return _with_brand(request, before)
        finally:
            set_script_prefix(before)

    def _with_brand(request: HttpRequest, front: str) -> HttpResponse:
        first, _slash, rest = request.path_info.lstrip("/").partition("/")
        request.brand_slug = None  # type: ignore[attr-defined]
        request.front = front  # type: ignore[attr-defined]
        if first and first not in OURS:
            request.brand_slug = first  # type: ignore[attr-defined]
            request.path_info = "/" + rest
            set_script_prefix(f"{front}{first}/")
        elif first == "api" and "brand" in request.GET:
            request.GET = request.GET.copy()  # type: ignore[assignment]
            request.brand_slug = request.GET.pop("brand")[-1]  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


class SignedIn(LoginRequiredMiddleware):
    """Every page wants somebody signed in; the API and the machine's own pages have their own rules."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> Any:
        if request.path_info.startswith(OPEN):
            return None
        if settings.DEMO and not request.user.is_authenticated:
            _let_in(request)
        return super().process_view(request, view, args, kwargs)

    def handle_no_permission(self, request: HttpRequest, view: Any) -> Any:
        set_script_prefix(request.front)  # type: ignore[attr-defined]
        return super().handle_no_permission(request, view)


def _let_in(request: HttpRequest) -> None:
    """In the open demo everybody is the demo's owner, so the first page needs no password."""
    person = Person.objects.filter(email=DEMO_OWNER).first()
    if person is not None:
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])


def who(get_response: Next) -> Next:
    """`request.who`, the brand's time zone while its pages are made, and words instead of stack traces."""
    return Asked(get_response)


class Asked:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.who = SimpleLazyObject(lambda: _who(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        slug = request.brand_slug  # type: ignore[attr-defined]
        if not request.user.is_authenticated or request.path_info.startswith(OPEN):
            return None
        if (
            slug is None
            and request.path_info.split("/")[1] in (*STAGES, *WHOLE)
            and request.path_info not in BRANDLESS
        ):
            return _to_a_brand(request)
        asked: Who = _who(request)
        request.who = asked  # type: ignore[attr-defined]
        if slug and asked.brand:
            timezone.activate(asked.brand.zone)
        else:
            timezone.deactivate()
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        json = "application/json" in request.headers.get("Accept", "")
        if isinstance(error, Stranger):
            not_found = {"what": "Not found."}
            return JsonResponse(not_found, status=404) if json else render(request, "404.html", status=404)
        if not isinstance(error, Problem):
            return None
        status = 403 if isinstance(error, Forbidden) else 422
        if json:
            return JsonResponse({"what": error.what, "kept": error.kept, "do": error.do}, status=status)
        return render(request, "problem_page.html", {"problem": error}, status=status)


def _to_a_brand(request: HttpRequest) -> HttpResponse:
    """A stage's page without a brand: the same page of the first brand, or the page that makes one."""
    brands = brands_of(request.user)  # type: ignore[arg-type]
    asked = request.META.get("QUERY_STRING", "")
    where = f"{request.path_info}?{asked}" if asked else request.path_info
    return HttpResponseRedirect(f"/{brands[0].slug}{where}" if brands else "/brand/new/")


def _who(request: HttpRequest) -> Who:
    if not request.user.is_authenticated:
        raise Stranger
    try:
        return who_in(request.user, request.brand_slug, "web")  # type: ignore[arg-type,attr-defined]
    except Stranger:
        raise Http404 from None
