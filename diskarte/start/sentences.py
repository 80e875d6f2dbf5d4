"""How proposals stand on their page: in groups, each with the words of its edit form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

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
SHORT = ("concept", "fact", "product", "rival", "time")  # one line each is enough
WITH = {"hook": "portrait"}  # shown inside another group
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
    "a_week": _("Posts a week"),
    "hours": _("Hours a week"),
    "money": _("Money a month"),
}
TYPES = {
    "target": "number",
    "deadline": "date",
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

    @property
    def short(self) -> bool:
        """Told in a line each."""
        return self.kind in SHORT


def counted(drafts: dict[str, int]) -> list[tuple[str, str]]:
    """(icon, words) of what the answers make, in the order of the strategy."""
    return [(HEADS[kind][2], COUNTS[kind](n) % {"n": n}) for kind in COUNTS if (n := drafts.get(kind, 0))]


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
