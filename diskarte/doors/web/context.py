"""What every page may use: who asks, the rail with the ten stages, the brands, and input kept after an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diskarte.core.people.who import Stranger, Who, brands_of
from diskarte.core.standing import standings
from diskarte.stages import STAGES

LABELS = {
    "brand": _("Brand"),
    "goals": _("Goals"),
    "audience": _("Audience"),
    "channels": _("Channels"),
    "plan": _("Plan"),
    "engage": _("Engage"),
    "publish": _("Publish"),
    "measure": _("Measure"),
    "correct": _("Correct"),
    "automate": _("Automate"),
}


QUESTIONS = {
    "brand": _("Who are we, against whom, and why would anyone choose us?"),
    "goals": _("What must change, by how much, by when?"),
    "audience": _("Whom do we want to reach, and what would move them?"),
    "channels": _("Where are they, and where should we be?"),
    "plan": _("What to say, where, when, how often?"),
    "engage": _("With whom, and what do we answer?"),
    "publish": _("Say it well, once, exactly."),
    "measure": _("What happened?"),
    "correct": _("What should we change?"),
    "automate": _("What may happen without asking?"),
}


COUNTS = {
    "brand": _("questions answered"),
    "goals": _("open goals"),
    "audience": _("portraits"),
    "channels": _("channels"),
    "plan": _("slots ahead"),
    "engage": _("deals under way"),
    "publish": _("posts scheduled"),
    "measure": _("posts with numbers"),
    "correct": _("changes accepted"),
    "automate": _("rules at work"),
}


@dataclass(frozen=True)
class Stop:
    """One stage on the route."""

    number: int
    stage: str
    label: str
    url: str
    state: str
    figure: str
    counts: str  # what the figure counts
    needs: int
    current: bool
    missing: str
    question: str
    rows: list[dict[str, Any]]  # what waits for a person: text, url, urgency, do


@dataclass(frozen=True)
class Choice:
    """One brand in the switcher."""

    name: str
    workspace: str
    url: str
    current: bool


def desk(request: HttpRequest) -> dict[str, Any]:
    """The context of every page."""
    told: dict[str, Any] = {"kept": _kept(request)}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return told
    who = _asked(request)
    if who is None:
        return told
    told |= {"who": who, "brands": SimpleLazyObject(lambda: _brands(request, who))}
    if who.brand is not None:
        told["rail"] = rail(request, who)
    return told


def rail(request: HttpRequest, who: Who) -> list[Stop]:
    """The ten stages as the rail shows them."""
    told = standings(who, timezone.now())
    here = request.path_info.strip("/").split("/")[0]
    return [_stop(n, stage, told.get(stage, {}), here) for n, stage in enumerate(STAGES, 1)]


def _stop(number: int, stage: str, told: dict[str, Any], here: str) -> Stop:
    rows = [_need(need) for need in told.get("needs", [])]
    missing = gettext(told["missing"]) if told.get("missing") else ""
    return Stop(
        number, stage, str(LABELS[stage]), reverse(f"{stage}.page"), told.get("state", "empty"),
        told.get("figure", ""), str(COUNTS[stage]), len(rows), stage == here, missing, str(QUESTIONS[stage]), rows,
    )  # fmt: skip


def _need(need: dict[str, Any]) -> dict[str, Any]:
    text = gettext(need["what"]) % need["values"] if need["values"] else gettext(need["what"])
    do = gettext(need["do"]) if need["do"] else gettext("Look")
    return {
        "text": text,
        "url": reverse(need["url"], kwargs=need["args"]),
        "urgency": need["urgency"],
        "do": do,
    }


def _asked(request: HttpRequest) -> Who | None:
    try:
        return request.who if request.who.role is not None else None  # type: ignore[attr-defined,no-any-return]
    except (Stranger, Exception) as e:
        if isinstance(e, Stranger) or type(e).__name__ == "Http404":
            return None
        raise


def _brands(request: HttpRequest, who: Who) -> list[Choice]:
    assert who.person is not None
    current = who.brand.pk if who.brand else None
    return [Choice(b.name, b.workspace.name, f"/{b.slug}/", b.pk == current) for b in brands_of(who.person)]


def _kept(request: HttpRequest) -> dict[str, Any]:
    """Values and errors of the last form that failed, shown once."""
    session = getattr(request, "session", None)
    if session is None or "kept" not in session or request.method != "GET":
        return {}
    return dict(session.pop("kept"))
