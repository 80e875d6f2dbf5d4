"""Drawings made on the server: plain SVG with attributes, so that they need neither script nor style."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from diskarte.doors.web import charts
from diskarte.doors.web.templatetags.desk_marks import fresh_id
from diskarte.doors.web.templatetags.desk_numbers import Number, in_words, span_text

register = template.Library()

HEAT_STEPS = 6
DOT_SIZES = ((1, 1), (5, 2), (20, 3), (80, 4))  # (at least this many, size)


def _percent(value: float) -> str:
    return f"{max(0.0, min(100.0, value)):.2f}%"


class Line:
    """A scale from numbers to percent of the width, with a little room at both ends."""

    def __init__(self, *points: Number | None) -> None:
        known = [float(p) for p in points if p is not None]
        self.low, self.high = min(known), max(known)
        self.room = (self.high - self.low or 1.0) * 0.06

    def at(self, value: Number) -> str:
        """Where `value` stands, such as "42.00%"."""
        width = self.high - self.low + 2 * self.room
        return _percent((float(value) - self.low + self.room) / width * 100)

    def width(self, low: Number, high: Number) -> str:
        """How wide the band from `low` to `high` is."""
        return _percent(float(self.at(high)[:-1]) - float(self.at(low)[:-1]))


@register.inclusion_tag("pieces/range_line.html")
def range_line(
    low: Number | None,
    mid: Number | None,
    high: Number | None,
    unit: str = "",
    form: str = "num",
    floor: Number | None = None,
    ceiling: Number | None = None,
    digits: int | None = None,
) -> dict[str, Any]:
    """An estimate on a line with zero marked: interval as band, best guess as dot, both in words."""
    if low is None or mid is None or high is None:
        return {"unknown": True}
    line = Line(low, mid, high, 0, floor, ceiling)
    side = "up" if low > 0 else "down" if high < 0 else "open"
    sign = "+" if mid > 0 else ""
    return {
        "zero": line.at(0),
        "band": line.at(low),
        "band_width": line.width(low, high),
        "dot": line.at(mid),
        "side": side,
        "shown": sign + in_words(mid, form, unit, digits),
        "span": span_text(low, high, form, unit if unit == "%" else "", digits),
        "open": side == "open",
    }


def _runs(values: Sequence[Number | None]) -> Iterable[list[tuple[int, float]]]:
    """Yield the stretches of known values with their places, so that a gap stays a gap."""
    run: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append((place, float(value)))
        elif run:
            yield run
            run = []
    if run:
        yield run


@register.inclusion_tag("pieces/spark.html")
def spark(
    values: Sequence[Number | None], label: str = "", width: int = 96, height: int = 24
) -> dict[str, Any]:
    """`{% spark values label="Reach, 12 weeks" %}`: a small line; `None` is a gap, a lone value a dot."""
    known = [float(v) for v in values if v is not None]
    if not known:
        return {"unknown": True}
    bottom, top = min(known), max(known)
    tall = (top - bottom) or 1.0
    step = (width - 6) / max(len(values) - 1, 1)

    def point(place: int, value: float) -> tuple[float, float]:
        y = height / 2 if top == bottom else height - 3 - (value - bottom) / tall * (height - 6)
        return round(3 + place * step, 1), round(y, 1)

    runs = [[point(*pair) for pair in run] for run in _runs(values)]
    return {
        "width": width,
        "height": height,
        "lines": [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1],
        "lone": [run[0] for run in runs if len(run) == 1],
        "last": runs[-1][-1],
        "label": label
        or _("From %(first)s to %(last)s") % {"first": in_words(known[0]), "last": in_words(known[-1])},
    }


@register.inclusion_tag("pieces/pace.html")
def pace(
    now: Number | None, target: Number, expected: Number | None = None, unit: str = "", form: str = "num",
    state: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A bar towards `target` with a mark where we should be today; amber when behind, by `state` where it is known."""
    ends = float(max(target, now or 0, expected or 0)) or 1.0
    return {
        "unknown": now is None,
        "fill": _percent(float(now or 0) / ends * 100),
        "mark": None if expected is None else _percent(float(expected) / ends * 100),
        "behind": state == "behind" if state else now is not None and expected is not None and now < expected,
        "state": state,
        "now": in_words(now, form),
        "target": in_words(target, form, unit),
        "expected": None if expected is None else in_words(expected, form),
        "share": in_words(float(now) / float(target), "pct") if now is not None and target else None,
    }


