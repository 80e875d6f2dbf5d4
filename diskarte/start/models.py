"""Tables of the guided start."""

from __future__ import annotations

from django.db import models

from diskarte.core.rows import Row


class Beginning(Row):
    """How far a brand's guided start is: the answers, and what websites and models said."""

    brand = models.OneToOneField("people.Brand", models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)  # field → as typed
    step = models.PositiveSmallIntegerField(
        default=1
    )  # the question to go on with; one past the last: all asked
    found = models.JSONField(default=list)  # what websites told: rows of site.Found as dicts
    drafts = models.JSONField(default=list)  # what the language model wrote: {"kind", "field", "value", …}
    facts = models.JSONField(default=dict)  # taken facts no stage has a place for: phone, address, hours

    def __str__(self) -> str:
        return str(self.brand)


class Decision(Row):
    """What a person decided about one proposal: taken, and which row it became, or left out. Open ones have no row."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    proposal = models.CharField(max_length=160)
    state = models.CharField(max_length=10)  # taken, left
    table = models.CharField(max_length=60, blank=True)  # of the row it became
    row = models.PositiveBigIntegerField(null=True)
    name = models.CharField(max_length=120, blank=True)  # a pillar's, as it was taken
    share = models.FloatField(null=True)  # a pillar's, in percent

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "proposal"], name="one_decision_a_proposal")]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.state}"
