"""Which hook of the bank a slot gets: in its people's language, for its step and goal, by what the bank says of it.

The factors are a judgement, not an estimate: what a hook brought is already in its advice. A hook that brought less
than usual beyond doubt is left alone, even where it is the only one: a first line of one's own does better.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .choice import Choice

OTHER_STEP, NO_STEP = 0.15, 0.6  # a hook for another step of people's way; one that names none
OWN_GOAL, OTHER_GOAL = 2.0, 0.25
SAID = {"keep": 2.0, "next": 1.5, "test": 1.0, "retire": 0.0, "rest": 0.0}
TIRED = 0.3  # given within the cool-down
STEP_OF_PHASE = {"tease": "notice", "launch": "weigh", "peak": "buy", "last_call": "buy", "thanks": "return"}
STEP_OF_METRIC = {
    "views": "notice", "reach": "notice", "video_seconds": "notice", "profile_visits": "notice",
    "followers": "notice", "new_followers": "notice", "likes": "weigh", "replies": "weigh", "shares": "weigh",
    "saves": "weigh", "engagements": "weigh", "engagement_rate": "weigh", "clicks": "weigh", "leads": "buy",
    "sales": "buy",
}  # fmt: skip


@dataclass(frozen=True)
class HookChoice(Choice):
    """A hook as the plan weighs it: whom and what it is for, what the bank says of it, and what it brought."""

    step: str = ""
    goal: Any = None
    language: str = ""  # ISO code; empty: any
    advice: str = "test"  # keep, next (to be tested next), test, retire, rest
    lift: float | None = None  # against the usual post: 0.2 is a fifth more; None: not tried yet
    uses: int = 0


@dataclass(frozen=True)
class Wanted:
    """What a slot wants of its hook; what is empty or None it does not mind."""

    step: str = ""
    goal: Any = None
    languages: frozenset[str] = field(default_factory=frozenset)


def step_of(phase: str, metric: str) -> str:
    """The step of people's way a post is for: its campaign's phase says it, else the metric of its goal."""
    return STEP_OF_PHASE.get(phase) or STEP_OF_METRIC.get(metric, "")


def weighed_for(wanted: Wanted, hooks: Iterable[HookChoice], tired: Collection[Any] = ()) -> list[HookChoice]:
    """The hooks that may be given, each with the weight it has for this slot."""
    return [
        replace(hook, weight=hook.weight * factor)
        for hook in hooks
        if (factor := fit(wanted, hook) * (TIRED if hook.id in tired else 1.0)) > 0
    ]


def fit(wanted: Wanted, hook: HookChoice) -> float:
    """How well a hook fits a slot, as a factor; 0: not at all."""
    if hook.language and wanted.languages and hook.language not in wanted.languages:
        return 0.0
    step = 1.0 if not wanted.step or hook.step == wanted.step else OTHER_STEP if hook.step else NO_STEP
    goal = 1.0 if hook.goal is None else OWN_GOAL if hook.goal == wanted.goal else OTHER_GOAL
    return step * goal * SAID.get(hook.advice, 1.0)


def why(wanted: Wanted, hook: HookChoice) -> Mapping[str, Any]:
    """What speaks for the hook in this slot, as plain values for a reason; what does not fit is left empty."""
    return {
        "hook": hook.name, "advice": hook.advice, "uses": hook.uses, "gain": hook.lift,
        "step": hook.step if wanted.step and hook.step == wanted.step else "",
        "aim": hook.goal is not None and hook.goal == wanted.goal,
        "language": hook.language if hook.language in wanted.languages else "",
    }  # fmt: skip
