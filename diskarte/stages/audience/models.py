"""Tables of the stage «audience»: segments, hooks, the people of imported lists, and who asked to be forgotten."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.rows import Row


class Segment(Row):
    """A portrait of people we want to reach. An empty field is a question nobody has answered yet."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=300, blank=True)  # the person in one sentence
    size = models.PositiveBigIntegerField(null=True)  # people; None: nobody knows yet
    size_from = models.CharField(max_length=200, blank=True)  # where that number comes from
    age_from = models.PositiveSmallIntegerField(null=True)
    age_to = models.PositiveSmallIntegerField(null=True)
    places = models.JSONField(default=list)  # this and the lists below: short texts, as entered
    languages = models.JSONField(default=list)  # ISO 639 codes
    interests = models.JSONField(default=list)
    jobs = models.JSONField(default=list)  # what they try to get done
    pains = models.JSONField(default=list)
    gains = models.JSONField(default=list)
    objections = models.JSONField(default=list)
    awake = models.JSONField(default=list)  # hours 0…23, brand time, when they look at their phones
    networks = models.JSONField(default=list)  # names of networks
    source = models.CharField(max_length=80, blank=True)  # "playbook: cafe"; empty: by hand
    state = models.CharField(max_length=10, default="active")  # active, resting
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_segment_a_name")]

    def __str__(self) -> str:
        return self.name


class Hook(Row):
    """A first line that makes one segment stop, and the concrete thing it offers."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="hooks")
    trigger = models.CharField(max_length=20)  # rules.TRIGGERS
    text = models.CharField(max_length=200)
    offer = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=80, blank=True)  # "playbook: cafe"; empty: by hand
    state = models.CharField(max_length=10, default="active")  # active, resting
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "text"], name="one_hook_a_text")]

    def __str__(self) -> str:
        return self.text[:80]  # the label a publication carries


class Intake(Row):
    """One file of people: first waiting with its preview, then what became of its rows."""

    hidden = frozenset({"rejected", "path"})
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)  # of the file
    state = models.CharField(max_length=10, default="waiting")  # waiting, done
    path = models.CharField(max_length=300, blank=True)  # where the waiting file lies, below the data folder
    columns = models.JSONField(default=dict)  # field → header
    headers = models.JSONField(default=list)
    taken = models.PositiveIntegerField(default=0)  # people added
    changed = models.PositiveIntegerField(default=0)  # people who were known and told something new
    same = models.PositiveIntegerField(default=0)  # rows that said nothing new
    refused = models.PositiveIntegerField(default=0)  # rows with an error
    rejected = models.BinaryField(default=bytes)  # those rows with their reasons, CSV, gzip
    reasons = models.JSONField(default=dict)  # reason → rows
    made_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Contact(Row):
    """One person who bought, wrote or subscribed. Never in the audit: whoever is forgotten must leave no trace."""

    silent = True
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=120, blank=True)  # the customer number in their own books
    email = models.CharField(max_length=254, blank=True)  # small letters
    phone = models.CharField(max_length=20, blank=True)  # E.164
    name = models.CharField(max_length=200, blank=True)
    joined_at = models.DateField(null=True)
    language = models.CharField(max_length=10, blank=True)  # ISO 639
    place = models.CharField(max_length=120, blank=True)
    consent = models.CharField(max_length=10, default="unknown")  # yes, no, unknown
    consent_from = models.CharField(max_length=200, blank=True)  # how we know
    facts = models.JSONField(default=dict)  # further columns of their file
    source = models.CharField(max_length=200, blank=True)  # the file's name
    intake = models.ForeignKey(Intake, models.SET_NULL, null=True, related_name="added")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_contact_a_number",
            )
        ]
        indexes = [
            models.Index(fields=["brand", "email"]),
            models.Index(fields=["brand", "phone"]),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or self.external_id


class Forgotten(Row):
    """Somebody who asked to be forgotten, as a salted hash: enough to refuse them at the door, useless for all else."""

    silent = True
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    digest = models.CharField(
        max_length=64
    )  # HMAC-SHA-256 of one address, keyed by the installation and the brand
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "digest"], name="one_digest_a_brand")]

    def __str__(self) -> str:
        return self.digest[:8]
