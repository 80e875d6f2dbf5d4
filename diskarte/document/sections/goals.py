"""What must change: every goal with its pace and its chance."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diskarte.core.people.who import Who
from diskarte.stages.goals import actions as goals
from diskarte.stages.goals import charts, sentences
from diskarte.start.facts import taken

from ..blocks import Block, Section, chart, facts, heading, listed, tenths, text

MOST = 6  # goals drawn at length
LIKELY = 0.5


def section(who: Who) -> Section | None:
    """The goals, or nothing where none is set."""
    found = goals.pace(who, coming=True)
    if not found:
        return None
    blocks: list[Block] = []
    drafts = taken(who, "goal")
    for one in found[:MOST]:
        draft = drafts.get(one.goal.pk)
        same = draft is not None and draft.fields["target"] == one.target
        blocks += _goal(who, one, draft.source if draft is not None and same else "")
    if len(found) > MOST:
        blocks.append(listed([(one.goal.sentence, one.period) for one in found[MOST:]]))
    unknown = [f"{one.goal.sentence}: {one.why}" for one in found if one.chance is None and one.why]
    n = len(found)
    lead = ngettext("One goal is open.", "%(n)d goals are open.", n) % {"n": n}
    known = [one.chance for one in found if one.chance is not None]
    if known:
        likely = sum(chance >= LIKELY for chance in known)
        lead += " " + _("Reached at today's pace, more likely than not: %(n)d of %(all)d.") % {
            "n": likely,
            "all": len(known),
        }
    return Section("goals", _("What must change, by how much, by when"), lead, blocks, unknown)


def _goal(who: Who, one: Any, source: str) -> list[Block]:
    number, unit = sentences.number, one.unit
    rows = [
        (_("Target"), f"{number(one.target)} {unit}"),
        (_("From"), source),
        (_("Days"), one.period),
        (_("Now"), "" if one.now is None else f"{number(one.now)} {unit}"),
        (
            _("Before"),
            "" if one.goal.baseline is None else f"{number(one.goal.baseline)} ({one.goal.baseline_from})",
        ),
        (_("Needed a day"), "" if not one.needed_per_day else f"{number(one.needed_per_day)} {unit}"),
        (_("Chance"), "" if one.chance is None else _("%(n)s of 10") % {"n": tenths(one.chance)}),
    ]
    blocks = [heading(one.goal.sentence), facts(rows)]
    told = charts.seen(one)
    if len(told) > 1:
        blocks.append(chart(charts.fan(one, told), sentences.finding(one), 150))
    advice = sentences.advice(one)
    ways = [w.text or sentences.move(w.move) for w in goals.chosen(who, one.goal.pk)]
    blocks += [text(advice)] if advice else []
    blocks += [{**listed([(way, "") for way in ways]), "head": _("Ways that were chosen")}] if ways else []
    return blocks
