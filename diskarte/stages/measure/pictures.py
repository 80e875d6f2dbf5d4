"""What the pages draw: each chart with its table in words, the cells of day and hour with the way to their posts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from . import charts
from .labels import DONE, METRICS, SEEN

Drawn = tuple[charts.Spec, charts.Table]


def cells(rows: list[list[dict[str, Any] | None]]) -> list[list[dict[str, Any] | None]]:
    """Day and hour, every cell opening the posts behind it."""
    return [[_cell(cell, day, block) for block, cell in enumerate(row)] for day, row in enumerate(rows)]


def _cell(cell: dict[str, Any] | None, day: int, block: int) -> dict[str, Any] | None:
    hours = f"{3 * block}-{3 * block + 3}"
    return cell and cell | {"href": f"{reverse('measure.posts')}?weekday={day}&hours={hours}"}


def months(rows: list[dict[str, Any]]) -> Drawn | None:
    """Bars and their table; a single month is no picture."""
    if len(rows) < 2:
        return None
    named = [row | {"name": date_format(date.fromisoformat(f"{row['month']}-01"), "M y")} for row in rows]
    heads = [_("Month"), _("Posts"), _("Engagements"), _("Views")]
    table = heads, [[row["name"], row["posts"], row["engaged"], row["views"]] for row in named]
    return charts.months(named, _("engagements")), table


def levels(head: str, told: list[Any], name: Callable[[str], str]) -> Drawn | None:
    """Dots with their intervals, and the same as a table."""
    if not told:
        return None
    rows = [
        {"name": name(level.name), "n": level.n, "value": round(level.value, 1), "low": round(level.low, 1),
         "high": round(level.high, 1)}
        for level in told
    ]  # fmt: skip
    heads = [head, _("Posts"), _("Usual post"), _("Likely from"), _("Likely to")]
    table = heads, [list(row.values()) for row in rows]
    return charts.levels(rows, _("engagements of a post")), table


def grown(readings: list[Any]) -> list[tuple[str, charts.Spec, charts.Table]]:
    """How a post grew: once what was seen, once what was done, because their sizes differ."""
    shown = (
        (_("How often it was seen, each time it was read."), SEEN),
        (_("What people did, each time it was read."), DONE),
    )
    return [(caption, *one) for caption, names in shown if (one := _growth(readings, names)) is not None]


def _growth(readings: list[Any], names: tuple[str, ...]) -> Drawn | None:
    told = {(r.at, r.metric): r.value for r in readings if r.metric in names}
    moments = sorted({at for at, _metric in told})
    grew = [name for name in names if any(told.get((at, name)) for at in moments)]
    if len(moments) < 2 or not grew:
        return None
    points = [
        {"at": _clock(at), "metric": str(METRICS[name]), "value": told[at, name]}
        for name in grew for at in moments if (at, name) in told
    ]  # fmt: skip
    heads = [_("When"), *(str(METRICS[name]) for name in grew)]
    table = [
        [date_format(localtime(at), "j M, H:i"), *(told.get((at, name)) for name in grew)] for at in moments
    ]
    return charts.growth(points, _("total so far")), (heads, table)


def _clock(at: datetime) -> str:
    """A chart knows no zones: the brand's clock, bare."""
    return localtime(at).replace(tzinfo=None).isoformat(timespec="seconds")
