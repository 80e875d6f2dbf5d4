"""What was published and what was read about it. Unknown is None, never 0."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand
from diskarte.core.rows import Row
from diskarte.words import Metric

COUNTS = (
    Metric.VIEWS, Metric.REACH, Metric.LIKES, Metric.REPLIES, Metric.SHARES, Metric.SAVES, Metric.CLICKS,
    Metric.ENGAGEMENTS, Metric.PROFILE_VISITS, Metric.NEW_FOLLOWERS,
)  # fmt: skip


def _count() -> models.BigIntegerField[int | None, int | None]:
    return models.BigIntegerField(null=True, blank=True)


def engaged_of(total: int | None, *parts: int | None) -> int | None:
    """The network's own total of engagements, else the sum of the parts that are known; None when nothing is."""
    if total is not None:
        return total
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


class Publication(Row):
    """One post that exists out there, with the newest numbers known about it."""

    silent = True
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="publications")
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="+")
    network = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=300)
    url = models.URLField(max_length=600, blank=True)
    at = models.DateTimeField()  # published, UTC
    kind = models.CharField(max_length=20, default="text")  # words.Kind
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_reply = models.BooleanField(default=False)
    day_only = models.BooleanField(default=False)  # the hour of `at` is not known
    paid = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)
    origin = models.CharField(max_length=80, blank=True)  # "publish.post:12" or "import:7"
    pillar = models.CharField(max_length=80, blank=True)
    topic = models.CharField(max_length=80, blank=True)
    segment = models.CharField(max_length=80, blank=True)
    hook = models.CharField(max_length=80, blank=True)
    goal = models.BigIntegerField(null=True, blank=True)  # id of the goal it served
    slot = models.BigIntegerField(null=True, blank=True)  # id of the slot it came from
    views = _count()
    reach = _count()
    likes = _count()
    replies = _count()
    shares = _count()
    saves = _count()
    clicks = _count()
    engagements = _count()  # the network's own total; see `engaged` for ours
    profile_visits = _count()
    new_followers = _count()
    numbers_at = models.DateTimeField(null=True, blank=True)  # when these numbers were true
    source = models.CharField(max_length=80, blank=True)  # which export or network told them

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "network", "remote_id"], name="one_publication_a_remote_id"
            )
        ]
        indexes = [models.Index(fields=["brand", "-at"]), models.Index(fields=["brand", "origin"])]

    def __str__(self) -> str:
        return self.text[:60] or self.remote_id

    @property
    def engaged(self) -> int | None:
        """The network's total of engagements, else the sum of what is known; None when nothing is."""
        return engaged_of(self.engagements, self.likes, self.replies, self.shares, self.saves, self.clicks)

    @property
    def rate(self) -> float | None:
        """Engagements per view."""
        return self.engaged / self.views if self.engaged is not None and self.views else None


class Reading(models.Model):
    """One number, read at one moment: of a publication, or of a channel or brand when that is empty."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="+")
    publication = models.ForeignKey(Publication, models.CASCADE, null=True, related_name="readings")
    network = models.CharField(max_length=40, blank=True)
    metric = models.CharField(max_length=30)  # words.Metric
    value = models.FloatField()
    at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["brand", "metric", "at"]),
            models.Index(fields=["publication", "metric", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value:g}"
