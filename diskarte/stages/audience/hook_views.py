"""Pages of the hook bank."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from . import actions, sentences
from .rules.hooks import Score
from .tabs import tabs

WORDS = ("trigger", "step", "language", "advice", "find")


def hooks(request: HttpRequest) -> HttpResponse:
    """The hook bank: what works, what to test next, what to let rest, and every hook."""
    who = request.who  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "")[:80] for name in WORDS}
    ids = {name: _number(request.GET.get(name, "")) for name in ("segment", "goal")}
    wanted: dict[str, Any] = {**asked, **ids}
    bank, choices = actions.hook_bank(who, **wanted), actions.hook_choices(who)
    told: dict[str, Any] = {"bank": bank, "asked": wanted, "filtered": any(wanted.values())}
    told |= {
        name: [told_hook(one) for one in getattr(bank, name)] for name in ("rows", "keep", "test", "retire")
    }
    told |= _choices(choices) | {"segments": choices.segments, "sheets": actions.sheets_given(who)}
    return render(request, "audience/hooks.html", told | {"tabs": tabs("audience.hooks")})


def hook(request: HttpRequest, segment: int | None = None, hook: int | None = None) -> HttpResponse:
    """Write a hook, or change one and see where it was used."""
    who = request.who  # type: ignore[attr-defined]
    choices = actions.hook_choices(who)
    told = _choices(choices) | {"segments": choices.segments, "formulas": _formulas(choices.examples)}
    if hook is not None:
        told |= {"row": actions.hook(who, hook), "posts": actions.hook_posts(who, hook)}
    elif segment is not None:
        told |= {"segment": actions.segment(who, segment).segment}
    return render(request, "audience/hook.html", told)


def given(request: HttpRequest) -> HttpResponse:
    """The form for a table of hooks."""
    segments = actions.hook_choices(request.who).segments  # type: ignore[attr-defined]
    return render(request, "audience/hooks_given.html", {"segments": [("", "–"), *segments]})


def table(request: HttpRequest) -> HttpResponse:
    """The whole bank as a file."""
    who = request.who  # type: ignore[attr-defined]
    return _file(actions.hooks_table(who), f"{who.brand.slug}-hooks.csv")


def refused(request: HttpRequest, sheet: int) -> HttpResponse:
    """The rows of a table that were not taken, as a file."""
    content = actions.refused_rows(request.who, sheet)  # type: ignore[attr-defined]
    return _file(content, f"not-taken-{sheet}.csv") if content else redirect("audience.hooks")


def _file(content: str, name: str) -> HttpResponse:
    answer = HttpResponse(b"\xef\xbb\xbf" + content.encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _choices(choices: actions.Choices) -> dict[str, Any]:
    """What selects offer, as (value, label)."""
    spoken = sentences.language_names(choices.languages)
    steps = list(sentences.STEPS.items())
    return {
        "triggers": [(name, f"{words[0]}: {words[1]}") for name, words in sentences.TRIGGERS.items()],
        "kinds": [(name, words[0]) for name, words in sentences.TRIGGERS.items()],
        "steps": [("", _("as usual for this type")), *((n, f"{w[0]}: {w[1]}") for n, w in steps)],
        "ways": [(name, words[0]) for name, words in sentences.STEPS.items()],
        "goals": choices.goals, "languages": list(spoken.items()), "verdicts": list(sentences.ADVICE.items()),
        "aims": [("", "–"), *choices.goals], "spoken": [("", _("any")), *spoken.items()],
    }  # fmt: skip


def _formulas(examples: dict[str, str]) -> list[tuple[str, str, str]]:
    """(type, formula, an example from a playbook) of every trigger."""
    return [
        (str(words[0]), str(sentences.FORMULAS[name]), examples.get(name, ""))
        for name, words in sentences.TRIGGERS.items()
    ]


def told_hook(ranked: actions.Ranked) -> dict[str, Any]:
    """A hook in words: its type, step and verdict, and its interval against the usual post."""
    hook = ranked.hook
    label, _means = sentences.TRIGGERS[hook.trigger]
    return {
        "ranked": ranked, "edit": reverse("audience.hook", args=[hook.pk]), "trigger": label,
        "tried": sentences.tried(ranked.score),
        "step": sentences.STEPS[hook.step][0] if hook.step else "",
        "language": sentences.languages([hook.language]) if hook.language else "",
        **lifts(ranked.score),
    }  # fmt: skip


def lifts(score: Score) -> dict[str, float | None]:
    """The interval of a score as changes against the usual post: 0.2 is a fifth more."""
    factors = {"low": score.low, "mid": score.mid, "high": score.high}
    return {name: None if factor is None else factor - 1 for name, factor in factors.items()}
