"""Secrets that are shown once: links and tokens. Only their SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diskarte.words import Problem

from .models import Invite, Membership, Person, Token, Workspace


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_invite(
    workspace: Workspace, role: str, email: str = "", made_by: Person | None = None, days: int = 7
) -> tuple[Invite, str]:
    """A new invite and its secret, which is not kept."""
    secret = secrets.token_urlsafe(24)
    until = timezone.now() + timedelta(days=days)
    invite = Invite(workspace=workspace, role=role, email=email, digest=digest(secret), expires_at=until)
    invite.made_by = made_by
    invite.save()
    return invite, secret


def find_invite(secret: str, now: datetime) -> Invite | None:
    """The invite of this secret while it is unused and not expired."""
    open_ones = Invite.objects.filter(digest=digest(secret), used_at=None, expires_at__gt=now)
    return open_ones.select_related("workspace").first()


@transaction.atomic
def accept_invite(secret: str, person: Person, now: datetime) -> Membership:
    """Let the person in; exactly one caller can use an invite. Raises Problem when it is spent."""
    invite = find_invite(secret, now)
    if invite is None or not Invite.objects.filter(pk=invite.pk, used_at=None).update(used_at=now):
        raise Problem(_("This link has been used or has expired."), do=_("Ask for a new one."))
    member, _new = Membership.objects.get_or_create(
        person=person, workspace=invite.workspace, defaults={"role": invite.role}
    )
    return member


def make_token(
    person: Person, workspace: Workspace, name: str, scopes: list[str], expires_at: datetime | None
) -> tuple[Token, str]:
    """A new API token and its secret, which is not kept."""
    secret = "dk_" + secrets.token_urlsafe(32)
    token = Token(person=person, workspace=workspace, name=name, digest=digest(secret), scopes=scopes)
    token.expires_at = expires_at
    token.save()
    return token, secret


def find_token(secret: str, now: datetime) -> Token | None:
    """The living token of this secret; marks it as used at most once a minute."""
    token = Token.objects.filter(digest=digest(secret)).select_related("person", "workspace", "brand").first()
    if token is None or (token.expires_at and token.expires_at <= now) or not token.person.is_active:
        return None
    if token.used_at is None or now - token.used_at > timedelta(minutes=1):
        Token.objects.filter(pk=token.pk).update(used_at=now)
    return token


def owner_link() -> str | None:
    """On an installation without people: the path of a one-time link that makes the owner."""
    if Person.objects.exists():
        return None
    workspace, _new = Workspace.objects.get_or_create(slug="home", defaults={"name": "Home"})
    Invite.objects.filter(workspace=workspace, role="owner", used_at=None).delete()
    _invite, secret = make_invite(workspace, "owner")
    return f"/welcome/{secret}/"
