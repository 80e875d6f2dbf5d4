"""What automation does by itself: every rule that is on looks around every few minutes."""

from __future__ import annotations

from datetime import datetime

from diskarte.core.jobs import every
from diskarte.core.people.models import Brand
from diskarte.core.people.who import worker_of

from . import actions, repeating
from .models import Rule


@every(minutes=5)
def run_rules(now: datetime) -> None:
    """Let the rules of every brand do their work."""
    brands = Rule.objects.filter(on=True).values("brand")
    for brand in Brand.objects.filter(pk__in=brands).select_related("workspace"):
        actions.run_rules(worker_of(brand))


@every(minutes=60)
def make_turns(now: datetime) -> int:
    """Hand over the turns of repeated posts two weeks ahead, each once; how many were made."""
    return repeating.make_ahead(now)
