"""The look of every chart: one Vega-Lite theme, for the page (light and dark) and for paper (light)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

Spec = dict[str, Any]
FONT = "Inter Variable, system-ui, -apple-system, Segoe UI, Roboto, sans-serif"
MOST_ROWS = 200
COMPOSED = ("hconcat", "vconcat", "concat", "facet", "repeat")
SERIES_LIGHT = ["#0b6b67", "#3763a8", "#8a4f9e", "#a06a12", "#5c6b7a", "#b04a63"]
SERIES_DARK = ["#4fc1b8", "#85aef0", "#cf9be0", "#dcae5c", "#a3b0bd", "#ec93a7"]


def _theme(ink: str, faint: str, grid: str, paper: str, series: list[str]) -> Spec:
    steps = [grid, series[0]]
    return {
        "background": None,
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            "labelColor": faint, "titleColor": faint, "labelFontSize": 12, "titleFontSize": 12,
            "titleFontWeight": 500, "titlePadding": 8, "labelPadding": 6, "gridColor": grid,
            "domainColor": grid, "tickColor": grid, "ticks": False, "labelOverlap": True, "labelSeparation": 8,
            "labelFont": FONT, "titleFont": FONT,
        },
        "axisX": {"grid": False},
        "axisY": {"domain": False, "tickCount": 5},
        "title": {"color": ink, "fontSize": 14, "fontWeight": 600, "anchor": "start", "font": FONT},
        "header": {"labelColor": ink, "titleColor": faint, "labelFontSize": 12, "labelFontWeight": 600},
        "legend": {"labelColor": faint, "labelFontSize": 12, "orient": "top", "title": None},
        "text": {"color": ink, "font": FONT, "fontSize": 12},
        "mark": {"color": series[0]},
        "line": {"strokeWidth": 2, "strokeCap": "round", "strokeJoin": "round"},
        "area": {"fillOpacity": 0.16, "line": False},
        "bar": {"cornerRadiusEnd": 3},
        "point": {"size": 48, "filled": True, "stroke": paper, "strokeWidth": 1},
        "rule": {"color": faint},
        "errorband": {"opacity": 0.22},
        "range": {
            "category": series, "heatmap": steps, "ramp": steps, "diverging": [series[3], grid, series[0]],
        },
    }  # fmt: skip


LIGHT = _theme("#17212b", "#55616d", "#e3e8ec", "#ffffff", SERIES_LIGHT)
DARK = _theme("#e8edf1", "#a3b0bd", "#2c3742", "#151d25", SERIES_DARK)


def _merged(under: Spec, over: Spec) -> Spec:
    both = {**under, **over}
    for key in under.keys() & over.keys():
        if isinstance(under[key], dict) and isinstance(over[key], dict):
            both[key] = _merged(under[key], over[key])
    return both


def theme(spec: Spec, dark: bool = False) -> Spec:
    """Return `spec` with our theme under its own config: what the spec says itself wins."""
    return {**spec, "config": _merged(DARK if dark else LIGHT, spec.get("config", {}))}


def fitted(spec: Spec, height: int) -> Spec:
    """Return `spec` as wide as its place in the page and `height` pixels high, unless it says otherwise."""
    if any(key in spec for key in COMPOSED):
        return spec
    return {
        "width": "container",
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        **spec,
    }


def table_of(spec: Spec) -> tuple[list[str], list[list[Any]]]:
    """Return the heads and rows of the first data a spec carries, for «Show as table»."""
    values = _values(spec, spec.get("datasets", {}))
    rows = [row if isinstance(row, dict) else {"value": row} for row in values[:MOST_ROWS]]
    heads = list(dict.fromkeys(key for row in rows for key in row))
    return heads, [[row.get(head) for head in heads] for row in rows]


def _values(spec: Spec, named: dict[str, list[Any]]) -> list[Any]:
    data = spec.get("data") or {}
    found = data.get("values") or named.get(data.get("name", ""), [])
    if isinstance(found, list) and found:
        return found
    for key in ("layer", "hconcat", "vconcat", "concat"):
        for part in spec.get(key, []):
            if inner := _values(part, named):
                return inner
    return _values(spec["spec"], named) if "spec" in spec else []


def brand_time(at: datetime) -> str:
    """A moment as a chart needs it: the clock in the brand's zone, without the zone (charts know none)."""
    return timezone.localtime(at).replace(tzinfo=None).isoformat(timespec="seconds")
