"""Charts of results as Vega-Lite: months as bars, levels as dots with their intervals, a post as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

Spec = dict[str, Any]
Table = tuple[list[str], list[list[Any]]]  # heads and rows


def months(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """Engagements by month; `name` is what a month is called."""
    import altair as alt

    data = alt.Data(values=[{"name": r["name"], "value": r["engaged"], "posts": r["posts"]} for r in rows])  # type: ignore[no-untyped-call]
    axis = alt.Axis(labelAngle=0, labelOverlap=True, labelSeparation=8)
    return _dict(
        alt.Chart(data)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("name:O", title=None, sort=[r["name"] for r in rows], axis=axis),
            y=alt.Y("value:Q", title=title),
            tooltip=["name:O", "value:Q", "posts:Q"],
        )
    )


def levels(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """A dot for each group, its 90 % interval as a line; the dot grows with the number of posts."""
    import altair as alt

    base = alt.Chart(alt.Data(values=list(rows))).encode(  # type: ignore[no-untyped-call]
        y=alt.Y("name:N", sort=[r["name"] for r in rows], title=None)
    )
    ends = alt.X("low:Q", title=title, axis=alt.Axis(tickCount=6))
    band = base.mark_rule(strokeWidth=3, opacity=0.35).encode(x=ends, x2="high:Q")
    dot = base.mark_circle(opacity=1).encode(
        x="value:Q",
        size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[40, 260])),
        tooltip=["name:N", "n:Q"],
    )
    return _dict(band + dot)


def growth(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """One post's numbers as they were read; `at` is the brand's clock in ISO."""
    import altair as alt

    ends = sorted(datetime.fromisoformat(r["at"]) for r in rows)
    days = (ends[-1] - ends[0]).days
    ticks: Any = {"interval": "day", "step": days // 6 or 1} if days > 1 else 4
    axis = alt.Axis(format="%-d %b" if days > 1 else "%H:%M", tickCount=ticks)

    data = alt.Data(values=list(rows))  # type: ignore[no-untyped-call]
    return _dict(
        alt.Chart(data)
        .mark_line(point=True)
        .encode(
            x=alt.X("at:T", title=None, axis=axis),
            y=alt.Y("value:Q", title=title),
            color=alt.Color("metric:N", title=None),
        )
    )


def _dict(chart: Any) -> Spec:
    return dict(chart.to_dict(validate=False))
