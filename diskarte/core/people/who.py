"""`Who` is asking: a person in one workspace and brand, through one door, with what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from diskarte.words import Problem

from .models import Brand, Membership, Person, Token, Workspace
from .roles import ROLES


class Stranger(Exception):
    """Whoever asks must not even learn that the thing exists: every door answers «not found»."""


class Forbidden(Problem):
    """A member asks for something their role does not allow."""


class Can:
    """For templates: `who.can.plan_edit`."""

    def __init__(self, rights: frozenset[str]) -> None:
        self.rights = rights

    def __getattr__(self, name: str) -> bool:
        return name.replace("_", ".", 1) in self.rights


@dataclass(frozen=True)
class Who:
    """Who asks. `brand` is None only for verbs of a whole workspace."""

    person: Person | None
    workspace: Workspace | None
    brand: Brand | None
    role: str
    rights: frozenset[str] = field(repr=False, default=frozenset())
    door: str = "web"

    @property
    def can(self) -> Can:
        return Can(self.rights)

    def must(self, may: str) -> None:
        """Raise unless `may` is among the rights. A stranger learns nothing."""
        if may in self.rights:
            return
        if self.workspace is None:
            raise Stranger
        raise Forbidden(
            _("Your role (%(role)s) does not allow this.") % {"role": self.role},
            do=_("Ask an owner of %(workspace)s for the right «%(may)s».")
            % {"workspace": self.workspace.name, "may": may},
        )

    def own(self, model: type[Any]) -> Any:
        """The rows of one table that belong to this brand: where every query of a stage begins."""
        return model.objects.filter(brand=self.brand)

    def one(self, model: type[Any], pk: Any) -> Any:
        """One row of this brand, or Stranger: somebody else's row does not exist for you."""
        row = self.own(model).filter(pk=pk).first()
        if row is None:
            raise Stranger
        return row


def memberships(person: Person) -> list[Membership]:
    """The person's memberships with their workspaces, oldest first. One query."""
    return list(Membership.objects.filter(person=person).select_related("workspace").order_by("id"))


def brands_of(person: Person) -> list[Brand]:
    """Every brand the person may see, by name. One query."""
    mine = "workspace__memberships__"
    sees = Q(**{f"{mine}role": "owner"}) | Q(**{f"{mine}brands": None}) | Q(**{f"{mine}brands": F("pk")})
    rows = Brand.objects.filter(sees, **{f"{mine}person": person}).select_related("workspace")
    return list(rows.distinct().order_by("name"))


def who_in(person: Person, slug: str | None, door: str = "web") -> Who:
    """Who the person is in the brand `slug`; without one, in their first workspace. Raises Stranger."""
    if slug is None:
        member = Membership.objects.filter(person=person).select_related("workspace").order_by("id").first()
        if member is None:
            return Who(person, None, None, "", frozenset(), door)
        return Who(person, member.workspace, None, member.role, ROLES[member.role], door)
    brand = Brand.objects.filter(slug=slug).select_related("workspace").first()
    if brand is None:
        raise Stranger
    member = Membership.objects.filter(person=person, workspace=brand.workspace_id).first()
    if member is None or not _covers(member, brand):
        raise Stranger
    return Who(person, brand.workspace, brand, member.role, ROLES[member.role], door)


def _covers(member: Membership, brand: Brand) -> bool:
    if member.role == "owner":
        return True
    only = set(member.brands.values_list("pk", flat=True))
    return not only or brand.pk in only


def who_by_token(token: Token, slug: str | None, door: str) -> Who:
    """The token's person, with no more than the token's scopes and only in its workspace or brand."""
    slug = slug or (token.brand.slug if token.brand else None) or _only_brand(token)
    who = who_in(token.person, slug, door)
    if who.workspace is None or who.workspace.pk != token.workspace_id:
        raise Stranger
    if token.brand_id and (who.brand is None or who.brand.pk != token.brand_id):
        raise Stranger
    rights = who.rights & frozenset(token.scopes) if token.scopes else who.rights
    return Who(who.person, who.workspace, who.brand, who.role, rights, door)


def _only_brand(token: Token) -> str | None:
    slugs = list(Brand.objects.filter(workspace=token.workspace_id).values_list("slug", flat=True)[:2])
    return slugs[0] if len(slugs) == 1 else None


def worker_of(brand: Brand) -> Who:
    """The house itself at work for one brand: background jobs, with every right and no person."""
    return Who(None, brand.workspace, brand, "worker", ROLES["owner"], "worker")
