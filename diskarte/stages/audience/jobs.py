"""What the audience does by itself."""

from __future__ import annotations

from datetime import datetime

from diskarte.core.jobs import every
from diskarte.core.lake import shelves

from . import sheets, waiting
from .importing.work import left_alone
from .people_actions import work_through


@every(minutes=60)
def sweep_waiting(now: datetime) -> int:
    """Throw away files of people that nobody imported within a day, and refused rows of members."""
    return waiting.sweep(now) + sheets.sweep(now)


@every(minutes=1)
def take_up_imports(now: datetime) -> int:
    """Go on with imports whose worker died."""
    left = left_alone(now)
    for row in left:
        row.beat_at = now
        row.save(update_fields=["beat_at"])
        work_through.enqueue(row.pk)
    return len(left)


@every(minutes=60)
def sweep_lake(now: datetime) -> int:
    """Delete columns nobody names any more."""
    return shelves.sweep()
