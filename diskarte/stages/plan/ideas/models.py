"""Tables of ideas."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand, Person
from diskarte.core.rows import Row


class Idea(Row):
    """Something worth saying one day, and how far it is from a place in the plan."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    title = models.CharField(max_length=160)
    note = models.TextField(blank=True)
    pillar = models.ForeignKey("plan.Pillar", models.SET_NULL, null=True, related_name="+")
    segment = models.ForeignKey("audience.Segment", models.SET_NULL, null=True, related_name="+")
    channel = models.ForeignKey(
        Channel, models.SET_NULL, null=True, related_name="+"
    )  # None: wherever it fits
    kind = models.CharField(max_length=20, blank=True)  # words.Kind; empty: whatever the slot is
    step = models.CharField(max_length=10, default="idea")  # idea, to_write, ready, planned
    slot = models.OneToOneField("plan.Slot", models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["brand", "step"])]

    def __str__(self) -> str:
        return self.title
