"""How proposals stand on their page: in groups, each with the words of its edit form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .proposing import AREAS as KINDS_OF
from .proposing import Proposal
from .taking import PAGES

HEADS = {
    "concept": (_("Your concept"), _("What you answered, to be written into the brand."), "id-badge-2"),
    "fact": (_("From your website"), _("Lines we found, each with the place it stood."), "world"),
    "product": (_("What you sell"), _("Products make offers concrete."), "tag"),
    "rival": (_("Whom you are compared with"), _("Names now, numbers later."), "git-compare"),
    "voice": (_("How you sound"), _("One voice is enough; take the one that fits."), "messages"),
    "portrait": (
        _("Whom you want to reach"),
        _("Portraits with their hooks: a first line and a useful offer."),
        "users",
    ),
    "goal": (_("What must change"), _("First numbers, each with where it comes from."), "target"),
    "pillar": (_("What you will talk about"), _("Pillars and their share of all posts."), "layout-grid"),
    "platform": (
        _("Where to start"),
        _("Taken by hand, without any key; connect them for good later."),
        "share",
    ),
    "time": (_("Time and money"), _("The plan keeps to it."), "clock"),
    "hook": (_("Hooks"), "", "quote"),
}
WITH = {"hook": "portrait"}  # shown inside another group
AREAS = {
    "brand": (_("Your brand"), _("Your answers, and how you sound: of several voices the first."), "id-badge-2"),
    "people": (_("Whom you want to reach"), _("Portraits with their hooks: a first line and a useful offer."), "users"),
    "goals": (_("What must change"), _("First numbers, each with where it comes from."), "target"),
    "pillars": (_("What you will talk about"), _("Pillars and their share of all posts."), "layout-grid"),
    "places": (_("Platforms, hours and money"), _("Where to begin, and what the plan keeps to."), "share"),
}  # fmt: skip
LONG = ("text", "topics", "do", "dont", "summary", "offer")
LABELS = {
    "text": _("Text"),
    "name": _("Name"),
    "price": _("Price"),
    "summary": _("In one sentence"),
    "offer": _("Offer"),
    "do": _("Words we like"),
    "dont": _("Words we never use"),
    "sentence": _("The goal"),
    "target": _("Target"),
    "deadline": _("Last day"),
    "share": _("Share in percent"),
    "topics": _("Topics, one a line"),
    "handle": _("Name or address of the page"),
    "followers": _("Followers"),
    "a_week": _("Posts a week"),
    "seen_in": _("Where the numbers were read"),
    "seen_on": _("When they were read"),
    "hours": _("Hours a week"),
    "money": _("Money a month"),
}
TYPES = {
    "target": "number",
    "deadline": "date",
    "seen_on": "date",
    "followers": "number",
    "share": "number",
    "a_week": "number",
    "hours": "number",
    "money": "number",
}

COUNTS: dict[str, Callable[[int], str]] = {
    "product": lambda n: ngettext("%(n)d product", "%(n)d products", n),
    "rival": lambda n: ngettext("%(n)d competitor", "%(n)d competitors", n),
    "portrait": lambda n: ngettext("%(n)d portrait", "%(n)d portraits", n),
    "hook": lambda n: ngettext("%(n)d hook", "%(n)d hooks", n),
    "goal": lambda n: ngettext("%(n)d goal", "%(n)d goals", n),
    "pillar": lambda n: ngettext("%(n)d pillar", "%(n)d pillars", n),
    "platform": lambda n: ngettext("%(n)d platform", "%(n)d platforms", n),
}


@dataclass(frozen=True)
class Edit:
    """One field of the form with which a proposal is edited before it is taken."""

    name: str
    label: Any
    type: str
    value: Any


@dataclass(frozen=True)
class Card:
    """One proposal on the page, with the ones that stand under it."""

    one: Proposal
    edits: list[Edit]
    page: str
    under: list[Card] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """All proposals of one kind."""

    kind: str
    head: Any
    lead: Any
    icon: str
    cards: list[Card]
    taken: int
    open: int
    page: str


@dataclass(frozen=True)
class Area:
    """The proposals of one part of the strategy, with how many of them have their answer."""

    name: str
    head: Any
    lead: Any
    icon: str
    groups: list[Group]
    open: int
    every: int

    @property
    def done(self) -> int:
        """How many were taken or left."""
        return self.every - self.open

    @property
    def page(self) -> str:
        """Where they stand once they are taken."""
        return self.groups[0].page


def counted(drafts: dict[str, int]) -> list[tuple[str, str]]:
    """(icon, words) of what the answers make, in the order of the strategy."""
    return [(HEADS[kind][2], COUNTS[kind](n) % {"n": n}) for kind in COUNTS if (n := drafts.get(kind, 0))]


def areas(found: list[Proposal]) -> list[Area]:
    """The proposals by area, in the order of the strategy; areas without any are left out."""
    told = {group.kind: group for group in groups(found)}
    made = [(name, [told[kind] for kind in kinds if kind in told]) for name, kinds in KINDS_OF.items()]
    return [_area(name, mine, found) for name, mine in made if mine]


def _area(name: str, mine: list[Group], found: list[Proposal]) -> Area:
    kinds = {group.kind for group in mine}
    every = [one for one in found if WITH.get(one.kind, one.kind) in kinds]
    return Area(name, *AREAS[name], mine, sum(one.state == "open" for one in every), len(every))


def groups(found: list[Proposal]) -> list[Group]:
    """The proposals by kind, in the order of the strategy; kinds without any are left out."""
    return [
        _group(kind, found) for kind in HEADS if kind not in WITH and any(one.kind == kind for one in found)
    ]


def _group(kind: str, found: list[Proposal]) -> Group:
    head, lead, icon = HEADS[kind]
    mine = [one for one in found if one.kind == kind]
    every = [one for one in found if WITH.get(one.kind, one.kind) == kind]
    cards = [_card(one, [p for p in found if p.under == one.key]) for one in mine]
    states = [one.state for one in every]
    return Group(
        kind, head, lead, icon, cards, states.count("taken"), states.count("open"), reverse(PAGES[kind])
    )


def _card(one: Proposal, under: Iterable[Proposal] = ()) -> Card:
    return Card(one, _edits(one), reverse(PAGES[one.kind]), [_card(p) for p in under])


def _edits(one: Proposal) -> list[Edit]:
    shown = {**one.fields, **({"sentence": one.title} if one.kind == "goal" else {})}
    return [
        Edit(name, LABELS[name], TYPES.get(name, "textarea" if name in LONG else "text"), value)
        for name, value in shown.items()
        if name in LABELS
    ]
