"""Partners, deals with them, and what people write to us."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.models import Brand, Person
from diskarte.core.rows import Row
from diskarte.stages.plan.models import Occasion


class Partner(Row):
    """Somebody whose audience we would like to meet: a brand, a creator, a medium, a community."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, default="creator")  # brand, creator, media, community
    audience = models.PositiveBigIntegerField(null=True)  # people who follow them; None: not known
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # they ask for one placement
    currency = models.CharField(max_length=3)
    topics = models.JSONField(default=list)
    contact = models.CharField(max_length=200, blank=True)  # a name, address or handle
    link = models.URLField(max_length=600, blank=True)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_partner_a_name")]

    def __str__(self) -> str:
        return self.name


class Deal(Row):
    """What we give, what we get, and how far it is."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="deals")
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, default="mutual")  # mutual, barter, paid, guest
    state = models.CharField(max_length=20, default="idea")  # idea contacted agreed live checked done
    give = models.CharField(max_length=300, blank=True)
    give_value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    get = models.CharField(max_length=300, blank=True)
    get_value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    due = models.DateField(null=True)  # the day it goes live, in the brand's time
    promo_code = models.CharField(max_length=40, blank=True)
    link = models.URLField(max_length=600, blank=True)  # where their people should land, without UTM
    proof = models.URLField(max_length=600, blank=True)  # their post
    note = models.TextField(blank=True)
    occasion = models.ForeignKey(Occasion, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["brand", "state"])]

    def __str__(self) -> str:
        return self.title


class Check(Row):
    """Somebody looked whether a partner's post was there."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="checks")
    at = models.DateTimeField()
    there = models.BooleanField()
    url = models.URLField(max_length=600, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.deal} {self.at:%Y-%m-%d}"


class Message(Row):
    """What somebody wrote under a post of ours, as the network told it."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    under = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="+")  # our post it answers
    remote_id = models.CharField(max_length=500)
    author = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")  # open, done
    label = models.CharField(max_length=40, blank=True)
    assigned = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "remote_id"], name="one_message_a_remote_id")
        ]
        indexes = [models.Index(fields=["brand", "state", "-at"])]

    def __str__(self) -> str:
        return self.text[:60]


class Reply(Row):
    """Our answer to a message; how far it is, its delivery knows."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="replies")
    text = models.TextField()
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.text[:60]
