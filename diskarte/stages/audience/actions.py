"""Every verb of the stage «audience»."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Count, Q
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.core.standing import Need, Standing
from diskarte.words import Problem

from . import forgetting, saving, sentences, waiting
from . import intake as taking
from . import playbook as books
from . import preview as previewing
from .models import Contact, Forgotten, Hook, Intake, Segment
from .playbook import Playbook
from .preview import Preview
from .ranking import hook_scores
from .rules import hooks as hook_rules
from .rules import portraits
from .rules.hooks import Score
from .rules.people import ADDRESSES
from .saving import AS_IS, NUMBER_AS_IS

Trigger = Literal[
    "curiosity", "loss", "proof", "identity", "belonging", "ease", "urgency", "novelty", "savings", "pride", "story"
]
Consent = Literal["yes", "no", "unknown"]
State = Literal["active", "resting"]
ENOUGH = 3  # hooks that make a segment workable
HUNDRED = 100


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
class Crowd:
    """How many people are known, how they can be reached, and who agreed to it."""

    people: int
    email: int
    phone: int
    yes: int
    no: int
    unknown: int
    forgotten: int


@dataclass(frozen=True)
class Added:
    """What a playbook brought; what was there already was left alone."""

    title: str
    segments: int
    hooks: int


@dataclass(frozen=True)
class Gone:
    """How many records of a person were removed."""

    removed: int


@read(may="audience.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    rows = list(who.own(Segment).filter(state="active").annotate(n=Count("hooks", filter=Q(hooks__state="active"))))
    waits = who.own(Intake).filter(state="waiting").first()
    what, url = gettext_noop("The list «%(name)s» waits to be imported"), "audience.intake"
    args = {"intake": waits.pk} if waits else {}
    needs = (Need(what, url, {"name": waits.name}, args, "look", gettext_noop("Look")),) if waits else ()
    if not rows:
        return Standing("empty", needs=needs, missing=gettext_noop("Say whom you want to reach"))
    if any(row.n < ENOUGH for row in rows):
        return Standing("half", str(len(rows)), needs, gettext_noop("Give every segment at least three hooks"))
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


@read(may="audience.see")
def crowd(who: Who) -> Crowd:
    """How many people are known, how they can be reached, and who agreed to it."""
    told = who.own(Contact).aggregate(
        people=Count("pk"),
        email=Count("pk", filter=~Q(email="")),
        phone=Count("pk", filter=~Q(phone="")),
        yes=Count("pk", filter=Q(consent="yes")),
        no=Count("pk", filter=Q(consent="no")),
        unknown=Count("pk", filter=Q(consent="unknown")),
    )
    return Crowd(**told, forgotten=who.own(Forgotten).values("at").distinct().count())


@read(may="audience.see")
def people(who: Who, find: str = "", after: int = 0, limit: int = HUNDRED) -> list[Contact]:
    """People you know, by their order of arrival; `find` is the start of a name, an e-mail, a phone or a number."""
    rows = who.own(Contact).filter(pk__gt=after)
    if find:
        starts = (Q(**{f"{n}__istartswith": find}) for n in ("name", "email", "phone", "external_id"))
        rows = rows.filter(next(starts) | next(starts) | next(starts) | next(starts))
    return list(rows.order_by("pk")[: min(limit, 1000)])


@read(may="audience.see")
def intakes(who: Who) -> list[Intake]:
    """The files of people that were given, newest first."""
    return list(who.own(Intake).defer("rejected").select_related("made_by").order_by("-pk")[:HUNDRED])


@read(may="audience.see")
def intake(who: Who, intake: int) -> Intake:
    """One file of people: waiting, or what became of its rows."""
    return who.one(Intake, intake)  # type: ignore[no-any-return]


@write(may="audience.edit")
def preview_people(who: Who, file: Upload) -> Preview:
    """Look at a CSV or XLSX of people: which columns were recognised, which rows would be refused; imports nothing."""
    return previewing.preview(who, waiting.keep(who, file), None)


@read(may="audience.edit")
def look_again(who: Who, intake: int, columns: list[str] | None = None) -> Preview:
    """The preview of a waiting file, with other columns where given, each as «email=E-mail Address»."""
    return previewing.preview(who, who.one(Intake, intake), columns)


@write(
    may="audience.edit", done=gettext_noop("Added: {taken}, updated: {changed}, rows with an error: {refused}.")
)
def accept_people(
    who: Who, intake: int, columns: list[str] | None = None, consent: Consent = "unknown", consent_from: str = "",
    only_known: bool = False,
) -> Intake:  # fmt: skip
    """Import a waiting file; `consent` is what the whole list says, `only_known` drops the columns we do not know."""
    row = who.one(Intake, intake)
    return _take(who, row, columns, consent=consent, consent_from=consent_from.strip()[:200], others=not only_known)


@write(
    may="audience.edit", done=gettext_noop("Added: {taken}, updated: {changed}, rows with an error: {refused}.")
)
def import_people(
    who: Who, file: Upload, columns: list[str] | None = None, consent: Consent = "unknown", consent_from: str = "",
    only_known: bool = False,
) -> Intake:  # fmt: skip
    """Import a CSV or XLSX of people in one go: the good rows are taken, the others come back with their reasons."""
    row = waiting.keep(who, file)
    return _take(who, row, columns, consent=consent, consent_from=consent_from.strip()[:200], others=not only_known)


def _take(who: Who, row: Intake, columns: list[str] | None, **more: Any) -> Intake:
    way, found = taking.how(who, waiting.upload_of(row), columns, **more)
    if problem := taking.unreachable(way.columns):
        raise problem
    tally = taking.take(who, row, found, way)
    if not tally.taken + tally.changed + tally.same:
        raise _nobody(tally)
    row.taken, row.changed, row.same, row.refused = tally.taken, tally.changed, tally.same, tally.refused
    row.rejected, row.reasons, row.columns = tally.file(found.headers), dict(tally.reasons), way.columns
    row.state, row.done_at = "done", clock.now()
    waiting.drop(row)
    row.save()
    return row


def _nobody(tally: taking.Tally) -> Problem:
    if not tally.refused:
        return Problem(_("There is no row below the header."), kept=_("Nothing was imported."))
    number, _row, code, value = tally.bad[0]
    what = _("Not one row could be taken. Row %(n)s: %(why)s") % {"n": number, "why": sentences.reason(code, value)}
    return Problem(what, kept=_("Nothing was imported."), do=_("Check which column is which."), field="columns")


@read(may="audience.edit")
def rejected_people(who: Who, intake: int) -> str:
    """The rows of an import that were not taken, each with its reason, as CSV."""
    row = who.one(Intake, intake)
    return gzip.decompress(bytes(row.rejected)).decode("utf-8-sig") if row.rejected else ""


@write(may="audience.edit", done=gettext_noop("The file was thrown away."))
def drop_people(who: Who, intake: int) -> None:
    """Throw away a file that waits; nothing of it was imported."""
    row = who.one(Intake, intake)
    if row.state != "waiting":
        raise Problem(_("This file was imported already."), do=_("Take the import back instead."))
    waiting.drop(row)
    row.delete()


@write(may="audience.edit", done=gettext_noop("People removed again: {removed}."))
def take_back_people(who: Who, intake: int) -> Gone:
    """Remove the people an import added; those it only updated stay as they are."""
    row = who.one(Intake, intake)
    removed, _each = who.own(Contact).filter(intake=row).delete()
    row.delete()
    return Gone(removed)


@write(may="audience.edit", done=gettext_noop("Forgotten, and no import brings them back. Records removed: {removed}."))
def forget_person(who: Who, contact: int | None = None, given: str = "") -> Gone:
    """Remove a person everywhere, by row or by e-mail, phone or customer number; only a salted hash stays."""
    assert who.brand is not None
    if contact is not None:
        row = who.one(Contact, contact)
        asked = {name: value for name in ADDRESSES if (value := getattr(row, name))}
    elif given.strip():
        asked = forgetting.addresses(given, who.brand.country)
    else:
        raise Problem(_("Say whom: an e-mail, a phone or a customer number."), field="given")
    return Gone(forgetting.forget(who, asked))
