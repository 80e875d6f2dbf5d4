"""Why a slot stands where it stands, as codes with numbers; the words are put on when a person reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .moments import matches
from .worth import Expected, Worth

KEPT = 5


@dataclass(frozen=True)
class Facts:
    """What a slot is, and what it was given."""

    kind: str
    pillar: str
    day: int
    minute: int
    trial: bool = False
    occasion: str = ""
    goal: str = ""
    segment: str = ""
    awake: tuple[int, ...] = ()  # hours of its segment
    share: float | None = None  # of its pillar in the month
    target: float | None = None
    by_hand: bool = False
    phase: str = ""  # of the campaign it belongs to
    hook: Mapping[str, Any] | None = None  # what speaks for its hook: `hooks.why`


@dataclass(frozen=True)
class Case:
    """What speaks for a slot, the largest first, and what it may bring."""

    reasons: list[dict[str, Any]]  # {"code", "values", "size"}; size on the log scale
    expected: Expected


def case_of(worth: Worth | None, facts: Facts, settings: Mapping[str, Any]) -> Case:
    """The reasons for a slot and its expected result."""
    told = _chosen(facts) + _wished(facts, settings)
    expected = Expected()
    if worth is not None:
        candidate = worth.candidate(facts.kind, facts.pillar, facts.day, facts.minute)
        expected = worth.expected(candidate)
        for row in worth.reasons(candidate):
            told.append({**row, "size": abs(math.log1p(row["values"]["lift"]))})
        if not worth.model.signal and worth.neighbours:
            told.append(_reason("neighbours", 0.2, hour=facts.minute // 60, n=worth.neighbours))
        elif not worth.model.signal:
            told.append(_reason("guess", 0.2, hour=facts.minute // 60, n=worth.n))
    return Case(_kept(told), expected)


def _kept(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The largest reasons, and in any case the hook's: it is what a writer begins with."""
    ordered = sorted(told, key=lambda row: -row["size"])
    return ordered[:KEPT] + [row for row in ordered[KEPT:] if row["code"] == "hook"]


def _chosen(facts: Facts) -> list[dict[str, Any]]:
    told = [_reason("by_hand", 2.0)] if facts.by_hand else []
    if facts.trial:
        told.append(_reason("trial", 1.0, hour=facts.minute // 60))
    if facts.phase:
        told.append(_reason("arc", 1.2, name=facts.occasion, phase=facts.phase))
    elif facts.occasion:
        told.append(_reason("occasion", 0.3, name=facts.occasion))
    if facts.minute // 60 in facts.awake:
        told.append(_reason("awake", 0.1, name=facts.segment, hour=facts.minute // 60))
    if facts.target:
        told.append(_reason("mix", 0.15, pillar=facts.pillar, share=facts.share, target=facts.target))
    if facts.hook:
        told.append(_reason("hook", 0.12, **facts.hook))
    if facts.goal:
        told.append(_reason("goal", 0.05, name=facts.goal))
    return told


def _wished(facts: Facts, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    weekday = date.fromordinal(facts.day).weekday()
    about = {"hour": facts.minute // 60, "weekday": weekday, "kind": facts.kind, "pillar": facts.pillar}
    rules = [rule for rule in settings["prefer"] if matches(rule, **about)]
    return [
        _reason("prefer", abs(math.log(rule.get("weight", 1.2))) + 0.1, factor=rule["factor"], level=rule["level"],
                weight=rule.get("weight", 1.2))
        for rule in rules
    ]  # fmt: skip


def _reason(code: str, size: float, **values: Any) -> dict[str, Any]:
    return {"code": code, "values": values, "size": size}
