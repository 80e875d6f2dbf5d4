"""People, the workspaces (clients) they work in, and the brands of each."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from diskarte.core.rows import Row

from .roles import ROLE_CHOICES


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **facts: Any) -> Person:
        person = self.model(email=self.normalize_email(email).lower(), **facts)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who can sign in."""

    hidden: ClassVar[frozenset[str]] = frozenset({"password"})
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = People()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)


class Workspace(Row):
    """One client: its people, its brands, and the habits they share."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    approval = models.CharField(max_length=10, default="optional")  # none, optional, required
    late = models.CharField(max_length=10, default="ask")  # a post more than an hour late: publish, ask, skip
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Brand(Row):
    """What a strategy is made for. Everything in the ten stages belongs to one brand."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="brands")
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="PH")  # ISO 3166-1
    time_zone = models.CharField(max_length=60, default="Asia/Manila")
    currency = models.CharField(max_length=3, default="PHP")  # ISO 4217
    languages = models.JSONField(default=list)  # ISO 639-1 codes its audience reads
    simulated = models.BooleanField(default=False)  # the demo: its history comes from our own simulator
    standing = models.JSONField(null=True)  # where each stage stands; None: ask again
    standing_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Membership(Row):
    """A person's role in a workspace; `brands` empty means all of them."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    brands = models.ManyToManyField(Brand, related_name="+", blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "workspace"], name="one_role_a_workspace")]

    def __str__(self) -> str:
        return f"{self.person}, {self.role}"


class Invite(Row):
    """A link that lets one person in, once. Only the hash of its secret is kept."""

    hidden = frozenset({"digest"})
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invites")
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email or 'link'}, {self.role}"


class Token(Row):
    """A key for programs. It can never do more than the person who made it."""

    hidden = frozenset({"digest"})
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # permissions such as "plan.see"; empty: all of the person's
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Audit(models.Model):
    """One line for every write: who, what, when, before and after."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, related_name="+")
    brand = models.ForeignKey(Brand, models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    door = models.CharField(max_length=10)  # web, rest, cli, mcp, worker
    verb = models.CharField(max_length=60)
    given = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"
