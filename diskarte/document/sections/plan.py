"""When: the next month of the plan in numbers, its first weeks, and the days it speaks about."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diskarte.core import clock
from diskarte.core.people.who import Who
from diskarte.stages.brand.sentences import number
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan import wording
from diskarte.words import Kind

from ..blocks import Section, facts, heading, table

AHEAD = timedelta(days=30)
MOST = 18  # posts shown one by one
MOST_DAYS = 8


def section(who: Who) -> Section:
    """The next thirty days."""
    today = _today(who)
    rows = [
        one
        for one in plan.slots(who, today, today + AHEAD)
        if one.state != "dropped" and one.at >= clock.now()
    ]
    days = [one for one in plan.occasions(who, today, today + AHEAD)][:MOST_DAYS]
    kinds = Counter(one.kind for one in rows)
    told = [
        (_("Posts in thirty days"), str(len(rows))),
        (_("Kinds"), ", ".join(f"{wording.KINDS[Kind(kind)]} {n}" for kind, n in kinds.most_common())),
        (_("Hours a week"), number(plan.current_settings(who).get("hours_a_week"))),
    ]
    blocks = [facts(told)] if rows else []
    if rows:
        heads = [_("When"), _("Channel"), _("Kind"), _("Pillar"), _("Subject")]
        blocks += [heading(_("The first posts")), table(heads, [_slot(one) for one in rows[:MOST]])]
    if days:
        named = [(date_format(one.day, "j F"), one.name) for one in days]
        blocks += [heading(_("Days we speak about")), table([_("Day"), _("Occasion")], named)]
    n = len(rows)
    lead = (
        ngettext("One post is planned.", "%(n)d posts are planned.", n) % {"n": n}
        if rows
        else _("Nothing is planned yet.")
    )
    return Section(
        "plan", _("The next thirty days"), lead, blocks, [] if rows else [_("When the first post goes out")]
    )


def _today(who: Who) -> date:
    assert who.brand is not None
    return clock.now().astimezone(who.brand.zone).date()


def _slot(one: Any) -> tuple[str, str, str, str, str]:
    at = date_format(localtime(one.at), "D j M, H:i")
    pillar = one.pillar.name if one.pillar else "–"
    return (
        at,
        str(one.channel),
        str(wording.KINDS[Kind(one.kind)]),
        pillar,
        one.title or one.topic or one.occasion or "–",
    )
