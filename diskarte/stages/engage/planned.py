"""The day of a deal stands in the plan as an occasion of our own."""

from __future__ import annotations

from diskarte.core.people.who import Who
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.models import Occasion

from .models import Deal

LEAD_DAYS = 3


def in_step(who: Who, deal: Deal, wanted: bool) -> None:
    """Make the plan's occasion what the deal says: there, moved, or gone. The deal itself is not saved."""
    there, name = deal.occasion, _name(deal)
    if there is not None and (not wanted or (there.day, there.name) != (deal.due, name)):
        deal.occasion = None
        plan.delete_occasion(who, there.pk)
        there = None
    if wanted and there is None and deal.due is not None:
        deal.occasion = known(deal) or plan.add_occasion(who, deal.due, name, "event", LEAD_DAYS)


def known(deal: Deal) -> Occasion | None:
    """The plan's occasion of this very day and name, if it stands there."""
    if deal.due is None:
        return None
    return Occasion.objects.filter(brand=deal.brand, day=deal.due, name=_name(deal)).first()


def _name(deal: Deal) -> str:
    return f"{deal.title} × {deal.partner.name}"[:120]