@register.inclusion_tag("pieces/mix_bars.html")
def mix_bars(rows: Iterable[Any], caption: str = "") -> dict[str, Any]:
    """`{% mix_bars rows %}`: rows of (label, now, target) as fractions; now is the bar, target the tick."""
    given = [
        row if isinstance(row, dict) else dict(zip(("label", "now", "target"), row, strict=True))
        for row in rows
    ]
    known = [float(x) for row in given for x in (row["now"], row["target"]) if x is not None]
    top = max([*known, 0.0]) or 1.0
    drawn = [
        {
            "label": row["label"],
            "bar": None if row["now"] is None else _percent(float(row["now"]) / top * 96),
            "tick": None if row["target"] is None else _percent(float(row["target"]) / top * 96),
            "now": in_words(row["now"], "pct"),
            "target": None if row["target"] is None else in_words(row["target"], "pct"),
        }
        for row in given
    ]
    return {"rows": drawn, "caption": caption or _("Mix now and target")}


def _dot(n: int | None) -> int:
    return max([size for least, size in DOT_SIZES if n is not None and n >= least] or [0])


def _cell(cell: dict[str, Any] | None, low: float, high: float, form: str, unit: str) -> dict[str, Any]:
    if cell is None or cell.get("value") is None:
        return {"never": True}
    share = (float(cell["value"]) - low) / (high - low) if high > low else 1.0
    says = [in_words(cell["value"], form, unit)]
    if cell.get("low") is not None and cell.get("high") is not None:
        says.append(_("likely %(span)s") % {"span": span_text(cell["low"], cell["high"], form, unit)})
    if cell.get("n") is not None:
        says.append(_("%(n)s posts") % {"n": in_words(cell["n"])})
    return {
        "step": 1 + min(int(share * HEAT_STEPS), HEAT_STEPS - 1),
        "dot": _dot(cell.get("n")),
        "says": ", ".join(says),
        "href": cell.get("href", ""),
    }


@register.inclusion_tag("pieces/heatmap.html")
def heatmap(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[dict[str, Any] | None]],
    caption: str,
    form: str = "num",
    unit: str = "",
) -> dict[str, Any]:
    """A table of shades: darker is more, a bigger dot is a bigger sample, hatching is «never tried»."""
    known = [float(c["value"]) for line in cells for c in line if c and c.get("value") is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    lines = [
        {"head": head, "cells": [_cell(cell, low, high, form, unit) for cell in line]}
        for head, line in zip(rows, cells, strict=True)
    ]
    return {
        "columns": columns,
        "lines": lines,
        "caption": caption,
        "id": fresh_id("heat"),
        "low": in_words(low, form, unit) if known else "",
        "high": in_words(high, form, unit) if known else "",
        "steps": range(1, HEAT_STEPS + 1),
    }


def as_json(value: Any) -> SafeString:
    """JSON that may stand inside a script element: nothing in it can close the element."""
    text = json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(text)  # noqa: S308 - no <, > or & is left


@register.inclusion_tag("pieces/chart.html")
def chart(spec: dict[str, Any], caption: str, table: Any = None, height: int = 260) -> dict[str, Any]:
    """A Vega-Lite spec drawn in the page, light and dark, with its finding as caption and a table."""
    heads, rows = table if table else charts.table_of(spec)
    return {
        "drawing": as_json({"spec": charts.fitted(spec, height), "light": charts.LIGHT, "dark": charts.DARK}),
        "caption": caption,
        "heads": heads,
        "rows": [
            [in_words(x) if isinstance(x, int | float) else "–" if x is None else x for x in row]
            for row in rows
        ],
        "height": "tall" if height > 320 else "low" if height < 180 else "mid",
        "id": fresh_id("chart"),
    }


@register.inclusion_tag("pieces/progress.html")
def progress(done: int | None, total: int | None, label: str = "", poll: str = "") -> dict[str, Any]:
    """Long work: how far it is; with `poll` the piece asks that address again every 2 seconds."""
    known = done is not None and bool(total)
    return {"done": done, "total": total, "known": known, "label": label or _("Working"), "poll": poll}
