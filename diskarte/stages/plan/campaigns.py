"""The campaigns a draft has to make room for, as plain arcs, whatever room of the plan they come from."""

from __future__ import annotations

from datetime import date

from diskarte.core.people.who import Who

from .models import Contest, Promotion
from .promotions.rules import arc, as_rows, contest_phases
from .rules.arcs import Arc, within


def arcs(who: Who, first: date, last: date) -> tuple[Arc, ...]:
    """Every promotion in the plan and every open contest with a phase between two days (brand time), in order."""
    assert who.brand is not None
    zone = who.brand.zone
    running = who.own(Promotion).filter(state="on").order_by("pk")
    told = [arc(row.key, row.name, row.phases, row.channels) for row in running]
    for row in who.own(Contest).filter(state__in=("open", "closed")).order_by("pk"):
        days = contest_phases(row.opens.astimezone(zone).date(), row.closes.astimezone(zone).date())
        told.append(arc(f"contest:{row.pk}", row.name, as_rows(days)))
    known = [found for found in told if found is not None]
    wanted = {found.key for found, _phase in within(known, first, last)}
    return tuple(found for found in known if found.key in wanted)
