"""What was learned, what is proposed because of it, and what was decided."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db import models
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from diskarte.core.people.models import Brand, Person
from diskarte.core.rows import Row
from diskarte.stages.plan.models import Version

from . import rules


class Finding(Row):
    """One thing that goes with better or worse numbers, with its evidence. A later look replaces it."""

    silent = True
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    factor = models.CharField(max_length=20)  # kind, pillar, weekday, hour
    level = models.CharField(max_length=80)  # "reel", "Useful", "0", "18-21"
    lift = models.FloatField()  # against the brand's usual post, as a factor: 1.18 = 18 % more
    low = models.FloatField()  # 90 % interval
    high = models.FloatField()
    chance = models.FloatField()  # that it is better than the usual post
    n = models.PositiveIntegerField()  # posts of this level
    of = models.PositiveIntegerField()  # posts learnt from
    share = models.FloatField(default=0)  # of the explained differences that this factor holds
    first = models.DateTimeField()
    last = models.DateTimeField()
    basis = models.CharField(max_length=10, default="history")  # history (a hint) or test
    current = models.BooleanField(default=True)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["brand", "current"])]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        what, values = rules.sentence(self.factor, self.level, self.lift)
        told = _(what) % {name: _(value) if name == "level" else value for name, value in values.items()}
        return str(told).replace(" %", "\u00a0%")  # a number keeps its sign in the line

    @property
    def evidence(self) -> str:
        """How much it rests on; the interval is drawn beside it."""
        return _("From %(n)s of %(of)s posts; a hint from history.") % {"n": self.n, "of": self.of}

    @property
    def query(self) -> str:
        """The posts of this level as a query of the page of posts."""
        name = {"hour": "hours"}.get(self.factor, self.factor)
        first, last = (localtime(at).date() for at in (self.first, self.last))
        return urlencode({name: self.level, "start": first, "end": last})

    @property
    def change(self) -> tuple[float, float, float]:
        """Low, middle, high as fractions: 0.18 is 18 % more."""
        return self.low - 1, self.lift - 1, self.high - 1

    @property
    def good(self) -> bool:
        return self.lift >= 1


class Proposal(Row):
    """One concrete change of the plan's settings, with what it may bring. A person decides."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="proposals")
    key = models.CharField(max_length=120)  # what it changes; the same is not proposed again while refused
    what = models.CharField(max_length=200)  # msgid with %(name)s places
    values = models.JSONField(default=dict)
    patch = models.JSONField()  # of the plan's settings
    gain = models.FloatField()  # of all engagements, as a fraction, if the history's difference is a cause
    gain_low = models.FloatField()
    gain_high = models.FloatField()
    state = models.CharField(max_length=10, default="open")  # open, accepted, refused, gone
    version = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    moved = models.PositiveIntegerField(null=True)  # slots that changed because of it
    why = models.CharField(max_length=300, blank=True)  # what the person said when deciding
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["brand", "state"])]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        named = {name: _(value) if isinstance(value, str) else value for name, value in self.values.items()}
        return _(self.what) % named
