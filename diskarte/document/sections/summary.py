"""The strategy on one page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diskarte.core.people.who import Who
from diskarte.stages.audience import actions as audience
from diskarte.stages.brand import actions as brand
from diskarte.stages.channels import actions as channels
from diskarte.stages.goals import actions as goals
from diskarte.stages.goals import sentences
from diskarte.stages.plan import actions as plan

from ..blocks import Block, Section, chart, facts, heading, quote, table, tenths
from .pillars import mix as bars


def section(who: Who) -> Section:
    """Positioning, goals, people, places and subjects, each in a line."""
    told = brand.statement(who)
    aims = goals.pace(who, coming=True)
    people = [one.segment.name for one in audience.segments(who) if one.segment.state == "active"]
    places = [str(one.channel) for one in channels.channels(who)]
    mix = [f"{p.name} {round(p.share * 100)} %" for p in plan.pillars(who)]
    rows = [
        (_("What must change"), "\n".join(one.goal.sentence for one in aims[:4])),
        (_("Whom we reach"), ", ".join(people)),
        (_("Where"), ", ".join(places)),
        (_("About what"), ", ".join(mix)),
    ]
    open_ = [label for label, value in rows if not value]
    lead = (
        ngettext(
            "One question of the strategy is still without an answer.",
            "%(n)d questions of the strategy are still without an answer.",
            len(open_),
        )
        % {"n": len(open_)}
        if open_
        else _("Who we are, what must change, whom we reach, where, and about what.")
    )
    words = told.text if told.by_hand or not told.missing else _("The positioning is not complete yet.")
    blocks = [quote(words), facts(rows)]
    if mix:
        blocks += [
            heading(_("What we talk about")),
            chart(bars(plan.pillars(who)), _("Share of all posts, in percent."), 110),
        ]
    if aims:
        blocks += [heading(_("How the goals stand")), _standing(aims[:6])]
    return Section("summary", _("The strategy on one page"), lead, blocks)


def _standing(aims: list[Any]) -> Block:
    """Each goal with its target, where it is, and its chance."""
    number = sentences.number
    rows = [
        (
            one.goal.sentence,
            number(one.target),
            number(one.now),
            "–" if one.chance is None else f"{tenths(one.chance)} / 10",
        )
        for one in aims
    ]
    return table([_("Goal"), _("Target"), _("Now"), _("Chance")], rows, (1, 2, 3))
