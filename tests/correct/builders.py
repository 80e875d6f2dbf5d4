"""Histories with a known effect, findings and proposals, with visible defaults."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta
from typing import Any

from diskarte.core.numbers.models import Publication
from diskarte.core.people.models import Brand
from diskarte.stages.correct.models import Finding, Proposal
from tests.make import NOW, a_brand


def a_history(brand: Brand, n: int = 120, *, reel: float = 2.0, seed: int = 3, until: datetime = NOW) -> None:
    """`n` posts, one a day until a week ago; reels bring `reel` times the engagements of pictures, hours nothing."""
    rng = random.Random(seed)
    rows = []
    for i in range(n):
        kind = rng.choice(("image", "reel"))
        usual = 60 * (reel if kind == "reel" else 1)
        rows.append(
            a_post(brand, i, until - timedelta(days=8 + i, hours=rng.randrange(0, 12)), kind, usual, rng)
        )
    Publication.objects.bulk_create(rows)


def a_post(
    brand: Brand, number: int, at: datetime, kind: str, usual: float, rng: random.Random
) -> Publication:
    return Publication(
        brand=brand, network="practice", remote_id=f"c{number}", at=at, kind=kind, pillar=rng.choice(("Useful", "Fun")),
        likes=round(usual * math.exp(rng.gauss(0, 0.25))), numbers_at=NOW, source="test",
    )  # fmt: skip


def a_finding(brand: Brand | None = None, **facts: Any) -> Finding:
    told = {
        "factor": "kind",
        "level": "reel",
        "lift": 1.8,
        "low": 1.4,
        "high": 2.3,
        "chance": 0.999,
        "n": 30,
        "of": 90,
    }
    days = {"first": NOW - timedelta(days=100), "last": NOW - timedelta(days=8)}
    row = Finding(brand=brand or a_brand(), **(told | days | facts))
    row.save()
    return row


def a_proposal(brand: Brand | None = None, **facts: Any) -> Proposal:
    """«Two posts a day become four», because of the finding."""
    brand = brand or a_brand()
    told = {
        "key": "prefer:weekday:0", "what": "Plan more posts for %(level)s.", "values": {"level": "Monday"},
        "patch": {"prefer": [{"factor": "weekday", "level": "0", "weight": 1.8}]},
        "gain": 0.2, "gain_low": 0.1, "gain_high": 0.3,
    }  # fmt: skip
    finding = facts.pop("finding", None) or a_finding(brand, factor="weekday", level="0")
    row = Proposal(brand=brand, finding=finding, **(told | facts))
    row.save()
    return row
