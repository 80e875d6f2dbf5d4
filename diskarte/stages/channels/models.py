"""Tables of the stage «channels». The accounts themselves are `core.outbox.Channel`: the engine needs them first."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.rows import Row
from diskarte.core.secrets import SealedField, Secrets


class Budget(Row):
    """What the brand can put in: hours of people and money. None is «nobody said», never zero."""

    brand = models.OneToOneField("people.Brand", models.CASCADE, related_name="+")
    hours_a_week = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    money_a_month = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)  # ISO 4217

    def __str__(self) -> str:
        return f"{self.hours_a_week or '–'} h, {self.money_a_month or '–'} {self.currency}"


class SignIn(Row):
    """Somebody is away on a network to say yes; what we must remember until they come back."""

    silent = True
    hidden = frozenset({"state", "kept"})
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+")
    channel = models.ForeignKey("outbox.Channel", models.CASCADE, null=True, related_name="+")  # connected again
    network = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    base = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=2000)  # where the person goes
    state = models.CharField(max_length=64, unique=True)  # comes back with them: nobody else can finish this
    kept = SealedField(default=Secrets)  # what the form was given, and the PKCE verifier
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.network} {self.name}".strip()
