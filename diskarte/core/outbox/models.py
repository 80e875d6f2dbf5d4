"""The ledger: channels, what is to be done on them, and every attempt to do it."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.utils import timezone

from diskarte.core.people.models import Brand, Workspace
from diskarte.core.rows import Row
from diskarte.core.secrets import SealedField, Secrets
from diskarte.core.told import ToldField

DONE = ("sent", "refused", "cancelled", "lost")  # nothing happens any more unless a person asks


def _new_key() -> str:
    return uuid4().hex


class Lane(models.Model):
    """Calls that are counted together, of one app or to one server, as a token bucket."""

    key = models.CharField(max_length=300, unique=True)
    full_at = models.DateTimeField(null=True)  # when nothing will have been spent any more
    free_at = models.DateTimeField(null=True)  # the next call is allowed from this moment

    def __str__(self) -> str:
        return self.key


class Channel(Row):
    """One account of a brand on one network."""

    hidden = frozenset({"secrets"})
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="channels")
    network = models.CharField(max_length=40)  # free text: a new network needs no migration
    name = models.CharField(max_length=200, blank=True)
    handle = models.CharField(max_length=200, blank=True)
    identity = models.CharField(max_length=250)  # what never changes there: an id, a did
    url = models.CharField(max_length=500, blank=True)
    base = models.CharField(max_length=300, blank=True)  # address calls go to; empty: the network's own
    secrets = SealedField(default=Secrets)
    version = models.PositiveIntegerField(default=0)  # grows with every change of `secrets`
    refreshing_until = models.DateTimeField(null=True)  # somebody is getting new secrets
    state = models.CharField(max_length=10, default="ready")  # ready, blocked, paused
    why = ToldField(blank=True)
    expires_at = models.DateTimeField(null=True)  # of the secrets; None: never, or nobody told
    limits_told = models.JSONField(
        default=dict
    )  # what this account or server told instead of the general limits
    free_at = models.DateTimeField(null=True)  # pace: not before this moment
    closed_until = models.DateTimeField(null=True)  # the network asked for silence until then
    app = models.ForeignKey(Lane, models.SET_NULL, null=True, related_name="+")
    server = models.ForeignKey(Lane, models.SET_NULL, null=True, related_name="+")
    followers = models.PositiveBigIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "network", "identity"], name="one_channel_per_account")
        ]

    def __str__(self) -> str:
        return self.name or self.handle or self.identity


class Delivery(Row):
    """One thing to be done once on one channel. The row is the truth; workers come and go."""

    silent = True
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    action = models.CharField(max_length=10, default="publish")  # publish, reply, comment, delete
    origin = models.CharField(max_length=80, blank=True, db_index=True)  # "publish.post:12", whose it is
    label = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=64, unique=True, default=_new_key)  # never renewed
    content = models.JSONField(default=dict)
    after = models.ForeignKey("self", models.SET_NULL, null=True, related_name="waiting")
    state = models.CharField(max_length=10, default="queued")
    planned_at = models.DateTimeField()  # what a person wanted
    due_at = models.DateTimeField()  # when the engine turns to it next
    priority = models.SmallIntegerField(default=0)  # higher goes first
    lease = models.CharField(max_length=64, blank=True)  # who has it in hand
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)  # grows with every taking: a late worker has an old one
    tries = models.PositiveIntegerField(default=0)  # since a person last touched it
    memo = models.JSONField(default=dict)  # what the network's `publish` has finished so far
    first_tried_at = models.DateTimeField(null=True)
    last_tried_at = models.DateTimeField(null=True)
    doubt_at = models.DateTimeField(
        null=True
    )  # when the call began of which nobody knows whether it happened
    sent_at = models.DateTimeField(null=True)
    remote_id = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    told = models.JSONField(default=dict)
    why = ToldField(blank=True)
    do = ToldField(blank=True)  # what a person can do now
    warned_at = models.DateTimeField(null=True)  # a person was told by e-mail
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["brand", "-due_at"]),
            models.Index(fields=["channel", "last_tried_at"]),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.action} {self.key[:8]}"

    @property
    def is_late(self) -> bool:
        """A person was asked because its hour had passed, not because it is done by hand."""
        return self.state == "asked" and self.tries == 0

    def lateness(self, now: datetime) -> float:
        """Seconds since it was due."""
        return (now - self.due_at).total_seconds()


class Attempt(models.Model):
    """One taking in hand. Written before the call, so a worker that dies leaves an attempt without an end."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    fence = models.PositiveIntegerField()
    owner = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)  # the state it led to; empty: nobody saw the end
    why = ToldField(blank=True)
    exchanges = models.JSONField(default=list)  # method, path, status, ms, body; without secrets

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "fence"], name="one_attempt_per_fence")]

    def __str__(self) -> str:
        return f"{self.delivery_id} #{self.number}"


