"""Who works in the demo: a workspace, its brand, an owner, an author and an approver; and how all of it goes away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from diskarte.core.files.keep import forget
from diskarte.core.files.models import File
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.models import Brand, Membership, Person, Workspace
from diskarte.core.people.who import Who, who_in
from diskarte.core.practice.models import PracticePost
from diskarte.words import Problem

WORKSPACE, BRAND = "diwata-coffee", "kape-diwata"
OWNER, AUTHOR, APPROVER = "demo@diskarte.local", "bayani@diskarte.local", "ligaya@diskarte.local"
PEOPLE = {
    "owner": (OWNER, "Amihan Reyes"),
    "author": (AUTHOR, "Bayani Cruz"),
    "approver": (APPROVER, "Ligaya Santos"),
}


@dataclass(frozen=True)
class Cast:
    """The three who act; nobody of them can sign in with a password."""

    owner: Who
    author: Who
    approver: Who

    @property
    def brand(self) -> Brand:
        assert self.owner.brand is not None
        return self.owner.brand


def there() -> Brand | None:
    """The demo's brand, when it was built before. Raises Problem when somebody's own brand has its address."""
    found = Brand.objects.filter(slug=BRAND).select_related("workspace").first()
    if found is not None and not (found.simulated and found.workspace.slug == WORKSPACE):
        raise Problem(
            f"There is a brand of your own at /{BRAND}/.",
            kept="Nothing was changed.",
            do="Build the demo with another data folder: set DISKARTE_DATA.",
        )
    return found


def invited(now: datetime) -> Cast:
    """The workspace with its brand and its people."""
    workspace = Workspace.objects.create(slug=WORKSPACE, name="Diwata Coffee", created_at=now)
    Brand.objects.create(
        workspace=workspace, slug=BRAND, name="Kape Diwata", country="PH", time_zone="Asia/Manila", currency="PHP",
        languages=["en", "fil"], simulated=True, created_at=now,
    )  # fmt: skip
    return Cast(**{role: _member(workspace, role, now) for role in PEOPLE})


def _member(workspace: Workspace, role: str, now: datetime) -> Who:
    email, name = PEOPLE[role]
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(
        email, name=name, joined_at=now
    )
    Membership.objects.create(person=person, workspace=workspace, role=role, created_at=now)
    return who_in(person, BRAND)


def gone(brand: Brand) -> None:
    """Remove the demo's workspace with everything in it, and what it had posted on the practice network."""
    told = {*Delivery.objects.filter(brand=brand).values_list("remote_id", flat=True)}
    told |= {*Publication.objects.filter(brand=brand, network="practice").values_list("remote_id", flat=True)}
    posted = [int(pk) for pk in told if pk.isdecimal()]
    accounts = brand.channels.filter(network="practice").values_list("identity", flat=True)
    PracticePost.objects.filter(account__in=list(accounts), pk__in=posted).delete()
    for file in File.objects.filter(brand=brand):
        forget(file)
    brand.workspace.delete()
