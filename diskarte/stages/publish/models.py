"""Posts, the channels each goes to with what is different there, and their media.

What a post *is* (sent, waiting, in doubt) is never stored here: it is what its deliveries in the outbox are.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.files.models import File
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.models import Brand, Person
from diskarte.core.rows import Row
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan.models import Pillar, Slot


class Post(Row):
    """One thing to be said, before it is known on how many channels it exists."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=200, blank=True)  # for us; never sent
    text = models.TextField(blank=True)
    kind = models.CharField(max_length=20, default="text")  # words.Kind
    pillar = models.ForeignKey(Pillar, models.SET_NULL, null=True, related_name="+")
    topic = models.CharField(max_length=120, blank=True)
    segment = models.ForeignKey(Segment, models.SET_NULL, null=True, related_name="+")
    hook = models.ForeignKey(Hook, models.SET_NULL, null=True, related_name="+")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=10, blank=True)  # ISO 639-1; empty: the brand's first
    link = models.URLField(max_length=600, blank=True)  # added to the end of the text
    first_comment = models.TextField(blank=True)
    parts = models.JSONField(default=list)  # the later posts of a thread, in order
    due_at = models.DateTimeField(null=True)  # when it should go out, UTC
    step = models.CharField(max_length=10, default="draft")  # draft, review, approved: before the outbox
    comment = models.TextField(blank=True)  # what the approver said last
    version = models.PositiveIntegerField(default=1)  # grows with every change of what would be sent
    approved_version = models.PositiveIntegerField(null=True)  # the version somebody agreed to
    approved_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    origin = models.CharField(max_length=80, blank=True)  # "automate.upload:3" or empty: written here

    class Meta:
        indexes = [models.Index(fields=["brand", "due_at"]), models.Index(fields=["brand", "step"])]

    def __str__(self) -> str:
        return self.title or self.text[:60] or f"{self.pk}"

    @property
    def address(self) -> str:
        """How its deliveries name it: their `origin`."""
        return f"publish.post:{self.pk}"


class Variant(Row):
    """A post on one channel: what is different there, and the delivery that carries it out."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="variants")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    text = models.TextField(null=True)  # None: the post's own text
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "channel"], name="one_variant_a_channel")]

    def __str__(self) -> str:
        return f"{self.post} → {self.channel}"


class Attachment(Row):
    """One picture or video of a post, in its place; its description belongs to the file."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(File, models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["post", "file"], name="one_attachment_a_file")]

    def __str__(self) -> str:
        return f"{self.order} {self.file_id}"