class Step(models.Model):
    """Something that happened to a delivery outside an attempt: a person decided, a doubt was settled."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    state = models.CharField(max_length=10)
    who = models.CharField(max_length=120, blank=True)  # empty: the engine
    why = ToldField(blank=True)

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.state}"


class Beat(models.Model):
    """A worker's sign of life."""

    owner = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.owner


class Checkup(models.Model):
    """What came of using a channel's permission ahead of its next posts; only the newest answer is kept."""

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="checkup")
    at = models.DateTimeField()
    good_at = models.DateTimeField(null=True)  # when it worked last
    verdict = models.CharField(max_length=10)  # good, away (no answer), odd (an answer we cannot use), lost
    why = ToldField(blank=True)

    def __str__(self) -> str:
        return f"{self.channel_id} {self.verdict}"


class Alarm(models.Model):
    """Something a person was told of, once; open until it is solved."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="alarms")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="alarms")
    kind = models.CharField(max_length=10)  # late, or the delivery's state; ahead: a channel before its posts
    what = ToldField()
    do = ToldField(blank=True)
    told_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=200, blank=True)  # what solved it

    class Meta:
        indexes = [models.Index(fields=["workspace", "-told_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"], condition=models.Q(solved_at=None), name="one_open_alarm_a_delivery"
            ),
            models.UniqueConstraint(
                fields=["channel"], condition=models.Q(solved_at=None), name="one_open_alarm_a_channel"
            ),
        ]

    def __str__(self) -> str:
        return self.what[:80]


class Listener(Row):
    """The program of a workspace that is told of troubles; its signing secret is sealed."""

    hidden = frozenset({"secrets"})
    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="+")
    url = models.URLField(max_length=500)
    secrets = SealedField(default=Secrets)  # {"key": "whsec_…"}
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.url


class Notice(models.Model):
    """One message about troubles to a person or a program; kept until it has arrived or was given up."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True, default=_new_key)  # the same at every try
    way = models.CharField(max_length=10)  # mail, webhook
    to = models.CharField(max_length=500)
    kind = models.CharField(max_length=10)  # trouble, solved, test
    subject = models.CharField(max_length=300, blank=True)
    body = models.JSONField(default=dict)  # {"text": …} of a mail, the payload of a call
    state = models.CharField(max_length=10, default="queued")  # queued, sent, failed
    tries = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    why = ToldField(blank=True)  # what the last try that failed was told

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to}"


class Ear(models.Model):
    """Who hears on a network that tells news only once: how far they were read, for all channels that share them."""

    key = models.CharField(max_length=300, unique=True)
    cursor = models.CharField(max_length=200, blank=True)  # everything up to it is stored
    heard_at = models.DateTimeField(null=True)  # when we last asked and were answered
    whole_since = models.DateTimeField(null=True)  # from here on nothing is missing
    gap_from = models.DateTimeField(null=True)  # the last time something was, or may have been, missed
    gap_until = models.DateTimeField(null=True)
    why = ToldField(blank=True)  # what keeps us from hearing
    do = ToldField(blank=True)

    def __str__(self) -> str:
        return self.key


class Heard(models.Model):
    """One piece of news, stored before the network is told that we have it; see `networks.base.News`."""

    ear = models.ForeignKey(Ear, models.CASCADE, related_name="heard")
    number = models.BigIntegerField()
    about = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    what = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=60, blank=True)
    who = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    amount = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ear", "about"]), models.Index(fields=["at"])]
        constraints = [models.UniqueConstraint(fields=["ear", "number", "about"], name="each_news_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
