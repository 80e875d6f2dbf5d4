"""Verbs of the hook bank: first lines, ranked by what they brought; which to keep, to test next, to let rest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from django.utils.translation import get_language, gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication
from diskarte.core.people.who import Who
from diskarte.stages.goals.models import Goal

from . import hook_table, saving, sheets
from . import playbook as books
from .models import Hook, Segment, Sheet
from .ranking import hook_scores
from .rules import hooks as rules
from .rules.hooks import NONE, Label, Score
from .saving import AS_IS, NUMBER_AS_IS

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
Step = Literal["", "notice", "weigh", "buy", "return"]
State = Literal["active", "resting"]
SHOWN = 3  # hooks in each piece of advice
POSTS = 5  # posts shown of one hook


@dataclass(frozen=True)
class Ranked:
    """A hook with what it brought so far, and what to do with it: keep, test, retire or rest."""

    hook: Hook
    score: Score

    @property
    def advice(self) -> str:
        """What to do with it."""
        return rules.advice(self.score, self.hook.state == "resting")


@dataclass(frozen=True)
class Bank:
    """The bank as it was asked for, best first, and advice from all of it: what to keep, test next, let rest."""

    rows: list[Ranked]
    every: int
    keep: list[Ranked]
    test: list[Ranked]
    retire: list[Ranked]
    posts: int  # posts with a hook whose numbers are known


@dataclass(frozen=True)
class Choices:
    """What a hook can be given: portraits, goals and languages by id and name; examples of triggers from playbooks."""

    segments: list[tuple[int, str]]
    goals: list[tuple[int, str]]
    languages: list[str]
    examples: dict[str, str]


def ranked(rows: list[Hook], scores: dict[Label, Score]) -> list[Ranked]:
    """Hooks, the ones that worked best first, what was not tried last."""
    found = {str(h.pk): Ranked(h, scores.get((h.segment.name, str(h)), Score())) for h in rows}
    return [found[pk] for pk in rules.order((pk, one.score) for pk, one in found.items())]


@read(may="audience.see")
def hooks(who: Who, segment: int | None = None) -> list[Ranked]:
    """The hook bank, of one segment or of all: what worked first, what was not tried last."""
    if segment:
        who.one(Segment, segment)
    return hook_bank(who, segment).rows


@read(may="audience.see")
def hook_bank(
    who: Who, segment: int | None = None, trigger: str = "", step: str = "", language: str = "",
    goal: int | None = None, advice: str = "", find: str = "",
) -> Bank:  # fmt: skip
    """The hook bank filtered, best first; and of all of it which to keep, to test next and to let rest."""
    scores = hook_scores(who)
    rows = who.own(Hook).select_related("segment", "goal").order_by("segment_id", "pk")
    every = ranked(list(rows), scores)
    wanted = {"segment_id": segment, "trigger": trigger, "step": step, "goal_id": goal}
    shown = [one for one in every if all(not v or getattr(one.hook, n) == v for n, v in wanted.items())]
    shown = [one for one in shown if not language or one.hook.language in ("", language)]
    words = find.strip().casefold()
    shown = [one for one in shown if words in f"{one.hook.text} {one.hook.offer}".casefold()]
    shown = [one for one in shown if not advice or one.advice == advice]
    posts = sum(score.uses for label, score in scores.items() if label != NONE)
    return Bank(shown, len(every), *_advised(every, scores), posts)


def _advised(
    every: list[Ranked], scores: dict[Label, Score]
) -> tuple[list[Ranked], list[Ranked], list[Ranked]]:
    """Which to keep, best first; to test next; to let rest, worst first."""
    live = [one for one in every if one.hook.state == "active" and one.hook.segment.state == "active"]
    by_pk = {str(one.hook.pk): one for one in live}
    told = ((pk, one.hook.segment.name, one.score) for pk, one in by_pk.items())
    after = rules.test_next(told, scores.get(NONE, Score()), SHOWN)
    keep = [one for one in live if one.advice == "keep"][:SHOWN]
    retire = [one for one in reversed(live) if one.advice == "retire"][:SHOWN]
    return keep, [by_pk[pk] for pk in after], retire


@read(may="audience.see")
def hook(who: Who, hook: int) -> Hook:
    """One hook."""
    return who.one(Hook, hook)  # type: ignore[no-any-return]


@read(may="audience.see")
def hook_posts(who: Who, hook: int) -> list[Publication]:
    """The newest posts that used a hook for its segment, with their numbers."""
    row = who.one(Hook, hook)
    used = who.own(Publication).filter(hook=str(row), segment=row.segment.name, is_reply=False)
    return list(used.select_related("channel").order_by("-at")[:POSTS])


@read(may="audience.see")
def hook_choices(who: Who) -> Choices:
    """What a hook can be given, and an example of every trigger from the playbooks of this brand's trades."""
    rows = list(who.own(Segment).order_by("state", "pk"))
    goals = who.own(Goal).filter(state="open").order_by("deadline", "pk").values_list("pk", "sentence")
    trades = {row.source.removeprefix("playbook: ") for row in rows if row.source.startswith("playbook: ")}
    examples = books.examples(sorted(trades), get_language() or "en")
    assert who.brand is not None
    used = who.own(Hook).exclude(language="").values_list("language", flat=True).distinct()
    languages = dict.fromkeys(chain(who.brand.languages, sorted(used)))
    return Choices([(row.pk, row.name) for row in rows], list(goals), list(languages), examples)


