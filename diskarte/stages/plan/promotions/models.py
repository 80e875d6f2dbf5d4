"""A promotion as it is kept."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.people.models import Brand
from diskarte.core.rows import Row


class Promotion(Row):
    """An offer for some days, told in phases, and what it brought."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    offer = models.CharField(max_length=300)  # what the customer gets: «two for one, Monday to Friday»
    product = models.ForeignKey("brand.Product", models.SET_NULL, null=True, related_name="+")
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # during the promotion
    goal = models.ForeignKey("goals.Goal", models.SET_NULL, null=True, related_name="+")
    channels = models.JSONField(default=list)  # ids; empty: all
    starts = models.DateField()  # the offer itself, brand time; teasing comes before
    ends = models.DateField()  # its last day
    phases = models.JSONField(default=list)  # [{"kind", "first", "last", "posts"}] in order of time
    budget = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    code = models.CharField(max_length=40, blank=True)  # promo code
    link = models.URLField(max_length=600, blank=True)  # where people should land, without UTM
    state = models.CharField(max_length=10, default="draft")  # draft, on, ended, cancelled
    orders = models.PositiveIntegerField(null=True)  # counted by a person at the end
    revenue = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    lesson = models.TextField(blank=True)  # what it taught, said when it ended
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-starts", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "name", "starts"], name="one_promotion_a_name_and_day")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What its slots are marked with."""
        return f"promotion:{self.pk}"
