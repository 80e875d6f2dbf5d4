"""Facts that were taken from a website and have no other place: telephone, e-mail, address, hours."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diskarte.core.people.who import Who

from . import actions
from .models import Beginning
from .proposing import Proposal


def taken(who: Who, kind: actions.Kind) -> dict[int, Proposal]:
    """Row → the proposal it was taken from, of one kind: its source can still be told."""
    return {p.row: p for p in actions.proposals(who, kind) if p.state == "taken" and p.row is not None}


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
