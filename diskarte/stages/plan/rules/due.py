"""What a month's draft has to place: each channel's cadence week by week, and the posts of campaigns."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from diskarte.science.calendar import Item

from . import demand, moments
from .arcs import Arc, Phase
from .asking import Ask, Line

TRIAL = "trial"


def items_of(ask: Ask) -> list[Item]:
    """What is due this month and does not stand yet: campaigns first, then what they leave of the cadence."""
    campaign = arc_items(ask)
    weeks = [_ahead(ask, week) for week in moments.weeks_of(moments.days_of(ask.month))]
    weeks = [week for week in weeks if week]
    items = list(campaign)
    for line in ask.lines:
        channel = ask.settings["channels"].get(line.id)
        if channel and channel["a_week"] > 0:
            items += _items_of_line(ask, line, channel, weeks, [i for i in campaign if i.line == line.id])
    return _with_trials(ask, items)


def _ahead(ask: Ask, week: Sequence[date]) -> list[date]:
    """The days of a week that are still to come and on which the brand speaks."""
    return [d for d in week if d.toordinal() >= ask.now[0] and not moments.is_blackout(ask.settings, d)]


def pillars_of(ask: Ask) -> tuple[str, ...]:
    """The pillars a post may be about."""
    return tuple(n for n, share in demand.pillar_shares(ask.settings).items() if share > 0) or ("",)


def _items_of_line(
    ask: Ask,
    line: Line,
    channel: Mapping[str, Any],
    weeks: Sequence[Sequence[date]],
    campaign: Sequence[Item],
) -> list[Item]:
    due = demand.cadence(channel["a_week"], weeks)
    weights = demand.kind_weights(ask.settings, channel, line.kinds)
    held = [_kinds_had(ask, line.id, week, stays=True) for week in weeks]
    moving = [_kinds_had(ask, line.id, week, stays=False) for week in weeks]
    taken = [
        sum(week[0].toordinal() <= i.release <= week[-1].toordinal() for i in campaign) for week in weeks
    ]
    due = [max(n - t, 0) for n, t in zip(due, taken, strict=True)]
    before = [stays + moves for stays, moves in zip(held, moving, strict=True)]
    counts = [max(n, stays.total()) for n, stays in zip(due, held, strict=True)]
    kinds = demand.kinds_by_week(counts, weights, before) if weights else [Counter() for _ in weeks]
    items = []
    for week, wished, stays, count in zip(weeks, kinds, held, due, strict=True):
        left = list((wished - stays).elements())[: max(count - stays.total(), 0)]
        for n, kind in enumerate(left):
            first, last = week[0].toordinal(), week[-1].toordinal()
            items.append(_item(ask, f"{line.id} {first} {n}", line.id, pillars_of(ask), kind, first, last))
    return items


def _item(
    ask: Ask, name: str, line: str, pillars: tuple[str, ...], kind: str, first: int, last: int, mark: str = ""
) -> Item:
    """One post to place; nothing of its kind can be ready before its lead time has passed."""
    ready = ask.now[0] + int(ask.settings["lead_days"].get(kind, 0))
    first = max(first, ready)
    return Item(name, line, pillars, kind, first, last, ask.hours(kind), ask.cost(kind), bool(mark), mark)


def _kinds_had(ask: Ask, line: str, week: Sequence[date], stays: bool) -> Counter[str]:
    """The kinds of what stands in a week, without what belongs to a campaign that is still to be placed."""
    first, last = week[0].toordinal(), week[-1].toordinal()
    told = (h for h in ask.had if h.line == line and first <= h.day <= last and (h.stays or h.gone) == stays)
    return Counter(h.kind for h in told if stays or not (h.arc or h.id in ask.free))


def _with_trials(ask: Ask, items: list[Item]) -> list[Item]:
    """A few items, by lot, are placed to learn; only where there is something to compare with, and not on re-drafts."""
    again = any(ask.inside(h) and not h.stays and h.id not in ask.free for h in ask.had)
    known = [i for i, item in enumerate(items) if ask.worth[item.line].model.signal and not item.mark]
    count = 0 if again else round(ask.settings["explore"] * len(known))
    chosen = set(random.Random(ask.seed).sample(known, min(count, len(known))))  # noqa: S311 - a lot, not a secret
    return [replace(item, mark=TRIAL) if i in chosen else item for i, item in enumerate(items)]


# Campaigns


def arc_items(ask: Ask) -> list[Item]:
    """The posts of campaigns that begin this month and do not stand yet, each in its own part of its phase."""
    days = moments.days_of(ask.month)
    used: Counter[str] = Counter()
    items = []
    for arc in ask.arcs:
        for phase in arc.phases:
            items += _phase_items(ask, arc, phase, (days[0], days[-1]), used)
    return items


def _phase_items(
    ask: Ask, arc: Arc, phase: Phase, month: tuple[date, date], used: Counter[str]
) -> list[Item]:
    mark = mark_of(arc, phase)
    parts = [part for part in parts_of(phase) if month[0] <= part[0] <= month[1]]
    settled = [h for h in ask.had if h.arc == mark and (h.stays or h.gone or not ask.inside(h))]
    there = sum(month[0].toordinal() <= h.day <= month[1].toordinal() for h in settled)
    pillars = (phase.pillar,) if phase.pillar in ask.settings["pillars"] else pillars_of(ask)
    items = []
    for n, (first, last) in enumerate(parts[there:]):
        chosen = _line_for(ask, phase, n, used)
        if chosen is not None:
            line, kind = chosen
            until = min(last, month[1]).toordinal()
            first_day = max(first.toordinal(), ask.now_of(line)[0])
            items.append(_item(ask, f"{mark} {n}", line, pillars, kind, first_day, until, mark))
    return items


def mark_of(arc: Arc, phase: Phase) -> str:
    """What tells the slots of one phase of one campaign from all others."""
    return f"{arc.key} {phase.kind}"


def parts_of(phase: Phase) -> list[tuple[date, date]]:
    """The phase cut into as many parts as it wants posts, so that they do not crowd; short phases share days."""
    length = (phase.last - phase.first).days + 1
    told = []
    for n in range(phase.posts):
        first, after = n * length // phase.posts, (n + 1) * length // phase.posts
        told.append((phase.first + timedelta(first), phase.first + timedelta(max(after - 1, first))))
    return told


def _line_for(ask: Ask, phase: Phase, n: int, used: Counter[str]) -> tuple[str, str] | None:
    """The channel whose turn it is by its cadence, among those wished that take a wished kind; and that kind."""
    wished = {str(pk) for pk in phase.channels}
    lines = [line for line in ask.lines if not wished or line.id in wished]
    fit = [line for line in lines if set(phase.kinds) & set(line.kinds)] or lines
    if not fit:
        return None
    pace = {line.id: float(ask.settings["channels"].get(line.id, {}).get("a_week", 0)) for line in fit}
    line = min(fit, key=lambda one: ((used[one.id] + 1) / max(pace[one.id], 0.1), one.id))
    used[line.id] += 1
    kinds = [kind for kind in phase.kinds if kind in line.kinds] or _usual_kinds(ask, line)
    return line.id, kinds[n % len(kinds)] if phase.kinds else kinds[0]


def _usual_kinds(ask: Ask, line: Line) -> list[str]:
    """The kinds of a channel, the most common first."""
    channel = ask.settings["channels"].get(line.id, {"kinds": {}})
    weights = demand.kind_weights(ask.settings, channel, line.kinds)
    return sorted(weights, key=lambda kind: -weights[kind]) or list(line.kinds[:1]) or ["text"]
