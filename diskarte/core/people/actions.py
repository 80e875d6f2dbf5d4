"""Verbs about people: who is in, with which role; tokens for programs; the record of every write; undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core.actions import read, write
from diskarte.words import Problem

from . import keys
from . import undo as undoing
from .models import Audit, Brand, Invite, Membership, Token, Workspace
from .roles import ROLES
from .who import Stranger, Who, brands_of

Role = Literal["owner", "manager", "author", "approver", "analyst", "guest"]


@dataclass(frozen=True)
class Shown:
    """A secret that is shown this one time: a link or a token."""

    id: int
    name: str
    secret: str


@read(may="people.see")
def members(who: Who) -> list[Membership]:
    """The people of this workspace and their roles."""
    rows = Membership.objects.filter(workspace=who.workspace).select_related("person")
    return list(rows.prefetch_related("brands").order_by("id"))


@read(may="people.see")
def invites(who: Who) -> list[Invite]:
    """Invitations that nobody has used yet."""
    return list(Invite.objects.filter(workspace=who.workspace, used_at=None).order_by("-id"))


@write(may="people.edit", done=gettext_noop("Invitation made."))
def invite(who: Who, role: Role, email: str = "") -> Shown:
    """Make a link that lets one person in with a role; mailed when an address is given."""
    assert who.workspace is not None
    row, secret = keys.make_invite(who.workspace, role, email, who.person)
    link = f"{settings.SITE}/welcome/{secret}/"
    if email:
        subject = _("%(who)s invites you to %(workspace)s") % {"who": who.person, "workspace": who.workspace}
        send_mail(subject, link, None, [email])
    return Shown(row.pk, email or role, link)


@write(may="people.edit", done=gettext_noop("Invitation withdrawn."))
def withdraw_invite(who: Who, invite: int) -> None:
    """Make an unused invitation worthless."""
    if not Invite.objects.filter(workspace=who.workspace, pk=invite, used_at=None).delete()[0]:
        raise Stranger


@write(may="people.edit", done=gettext_noop("Role changed."))
def set_role(who: Who, member: int, role: Role, brands: list[str] | None = None) -> Membership:
    """Give a member another role; `brands` limits them to some brands, an empty list opens all."""
    row = _member(who, member)
    if row.role == "owner" and role != "owner":
        _keep_one_owner(row)
    row.role = role
    row.save()
    if brands is not None:
        row.brands.set(Brand.objects.filter(workspace=who.workspace, slug__in=brands))
    return row


@write(may="people.edit", done=gettext_noop("Person removed from this workspace."))
def remove_member(who: Who, member: int) -> None:
    """Take a person out of this workspace; what they made stays."""
    row = _member(who, member)
    if row.role == "owner":
        _keep_one_owner(row)
    Token.objects.filter(person=row.person, workspace=row.workspace).delete()
    row.delete()


@write(may="people.edit", done=gettext_noop("Workspace saved."))
def edit_workspace(
    who: Who,
    name: str | None = None,
    approval: Literal["none", "optional", "required"] | None = None,
    late: Literal["publish", "ask", "skip"] | None = None,
) -> Workspace:
    """Change the workspace's name, whether posts need approval, and what happens to late posts."""
    assert who.workspace is not None
    row = Workspace.objects.get(pk=who.workspace.pk)
    row.name, row.approval, row.late = name or row.name, approval or row.approval, late or row.late
    row.save()
    return row


@read(may="people.see")
def brands(who: Who) -> list[Brand]:
    """Every brand you may see, in all your workspaces, by name."""
    return brands_of(who.person) if who.person else list(Brand.objects.order_by("name"))


@read(may="people.see")
def tokens(who: Who) -> list[Token]:
    """Your own API tokens; their secrets were shown once and are not kept."""
    return list(Token.objects.filter(person=who.person, workspace=who.workspace).order_by("-id"))


@write(may="people.see", done=gettext_noop("Token made. Copy it now: it is not shown again."))
def make_token(who: Who, name: str, scopes: list[str] | None = None, days: int | None = None) -> Shown:
    """Make an API token that can do what you can, or only the given permissions, for some days or for ever."""
    assert who.person is not None
    assert who.workspace is not None
    wrong = set(scopes or []) - ROLES["owner"]
    if wrong:
        raise Problem(
            _("No such permission: %(names)s.") % {"names": ", ".join(sorted(wrong))}, field="scopes"
        )
    until = timezone.now() + timedelta(days=days) if days else None
    row, secret = keys.make_token(who.person, who.workspace, name, scopes or [], until)
    return Shown(row.pk, row.name, secret)


@write(may="people.see", done=gettext_noop("Token withdrawn."))
def withdraw_token(who: Who, token: int) -> None:
    """Make one of your API tokens worthless at once."""
    if not Token.objects.filter(person=who.person, pk=token).delete()[0]:
        raise Stranger


@read(may="people.see")
def audit(who: Who, verb: str = "", limit: int = 100) -> list[Audit]:
    """The record of writes, newest first; `verb` narrows it to one stage or verb."""
    rows = Audit.objects.filter(workspace=who.workspace, verb__startswith=verb)
    if who.brand is not None:
        rows = rows.filter(brand__in=[who.brand.pk]) | rows.filter(brand=None)
    return list(rows.select_related("person", "brand").order_by("-at")[: min(limit, 1000)])


@write(may="people.see", done=gettext_noop("Undone."))
def undo(who: Who, line: int) -> Audit:
    """Take back one recorded write, if nobody changed the same rows since."""
    row = Audit.objects.filter(workspace=who.workspace, pk=line).first()
    if row is None:
        raise Stranger
    who.must(_right_of(row.verb))
    undoing.undo(row)
    return row


def _right_of(verb: str) -> str:
    from diskarte.core.actions import ALL

    return ALL[verb].may if verb in ALL else "people.edit"


def _member(who: Who, pk: int) -> Membership:
    row = Membership.objects.filter(workspace=who.workspace, pk=pk).select_related("person").first()
    if row is None:
        raise Stranger
    return row


def _keep_one_owner(row: Membership) -> None:
    others = Membership.objects.filter(workspace=row.workspace_id, role="owner").exclude(pk=row.pk)
    if not others.exists():
        raise Problem(_("A workspace needs an owner."), do=_("Make somebody else an owner first."))
