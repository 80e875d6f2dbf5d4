"""When each periodic job ran and when it is due again."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """One periodic job. Whoever moves `next_at` first runs it."""

    name = models.CharField(max_length=120, unique=True)
    next_at = models.DateTimeField()
    busy_until = models.DateTimeField(null=True)  # somebody runs it; later than this they are presumed dead
    last_started = models.DateTimeField(null=True)
    last_ended = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name
