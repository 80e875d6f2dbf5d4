"""What runs by itself: comments under the posts of an open contest become tickets."""

from __future__ import annotations

from datetime import datetime

from diskarte.core.jobs import every

from .contests import taking


@every(minutes=10)
def take_comments(now: datetime) -> int:
    """Tickets for everybody who commented in time under a contest's posts; how many are new."""
    return sum(taking.by_comments(row, now).new for row in taking.waiting(now) if row.posts)
