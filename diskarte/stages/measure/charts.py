"""Charts of results as Vega-Lite: months as bars, levels as dots with their intervals, a post as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

Spec = dict[str, Any]
Table = tuple[list[str], list[list[Any]]]  # heads and rows
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name, never fetched


def _of(values: list[dict[str, Any]], **more: Any) -> Spec:
    return {"$schema": SCHEMA, "data": {"values": values}, **more}


def _seen(field: str, kind: str) -> dict[str, str]:
    return {"field": field, "type": kind}


def months(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """Engagements by month; `name` is what a month is called."""
    values = [{"name": r["name"], "value": r["engaged"], "posts": r["posts"]} for r in rows]
    axis = {"labelAngle": 0, "labelOverlap": True, "labelSeparation": 8}
    encoding = {
        "x": {**_seen("name", "ordinal"), "title": None, "sort": [r["name"] for r in rows], "axis": axis},
        "y": {**_seen("value", "quantitative"), "title": title},
        "tooltip": [_seen("name", "ordinal"), _seen("value", "quantitative"), _seen("posts", "quantitative")],
    }
    return _of(values, mark={"type": "bar", "cornerRadiusEnd": 3}, encoding=encoding)


def levels(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """A dot for each group, its 90 % interval as a line; the dot grows with the number of posts."""
    place = {**_seen("name", "nominal"), "sort": [r["name"] for r in rows], "title": None}
    low = {**_seen("low", "quantitative"), "title": title, "axis": {"tickCount": 6}}
    size = {**_seen("n", "quantitative"), "legend": None, "scale": {"range": [40, 260]}}
    told = [_seen("name", "nominal"), _seen("n", "quantitative")]
    band = {"x": low, "x2": {"field": "high"}, "y": place}
    dot = {"x": _seen("value", "quantitative"), "y": place, "size": size, "tooltip": told}
    layers = [
        {"mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.35}, "encoding": band},
        {"mark": {"type": "circle", "opacity": 1}, "encoding": dot},
    ]
    return _of(list(rows), layer=layers)


def growth(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """One post's numbers as they were read; `at` is the brand's clock in ISO."""
    ends = sorted(datetime.fromisoformat(r["at"]) for r in rows)
    days = (ends[-1] - ends[0]).days
    ticks: Any = {"interval": "day", "step": days // 6 or 1} if days > 1 else 4
    axis = {"format": "%-d %b" if days > 1 else "%H:%M", "tickCount": ticks}
    encoding = {
        "x": {**_seen("at", "temporal"), "title": None, "axis": axis},
        "y": {**_seen("value", "quantitative"), "title": title},
        "color": {**_seen("metric", "nominal"), "title": None},
    }
    return _of(list(rows), mark={"type": "line", "point": True}, encoding=encoding)
