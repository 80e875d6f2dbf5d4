"""Charts of the audience as plain Vega-Lite."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from . import sentences

Spec = dict[str, Any]


def recency_map(cells: list[dict[str, float]]) -> Spec:
    """Customers by how often and how long ago they bought; the number stands in the cell."""
    ago, often = [str(text) for text in sentences.AGO], [str(text) for text in sentences.OFTEN]
    values = [
        {"ago": ago[int(c["ago"])], "often": often[int(c["often"])], "n": c["n"]} for c in cells if c["n"]
    ]
    place = {
        "x": {
            "field": "ago",
            "type": "nominal",
            "sort": ago,
            "title": _("last purchase"),
            "axis": {"labelAngle": 0},
        },
        "y": {"field": "often", "type": "nominal", "sort": often[::-1], "title": _("days with a purchase")},
    }
    fill = {"field": "n", "type": "quantitative", "scale": {"type": "log", "scheme": "teals"}, "legend": None}
    top = max((c["n"] for c in cells), default=1)
    ink = {"condition": {"test": f"datum.n > {top / 8}", "value": "white"}, "value": "#1d273b"}
    return {
        "data": {"values": values}, "encoding": place, "height": 240,
        "layer": [
            {"mark": {"type": "rect", "cornerRadius": 2}, "encoding": {"color": fill}},
            {"mark": {"type": "text"},
             "encoding": {"text": {"field": "n", "type": "quantitative", "format": ",d"}, "color": ink}},
        ],
    }  # fmt: skip


def worth_spread(bins: list[dict[str, float]], currency: str) -> Spec:
    """Customers by what they will probably bring within a year."""
    names = [f"{_short(b['low'])}–{_short(b['high'])}" for b in bins]
    values = [{"worth": name, "n": b["n"]} for name, b in zip(names, bins, strict=True)]
    return {
        "data": {"values": values}, "height": 220, "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "x": {"field": "worth", "type": "nominal", "sort": names,
                  "title": _("expected in 12 months, %s") % currency, "axis": {"labelAngle": 0, "labelOverlap": True}},
            "y": {"field": "n", "type": "quantitative", "title": _("customers")},
        },
    }  # fmt: skip


def _short(figure: float) -> str:
    for size, mark in ((1e6, "M"), (1e3, "k")):
        if figure >= size:
            return f"{figure / size:g}{mark}"
    return f"{figure:g}"
