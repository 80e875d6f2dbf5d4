"""The fan of a goal: what came so far, the line it should follow, and where it may end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from . import outlook, rules, sentences

Spec = dict[str, Any]
STEPS = 8  # points of the fan
POINTS = 120  # points of the line so far


@dataclass(frozen=True)
class Card:
    """One goal as a page shows it."""

    pace: Any  # actions.Pace
    hints: list[sentences.Said]
    finding: str
    advice: str
    spec: Spec | None
    table: tuple[list[str], list[list[Any]]] | None

    @property
    def missing(self) -> list[sentences.Said]:
        """What the SMART check asks for."""
        return [hint for hint in self.hints if hint.state != "good"]


def card(found: Any, hints: list[sentences.Said], today: date) -> Card:
    """Everything a page shows of one goal; no chart where no number ever came."""
    told = seen(found)
    spec = fan(found, told, today) if told else None
    table = _table(told) if told else None
    return Card(found, hints, sentences.finding(found), sentences.advice(found), spec, table)


def seen(found: Any) -> list[tuple[date, float]]:
    """The line so far, a point a day: added up for a flow, as it is for a level, summed rate for a rate."""
    goal, days = found.goal, found.days
    first = max(goal.starts, days.first) if days.first else goal.starts
    values = days.between(first, min(goal.deadline, days.until or goal.starts))
    if goal.metric in rules.STOCKS:
        line = [v for v in values if v is not None]
    elif goal.metric in rules.RATES:
        line = outlook.running_rate(values, days.weights_between(first, goal.deadline))
    else:
        line = list(accumulate(v or 0.0 for v in values))
    return [(first + timedelta(days=n), value) for n, value in enumerate(line)]


def fan(found: Any, told: Sequence[tuple[date, float]], today: date) -> Spec:
    """The chart as a Vega-Lite dict: line so far, pace line, target, and the 80 % band until the deadline."""
    import altair

    alt: Any = altair

    every = max(1, len(told) // POINTS)
    line = _layer(alt, "mark_line", [{"day": str(d), "value": v} for d, v in told[::-1][::every][::-1]])
    pace = _layer(alt, "mark_line", _pace_line(found), strokeDash=[4, 4], opacity=0.6, color="#8a94a0")
    layers = [pace, line]
    band = [{"day": str(d), "low": a, "mid": b, "high": c} for d, a, b, c in _band(found, told, today)]
    if band:
        data = alt.Chart(alt.Data(values=band))
        day = alt.X("day:T", title=None)
        layers.insert(0, data.mark_area().encode(x=day, y=alt.Y("low:Q"), y2="high:Q"))
        layers.append(data.mark_line(strokeDash=[2, 3]).encode(x=day, y="mid:Q"))
    layers.append(_target(alt, found))
    return _dict(alt.layer(*layers))


def _layer(alt: Any, mark: str, values: list[dict[str, Any]], **style: Any) -> Any:
    chart = getattr(alt.Chart(alt.Data(values=values)), mark)(**style)
    return chart.encode(x=alt.X("day:T", title=None, axis=alt.Axis(format="%-d %b")), y=alt.Y("value:Q"))


def _target(alt: Any, found: Any) -> Any:
    label = _("target %(n)s") % {"n": sentences.number(found.target)}
    data = alt.Chart(alt.Data(values=[{"day": str(found.goal.deadline), "value": found.target, "says": label}]))
    point = data.mark_point(filled=True, size=70).encode(x="day:T", y=alt.Y("value:Q", title=found.unit))
    return alt.layer(point, data.mark_text(align="right", dx=-8, dy=-8).encode(x="day:T", y="value:Q", text="says:N"))


def _pace_line(found: Any) -> list[dict[str, Any]]:
    wish, goal = found.wish, found.goal
    start = rules.expected(wish, goal.starts - timedelta(days=1))
    return [{"day": str(goal.starts), "value": start}, {"day": str(goal.deadline), "value": found.target}]


def _band(
    found: Any, told: Sequence[tuple[date, float]], today: date
) -> list[tuple[date, float, float, float]]:
    """The interval at a few days between the last known one and the deadline, from the point reached."""
    if found.mid is None or not told or found.days_left <= 0:
        return []
    last, value = told[-1]
    left = (found.goal.deadline - last).days
    marks = sorted({max(1, round(left * n / STEPS)) for n in range(1, STEPS + 1)}) if left > 0 else []
    fan = [(last, value, value, value)]
    for day in (last + timedelta(days=n) for n in marks):
        seen = outlook.look(found.wish, found.days, today, day)
        if seen.low is not None and seen.mid is not None and seen.high is not None:
            fan.append((day, seen.low, seen.mid, seen.high))
    return fan


def _table(told: Sequence[tuple[date, float]]) -> tuple[list[str], list[list[Any]]]:
    every = max(1, len(told) // 31)
    return [_("Day"), _("So far")], [[str(day), value] for day, value in told[::-1][::every][::-1]]


def _dict(chart: Any) -> Spec:
    made: Spec = chart.to_dict(validate=False)
    return made
