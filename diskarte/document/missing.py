"""What is still missing in a strategy and how much it matters. The weights are a judgement, and each says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from diskarte.core.people.who import Who
from diskarte.stages.audience import actions as audience
from diskarte.stages.brand import actions as brand
from diskarte.stages.channels import actions as channels
from diskarte.stages.goals import actions as goals
from diskarte.stages.plan import actions as plan


@dataclass(frozen=True)
class Gap:
    """One thing a strategy needs: how far it is there (0 to 1), its weight, why it matters, where to do it."""

    name: str
    weight: int  # 5: without it the plan is a guess; 3: weaker; 1: nicer
    why: str
    done: float
    page: str  # name of the page where it is done

    @property
    def percent(self) -> int:
        """How far it is there, for a sentence."""
        return round(self.done * 100)


@dataclass(frozen=True)
class Whole:
    """All gaps, the heaviest first, and how much of the strategy stands (0 to 1, by weight)."""

    gaps: list[Gap]
    share: float

    @property
    def open(self) -> list[Gap]:
        """Those that are not done, by what they cost."""
        return sorted((g for g in self.gaps if g.done < 1), key=lambda g: -(1 - g.done) * g.weight)


WANTED: tuple[tuple[str, Any, int, Any, str], ...] = (
    (
        "positioning",
        _("The positioning: whom, need, offer, promise, proof"),
        5,
        _("Every later choice leans on it."),
        "brand.canvas",
    ),
    (
        "goals",
        _("At least one goal"),
        5,
        _("Without a goal nobody can say whether a post was worth it."),
        "goals.page",
    ),
    (
        "people",
        _("At least two portraits"),
        5,
        _("Hooks, hours and platforms follow from people."),
        "audience.page",
    ),
    ("channels", _("A channel that is ready"), 5, _("Nothing can go out without one."), "channels.page"),
    (
        "hooks",
        _("Three hooks for every portrait"),
        4,
        _("The first line decides whether the rest is read."),
        "audience.page",
    ),
    (
        "pillars",
        _("Pillars with topics"),
        4,
        _("Without them every week begins with «what shall we post?»."),
        "plan.page",
    ),
    (
        "plan",
        _("Two weeks of posts in the plan"),
        4,
        _("A strategy that is not in the calendar does not happen."),
        "plan.page",
    ),
    (
        "hours",
        _("Hours a week"),
        3,
        _("Without it the plan may ask for more than you have."),
        "channels.page",
    ),
    ("rivals", _("At least two competitors with a number"), 3, _("Ahead or behind of whom?"), "brand.page"),
    (
        "baselines",
        _("A starting number for every goal"),
        3,
        _("Without it no pace and no chance can be told."),
        "goals.page",
    ),
    ("products", _("Products with prices"), 2, _("Offers become concrete."), "brand.page"),
    ("voice", _("A voice"), 2, _("So that two people sound like one brand."), "brand.canvas"),
    ("kit", _("Logo and colour"), 1, _("Posts and this document wear them."), "brand.page"),
)


def whole(who: Who) -> Whole:
    """Every gap of the brand's strategy."""
    told = _told(who)
    gaps = [Gap(str(name), weight, str(why), told[key], page) for key, name, weight, why, page in WANTED]
    total = sum(g.weight for g in gaps)
    return Whole(gaps, sum(g.weight * g.done for g in gaps) / total)


def _told(who: Who) -> dict[str, float]:
    parts: tuple[Callable[[Who], dict[str, float]], ...] = (_brand, _goals, _people, _places, _plan)
    return {name: min(1.0, max(0.0, value)) for part in parts for name, value in part(who).items()}


def _brand(who: Who) -> dict[str, float]:
    canvas, goods, rivals = brand.canvas(who), brand.products(who), brand.compare(who)
    said = brand.statement(who)
    return {
        "positioning": 1.0 if said.by_hand else 1 - len(said.missing) / 5,
        "rivals": sum(bool(row.newest or row.ahead or row.behind) for row in rivals) / 2,
        "products": _share([p.price is not None for p in goods]),
        "voice": float(bool(canvas.tone)),
        "kit": (bool(canvas.logo_id) + bool(canvas.colour)) / 2,
    }


def _goals(who: Who) -> dict[str, float]:
    found = goals.goals(who)
    return {"goals": float(bool(found)), "baselines": _share([one.baseline is not None for one in found])}


def _people(who: Who) -> dict[str, float]:
    found = [one for one in audience.segments(who) if one.segment.state == "active"]
    hooks = [min(1.0, sum(r.hook.state == "active" for r in one.hooks) / audience.ENOUGH) for one in found]
    return {"people": len(found) / 2, "hooks": _share(hooks)}


def _places(who: Who) -> dict[str, float]:
    ready = [one for one in channels.channels(who) if one.channel.state == "ready"]
    return {"channels": float(bool(ready)), "hours": float(channels.budget(who).hours_a_week is not None)}


def _plan(who: Who) -> dict[str, float]:
    found = plan.pillars(who)
    done = {"full": 1.0, "half": 0.5}.get(plan.standing(who).state, 0.0)
    return {"pillars": _share([bool(one.topics) for one in found]), "plan": done}


def _share(values: list[Any]) -> float:
    return sum(float(v) for v in values) / len(values) if values else 0.0
