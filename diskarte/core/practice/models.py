"""What was posted on the practice network: a make-believe server's own tables, no part of any brand's records."""

from __future__ import annotations

from django.db import models


class PracticePost(models.Model):
    """A post on the practice network, or an answer under one. `key` is remembered for ever."""

    account = models.CharField(max_length=120, db_index=True)
    key = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    parts = models.JSONField(default=list)
    kind = models.CharField(max_length=20, default="text")
    media = models.JSONField(default=list)  # name, mime, alt, size; never the bytes
    answers = models.ForeignKey("self", models.CASCADE, null=True, related_name="replies")
    weekday = models.PositiveSmallIntegerField()  # in the brand's time zone, Monday 0
    hour = models.FloatField()  # 0-24, in the brand's time zone
    at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_practice_post_per_key")]

    def __str__(self) -> str:
        return self.text[:40]
