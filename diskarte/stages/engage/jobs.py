"""What runs by itself: new messages are read every ten minutes."""

from __future__ import annotations

from datetime import datetime

from diskarte.core.jobs import every

from . import inbox


@every(minutes=10, name=inbox.JOB)
def read_replies(now: datetime) -> int:
    """Messages under the posts of the last two weeks; how many are new."""
    return inbox.read_all(now)
