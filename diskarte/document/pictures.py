"""Charts for paper: the same specs as on the pages, in the brand's colour, as SVG or PNG."""

from __future__ import annotations

from typing import Any

FONT = "Inter, Liberation Sans, DejaVu Sans, sans-serif"
WIDTH = 480


def themed(block: dict[str, Any], colour: str) -> dict[str, Any]:
    """A chart block's spec with the look of paper."""
    axis = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "labelColor": "#55616d",
        "titleColor": "#55616d",
        "gridColor": "#e3e8ec",
        "domainColor": "#e3e8ec",
        "ticks": False,
        "labelOverlap": True,
        "titleFontWeight": "normal",
    }
    config = {
        "background": "white",
        "padding": {"left": 2, "right": 12, "top": 8, "bottom": 6},
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False},
        "axisY": {"domain": False, "tickCount": 5},
        "mark": {"color": colour},
        "line": {"strokeWidth": 2},
        "area": {"fillOpacity": 0.16},
        "bar": {"cornerRadiusEnd": 2},
        "text": {"font": FONT, "fontSize": 11},
    }
    return {"width": WIDTH, "height": block["height"], **block["spec"], "config": config}


def charts(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Every chart block of an edition's content, in the order of the chapters."""
    return [block for one in content["sections"] for block in one["blocks"] if block["kind"] == "chart"]


def svg(block: dict[str, Any], colour: str) -> str:
    """A chart as SVG."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(themed(block, colour)))


def png(block: dict[str, Any], colour: str) -> bytes:
    """A chart as PNG, sharp enough for print."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(themed(block, colour), scale=3))
