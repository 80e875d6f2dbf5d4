"""Whom a slot speaks to, with which hook, for which goal, about which topic and day: shared out by need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .choice import Choice as Choice
from .hooks import HookChoice as HookChoice
from .hooks import Wanted, step_of, weighed_for
from .moments import avoided, preferred
from .occasions import Day


@dataclass(frozen=True)
class Bank:
    """Everything there is to give."""

    goals: tuple[Choice, ...] = ()
    segments: tuple[Choice, ...] = ()
    hooks: tuple[HookChoice, ...] = ()
    topics: tuple[Choice, ...] = ()
    cooldown: int = 0  # days a topic rests, where another of its pillar is rested; a hook is given less often
    metrics: Mapping[Any, str] = field(default_factory=dict)  # goal → words.Metric
    spoken: Mapping[Any, frozenset[str]] = field(default_factory=dict)  # segment → languages
    days: tuple[Day, ...] = ()


@dataclass(frozen=True)
class Labelled:
    """A slot with what it was given; a field that is None (or empty) is still to be filled."""

    line: str
    day: date
    pillar: str
    goal: Any = None
    segment: Any = None
    hook: Any = None
    topic: str = ""
    occasion: str = ""
    phase: str = ""  # of the campaign it belongs to
    keep: bool = False  # somebody chose all this: nothing is filled in


@dataclass
class _Given:
    """How often each choice was given so far."""

    counts: Counter[tuple[str, Any]] = field(default_factory=Counter)
    said: dict[Any, set[int]] = field(default_factory=dict)  # topic or hook → days on which it is spoken of

    def next[C: Choice](self, what: str, choices: Iterable[C]) -> C | None:
        """The choice that waits longest for its share; ties by order."""
        open_ = [c for c in choices if c.weight > 0]
        if not open_:
            return None
        chosen = min(open_, key=lambda c: (self.counts[what, c.id] + 1) / c.weight)
        self.counts[what, chosen.id] += 1
        return chosen

    def spoken(self, slot: Labelled) -> None:
        """Remember on which day the slot's topic and hook are spoken of."""
        for said in (slot.topic, slot.hook):
            if said:
                self.said.setdefault(said, set()).add(slot.day.toordinal())

    def near(self, said: Any, day: date, cooldown: int) -> bool:
        """Whether a topic or hook is spoken of within so many days of this one."""
        return any(abs(day.toordinal() - d) < cooldown for d in self.said.get(said, ()))

    def note(self, what: str, given: Any) -> None:
        if given not in (None, ""):
            self.counts[what, given] += 1


def weighed[C: Choice](choices: Iterable[C], settings: Mapping[str, Any], factor: str) -> tuple[C, ...]:
    """The choices with `prefer` and `avoid` of the settings in their weights."""
    return tuple(
        replace(c, weight=c.weight * preferred(settings, **{factor: c.name}))
        for c in choices
        if not avoided(settings, **{factor: c.name})
    )


def shared_out(slots: Sequence[Labelled], bank: Bank) -> list[Labelled]:
    """The slots in order of time, each with its goal, segment, hook, topic and occasion; what was there stays."""
    given = _Given()
    for slot in slots:
        for what in ("goal", "segment", "hook", "topic"):
            given.note(what, getattr(slot, what))
        given.spoken(slot)
    return _with_occasions([slot if slot.keep else _filled(slot, bank, given) for slot in slots], bank.days)


def _filled(slot: Labelled, bank: Bank, given: _Given) -> Labelled:
    def open_(choices: Iterable[Choice]) -> list[Choice]:
        fits = [c for c in choices if not c.only or slot.line in c.only]
        return [c for c in fits if c.until is None or slot.day <= c.until]

    if slot.goal is None and (goal := given.next("goal", open_(bank.goals))):
        slot = replace(slot, goal=goal.id)
    if slot.segment is None and (segment := given.next("segment", open_(bank.segments))):
        slot = replace(slot, segment=segment.id)
    if slot.hook is None and (hook := given.next("hook", _hooks(slot, bank, given))):
        slot = replace(slot, hook=hook.id)
    if not slot.topic and (topic := given.next("topic", _rested(slot, bank, given))):
        slot = replace(slot, topic=topic.name)
    given.spoken(slot)
    return slot


def wanted_of(goal: Any, segment: Any, phase: str, bank: Bank) -> Wanted:
    """What a slot for this goal, these people and this phase of a campaign wants of its hook."""
    return Wanted(step_of(phase, bank.metrics.get(goal, "")), goal, bank.spoken.get(segment, frozenset()))


def _hooks(slot: Labelled, bank: Bank, given: _Given) -> list[HookChoice]:
    mine = [c for c in bank.hooks if c.under == slot.segment]
    tired = {c.id for c in mine if given.near(c.id, slot.day, bank.cooldown)}
    return weighed_for(wanted_of(slot.goal, slot.segment, slot.phase, bank), mine, tired)


def _rested(slot: Labelled, bank: Bank, given: _Given) -> list[Choice]:
    """The topics of the slot's pillar that nobody spoke of within the cool-down; where none is rested, all."""
    topics = [c for c in bank.topics if c.under == slot.pillar]
    return [c for c in topics if not given.near(c.name, slot.day, bank.cooldown)] or topics


def _with_occasions(slots: list[Labelled], days: Iterable[Day]) -> list[Labelled]:
    """Each day of note gets the last free slot before or on it, within its lead; one of the brand's own gets two."""
    for day in days:
        if any(slot.occasion == day.name for slot in slots):
            continue
        near = [
            i
            for i, slot in enumerate(slots)
            if not slot.occasion and not slot.keep and 0 <= (day.day - slot.day).days <= day.lead_days
        ]
        for i in near[-2:] if day.kind in ("event", "promotion", "contest") else near[-1:]:
            slots[i] = replace(slots[i], occasion=day.name)
    return slots
