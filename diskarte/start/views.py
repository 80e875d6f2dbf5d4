"""Pages of the guided start."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from . import actions, sentences


def page(request: Any) -> HttpResponse:
    """What the guided start is, how long it takes, and where to go on."""
    way = actions.way(request.who)
    told = {"way": way, "resume": _at(way.step, way.questions), "done": way.step > way.questions}
    return render(request, "start/page.html", told)


def step(request: Any, step: int) -> HttpResponse:
    """One question."""
    question, fields = actions.question(request.who, step)
    total = actions.way(request.who).questions
    told = {
        "question": question, "fields": fields, "total": total, "done": step,
        "before": reverse("start.step", args=[step - 1]) if step > 1 else reverse("start.page"),
        "after": _at(step + 1, total), "verb": "start.read_site" if question.site else "start.answer",
        "no_model": actions.can_draft(request.who) if step == total else "",
    }  # fmt: skip
    draft = actions.so_far(request.who)
    told |= {"statement": draft.statement, "drafts": sentences.counted(draft.drafts)}
    return render(request, "start/step.html", told)


def proposals(request: Any) -> HttpResponse:
    """Every draft, to be taken, edited or left."""
    found = actions.proposals(request.who)
    areas = sentences.areas(found)
    told = {"areas": areas, "no_model": actions.can_draft(request.who), "here": reverse("start.proposals")}
    told["open"], told["every"] = sum(area.open for area in areas), sum(area.every for area in areas)
    told["done"] = told["every"] - told["open"]
    told["mine"] = sum(one.mine and one.state == "open" for one in found)
    told["can_plan"] = request.who.can.plan_edit and actions.can_plan(request.who)
    return render(request, "start/proposals.html", told)


def _at(step: int, total: int) -> str:
    return reverse("start.step", args=[step]) if step <= total else reverse("start.proposals")
