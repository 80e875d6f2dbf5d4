"""The day of a deal stands in the plan as an occasion of our own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diskarte.core.people.who import Who
from diskarte.stages.plan import actions as plan

from .models import Deal

LEAD_DAYS = 3


def in_step(who: Who, deal: Deal, wanted: bool) -> None:
    """Make the plan's occasion what the deal says: there, moved, or gone. The deal itself is not saved."""
    name = _("%(title)s with %(partner)s") % {"title": deal.title, "partner": deal.partner.name}
    name = name[:120]
    there = deal.occasion
    if there is not None and (not wanted or (there.day, there.name) != (deal.due, name)):
        deal.occasion = None
        plan.delete_occasion(who, occasion=there.pk)
        there = None
    if wanted and there is None and deal.due is not None:
        deal.occasion = plan.add_occasion(who, day=deal.due, name=name, kind="event", lead_days=LEAD_DAYS)
