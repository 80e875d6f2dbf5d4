"""Histories with visible effects."""

from datetime import timedelta

from diskarte.core.numbers.models import Publication
from tests.make import NOW

KINDS = ("image", "reel", "text")


def history(brand, n, *, views=1000, step=timedelta(hours=29), lift=3.0):
    """`n` posts backwards from NOW; reels get `lift` times the engagements of the others."""
    rows = [
        Publication(
            brand=brand,
            network="practice",
            remote_id=f"h{i}",
            at=NOW - i * step,
            kind=KINDS[i % 3],
            text=f"Post {i}",
            likes=int((20 + i % 7) * (lift if KINDS[i % 3] == "reel" else 1)),
            views=views,
            numbers_at=NOW,
            source="test",
        )
        for i in range(n)
    ]
    return Publication.objects.bulk_create(rows)
