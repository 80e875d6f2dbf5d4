"""Where: the channels with the people who are there, the rhythm, and what the brand can put in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diskarte.core.people.who import Who
from diskarte.stages.audience import actions as audience
from diskarte.stages.brand.sentences import number
from diskarte.stages.channels import actions as channels
from diskarte.stages.channels import outside_words
from diskarte.stages.channels import wording as choosing
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan import wording
from diskarte.words import Kind

from ..blocks import Section, facts, heading, listed, table


def section(who: Who) -> Section | None:
    """The channels, or nothing where there are none."""
    found = channels.channels(who)
    if not found:
        return None
    cadence = plan.current_settings(who)["channels"]
    people = [one.segment for one in audience.segments(who) if one.segment.state == "active"]
    rows = [_row(one, cadence.get(str(one.channel.pk), {})) for one in found]
    blocks = [table([_("Channel"), _("Posts a week"), _("Kinds"), _("Followers")], rows, (1, 3))]
    reasons = [(_reason(one, people), "") for one in found]
    blocks.append({**listed([r for r in reasons if r[0]]), "head": _("Why there")})
    choice, beside = channels.choosing.choice(who), channels.beside.swot(who)
    if told := choosing.on_paper(choice):
        blocks.append({**listed([(line, "") for line in told]), "head": str(choosing.QUESTION)})
    if told_beside := outside_words.on_paper(beside, channels.beside.label):
        blocks.append({**listed(told_beside), "head": str(choosing.BESIDE)})
    budget = channels.budget(who)
    money = "" if budget.money_a_month is None else f"{budget.currency} {number(float(budget.money_a_month))}"
    hours = "" if budget.hours_a_week is None else number(float(budget.hours_a_week))
    if money or hours:
        blocks += [
            heading(_("What we can put in")),
            facts([(_("Hours a week"), hours), (_("Money a month"), money)]),
        ]
    unknown = [
        _("%(name)s: how many follow it") % {"name": one.channel}
        for one in found
        if one.channel.followers is None
    ]
    unknown += [] if hours else [_("How many hours a week there are")]
    n = len(found)
    lead = ngettext("One channel.", "%(n)d channels, each with a reason.", n) % {"n": n}
    return Section("platforms", _("Where we are, and why there"), lead, blocks, unknown)


def _row(one: Any, told: dict[str, Any]) -> tuple[str, str, str, str]:
    kinds = ", ".join(str(wording.KINDS[Kind(kind)]) for kind in told.get("kinds", {}))
    rhythm = number(told["a_week"]) if "a_week" in told else "–"
    return str(one.channel), rhythm, kinds or "–", number(one.channel.followers)


def _reason(one: Any, people: list[Any]) -> str:
    """The portraits that name this network, by the channel's own name or its network's."""
    names = {
        str(one.channel).casefold(),
        one.line.label.casefold(),
        one.channel.handle.partition(":")[0].casefold(),
    }
    there = [
        row.name for row in people if any(net.casefold() in name for net in row.networks for name in names)
    ]
    if not there:
        return ""
    return _("%(channel)s: %(people)s are there, say their portraits.") % {
        "channel": one.channel,
        "people": ", ".join(there),
    }
