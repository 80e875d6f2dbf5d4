"""About what: the pillars and their share of all posts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from diskarte.core.people.who import Who
from diskarte.stages.plan import actions as plan

from ..blocks import Section, chart, table


def section(who: Who) -> Section | None:
    """The mix, or nothing before there are pillars."""
    found = plan.pillars(who)
    if not found:
        return None
    first = max(found, key=lambda one: one.share)
    share = round(first.share * 100)
    lead = _("Most posts are «%(name)s»: %(share)d of 100.") % {"name": first.name, "share": share}
    rows = [(one.name, f"{round(one.share * 100)} %", ", ".join(one.topics[:6])) for one in found]
    blocks = [
        chart(mix(found), lead, 36 * len(found) + 20),
        table([_("Pillar"), _("Share"), _("Topics")], rows, (1,)),
    ]
    unknown = [_("%(name)s: its topics") % {"name": one.name} for one in found if not one.topics]
    return Section("pillars", _("What we talk about"), lead, blocks, unknown)


def mix(found: list[Any]) -> dict[str, Any]:
    """Bars of the target shares, labelled directly."""
    rows = [
        {"name": one.name, "share": round(one.share * 100), "says": f"{round(one.share * 100)} %"}
        for one in found
    ]
    names = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 160, "labelPadding": 10},
    }
    share = {
        "field": "share",
        "type": "quantitative",
        "title": None,
        "axis": None,
        "scale": {"domain": [0, max(row["share"] for row in rows) * 1.1]},
    }
    bar = {"mark": {"type": "bar", "height": 16}, "encoding": {"y": names, "x": share}}
    label = {
        "mark": {"type": "text", "align": "left", "dx": 6},
        "encoding": {"y": names, "x": share, "text": {"field": "says"}},
    }
    return {"data": {"values": rows}, "layer": [bar, label]}
