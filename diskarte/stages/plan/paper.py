"""A month of the plan on paper, set by typst: days as boxes on one sheet, or a line for each post."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diskarte.core.people.who import Who
from diskarte.stages.brand import actions as brand
from diskarte.stages.brand.paper import INK

from . import campaigns, overview, wording
from .grid import named
from .models import DayNote, Slot
from .narrowing import Filters
from .rules import moments

TEMPLATE = Path(__file__).with_name("month.typ")
IN_A_BOX = 6  # posts a day on the sheet; what is more is counted
LONGEST = 2000  # lines of the list


def printed(who: Who, month: date, shape: str, filters: Filters) -> bytes:
    """The bytes of a PDF; `shape` is "month" (A4 landscape, one sheet) or "list" (A4, a line for each post)."""
    import typst

    canvas = brand.canvas(who)
    facts = told(who, month, shape, filters) | {
        "colour": canvas.colour or INK,
        "logo": canvas.logo is not None,
    }
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(TEMPLATE, folder)
        if canvas.logo is not None:
            shutil.copy(canvas.logo.path, Path(folder) / "logo")
        made = typst.compile(Path(folder) / TEMPLATE.name, sys_inputs={"told": json.dumps(facts)})
    assert isinstance(made, bytes)
    return made


def told(who: Who, month: date, shape: str, filters: Filters) -> dict[str, Any]:
    """Everything the sheet says, as plain values."""
    assert who.brand is not None
    days = moments.days_of(month)
    rows = filters.narrowed(overview.between(who, days[0], days[-1])).defer("reasons")
    posts = list(rows.select_related("channel", "pillar", "segment").order_by("at", "pk")[: LONGEST + 1])
    noted = overview.noted(who, days[0], days[-1])
    bands = [band for band in campaigns.bands(who, days[0], days[-1]) if not band.draft]
    notes = dict(who.own(DayNote).filter(day__gte=days[0], day__lte=days[-1]).values_list("day", "text"))
    by_day: dict[date, list[dict[str, str]]] = {}
    for row in posts[:LONGEST]:
        by_day.setdefault(row.at.astimezone(who.brand.zone).date(), []).append(_post(who, row))
    zone, count = who.brand.zone.key, len(posts)
    return {
        "shape": shape, "name": who.brand.name, "month": wording.month_name(month), "language": _language(),
        "footer": _("%(n)d posts · times of %(zone)s · made with Diskarte") % {"n": count, "zone": zone},
        "heads": [_("When"), _("Post"), _("Channel"), _("Kind"), _("Pillar"), _("For")],
        "weekdays": [str(name) for name in wording.WEEKDAYS], "before": days[0].weekday(),
        "days": [
            {"day": day.day, "said": date_format(day, "D j M"), "posts": by_day.get(day, []), "shown": IN_A_BOX,
             "more": _("%(n)d more") % {"n": len(by_day.get(day, [])) - IN_A_BOX}, "note": notes.get(day, ""),
             "noted": [d.name for d in noted if d.day == day],
             "bands": [b.name for b in bands if b.first <= day <= b.last],
             "begins": [b.name for b in bands if b.first == day]}
            for day in days
        ],
    }  # fmt: skip


def _language() -> str:
    return (get_language() or "en")[:2] if (get_language() or "en")[:3] != "fil" else "tl"


def _post(who: Who, row: Slot) -> dict[str, str]:
    local = row.at.astimezone(who.brand.zone)  # type: ignore[union-attr]
    return {
        "time": local.strftime("%H:%M"), "title": named(row), "channel": str(row.channel),
        "kind": wording.kind_name(row.kind), "pillar": row.pillar.name if row.pillar else "",
        "segment": row.segment.name if row.segment else "", "done": "✓" if row.state == "written" else "",
    }  # fmt: skip
