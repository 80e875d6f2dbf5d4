"""What was imported, when, from which file, with which result."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand, Person
from diskarte.core.rows import Row


class Import(Row):
    """One file of numbers: first looked at, then taken in. Its file stays until it is."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="+")
    export = models.CharField(max_length=80, blank=True)  # which kind it was recognised as
    state = models.CharField(max_length=10, default="looked")  # looked, taken, refused
    why = models.TextField(blank=True)  # of a refusal
    do = models.TextField(blank=True)
    report = models.JSONField(default=dict)  # rules.Report as a dict
    bad_rows = models.TextField(blank=True)  # CSV: the rows that could not be read, with the reason
    path = models.CharField(max_length=400, blank=True)  # of the kept file, below the data folder
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
