"""Pages of the stage «audience» about groups, overlaps and what customers are worth."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from diskarte.words import Problem

from . import actions, charts, sentences
from .rules.groups import CONDITIONS
from .tabs import tabs

ROWS = 4  # steps a form offers at least
READY: tuple[tuple[Any, tuple[tuple[str, str, str], ...]], ...] = (  # groups most brands want, to begin from
    (_("Best customers"), (("and", "cell", "champions"),)),
    (_("Gone quiet for 60 days"), (("and", "not_since", "60"),)),
    (_("Bought once, lately"), (("and", "since", "30"), ("not", "times", "2"))),
    (_("Bought three times or more"), (("and", "times", "3"),)),
    (_("Have an e-mail"), (("and", "email", ""),)),
)


def groups(request: HttpRequest) -> HttpResponse:
    """The groups with their sizes now."""
    who = request.who  # type: ignore[attr-defined]
    rows = [(one, _said(one.group.steps)) for one in actions.groups(who)]
    told = {"rows": rows, "tabs": tabs("audience.groups"), "people": actions.crowd(who).people}
    return render(request, "audience/groups.html", told)


def builder(request: HttpRequest, group: int | None = None) -> HttpResponse:
    """Build a group; its size is counted while it is built."""
    who = request.who  # type: ignore[attr-defined]
    row = actions.group(who, group) if group else None
    asked = _asked(request)
    steps = asked or (row.steps if row else [])
    lists = [name for name, _n in actions.lists(who)][:30]
    told: dict[str, Any] = {
        "row": row,
        "lines": _lines(steps),
        "hows": list(sentences.HOWS.items()),
        "lists": lists,
    }
    told |= {"conditions": [("", "–"), *sentences.CONDITIONS.items()]}
    told |= {"rule": [":".join(step) for step in asked or steps]}
    told |= {"only": request.GET.get("only", "") == "yes" if asked else (row.only_agreed if row else True)}
    told |= {"ready": [] if steps else [(name, _address(rule)) for name, rule in READY]}
    told |= {"cells": [words[0] for words in sentences.CELLS.values()], "tabs": tabs("audience.groups")}
    return render(request, "audience/group.html", told | _counted(who, asked or steps, told["only"]))


def counted(request: HttpRequest) -> HttpResponse:
    """The size of what is being built: a piece of the builder."""
    who = request.who  # type: ignore[attr-defined]
    asked = _asked(request)
    told = {"rule": [":".join(step) for step in asked], "only": request.GET.get("only", "") == "yes"}
    return render(request, "audience/group.html#size", told | _counted(who, asked, bool(told["only"])))


def overlap(request: HttpRequest) -> HttpResponse:
    """How far groups and communities overlap."""
    who = request.who  # type: ignore[attr-defined]
    told: dict[str, Any] = {
        "own": _matrix(actions.overlap(who)),
        "others": _matrix(actions.community_overlap(who)),
    }
    told |= {"communities": actions.communities(who), "tabs": tabs("audience.overlap")}
    told |= {"sheets": actions.sheets_given(who, "members")}
    return render(request, "audience/overlap.html", told)


def value(request: HttpRequest) -> HttpResponse:
    """What customers are worth, and which groups they fall into."""
    told = actions.value(request.who)  # type: ignore[attr-defined]
    shown: dict[str, Any] = {"v": told, "tabs": tabs("audience.value")}
    if told:
        shown |= {"total": {name: _round(told[name]) for name in ("worth", "low", "high") if name in told}}
        shown |= {"days": [date.fromisoformat(told[name]) for name in ("since", "now")]}
        shown |= {"map": charts.recency_map(told["map"]), "refused": _refused(told)}
        shown |= {
            "spread": charts.worth_spread(told["spread"], told["currency"]) if told.get("cells") else None
        }
        shown["cells"] = [_cell(cell, told) for cell in told.get("cells", [])]
        merged = told.get("merged", {}).items()
        shown["merged"] = [(sentences.CELLS[name][0], sentences.CELLS[into][0]) for name, into in merged]
    return render(request, "audience/value.html", shown)


def _refused(told: dict[str, Any]) -> str:
    return sentences.refused(told["refused"], told.get("refused_value", 0)) if "refused" in told else ""


def _cell(cell: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    title, means, todo = sentences.CELLS[cell["name"]]
    share = cell["spent"] / told["spent"] if told["spent"] else None
    shown = {name: _round(cell[name]) for name in ("worth", "low", "high")} | {
        "silent": round(cell["silent"])
    }
    # the method says nothing of who came once
    shown |= {"alive": None if cell["name"] in ("new", "once") else cell["alive"], "share": share}
    return (
        cell | shown | {"title": title, "means": means, "todo": todo, "part": cell["n"] / told["customers"]}
    )


def _round(figure: float) -> int:
    """A forecast to three digits: more would be pretended."""
    return int(float(f"{figure:.3g}"))


def _address(rule: Any) -> str:
    """The form's own address with a rule filled in."""
    fields = [pair for step in rule for pair in zip(("how", "condition", "value"), step, strict=True)]
    return "?" + urlencode([*fields, ("only", "yes")])


def _asked(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The steps of the form in the address."""
    ways = zip(*(request.GET.getlist(name) for name in ("how", "condition", "value")), strict=False)
    return [(how, condition, value.strip()) for how, condition, value in ways if condition in CONDITIONS]


def _lines(steps: Any) -> list[tuple[int, str, str, str]]:
    rows = [(how, what, _shown(what, value)) for how, what, value in steps]
    rows += [("and", "", "")] * max(1, ROWS - len(rows))
    return [(at, *row) for at, row in enumerate(rows)]


def _counted(who: Any, steps: Any, only: bool) -> dict[str, Any]:
    """The size, or what is wrong with the rule."""
    rule = [":".join(step) for step in steps]
    if not rule:
        return {"size": None}
    try:
        return {"size": actions.count_group(who, rule, only)}
    except Problem as problem:
        return {"size": None, "problem": problem.what}


def _shown(condition: str, value: str) -> str:
    return str(sentences.CELLS[value][0]) if condition == "cell" and value in sentences.CELLS else value


def _said(steps: list[list[str]]) -> list[str]:
    """A rule in words, a line for each step."""
    told = []
    for at, (how, condition, value) in enumerate(steps):
        text = str(sentences.CONDITIONS[condition])
        text = text.replace("…", f"«{_shown(condition, value)}»") if "…" in text else text
        told.append(text if at == 0 and how != "not" else f"{sentences.HOWS[how]} {text}")
    return told


def _matrix(crossing: actions.Crossing) -> dict[str, Any]:
    rows = list(zip(crossing.names, crossing.sizes, crossing.cells, strict=True))
    told = [(name, size, _cells(at, line)) for at, (name, size, line) in enumerate(rows)]
    return {"names": crossing.names, "rows": told}


def _cells(at: int, line: list[Any]) -> list[Any]:
    return [None if i == at else cell for i, cell in enumerate(line)]
