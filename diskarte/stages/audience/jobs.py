"""What the audience does by itself."""

from __future__ import annotations

from datetime import datetime

from diskarte.core.jobs import every

from . import waiting


@every(minutes=60)
def sweep_waiting(now: datetime) -> int:
    """Throw away files of people that nobody imported within a day."""
    return waiting.sweep(now)
