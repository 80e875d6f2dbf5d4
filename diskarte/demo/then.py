"""Doing something at an earlier moment: the verbs' clock stands there, and what they write down is dated so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone

from diskarte.core import clock
from diskarte.core.people.models import Audit, Brand
from diskarte.stages.automate.models import Rule
from diskarte.stages.correct.models import Finding, Proposal
from diskarte.stages.engage.models import Deal, Partner
from diskarte.stages.plan.models import Slot, Version

DATED: dict[Any, tuple[str, ...]] = {
    Audit: ("at",),
    Deal: ("made_at", "moved_at"),
    Finding: ("found_at",),
    Partner: ("made_at",),
    Proposal: ("made_at", "decided_at"),
    Rule: ("made_at",),
    Slot: ("made_at",),
    Version: ("made_at",),
}


@contextmanager
def then(brand: Brand, moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment`; afterwards so say the rows that were dated by the machine's own clock."""
    began = timezone.now()
    with clock.at(moment):
        yield
    by_machine = (began, timezone.now())
    for table, names in DATED.items():
        for name in names:
            table.objects.filter(brand=brand, **{f"{name}__range": by_machine}).update(**{name: moment})
