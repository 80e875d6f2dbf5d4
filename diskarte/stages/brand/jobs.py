"""What runs by itself: competitors are looked at once a day, where a program may read."""

from __future__ import annotations

from datetime import datetime

from diskarte.core.jobs import every

from . import watching
from .models import Competitor


@every(minutes=24 * 60)
def look_at_competitors(now: datetime) -> int:
    """New public posts of every competitor; how many."""
    rows = Competitor.objects.exclude(handles={}).order_by("pk")
    return sum(looked.new for row in rows for looked in watching.look(row, now))
