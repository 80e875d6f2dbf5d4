"""Where each stage of a brand stands: what the route in the rail and the compass show.

Every stage has a verb `standing(who) -> Standing`. The answers are kept in one field of the brand, thrown away by
every write and asked for again by the next page, so a page needs no query for its rail.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from diskarte.core.people.models import Brand
from diskarte.stages import STAGES

from .actions import ALL
from .people.who import Who

FRESH = timedelta(minutes=5)


@dataclass(frozen=True)
class Need:
    """Something that waits for a person. `what` is a msgid with %(name)s places, filled from `values`."""

    what: str
    url: str  # name of the page, "plan.page"
    values: dict[str, Any] = field(default_factory=dict)
    args: dict[str, Any] = field(default_factory=dict)  # of the page's address
    urgency: str = "look"  # "fix": lost or broken; "look": decide; "review": read and agree
    do: str = ""  # a msgid: the one word on the button


@dataclass(frozen=True)
class Standing:
    """`state` is empty, half or full; `figure` is one short number for the rail, or empty."""

    state: str
    figure: str = ""
    needs: tuple[Need, ...] = ()
    missing: str = ""  # a msgid: what would make it full


def standings(who: Who, now: datetime) -> dict[str, dict[str, Any]]:
    """Stage → Standing as a dict, from the brand's row or asked anew when it is stale."""
    brand = who.brand
    if brand is None:
        return {}
    stale = brand.standing is None or brand.standing_at is None or now - brand.standing_at > FRESH
    if stale:
        brand.standing, brand.standing_at = {s: asdict(_ask(who, s)) for s in STAGES}, now
        Brand.objects.filter(pk=brand.pk).update(standing=brand.standing, standing_at=now)
    return dict(brand.standing or {})


def _ask(who: Who, stage: str) -> Standing:
    from .people.who import worker_of

    assert who.brand is not None
    action = ALL.get(f"{stage}.standing")
    answer = action.call(worker_of(who.brand)) if action else Standing("empty")
    assert isinstance(answer, Standing)
    return answer