@write(may="audience.edit", done=gettext_noop("Hook added."))
def add_hook(
    who: Who, segment: int, trigger: Trigger, text: str, offer: str = "", language: str = "", step: Step = "",
    goal: int | None = None, example: str = "", source: str = "",
) -> Hook:  # fmt: skip
    """Add a first line that should make a segment stop, with the concrete thing it offers; `source` is whose idea."""
    row = Hook(brand=who.brand, segment=who.one(Segment, segment), source=source[:80], made_at=clock.now())
    row.step = step or rules.USUAL_STEP[trigger]
    row.goal = who.one(Goal, goal) if goal else None
    return saving.save_hook(row, {"trigger": trigger, "text": text, "offer": offer, "language": language,
                                  "example": example})  # fmt: skip


@write(may="audience.edit", done=gettext_noop("Hook saved."))
def edit_hook(
    who: Who, hook: int, trigger: Trigger | None = None, text: str = AS_IS, offer: str = AS_IS, language: str = AS_IS,
    step: Step | None = None, goal: int | None = NUMBER_AS_IS, example: str = AS_IS, state: State | None = None,
) -> Hook:  # fmt: skip
    """Change a hook, or let it rest; what is not given stays."""
    row = who.one(Hook, hook)
    row.state = state or row.state
    row.step = row.step if step is None else step or rules.USUAL_STEP[trigger or row.trigger]
    if goal != NUMBER_AS_IS:
        row.goal = who.one(Goal, goal) if goal else None
    given = {
        "trigger": trigger or AS_IS,
        "text": text,
        "offer": offer,
        "language": language,
        "example": example,
    }
    return saving.save_hook(row, {name: value for name, value in given.items() if value != AS_IS})


@write(may="audience.edit", done=gettext_noop("Hook removed."))
def remove_hook(who: Who, hook: int) -> None:
    """Remove a hook; what was published with it keeps its words."""
    who.one(Hook, hook).delete()


@read(may="audience.see")
def hooks_table(who: Who) -> str:
    """The whole bank as CSV with what each hook brought; the same columns can be imported again."""
    return hook_table.written(hook_bank(who).rows).decode("utf-8-sig")


@write(
    may="audience.edit",
    done=gettext_noop(
        "Hooks of «{name}»: {new} new, {changed} changed, {same} as they were, {bad} rows not taken."
    ),
)
def import_hooks(who: Who, file: Upload, segment: int | None = None) -> hook_table.Given:
    """Take in a table of hooks (CSV or XLSX: portrait, type, hook, offer, language, step, goal, example, state).

    A hook its portrait has already is changed; `segment` is the portrait of rows that name none.
    """
    return hook_table.take(who, file, who.one(Segment, segment) if segment else None)


@read(may="audience.see")
def sheets_given(who: Who, what: Literal["hooks", "members"] = "hooks") -> list[Sheet]:
    """The tables of hooks or of members given lately, the newest first; of members those with rows to fetch."""
    rows = who.own(Sheet).filter(what=what)
    rows = rows.exclude(refused=b"") if what == "members" else rows
    return list(rows.defer("refused").order_by("-pk")[:SHOWN])


@read(may="audience.see")
def refused_rows(who: Who, sheet: int) -> str:
    """The rows of a table that were not taken, each with its reason, as CSV; empty when there are none any more."""
    return sheets.refused(who.one(Sheet, sheet))


def of_segment(row: Segment, scores: dict[Label, Score]) -> list[Ranked]:
    """The hooks of one portrait: those in use first, best first."""
    found: list[Any] = list(row.hooks.all())
    for one in found:
        one.segment = row
    return sorted(ranked(found, scores), key=lambda one: one.hook.state)
