"""Charts of results as Vega-Lite: months as bars, levels as dots with their intervals, a post as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from diskarte.core.charts import Spec, Table, levels, of, seen

__all__ = ["Spec", "Table", "growth", "levels", "months"]


def months(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """Engagements by month; `name` is what a month is called."""
    values = [{"name": r["name"], "value": r["engaged"], "posts": r["posts"]} for r in rows]
    axis = {"labelAngle": 0, "labelOverlap": True, "labelSeparation": 8}
    encoding = {
        "x": {**seen("name", "ordinal"), "title": None, "sort": [r["name"] for r in rows], "axis": axis},
        "y": {**seen("value", "quantitative"), "title": title},
        "tooltip": [seen("name", "ordinal"), seen("value", "quantitative"), seen("posts", "quantitative")],
    }
    return of(values, mark={"type": "bar", "cornerRadiusEnd": 3}, encoding=encoding)


def growth(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """One post's numbers as they were read; `at` is the brand's clock in ISO."""
    ends = sorted(datetime.fromisoformat(r["at"]) for r in rows)
    days = (ends[-1] - ends[0]).days
    ticks: Any = {"interval": "day", "step": days // 6 or 1} if days > 1 else 4
    axis = {"format": "%-d %b" if days > 1 else "%H:%M", "tickCount": ticks}
    encoding = {
        "x": {**seen("at", "temporal"), "title": None, "axis": axis},
        "y": {**seen("value", "quantitative"), "title": title},
        "color": {**seen("metric", "nominal"), "title": None},
    }
    return of(list(rows), mark={"type": "line", "point": True}, encoding=encoding)
