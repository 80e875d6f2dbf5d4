"""Builders with visible defaults. Alice owns, Bob is an author, Charlie is a stranger who must be kept out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from diskarte.core.people.models import Brand, Membership, Person, Workspace
from diskarte.core.people.who import Who, who_in

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)  # Tuesday 09:00 in Manila


def a_person(name: str = "Alice", **facts: Any) -> Person:
    person, _new = Person.objects.get_or_create(
        email=f"{name.lower()}@example.com", defaults={"name": name, **facts}
    )
    return person


def a_workspace(slug: str = "kape") -> Workspace:
    workspace, _new = Workspace.objects.get_or_create(slug=slug, defaults={"name": slug.title()})
    return workspace


def a_brand(slug: str = "kape-diwata", **facts: Any) -> Brand:
    workspace = facts.pop("workspace", None) or a_workspace()
    defaults = {"name": "Kape Diwata", "workspace": workspace, "languages": ["en", "fil"]} | facts
    brand, _new = Brand.objects.get_or_create(slug=slug, defaults=defaults)
    return brand


def a_member(name: str = "Alice", role: str = "owner", brand: Brand | None = None) -> Who:
    """A person with a role in the brand's workspace, as `Who`."""
    brand = brand or a_brand()
    person = a_person(name)
    Membership.objects.get_or_create(person=person, workspace=brand.workspace, defaults={"role": role})
    return who_in(person, brand.slug)


def alice(brand: Brand | None = None) -> Who:
    return a_member("Alice", "owner", brand)


def bob(brand: Brand | None = None) -> Who:
    return a_member("Bob", "author", brand)


def charlie() -> Who:
    """Owner of another brand: here a stranger."""
    other = a_brand("charlies-tea", name="Charlie's Tea", workspace=a_workspace("tea"))
    return a_member("Charlie", "owner", other)
