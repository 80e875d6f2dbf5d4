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
POINTS, ROWS = 120, 31  # of the line so far, of its table


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


def card(found: Any, hints: list[sentences.Said], today: date | None = None) -> Card:
    """Everything a page shows of one goal; no chart where no number ever came. With `today` its band is a fan."""
    told = seen(found)
    ahead = outlook.fan(found.wish, found.days, today) if today and told else []
    spec = fan(found, told, ahead) if told else None
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


def fan(found: Any, told: Sequence[tuple[date, float]], ahead: Sequence[tuple[date, Any]] = ()) -> Spec:
    """The chart as a Vega-Lite dict: line so far, pace line, target, and the 80 % band until the deadline.

    Written by hand instead of with Altair: a page shows many of these, and this takes no time. `ahead` are outlooks of
    days on the way; without them the band is drawn straight and only its end is foretold.
    """
    line = [{"day": str(day), "value": value} for day, value in _thinned(told, POINTS)]
    layers = [_line(_pace_line(found), strokeDash=[4, 4], color="#8a94a0"), _line(line)]
    band = _band(found, told, ahead)
    if band:
        area = {"mark": "area", "encoding": {"x": DAY, "y": _y("low"), "y2": {"field": "high"}}}
        layers = [{"data": {"values": band}, **area}, *layers, _line(band, "mid", strokeDash=[2, 3])]
    spec = {"layer": [*layers, *_target(found)]}
    if found.goal.metric in rules.STOCKS:  # a level moves by little: from zero every line would be flat
        for layer in spec["layer"]:
            layer["encoding"]["y"]["scale"] = {"zero": False}
    return spec


DAY = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%-d %b", "labelBound": True}}


def _y(name: str, title: str = "") -> Spec:
    return {"field": name, "type": "quantitative", "title": title}


def _line(values: list[dict[str, Any]], name: str = "value", **style: Any) -> Spec:
    return {
        "data": {"values": values},
        "mark": {"type": "line", **style},
        "encoding": {"x": DAY, "y": _y(name)},
    }


def _target(found: Any) -> list[Spec]:
    says = _("target %(n)s") % {"n": sentences.number(found.target)}
    data = {"values": [{"day": str(found.goal.deadline), "value": found.target, "says": says}]}
    where = {"x": DAY, "y": _y("value", found.unit)}
    point = {"data": data, "mark": {"type": "point", "filled": True, "size": 70}, "encoding": where}
    mark = {"type": "text", "align": "right", "dx": -8, "dy": -8}
    return [point, {"data": data, "mark": mark, "encoding": {**where, "text": {"field": "says"}}}]


def _pace_line(found: Any) -> list[dict[str, Any]]:
    wish, goal = found.wish, found.goal
    start = rules.expected(wish, goal.starts - timedelta(days=1))
    return [{"day": str(goal.starts), "value": start}, {"day": str(goal.deadline), "value": found.target}]


def _band(
    found: Any, told: Sequence[tuple[date, float]], ahead: Sequence[tuple[date, Any]]
) -> list[dict[str, Any]]:
    if found.mid is None or found.days_left <= 0:
        return []
    last, value = told[-1]
    if ahead:
        way = [{"day": str(day), "low": seen.low, "mid": seen.mid, "high": seen.high} for day, seen in ahead]
        return [{"day": str(last), "low": value, "mid": value, "high": value}, *way]
    ends = {"day": str(found.goal.deadline), "low": found.low, "mid": found.mid, "high": found.high}
    return [{"day": str(last), "low": value, "mid": value, "high": value}, ends]


def _table(told: Sequence[tuple[date, float]]) -> tuple[list[str], list[list[Any]]]:
    return [_("Day"), _("So far")], [[str(day), value] for day, value in _thinned(told, ROWS)]


def _thinned[T](rows: Sequence[T], most: int) -> list[T]:
    """Every n-th row, the last one always among them."""
    every = -(-len(rows) // most) or 1
    return list(rows[::-1][::every][::-1])
