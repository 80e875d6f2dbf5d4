"""Charts of the market: how high a usual post of each page comes, and the positioning map."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from diskarte.core.charts import Spec, Table, levels, of, seen

from .rules.market import Market

FULL = {
    "scale": {"domain": [-0.5, 10.5]},
    "axis": {"values": [5], "labels": False, "ticks": False, "grid": True},
}


def heights(found: Market, ours: str) -> tuple[Spec, Table] | None:
    """A usual post of every page with its interval; None where no engagement is known."""
    rows: list[dict[str, Any]] = [
        {"name": side.page or ours, "n": side.level.n, "value": side.level.typical, "low": side.level.low,
         "high": side.level.high}
        for side in found.sides if side.level
    ]  # fmt: skip
    if not rows:
        return None
    heads = [_("Page"), _("Usual post"), _("At least"), _("At most"), _("Posts")]
    table = [[r["name"], *(round(r[k]) for k in ("value", "low", "high")), r["n"]] for r in rows]
    return levels(rows, _("Likes, comments and shares of a usual post")), (heads, table)


def position(told: Any) -> tuple[Spec, Table] | None:
    """Everybody who has a place on the map; None without the axes or without anybody."""
    if not told.left or not told.placed:
        return None
    rows = [{"name": p.name, "x": p.x, "y": p.y, "ours": p.competitor is None} for p in told.placed]
    x = {**seen("x", "quantitative"), "title": f"← {told.left} · {told.right} →", **FULL}
    y = {**seen("y", "quantitative"), "title": f"← {told.lower} · {told.upper} →", **FULL}
    size = {"condition": {"test": "datum.ours", "value": 220}, "value": 110}
    dots = {"mark": {"type": "circle", "opacity": 1}, "encoding": {"x": x, "y": y, "size": size}}
    name = {**seen("name", "nominal")}
    words = [
        {"transform": [{"filter": "datum.ours" if ours else "!datum.ours"}],
         "mark": {"type": "text", "dy": -16, "fontWeight": "bold" if ours else "normal"},
         "encoding": {"x": x, "y": y, "text": name}}
        for ours in (True, False)
    ]  # fmt: skip
    heads = [_("Who"), f"{told.left} – {told.right}", f"{told.lower} – {told.upper}", _("Source")]
    table = [[p.name, p.x, p.y, p.source or "–"] for p in told.placed]
    return of(rows, layer=[dots, *words]), (heads, table)
