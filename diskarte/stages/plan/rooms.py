"""The rooms of the plan as tabs, and the words their pages share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diskarte.core.people.who import Who

KINDS = {
    "commercial": gettext_lazy("Sales and gifts"), "holiday": gettext_lazy("Public holiday"),
    "observance": gettext_lazy("Working holiday"), "culture": gettext_lazy("Culture and fiestas"),
    "faith": gettext_lazy("Faith"), "awareness": gettext_lazy("Causes and months"), "event": gettext_lazy("Event"),
    "promotion": gettext_lazy("Promotion"), "contest": gettext_lazy("Contest"), "own": gettext_lazy("Our own"),
}  # fmt: skip
TRADES = {
    "cafe": gettext_lazy("Café or restaurant"), "shop": gettext_lazy("Shop"), "clinic": gettext_lazy("Clinic"),
    "school": gettext_lazy("School"), "salon": gettext_lazy("Salon"), "property": gettext_lazy("Real estate"),
    "software": gettext_lazy("Software"), "creator": gettext_lazy("Creator"),
    "ngo": gettext_lazy("Non-profit"), "government": gettext_lazy("Government"),
    "business": gettext_lazy("Sells to businesses"),
}  # fmt: skip
FITS = {
    "high": gettext_lazy("Made for us"),
    "some": gettext_lazy("May fit"),
    "low": gettext_lazy("Hardly ours"),
}
PHASES = {
    "tease": gettext_lazy("Tease"), "launch": gettext_lazy("Launch"), "peak": gettext_lazy("Peak"),
    "last_call": gettext_lazy("Last call"), "thanks": gettext_lazy("Thanks"),
}  # fmt: skip


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """Calendar, ideas, days, promotions, contests."""
    names = (
        (_("Calendar"), "plan.page"), (_("Ideas"), "plan.ideas"), (_("Days of note"), "plan.days"),
        (_("Promotions"), "plan.promotions"),
        (_("Contests"), "plan.contests"),
    )  # fmt: skip
    return [(name, reverse(address), address == current) for name, address in names]


def own(who: Who) -> dict[str, Any]:
    """Products, goals and channels a form offers."""
    from diskarte.core.outbox.models import Channel
    from diskarte.stages.brand.models import Product
    from diskarte.stages.goals.models import Goal

    nothing = [("", _("None"))]
    products = [(p.pk, p.name) for p in who.own(Product).order_by("name")]
    goals = [(g.pk, g.sentence) for g in who.own(Goal).filter(state="open").order_by("deadline")]
    channels = [(c.pk, str(c)) for c in who.own(Channel).order_by("network", "name")]
    return {"products": nothing + products, "goals": nothing + goals, "channels": channels}
