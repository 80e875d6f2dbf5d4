"""What this stage keeps and earlier ones ask for: who wrote under a post."""

from __future__ import annotations

from datetime import datetime

from diskarte.core.outbox.heard import Comment, keeps_comments
from diskarte.core.people.models import Brand

from .models import Message


@keeps_comments
def in_the_inbox(brand: Brand, under: list[int], since: datetime, until: datetime) -> list[Comment]:
    """The inbox's messages under these posts. One query."""
    rows = Message.objects.filter(brand=brand, under__in=under, at__gte=since, at__lt=until)
    return [Comment(*told) for told in rows.values_list("under", "author", "text", "at")]
