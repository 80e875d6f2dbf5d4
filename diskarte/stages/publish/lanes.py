"""Pages of the outbox: the list, one delivery, alarms, the dry run. They read and write through its verbs only."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diskarte.core import clock
from diskarte.core.outbox import actions as lane
from diskarte.core.people import actions as people

from . import composer, stories

A_PAGE = 50
LANES = {
    "": gettext_lazy("Everything"),
    "queued,sending": gettext_lazy("On its way"),
    "asked,blocked,unknown,refused,lost": gettext_lazy("Needs a person"),
    "sent": gettext_lazy("Is out"),
    "cancelled": gettext_lazy("Called off"),
}
DAYS = (1, 7, 14, 31, 92)
GOOD, HUMAN, BAD = (
    ("goes", "held"),
    ("asks", "approval", "draft", "unwritten", "doubt"),
    ("refused", "skipped"),
)
VERDICTS = {
    "goes": gettext_lazy("Goes out"), "held": gettext_lazy("Held by the pace"), "refused": gettext_lazy("Refused"),
    "asks": gettext_lazy("By hand"), "late": gettext_lazy("Late: asks first"), "skipped": gettext_lazy("Late: skipped"),
    "rests": gettext_lazy("Channel rests"), "blocked": gettext_lazy("No permission"),
    "ends": gettext_lazy("Permission ends before"), "waits": gettext_lazy("Waits for its post"),
    "doubt": gettext_lazy("In doubt"), "approval": gettext_lazy("Needs approval"), "draft": gettext_lazy("A draft"),
    "unwritten": gettext_lazy("Not written yet"),
}  # fmt: skip
LATES = [
    ("ask", gettext_lazy("Ask me first")), ("publish", gettext_lazy("Publish it, one by one")),
    ("skip", gettext_lazy("Skip it")),
]  # fmt: skip


def outbox(request: HttpRequest) -> HttpResponse:
    """Everything that goes out, went out, or did not."""
    who: Any = request.who  # type: ignore[attr-defined]
    asked = _asked(request)
    state = request.GET.get("state", "")
    counts = lane.tally(who, **asked)
    total = sum(n for s, n in counts.items() if not state or s in state.split(","))
    page = Paginator(range(total), A_PAGE).get_page(request.GET.get("page"))
    rows = lane.deliveries(who, state or None, limit=A_PAGE, offset=max(0, page.start_index() - 1), **asked)
    open_alarms = [alarm for alarm in lane.alarms(who) if alarm.solved_at is None]
    told = {
        "rows": [composer.lane_row(row) for row in rows], "page": page, "state": state, "channel": asked["channel"],
        "tabs": _tabs(request, counts, state), "channels": [("", _("All channels")), *lane.places(who)],
        "alarms": open_alarms, "safe": counts["refused"], "given": request.GET, "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "publish/outbox.html", told)


def _tabs(request: HttpRequest, counts: dict[str, int], state: str) -> list[tuple[str, str, bool, int]]:
    """One tab a lane with its count; the other filters stay."""
    found = []
    for value, name in LANES.items():
        query = request.GET.copy()
        query.pop("page", None)
        query["state"] = value
        n = sum(number for s, number in counts.items() if not value or s in value.split(","))
        found.append((str(name), f"?{query.urlencode()}", value == state, n))
    return found


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The filters of the list: channel, days of the brand's calendar (both included), words."""
    end = _midnight(request, "end")
    return {
        "channel": whole(request.GET.get("channel")), "start": _midnight(request, "start"),
        "end": end + timedelta(days=1) if end else None, "search": request.GET.get("search", "").strip(),
    }  # fmt: skip


def _midnight(request: HttpRequest, name: str) -> datetime | None:
    """The beginning of a day on the brand's clock; what is no day counts as not asked."""
    try:
        day = parse_date(request.GET.get(name, ""))
    except ValueError:
        return None
    zone = request.who.brand.zone  # type: ignore[attr-defined]
    return datetime.combine(day, time(), zone) if day else None


def table(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    who: Any = request.who  # type: ignore[attr-defined]
    return csv(lane.export(who, request.GET.get("state") or None, **_asked(request)), "outbox.csv")


def delivery(request: HttpRequest, delivery: int) -> HttpResponse:
    """The story of one delivery; a post has a page of its own with all its channels."""
    who: Any = request.who  # type: ignore[attr-defined]
    found = lane.detail(who, delivery)
    kind, _colon, pk = found.delivery.origin.rpartition(":")
    if kind == "publish.post" and found.delivery.action == "publish":
        return redirect(f"{reverse('publish.story', args=[pk])}?channel={found.delivery.channel_id}")
    told = {"found": found, "d": found.delivery, "moments": stories.moments_of(who, found.delivery)}
    told |= {"hand": stories.hand_of(found.delivery)}
    return render(request, "publish/delivery.html", told)


def alarms(request: HttpRequest) -> HttpResponse:
    """What went wrong, who was told, and how one is told."""
    who: Any = request.who  # type: ignore[attr-defined]
    told = {
        "alarms": lane.alarms(who, 60), "notices": lane.notices_sent(who), "program": lane.webhook(who),
        "shown": request.session.pop("shown", None), "lates": LATES,
        "told": [m.person for m in people.members(who) if m.role in ("owner", "manager")],
    }  # fmt: skip
    return render(request, "publish/alarms.html", told)


def rehearsal(request: HttpRequest) -> HttpResponse:
    """What would happen in the coming days, if nobody changed anything."""
    who: Any = request.who  # type: ignore[attr-defined]
    days = _days(request)
    lines = lane.dry_run(who, clock.now() + timedelta(days=days), whole(request.GET.get("channel")))
    told = {
        "rows": [(line, str(VERDICTS[line.verdict]), _tone(line.verdict)) for line in lines[:500]],
        "total": len(lines), "goes": sum(line.verdict in GOOD for line in lines), "days": days,
        "stand": sum(line.verdict not in GOOD for line in lines),
        "spans": [(n, _("%(n)s days") % {"n": n} if n > 1 else _("one day")) for n in DAYS],
        "channels": [("", _("All channels")), *lane.places(who)], "channel": request.GET.get("channel", ""),
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "publish/rehearsal.html", told)


def rehearsal_table(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    who: Any = request.who  # type: ignore[attr-defined]
    until = clock.now() + timedelta(days=_days(request))
    return csv(lane.dry_run_csv(who, until, whole(request.GET.get("channel"))), "dry-run.csv")


def _days(request: HttpRequest) -> int:
    return min(max(whole(request.GET.get("days")) or 7, 1), 366)


def _tone(verdict: str) -> str:
    return "good" if verdict in GOOD else "bad" if verdict in BAD else "warn"


def csv(text: str, name: str) -> HttpResponse:
    """A table to keep, with the mark spreadsheets need."""
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def whole(text: str | None) -> int | None:
    """A whole number, or None for anything else."""
    return int(text) if text and text.isdecimal() else None
