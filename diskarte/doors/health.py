"""/healthz for whoever keeps it running and /metrics for Prometheus; neither ever shows a secret."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from diskarte.core import clock
from diskarte.core.outbox import metrics
from diskarte.core.outbox.models import Beat

ALIVE = 60.0  # seconds a worker may be silent
OVERDUE = 300.0  # seconds a delivery that could go out may wait
ROOM = 256 * 1024 * 1024  # bytes that must be free
FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")
Found = tuple[float | None, str]  # the number, and what is wrong with it or nothing


def _database() -> Found:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return None, f"The database does not answer ({type(error).__name__})."
    return 1.0, ""


def _worker() -> Found:
    newest = Beat.objects.order_by("-at").values_list("at", flat=True).first()
    if newest is None:
        return None, "No worker has started."
    age = (clock.now() - newest).total_seconds()
    return age, f"No worker has given a sign of life for {age:.0f} s." if age > ALIVE else ""


def _disk() -> Found:
    free = shutil.disk_usage(settings.DATA).free
    return float(free), f"Only {free // 2**20} MB of disk are free." if free < ROOM else ""


def _outbox() -> Found:
    waits = metrics.oldest_due(clock.now())
    return waits, f"A delivery that could go out has waited for {waits:.0f} s." if waits > OVERDUE else ""


PARTS: dict[str, tuple[str, Callable[[], Found]]] = {
    "database": ("database", _database),
    "worker": ("worker_silent_seconds", _worker),
    "disk": ("disk_free_bytes", _disk),
    "outbox": ("oldest_due_seconds", _outbox),
}


@never_cache
@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when all is well, else 503 with the reasons; `?only=database,disk` asks for some parts."""
    asked = [part for part in request.GET.get("only", "").split(",") if part in PARTS] or list(PARTS)
    numbers, why = {}, []
    for part in asked:
        name, look = PARTS[part]
        number, wrong = _safe(look)
        numbers[name] = number
        why += [wrong] if wrong else []
    told = {"ok": not why, "why": why} | (numbers if may_read(request) else {})
    answer = JsonResponse(told, status=503 if why else 200)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # asked twice a minute: no fault of a page
    return answer


def _safe(look: Callable[[], Found]) -> Found:
    """A part that cannot even be looked at is a reason, not a fault of the page."""
    try:
        return look()
    except (DatabaseError, OSError) as error:
        return None, f"It cannot be looked at ({type(error).__name__})."


@never_cache
@login_not_required
@require_GET
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Everything Prometheus asks for; whoever may not read it finds nothing here."""
    if not may_read(request):
        raise Http404
    return HttpResponse(metrics.page(), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """With a token set, who shows it; else only this machine itself, and nobody a proxy speaks for."""
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return secrets.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
