"""Tables of the stage «goals»: what must change, and the ways that were chosen to get there."""

from __future__ import annotations

from django.db import models

from diskarte.core.rows import Row


class Goal(Row):
    """One number that must be reached by a day."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    sentence = models.CharField(max_length=300)
    metric = models.CharField(max_length=30)  # words.Metric
    channel = models.ForeignKey(
        "outbox.Channel", models.SET_NULL, null=True, related_name="+"
    )  # None: the brand
    baseline = models.FloatField(null=True)  # of an equally long period before, or the stock on the first day
    baseline_from = models.CharField(max_length=200, blank=True)  # where that number comes from
    target = models.FloatField()
    starts = models.DateField()  # first day, brand time
    deadline = models.DateField()  # last day, brand time
    period = models.CharField(max_length=10, default="month")  # month, year
    part_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")  # the year's goal
    worth = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # in the brand's currency
    state = models.CharField(max_length=10, default="open")  # open, reached, missed, closed
    why = models.CharField(max_length=300, blank=True)  # said when it was closed
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["brand", "state", "deadline"])]

    def __str__(self) -> str:
        return self.sentence


class Way(Row):
    """One move that somebody chose to reach a goal: a wish to the plan."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="ways")
    move = models.CharField(max_length=20)  # rules.MOVES: more_posts, contest, partner, placement, own
    kind = models.CharField(max_length=20, blank=True)  # words.Kind, where the move is about posts
    text = models.CharField(max_length=300, blank=True)  # in the person's own words
    a_week = models.FloatField(null=True)  # how many more a week
    low = models.FloatField(
        null=True
    )  # expected gain until the deadline, in the goal's metric; None: nobody knows
    mid = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveIntegerField(null=True)  # posts behind the expectation
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # in the brand's currency
    hours = models.FloatField(null=True)  # a week

    def __str__(self) -> str:
        return self.text or f"{self.move} {self.kind}".strip()


class Conversion(Row):
    """How many of one thing come with one of the thing before, said by a person: 0.2 sales of a lead."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    step = models.CharField(max_length=20)  # rules.tree.STEPS: what comes; from the level before it
    value = models.FloatField()
    source = models.CharField(max_length=200, blank=True)  # how the person knows

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "step"], name="one_conversion_a_step")]

    def __str__(self) -> str:
        return f"{self.step} {self.value:g}"
