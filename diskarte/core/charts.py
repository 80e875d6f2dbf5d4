"""Charts that more than one stage draws, as Vega-Lite; the look is given to them where they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Spec = dict[str, Any]
Table = tuple[list[str], list[list[Any]]]  # heads and rows
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name, never fetched


def of(values: list[dict[str, Any]], **more: Any) -> Spec:
    """A chart of these rows."""
    return {"$schema": SCHEMA, "data": {"values": values}, **more}


def seen(field: str, kind: str) -> dict[str, str]:
    """A column as an axis or a mark reads it; `kind` is quantitative, nominal, ordinal or temporal."""
    return {"field": field, "type": kind}


def levels(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """A dot for each row's `value` beside its `name`, `low` to `high` as a line; the dot grows with `n`."""
    place = {**seen("name", "nominal"), "sort": [r["name"] for r in rows], "title": None}
    low = {**seen("low", "quantitative"), "title": title, "axis": {"tickCount": 6}}
    size = {**seen("n", "quantitative"), "legend": None, "scale": {"range": [40, 260]}}
    told = [seen("name", "nominal"), seen("n", "quantitative")]
    band = {"x": low, "x2": {"field": "high"}, "y": place}
    dot = {"x": seen("value", "quantitative"), "y": place, "size": size, "tooltip": told}
    layers = [
        {"mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.35}, "encoding": band},
        {"mark": {"type": "circle", "opacity": 1}, "encoding": dot},
    ]
    return of(list(rows), layer=layers)
