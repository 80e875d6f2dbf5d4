"""Facts that were taken from a website and have no other place: telephone, e-mail, address, hours."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diskarte.core.people.who import Who

from .models import Beginning


def shown(who: Who) -> list[tuple[str, str]]:
    """Label and value of every taken fact."""
    row = who.own(Beginning).first()
    labels = {
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "address": _("Address"),
        "hours": _("Opening hours"),
    }
    return [(label, row.facts[name]) for name, label in labels.items() if row and row.facts.get(name)]
