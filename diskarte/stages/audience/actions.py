"""Every verb of the stage «audience»."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language, gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.people.who import Who
from diskarte.core.standing import Need, Standing

from . import playbook as books
from . import saving
from .group_actions import (
    Crossing,
    add_members,
    build_group,
    communities,
    community_overlap,
    count_group,
    group,
    groups,
    lists,
    overlap,
    propose_segments,
    reckon_value,
    remove_community,
    remove_group,
    value,
)
from .hook_actions import (
    Choices,
    Ranked,
    State,
    Trigger,
    add_hook,
    edit_hook,
    hook,
    hook_bank,
    hook_choices,
    hook_posts,
    hooks,
    hooks_table,
    import_hooks,
    of_segment,
    refused_rows,
    remove_hook,
    sheets_given,
)
from .models import Hook, Intake, Segment
from .people_actions import (
    accept_people,
    crowd,
    drop_people,
    forget_person,
    import_people,
    intake,
    intakes,
    look_again,
    people,
    preview_people,
    prove_forgotten,
    receipts,
    rejected_people,
    resume_import,
    take_back_people,
)
from .playbook import Playbook
from .ranking import results, segment_scores
from .rules import portraits
from .rules.hooks import USUAL_STEP, Result, Score, scores
from .saving import AS_IS, NUMBER_AS_IS

__all__ = [
    "Choices", "Crossing", "Ranked", "Trigger",
    "accept_people", "add_hook", "add_members", "add_playbook", "add_segment", "build_group", "communities",
    "community_overlap", "count_group", "crowd", "drop_people", "edit_hook", "edit_segment", "forget_person",
    "group", "groups", "hook", "hook_bank", "hook_choices", "hook_posts", "hooks", "hooks_table",
    "import_hooks", "import_people", "intake", "intakes", "lists", "look_again", "overlap", "people",
    "playbooks", "preview_people", "propose_segments", "prove_forgotten", "receipts", "reckon_value",
    "refused_rows", "rejected_people", "remove_community", "remove_group", "remove_hook", "remove_segment",
    "resume_import", "segment", "segments", "sheets_given", "standing", "take_back_people", "value",
]  # fmt: skip

ENOUGH = 3  # hooks that make a segment workable


@dataclass(frozen=True)
class Portrait:
    """A segment with its hooks, best first, the questions nobody has answered, and how the posts for it did."""

    segment: Segment
    hooks: list[Ranked]
    unanswered: list[str]
    score: Score = field(default_factory=Score)

    @property
    def answered(self) -> int:
        """How many questions somebody answered."""
        return len(portraits.QUESTIONS) - len(self.unanswered)

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return len(portraits.QUESTIONS)


@dataclass(frozen=True)
class Added:
    """What a playbook brought; what was there already was left alone."""

    title: str
    segments: int
    hooks: int


@read(may="audience.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    rows = list(
        who.own(Segment).filter(state="active").annotate(n=Count("hooks", filter=Q(hooks__state="active")))
    )
    waits = who.own(Intake).filter(state="waiting").first()
    what, url = gettext_noop("The list «%(name)s» waits to be imported"), "audience.intake"
    args = {"intake": waits.pk} if waits else {}
    needs = (Need(what, url, {"name": waits.name}, args, "look", gettext_noop("Look")),) if waits else ()
    if not rows:
        return Standing("empty", needs=needs, missing=gettext_noop("Say whom you want to reach"))
    if any(row.n < ENOUGH for row in rows):
        return Standing(
            "half", str(len(rows)), needs, gettext_noop("Give every segment at least three hooks")
        )
    if any(len(portraits.unanswered(vars(row))) > len(portraits.QUESTIONS) // 2 for row in rows):
        return Standing("half", str(len(rows)), needs, gettext_noop("Answer more about every segment"))
    return Standing("full", str(len(rows)), needs)


@read(may="audience.see")
def segments(who: Who) -> list[Portrait]:
    """Every portrait with its hooks, the ones that worked best first."""
    rows = who.own(Segment).prefetch_related("hooks").order_by("state", "pk")
    return _portraits(list(rows), results(who))


@read(may="audience.see")
def segment(who: Who, segment: int) -> Portrait:
    """One portrait with its hooks, the ones that worked best first."""
    return _portraits([who.one(Segment, segment)], results(who))[0]


def _portraits(rows: list[Segment], found: list[Result]) -> list[Portrait]:
    by_hook, by_name = scores(found), segment_scores(found)
    return [
        Portrait(
            row, of_segment(row, by_hook), portraits.unanswered(vars(row)), by_name.get(row.name, Score())
        )
        for row in rows
    ]


@write(may="audience.edit", done=gettext_noop("{name} is one of your segments now."))
def add_segment(
    who: Who, name: str, summary: str = "", size: int | None = None, size_from: str = "",
    age_from: int | None = None, age_to: int | None = None, places: list[str] | None = None,
    languages: list[str] | None = None, interests: list[str] | None = None, jobs: list[str] | None = None,
    pains: list[str] | None = None, gains: list[str] | None = None, objections: list[str] | None = None,
    awake: str = "", networks: list[str] | None = None, evidence: list[str] | None = None, source: str = "",
) -> Segment:  # fmt: skip
    """Draw the portrait of people you want to reach; `awake` like «6-8, 12, 18-22», `evidence` how you know."""
    given = dict(locals())
    del given["who"]
    return saving.fill(Segment(brand=who.brand, made_at=clock.now()), given)


@write(may="audience.edit", done=gettext_noop("{name} saved."))
def edit_segment(
    who: Who, segment: int, name: str = AS_IS, summary: str = AS_IS, size: int | None = NUMBER_AS_IS,
    size_from: str = AS_IS, age_from: int | None = NUMBER_AS_IS, age_to: int | None = NUMBER_AS_IS,
    places: list[str] | None = None, languages: list[str] | None = None, interests: list[str] | None = None,
    jobs: list[str] | None = None, pains: list[str] | None = None, gains: list[str] | None = None,
    objections: list[str] | None = None, awake: str = AS_IS, networks: list[str] | None = None,
    evidence: list[str] | None = None, state: State | None = None,
) -> Segment:  # fmt: skip
    """Change a portrait; what is not given stays."""
    given = dict(locals())
    row = who.one(Segment, segment)
    return saving.fill(row, {n: v for n, v in given.items() if n not in ("who", "segment")})


@write(may="audience.edit", done=gettext_noop("Segment removed with its hooks."))
def remove_segment(who: Who, segment: int) -> None:
    """Remove a portrait and its hooks; what was published for it keeps its name."""
    row = who.one(Segment, segment)
    for one in row.hooks.all():
        one.delete()
    row.delete()


@read(may="audience.see")
def playbooks(who: Who) -> list[Playbook]:
    """Starting portraits and hooks by trade, in your language where they exist."""
    return books.playbooks(get_language() or "en")


@write(
    may="audience.edit",
    done=gettext_noop("«{title}»: added segments {segments}, hooks {hooks}. They are yours to edit."),
)
def add_playbook(who: Who, playbook: str, language: str = "") -> Added:
    """Start from a trade's playbook: its portraits and hooks, to be edited; nothing you have is changed."""
    book = books.one(playbook, language or get_language() or "en")
    have = set(who.own(Segment).values_list("name", flat=True))
    fresh = [told for told in book.segments if told["name"] not in have]
    n = sum(_from_playbook(who, told, f"playbook: {book.name}", book.language) for told in fresh)
    return Added(book.title, len(fresh), n)


def _from_playbook(who: Who, told: dict[str, Any], source: str, language: str) -> int:
    facts = {n: v for n, v in told.items() if n != "hook"}
    row = saving.fill(Segment(brand=who.brand, source=source, made_at=clock.now()), facts)
    for line in told["hook"]:
        first = Hook(brand=who.brand, segment=row, source=source, made_at=clock.now())
        first.step = USUAL_STEP[line["trigger"]]
        saving.save_hook(first, line | {"language": language})
    return len(told["hook"])
