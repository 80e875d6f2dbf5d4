"""Tables of the stage «channels». The accounts themselves are `core.outbox.Channel`: the engine needs them first."""

from __future__ import annotations

from django.db import models

from diskarte.core.rows import Row


class Budget(Row):
    """What the brand can put in: hours of people and money. None is «nobody said», never zero."""

    brand = models.OneToOneField("people.Brand", models.CASCADE, related_name="+")
    hours_a_week = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    money_a_month = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)  # ISO 4217

    def __str__(self) -> str:
        return f"{self.hours_a_week or '–'} h, {self.money_a_month or '–'} {self.currency}"
