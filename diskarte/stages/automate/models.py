"""Bulk uploads, rules, and every time a rule fired."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.people.models import Brand, Person
from diskarte.core.rows import Row
from diskarte.stages.publish.models import Post


class Batch(Row):
    """One file of posts that was uploaded: first looked at, then taken in."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, default="looked")  # looked, taken
    rows = models.JSONField(default=list)  # the good rows in our words, until they are taken in
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    bad_rows = models.TextField(blank=True)  # CSV with the reason of each
    scheduled = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Rule(Row):
    """When something happens, do something: words of rules.WHEN and rules.THEN with their values."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    when = models.CharField(max_length=20)
    times = models.FloatField(default=3.0)  # for «breakout»: how many times the usual post
    then = models.CharField(max_length=20)
    to = models.EmailField(blank=True)  # for «mail»
    on = models.BooleanField(default=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.when} → {self.then}"


class Firing(models.Model):
    """A rule did its work for one thing; it never does so twice."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="firings")
    about = models.CharField(max_length=80)  # "publication:12", "delivery:4", "goal:3:2026-12"
    said = models.CharField(max_length=300)
    problem = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "about"], name="one_firing_a_thing")]
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.said


class Repeat(Row):
    """A post that comes again: its words and channels are those of `post` when each turn is made."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    rule = models.CharField(max_length=200)  # core.outbox.recurrence
    start = models.CharField(max_length=16)  # the first turn on the brand's clock, «2026-12-01T18:00»
    on = models.BooleanField(default=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.post}: {self.rule}"


class Turn(models.Model):
    """One turn of a repeat was made; its local name makes sure that it never is twice."""

    repeat = models.ForeignKey(Repeat, models.CASCADE, related_name="turns")
    local = models.CharField(max_length=16)
    at = models.DateTimeField()
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+")
    problem = models.CharField(max_length=300, blank=True)  # why it is a draft and not scheduled

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repeat", "local"], name="one_post_a_turn")]
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.repeat_id} {self.local}"
