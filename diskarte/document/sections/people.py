"""Whom to reach: portraits and their hooks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diskarte.core.people.who import Who
from diskarte.stages.audience import actions as audience
from diskarte.stages.audience import sentences
from diskarte.stages.audience.rules import portraits
from diskarte.stages.brand.sentences import number
from diskarte.start.facts import taken

from ..blocks import Block, Section, chart, facts, heading, table, text

MOST_HOOKS = 6


def section(who: Who) -> Section | None:
    """The portraits, or nothing where there are none."""
    found = [one for one in audience.segments(who) if one.segment.state == "active"]
    if not found:
        return None
    blocks = [block for i, one in enumerate(found) for block in _portrait(one, i > 0)]
    unknown = [
        _("%(name)s: %(questions)s")
        % {
            "name": one.segment.name,
            "questions": ", ".join(str(sentences.QUESTIONS[q]) for q in one.unanswered),
        }
        for one in found
        if one.unanswered
    ]
    n = len(found)
    lead = ngettext(
        "One portrait.", "%(n)d portraits, each with the lines that should make them stop.", n
    ) % {"n": n}
    drafts = taken(who, "portrait")
    rows = [(one.segment.name, drafts.get(one.segment.pk)) for one in found]
    sources = [f"{name}: {draft.source}" for name, draft in rows if draft is not None]
    title = _("Whom we want to reach, and what would move them")
    return Section("people", title, lead, blocks, unknown, sources)


def _portrait(one: Any, page: bool) -> list[Block]:
    row = one.segment
    ages = (
        _("%(low)s to %(high)s") % {"low": row.age_from, "high": row.age_to}
        if row.age_from and row.age_to
        else ""
    )
    size = f"{number(row.size)} ({row.size_from})" if row.size else ""
    rows = [
        (_("Age"), ages),
        (_("How many"), size),
        (_("Where"), ", ".join(row.places)),
        (_("What they try to get done"), ", ".join(row.jobs)),
        (_("What hurts"), ", ".join(row.pains)),
        (_("What they hope for"), ", ".join(row.gains)),
        (_("Why they hesitate"), ", ".join(row.objections)),
        (_("On their phones"), portraits.spans(row.awake) if row.awake else ""),
        (_("Networks"), ", ".join(row.networks)),
        (_("How we know it"), "; ".join(row.evidence)),
    ]
    blocks = [heading(row.name, page), *([text(row.summary)] if row.summary else []), facts(rows)]
    if row.awake:
        blocks.append(chart(day(row.awake), _("When they look at their phones, hour by hour."), 26))
    hooks = [r for r in one.hooks if r.hook.state == "active"][:MOST_HOOKS]
    if hooks:
        told = [
            (r.hook.text, r.hook.offer, str(sentences.TRIGGERS[r.hook.trigger][0]), _tried(r)) for r in hooks
        ]
        blocks.append(table([_("Hook"), _("What it offers"), _("Trigger"), _("So far")], told))
    return blocks


def day(awake: list[int]) -> dict[str, Any]:
    """The 24 hours of a day; those they are on their phones are filled."""
    rows = [{"hour": h, "end": h + 1, "on": h in awake} for h in range(24)]
    axis = {"values": list(range(0, 25, 3)), "format": "02d", "grid": False}
    x = {"field": "hour", "type": "quantitative", "title": None, "scale": {"domain": [0, 24]}, "axis": axis}
    fill = {"condition": {"test": "datum.on", "value": 0.9}, "value": 0.1}
    return {
        "data": {"values": rows},
        "mark": {"type": "rect", "stroke": "white", "strokeWidth": 1},
        "encoding": {"x": x, "x2": {"field": "end"}, "fillOpacity": fill},
    }


def _tried(ranked: Any) -> str:
    told = sentences.tried(ranked.score)
    return f"{told.says}{', ' + told.basis if told.basis else ''}"
