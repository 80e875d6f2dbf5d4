"""A contest and its entries as they are kept."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.people.models import Brand, Person
from diskarte.core.rows import Row
from diskarte.core.secrets import SealedField, Secrets


class Contest(Row):
    """A prize, the rules by which it is won, and the draw with everything needed to check it.

    draft → open (rules fixed, commitment published) → closed (list published) → drawn; cancelled from any but drawn.
    """

    hidden = frozenset({"sealed"})
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    key = models.CharField(max_length=24, unique=True)  # of its public page
    name = models.CharField(max_length=120)
    prize = models.CharField(max_length=300)
    worth = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # of all prizes together
    winners = models.PositiveSmallIntegerField(default=1)
    standby = models.PositiveSmallIntegerField(default=2)
    who_may = models.CharField(max_length=300, blank=True)  # age, place, who is left out
    how = models.CharField(max_length=300)  # what people do to enter
    by_form = models.BooleanField(default=True)  # its public page takes entries
    posts = models.JSONField(default=list)  # deliveries under which a comment is an entry
    purchase = models.BooleanField(default=False)  # something must be bought to enter
    permit = models.CharField(max_length=120, blank=True)  # number of the authority's permit
    contact = models.CharField(max_length=200, blank=True)  # where people ask
    opens = models.DateTimeField()  # UTC
    closes = models.DateTimeField()  # UTC
    rules = models.TextField(blank=True)  # as published; empty in a draft: made from the answers above
    state = models.CharField(max_length=10, default="draft")
    sealed = SealedField(default=Secrets)  # "secret" of the draw, "tickets": the key tickets are made with
    commitment = models.CharField(max_length=64, blank=True)
    beacon_kind = models.CharField(max_length=10, default="drand")  # drand, lottery, none
    beacon_name = models.CharField(
        max_length=200, blank=True
    )  # "drand quicknet round 123", "PCSO 6/58 of 3 January"
    root = models.CharField(max_length=64, blank=True)  # of the list as published after closing
    listed_at = models.DateTimeField(null=True)
    beacon = models.CharField(max_length=200, blank=True)
    beacon_proof = models.CharField(max_length=400, blank=True)  # drand's signature, where it was given
    secret = models.CharField(max_length=64, blank=True)  # revealed by the draw
    drawn = models.JSONField(default=list)  # tickets in order: winners, then those who stand by
    drawn_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-closes", "-id"]

    def __str__(self) -> str:
        return self.name


class Entry(Row):
    """One person in one contest, however often they entered."""

    silent = True
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="entries")
    name = models.CharField(max_length=160)  # as they wrote it first
    identity = models.CharField(max_length=200)  # science.draw.identity of handle or address
    ticket = models.CharField(max_length=24)  # what stands in the published list
    contact = models.CharField(max_length=200, blank=True)  # e-mail or phone, for the prize only
    source = models.CharField(max_length=20)  # form, comment, file, by hand
    times = models.PositiveIntegerField(default=1)  # how often they entered; it stays one ticket
    at = models.DateTimeField()
    out = models.CharField(max_length=300, blank=True)  # why it does not count; empty: it does
    out_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    place = models.PositiveIntegerField(null=True)  # in the draw, from 1; None: not drawn
    passed = models.CharField(
        max_length=300, blank=True
    )  # why a winner got no prize and the next one stepped in

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "identity"], name="one_ticket_a_person"),
            models.UniqueConstraint(fields=["contest", "ticket"], name="one_person_a_ticket"),
        ]
        indexes = [models.Index(fields=["contest", "place"])]

    def __str__(self) -> str:
        return self.name
