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
    channel = models.ForeignKey(
        "outbox.Channel", models.CASCADE, null=True, related_name="+"
    )  # connected again
    network = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    base = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=2000)  # where the person goes
    state = models.CharField(max_length=64, unique=True)  # comes back with them: nobody else can finish this
    kept = SealedField(default=Secrets)  # what the form was given, and the PKCE verifier
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.network} {self.name}".strip()


class Presence(Row):
    """A share of people on a platform as the brand knows it: it stands before what studies say."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    platform = models.CharField(max_length=40)
    country = models.CharField(max_length=3)  # ISO 3166, "001" for the world
    age_from = models.PositiveSmallIntegerField(null=True)  # None: everybody
    age_to = models.PositiveSmallIntegerField(null=True)
    share = models.FloatField()  # 0…1 of the people of that country and age
    quality = models.CharField(max_length=10, default="expert")  # counted, study, expert
    source = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "platform", "country", "age_from", "age_to"], name="one_presence_a_cell",
                nulls_distinct=False,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.platform} {self.share:.0%}"


class Place(Row):
    """What a person says of a platform: hours, money, how well it serves the goal, always or never. None: not said."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    platform = models.CharField(max_length=40)
    hours_a_week = models.FloatField(null=True)
    cost_a_month = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    fit = models.PositiveSmallIntegerField(null=True)  # 0…10
    stance = models.CharField(max_length=10, blank=True)  # anyway, never

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "platform"], name="one_place_a_platform")]

    def __str__(self) -> str:
        return self.platform


class Decision(Row):
    """Where the brand decided to be, with what was known then."""

    brand = models.OneToOneField("people.Brand", models.CASCADE, related_name="+")
    platforms = models.JSONField(default=list)  # keys, the surest first
    told = models.JSONField(default=dict)  # chances, people with interval, hours, hours available
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return ", ".join(self.platforms)


class LeftOut(Row):
    """A channel the decision leaves out of the plan: it stays connected, and comes back when the decision is undone."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    channel = models.OneToOneField("outbox.Channel", models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.channel)
