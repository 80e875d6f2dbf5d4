"""Pages of the stage «goals»."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from diskarte.core import clock

from . import actions, charts, rules, saving, sentences


def page(request: Any) -> HttpResponse:
    """Every open goal as a card with its pace; of a year's months the one under way."""
    today = saving.today(request.who, clock.now())
    cards = [charts.card(p, actions.hints(p, today)) for p in actions.pace(request.who, coming=True)]
    told = {"cards": cards, "examples": sentences.examples(today)}
    told |= {"contradictions": actions.checking.contradictions(request.who)}
    return render(request, "goals/page.html", told)


def goal(request: Any, pk: int) -> HttpResponse:
    """One goal: the fan of where it may end, what is missing, the ways to it, its months."""
    found = actions.forecast(request.who, pk)
    today = saving.today(request.who, clock.now())
    told: dict[str, Any] = {"card": charts.card(found, actions.hints(found, today), today)}
    told |= {"by_hand": found.goal.metric in rules.TOLD}
    told |= {"parts": [(part, sentences.month(part.goal.starts)) for part in actions.parts(request.who, pk)]}
    told |= {"offered": [(m, sentences.move(m.move)) for m in actions.propose_ways(request.who, pk)]}
    told |= {
        "chosen": [(way, way.text or sentences.move(way.move)) for way in actions.chosen(request.who, pk)]
    }
    return render(request, "goals/goal.html", told)


def new(request: Any) -> HttpResponse:
    """The form of a new goal, empty or filled from an example."""
    shown = sentences.examples(saving.today(request.who, clock.now()))
    number = request.GET.get("example", "")
    chosen = shown[int(number)] if number.isdigit() and int(number) < len(shown) else None
    told = {"given": chosen, "examples": shown, "after": reverse("goals.page") + "{id}/"}
    return render(request, "goals/form.html", told | _choices(request.who))


def edit(request: Any, pk: int) -> HttpResponse:
    """The form of a goal."""
    row = actions.goal(request.who, pk)
    told = {"goal": row, "given": row, "told_baseline": row.baseline, **_choices(request.who)}
    return render(request, "goals/form.html", told)


def past(request: Any) -> HttpResponse:
    """Goals that were closed: reached, missed, dropped."""
    found = actions.checking.results(request.who)
    told = {"results": found, "told_why": any(one.goal.why for one in found)}
    told["reached"] = sum(one.goal.state == "reached" for one in found)
    return render(request, "goals/past.html", told)


def _choices(who: Any) -> dict[str, Any]:
    channels = [("", sentences.whole_brand()), *((c.pk, str(c)) for c in actions.channels(who))]
    return {"metrics": sentences.metric_choices(), "channels": channels}


def tree(request: Any, pk: int) -> HttpResponse:
    """One goal from posts to sales: what every level must bring, and the rates between them."""
    found = actions.tree.kpi_tree(request.who, pk)
    named = [
        (level, sentences.LEVELS[level.name], sentences.EDGES.get(level.name, "")) for level in found.levels
    ]
    goal = found.goal
    told = {"tree": found, "goal": goal, "levels": named, "says": sentences.tree_says(found)}
    return render(request, "goals/tree.html", told | {"period": sentences.period(goal.starts, goal.deadline)})


def health(request: Any) -> HttpResponse:
    """The brand beside its competitors."""
    told = [(sign, sentences.SIGNS[sign.name]) for sign in actions.checking.health(request.who)]
    spoken = actions.checking.tone_of_voices(request.who)
    return render(request, "goals/health.html", {"signs": told, "spoken": spoken, **sentences.mood(spoken)})
