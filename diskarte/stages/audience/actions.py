"""Every verb of the stage «audience»."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

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
from .ranking import hook_scores
from .rules import hooks as hook_rules
from .rules import portraits
from .rules.hooks import Score
from .saving import AS_IS, NUMBER_AS_IS

__all__ = [
    "Crossing",
    "accept_people", "add_hook", "add_members", "add_playbook", "add_segment", "build_group", "communities",
    "community_overlap", "count_group", "crowd", "drop_people", "edit_hook", "edit_segment", "forget_person",
    "group", "groups", "hook", "hooks", "import_people", "intake", "intakes", "lists", "look_again",
    "overlap", "people", "playbooks", "preview_people", "propose_segments", "prove_forgotten", "receipts",
    "reckon_value", "rejected_people", "remove_community", "remove_group", "remove_hook", "remove_segment",
    "resume_import", "segment", "segments", "standing", "take_back_people", "value",
]  # fmt: skip

Trigger = Literal[
    "curiosity",
    "loss",
    "proof",
    "identity",
    "belonging",
    "ease",
    "urgency",
    "novelty",
    "savings",
    "pride",
    "story",
]
State = Literal["active", "resting"]
ENOUGH = 3  # hooks that make a segment workable


@dataclass(frozen=True)
class Ranked:
    """A hook with what it brought so far."""

    hook: Hook
    score: Score


@dataclass(frozen=True)
class Portrait:
    """A segment with its hooks, best first, and the questions nobody has answered."""

    segment: Segment
    hooks: list[Ranked]
    unanswered: list[str]


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
    scores = hook_scores(who)
    rows = who.own(Segment).prefetch_related("hooks").order_by("state", "pk")
    return [_portrait(row, scores) for row in rows]


@read(may="audience.see")
def segment(who: Who, segment: int) -> Portrait:
    """One portrait with its hooks, the ones that worked best first."""
    return _portrait(who.one(Segment, segment), hook_scores(who))


@read(may="audience.see")
def hooks(who: Who, segment: int | None = None) -> list[Ranked]:
    """The hook bank, of one segment or of all: what worked first, what was not tried last."""
    rows = [who.one(Segment, segment)] if segment else who.own(Segment).prefetch_related("hooks")
    scores = hook_scores(who)
    every = {hook.hook.pk: hook for row in rows for hook in _portrait(row, scores).hooks}
    best = hook_rules.order((str(pk), ranked.score) for pk, ranked in every.items())
    return [every[int(pk)] for pk in best]


@read(may="audience.see")
def hook(who: Who, hook: int) -> Hook:
    """One hook."""
    return who.one(Hook, hook)  # type: ignore[no-any-return]


def _portrait(row: Segment, scores: dict[hook_rules.Label, Score]) -> Portrait:
    found = {str(h.pk): Ranked(h, scores.get((row.name, str(h)), Score())) for h in row.hooks.all()}
    best = hook_rules.order((pk, ranked.score) for pk, ranked in found.items())
    awake = sorted(best, key=lambda pk: found[pk].hook.state)
    return Portrait(row, [found[pk] for pk in awake], portraits.unanswered(vars(row)))


@write(may="audience.edit", done=gettext_noop("{name} is one of your segments now."))
def add_segment(
    who: Who, name: str, summary: str = "", size: int | None = None, size_from: str = "",
    age_from: int | None = None, age_to: int | None = None, places: list[str] | None = None,
    languages: list[str] | None = None, interests: list[str] | None = None, jobs: list[str] | None = None,
    pains: list[str] | None = None, gains: list[str] | None = None, objections: list[str] | None = None,
    awake: str = "", networks: list[str] | None = None,
) -> Segment:  # fmt: skip
    """Draw the portrait of people you want to reach; `awake` like «6-8, 12, 18-22»."""
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
    state: State | None = None,
) -> Segment:  # fmt: skip
    """Change a portrait; what is not given stays."""
    given = dict(locals())
    row = who.one(Segment, segment)
    return saving.fill(row, {n: v for n, v in given.items() if n not in ("who", "segment")})


@write(may="audience.edit", done=gettext_noop("Segment removed with its hooks."))
def remove_segment(who: Who, segment: int) -> None:
    """Remove a portrait and its hooks; what was published for it keeps its name."""
    row = who.one(Segment, segment)
    for hook in row.hooks.all():
        hook.delete()
    row.delete()


@write(may="audience.edit", done=gettext_noop("Hook added."))
def add_hook(who: Who, segment: int, trigger: Trigger, text: str, offer: str = "") -> Hook:
    """Add a first line that should make a segment stop, with the concrete thing it offers."""
    row = Hook(brand=who.brand, segment=who.one(Segment, segment), made_at=clock.now())
    return saving.save_hook(row, trigger, text, offer)


@write(may="audience.edit", done=gettext_noop("Hook saved."))
def edit_hook(
    who: Who,
    hook: int,
    trigger: Trigger | None = None,
    text: str = AS_IS,
    offer: str = AS_IS,
    state: State | None = None,
) -> Hook:
    """Change a hook, or let it rest; what is not given stays."""
    row = who.one(Hook, hook)
    row.state = state or row.state
    return saving.save_hook(row, trigger or row.trigger, text if text != AS_IS else row.text, offer)


@write(may="audience.edit", done=gettext_noop("Hook removed."))
def remove_hook(who: Who, hook: int) -> None:
    """Remove a hook; what was published with it keeps its words."""
    who.one(Hook, hook).delete()


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
    n = sum(_from_playbook(who, told, f"playbook: {book.name}") for told in fresh)
    return Added(book.title, len(fresh), n)


def _from_playbook(who: Who, told: dict[str, Any], source: str) -> int:
    facts = {n: v for n, v in told.items() if n != "hook"}
    row = saving.fill(Segment(brand=who.brand, source=source, made_at=clock.now()), facts)
    for line in told["hook"]:
        hook = Hook(brand=who.brand, segment=row, source=source, made_at=clock.now())
        saving.save_hook(hook, line["trigger"], line["text"], line["offer"])
    return len(told["hook"])
