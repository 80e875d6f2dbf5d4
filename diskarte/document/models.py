"""Tables of the strategy document: editions as they were that day, and the secret links to them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone

from diskarte.core.rows import Row


class Edition(Row):
    """The document as it was composed at one moment: plain blocks, from which every form of it is drawn."""

    hidden = frozenset({"content", "pdf", "docx", "pages"})
    untold = frozenset({"state", "step", "beat_at", "pdf", "docx", "pages"})
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=10, default="en")
    title = models.CharField(max_length=200)
    content = models.JSONField(default=dict)  # {"sections": [blocks.Section], "share", …}
    logo = models.ForeignKey("files.File", models.SET_NULL, null=True, related_name="+")
    colour = models.CharField(max_length=7, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, default="ready")  # making, ready, failed
    step = models.PositiveSmallIntegerField(default=0)  # parts made so far
    beat_at = models.DateTimeField(null=True)  # something was made of it then
    pdf = models.BinaryField(default=bytes)  # as it was set that day; empty: not yet
    docx = models.BinaryField(default=bytes)
    pages = models.JSONField(default=dict)  # page → its picture: WebP, base64; empty: none were drawn

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["brand", "number"], name="one_edition_a_number")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class Link(Row):
    """A secret address under which one edition can be read without an account."""

    hidden = frozenset({"key"})
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="links")
    key = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=120, blank=True)  # for whom
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    seen = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.note or str(self.edition)

    def state(self, now: datetime) -> str:
        """open, expired or closed."""
        return "closed" if self.closed_at else "expired" if self.expires_at <= now else "open"
