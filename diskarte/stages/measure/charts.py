"""Charts of results as Vega-Lite: months as bars, levels as dots with their intervals, a post as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Spec = dict[str, Any]


def months(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """Engagements by month."""
    import altair as alt

    data = alt.Data(values=[{"month": r["month"], "value": r["engaged"], "posts": r["posts"]} for r in rows])  # type: ignore[no-untyped-call]
    return _dict(
        alt.Chart(data)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("value:Q", title=title),
            tooltip=["month:O", "value:Q", "posts:Q"],
        )
    )


def levels(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """A dot for each group, its 90 % interval as a line; the dot grows with the number of posts."""
    import altair as alt

    base = alt.Chart(alt.Data(values=list(rows))).encode(  # type: ignore[no-untyped-call]
        y=alt.Y("name:N", sort=[r["name"] for r in rows], title=None)
    )
    band = base.mark_rule(strokeWidth=3, opacity=0.35).encode(x=alt.X("low:Q", title=title), x2="high:Q")
    dot = base.mark_circle(opacity=1).encode(
        x="value:Q",
        size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[40, 260])),
        tooltip=["name:N", "n:Q"],
    )
    return _dict(band + dot)


def growth(rows: Sequence[dict[str, Any]], title: str) -> Spec:
    """One post's numbers as they were read."""
    import altair as alt

    data = alt.Data(values=list(rows))  # type: ignore[no-untyped-call]
    return _dict(
        alt.Chart(data)
        .mark_line(point=True)
        .encode(
            x=alt.X("at:T", title=None),
            y=alt.Y("value:Q", title=title),
            color=alt.Color("metric:N", title=None),
        )
    )


def _dict(chart: Any) -> Spec:
    return dict(chart.to_dict(validate=False))
