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

from ..blocks import Block, Section, facts, heading, table, text

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
    return Section("people", _("Whom we want to reach, and what would move them"), lead, blocks, unknown)


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
    ]
    blocks = [heading(row.name, page), *([text(row.summary)] if row.summary else []), facts(rows)]
    hooks = [r for r in one.hooks if r.hook.state == "active"][:MOST_HOOKS]
    if hooks:
        told = [
            (r.hook.text, r.hook.offer, str(sentences.TRIGGERS[r.hook.trigger][0]), _tried(r)) for r in hooks
        ]
        blocks.append(table([_("Hook"), _("What it offers"), _("Trigger"), _("So far")], told))
    return blocks


def _tried(ranked: Any) -> str:
    told = sentences.tried(ranked.score)
    return f"{told.says}{', ' + told.basis if told.basis else ''}"
