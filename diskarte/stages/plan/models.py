"""Tables of the stage «plan»: pillars, the versions of its settings, slots, occasions, the calendar's feed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand, Person
from diskarte.core.rows import Row


class Pillar(Row):
    """One of the few things a brand talks about, and its share of all posts."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    share = models.FloatField()  # target, 0..1; the shares of a brand sum to 1
    colour = models.CharField(max_length=20, blank=True)
    topics = models.JSONField(default=list)  # themes to rotate through
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_pillar_a_name")]

    def __str__(self) -> str:
        return self.name


class Version(Row):
    """The settings of the plan as they were from one moment on. The newest one is in force; none is ever edited."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    settings = models.JSONField(default=dict)
    diff = models.JSONField(default=list)  # [{"path", "before", "after"}] against the version before
    why = models.TextField(blank=True)
    evidence = models.JSONField(default=dict)
    origin = models.CharField(max_length=80, blank=True)  # "by hand", "correct.proposal:4", "restored:2"
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["brand", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"v{self.number}"


class Slot(Row):
    """A place in the calendar: when, where, what kind of post, about what, for whom, and why there."""

    untold = frozenset({"turn", "changed_at"})
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    at = models.DateTimeField()  # UTC
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, default="text")  # words.Kind
    pillar = models.ForeignKey(Pillar, models.SET_NULL, null=True, related_name="+")
    topic = models.CharField(max_length=120, blank=True)
    segment = models.ForeignKey("audience.Segment", models.SET_NULL, null=True, related_name="+")
    hook = models.ForeignKey("audience.Hook", models.SET_NULL, null=True, related_name="+")
    goal = models.ForeignKey("goals.Goal", models.SET_NULL, null=True, related_name="+")
    occasion = models.CharField(max_length=120, blank=True)  # the day in the year it speaks about
    arc = models.CharField(
        max_length=60, blank=True
    )  # campaign and phase it belongs to: "promotion:3 launch"
    title = models.CharField(max_length=160, blank=True)
    note = models.TextField(blank=True)
    locked = models.BooleanField(default=False)  # a new draft leaves it where it is
    trial = models.BooleanField(default=False)  # one of the few placed to learn, not to win
    expected = models.FloatField(null=True)  # engagements, median; None: nothing to go by
    expected_low = models.FloatField(null=True)  # 80 % interval
    expected_high = models.FloatField(null=True)
    reasons = models.JSONField(default=list)  # [{"code", "values"}], the largest first
    version = models.ForeignKey(
        Version, models.SET_NULL, null=True, related_name="+"
    )  # drafted under; None: by hand
    state = models.CharField(max_length=10, default="open")  # open, written, dropped
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    turn = models.PositiveIntegerField(
        default=0
    )  # how often it was changed: who moves it names the turn they saw

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["brand", "at"]), models.Index(fields=["channel", "at"])]

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Every change counts a turn; calendar programs read it as SEQUENCE."""
        if not self._state.adding:
            self.turn, self.changed_at = self.turn + 1, timezone.now()
        super().save(*args, **kwargs)


class Drafting(Row):
    """A month's draft on its way: a plan that stands at once, and how far the search for a better one has come."""

    silent = True
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    month = models.DateField()  # its first day
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, default="waiting")  # waiting, working, done, failed
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    better = models.PositiveIntegerField(default=0)  # better plans found so far
    gap = models.FloatField(null=True)  # how far the best possible may be above the best found, as a fraction
    said = models.TextField(blank=True)  # the outcome in words

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "month"], name="one_drafting_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.state}"


class Occasion(Row):
    """A day of the brand's own (`ours`), or a public one it wants told otherwise or not at all (`muted`)."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    day = models.DateField()
    name = models.CharField(max_length=120)
    until = models.DateField(null=True)  # its last day, where it lasts
    kind = models.CharField(
        max_length=20, default="event"
    )  # event, promotion, contest; else "muted" or "changed"
    country = models.CharField(max_length=2, blank=True)
    lead_days = models.PositiveSmallIntegerField(default=7)  # how long before it posts may speak of it
    source = models.CharField(max_length=200, blank=True)
    ours = models.BooleanField(default=True)
    muted = models.BooleanField(default=False)
    yearly = models.BooleanField(default=False)  # in every year: an anniversary, or what is hidden for good
    fit = models.CharField(
        max_length=5, blank=True
    )  # how much it matters: high, some, low; empty: by the trade

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "day", "name"], name="one_occasion_a_day_and_name")
        ]

    def __str__(self) -> str:
        return self.name


class DayChoice(Row):
    """Which days concern a brand: its trade, its region, and further countries whose days it keeps."""

    brand = models.OneToOneField(Brand, models.CASCADE, related_name="+")
    trade = models.CharField(max_length=20, blank=True)  # rules.occasions.TRADES
    region = models.CharField(
        max_length=40, blank=True
    )  # a region of its country, as the holidays library calls it
    further = models.JSONField(default=list)  # "ID", "DE-BY"

    def __str__(self) -> str:
        return f"days of {self.brand_id}"


class DayNote(Row):
    """A few words on a day of the calendar: the photographer comes, the shop is closed."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    day = models.DateField()
    text = models.CharField(max_length=280)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["brand", "day"], name="one_note_a_day")]

    def __str__(self) -> str:
        return self.text


class Feed(Row):
    """A private address under which calendar programs read the plan: the brand's, or one channel's."""

    hidden = frozenset({"key"})
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="+")  # None: all of them
    key = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel"], name="one_feed_a_channel"),
            models.UniqueConstraint(
                fields=["brand"], condition=models.Q(channel=None), name="one_feed_of_all_channels"
            ),
        ]

    def __str__(self) -> str:
        return f"feed of {self.brand_id}"


class Taking(Row):
    """What became of a table somebody gave: what was made of it, and the rows that were refused, to mend."""

    silent = True
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    what = models.CharField(max_length=10)  # slots, ideas
    name = models.CharField(max_length=200, blank=True)  # of the file
    made = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)  # [{"row", "why"}]
    notes = models.JSONField(default=list)  # what else was noticed, in words
    file = models.TextField(blank=True)  # CSV of the refused rows
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.name}: {self.made}"


from .contests.models import Contest as Contest  # noqa: E402 - rooms of this stage, whose tables Django finds here
from .contests.models import Entry as Entry  # noqa: E402
from .ideas.models import Idea as Idea  # noqa: E402
from .promotions.models import Promotion as Promotion  # noqa: E402
