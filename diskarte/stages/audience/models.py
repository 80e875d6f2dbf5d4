"""Tables of the stage «audience»: segments, hooks, imports, groups, and who asked to be forgotten.

The people themselves and their purchases are columns, not rows here: see `columns.py`.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from diskarte.core.rows import Row


class Segment(Row):
    """A portrait of people we want to reach. An empty field is a question nobody has answered yet."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=300, blank=True)  # the person in one sentence
    size = models.PositiveBigIntegerField(null=True)  # people; None: nobody knows yet
    size_from = models.CharField(max_length=200, blank=True)  # where that number comes from
    age_from = models.PositiveSmallIntegerField(null=True)
    age_to = models.PositiveSmallIntegerField(null=True)
    places = models.JSONField(default=list)  # this and the lists below: short texts, as entered
    languages = models.JSONField(default=list)  # ISO 639 codes
    interests = models.JSONField(default=list)
    jobs = models.JSONField(default=list)  # what they try to get done
    pains = models.JSONField(default=list)
    gains = models.JSONField(default=list)
    objections = models.JSONField(default=list)
    awake = models.JSONField(default=list)  # hours 0…23, brand time, when they look at their phones
    networks = models.JSONField(default=list)  # names of networks
    evidence = models.JSONField(default=list)  # how we know it: talks, reviews, counts, as entered
    source = models.CharField(max_length=80, blank=True)  # "playbook: cafe"; empty: by hand
    cell = models.CharField(max_length=20, blank=True)  # the customers it is drawn from; empty: none
    state = models.CharField(max_length=10, default="active")  # active, resting
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_segment_a_name")]

    def __str__(self) -> str:
        return self.name


class Hook(Row):
    """A first line that makes one segment stop, and the concrete thing it offers."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="hooks")
    trigger = models.CharField(max_length=20)  # rules.TRIGGERS
    text = models.CharField(max_length=200)
    offer = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10, blank=True)  # ISO 639 code; empty: any
    step = models.CharField(max_length=10, blank=True)  # rules.STEPS
    goal = models.ForeignKey("goals.Goal", models.SET_NULL, null=True, related_name="+")
    example = models.CharField(max_length=500, blank=True)  # how a post goes on after this line
    source = models.CharField(max_length=80, blank=True)  # "playbook: cafe"; empty: by hand
    state = models.CharField(max_length=10, default="active")  # active, resting
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "text"], name="one_hook_a_text")]

    def __str__(self) -> str:
        return self.text[:80]  # the label a publication carries


class Intake(Row):
    """One file of people: first waiting with its preview, then what became of its rows."""

    hidden = frozenset({"rejected", "path", "way", "shape"})
    off_record = frozenset({"why"})
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)  # of the file
    state = models.CharField(max_length=10, default="waiting")  # waiting, working, done, stopped
    path = models.CharField(max_length=300, blank=True)  # where the waiting file lies, below the data folder
    columns = models.JSONField(default=dict)  # field → header
    headers = models.JSONField(default=list)
    taken = models.PositiveIntegerField(default=0)  # people added
    changed = models.PositiveIntegerField(default=0)  # people who were known and told something new
    same = models.PositiveIntegerField(default=0)  # rows that said nothing new
    refused = models.PositiveIntegerField(default=0)  # rows with an error
    bought = models.PositiveIntegerField(default=0)  # purchases added
    rejected = models.BinaryField(default=bytes)  # those rows with their reasons, CSV, gzip
    reasons = models.JSONField(default=dict)  # reason → rows
    shape = models.JSONField(default=dict)  # how its bytes are read: see importing/shape.py
    way = models.JSONField(default=dict)  # how its cells are read, once it was accepted
    step = models.CharField(max_length=10, blank=True)  # reading, joining
    bytes_read = models.PositiveBigIntegerField(default=0)
    bytes_all = models.PositiveBigIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)  # a worker was at it then
    why = models.CharField(max_length=500, blank=True)  # why it stopped
    made_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Forgotten(Row):
    """Somebody who asked to be forgotten, as a salted hash: enough to refuse them at the door, useless for all else."""

    silent = True
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    digest = models.CharField(
        max_length=64
    )  # HMAC-SHA-256 of one address, keyed by the installation and the brand
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "digest"], name="one_digest_a_brand")]

    def __str__(self) -> str:
        return self.digest[:8]


class Receipt(Row):
    """What was removed when a person was forgotten, sealed so that nobody can write it differently later."""

    silent = True
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    digests = models.JSONField(default=list)  # of every address that was theirs
    removed = models.JSONField(default=dict)  # place → how many entries
    seal = models.CharField(max_length=64)  # HMAC-SHA-256 over all of it and the seal before

    def __str__(self) -> str:
        return self.seal[:12]


class Group(Row):
    """People by a rule: what must hold, put together by union, intersection and difference."""

    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    steps = models.JSONField(default=list)  # [["and"|"or"|"not", condition, value], …], from left to right
    only_agreed = models.BooleanField(default=True)  # leave out those who did not agree to hear from us
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_group_a_name")]

    def __str__(self) -> str:
        return self.name


class Sketch(Row):
    """The members of a community or list as the smallest of their hashes: enough for overlaps, no person in it."""

    hidden = frozenset({"hashes"})
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    members = models.PositiveBigIntegerField()
    hashes = models.BinaryField()  # at most 4,096 numbers of 8 bytes, rising
    source = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_sketch_a_name")]

    def __str__(self) -> str:
        return self.name


class Sheet(Row):
    """A table of hooks or of members somebody gave us: what became of it, and the rows that were not taken.

    Rows of members hold ids: they are kept for a day.
    """

    silent = True
    hidden = frozenset({"refused"})
    brand = models.ForeignKey("people.Brand", models.CASCADE, related_name="+")
    what = models.CharField(max_length=10)  # hooks, members
    name = models.CharField(max_length=200)  # of the file
    told = models.JSONField(default=dict)  # {"new", "changed", "same", "bad"}
    refused = models.BinaryField(default=bytes)  # those rows with their reasons, CSV, gzip
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Valuation(Row):
    """What the purchases say about the customers: fitted when they change, shown everywhere."""

    silent = True
    brand = models.OneToOneField("people.Brand", models.CASCADE, related_name="+")
    told = models.JSONField(default=dict)  # see value.py
    shelf = models.PositiveIntegerField(default=0)  # the version of the shelf it stands on
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.brand_id}"
