"""Every verb of the guided start."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.apps import apps
from django.db import transaction
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from diskarte import playbooks as books
from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.people.who import Stranger, Who
from diskarte.stages.brand import sentences as brand_sentences
from diskarte.stages.channels import actions as channels
from diskarte.stages.plan import actions as plan
from diskarte.words import Problem

from . import checking, model, proposing, questions, reading, site, taking
from .models import Beginning, Decision
from .proposing import Proposal

AS_IS = "="  # an answer that was not given stays as it is
Kind = Literal[
    "concept", "fact", "product", "rival", "voice", "portrait", "hook", "goal", "pillar", "platform", "time"
]  # fmt: skip
Area = Literal["brand", "people", "goals", "pillars", "places"]


@dataclass(frozen=True)
class Way:
    """How far the guided start is."""

    begun: bool
    step: int  # the question to go on with; one past the last when all were asked
    questions: int
    answered: int
    minutes: int  # what is left, roughly
    taken: int


@dataclass(frozen=True)
class SoFar:
    """The strategy as the answers make it: the positioning with its blanks, and how many drafts of each kind."""

    statement: str
    drafts: dict[str, int]


@dataclass(frozen=True)
class Counted:
    """What was taken at once, and why the rest was not."""

    taken: int
    refused: list[str]
    said: str


def _row(who: Who) -> Beginning:
    if who.brand is None:
        raise Stranger
    return who.own(Beginning).first() or Beginning(brand=who.brand)


def _book(row: Beginning) -> books.Playbook | None:
    name = row.answers.get("trade", "")
    return books.one(name, get_language() or "en") if name in books.names() else None


@read(may="brand.see")
def playbooks(who: Who) -> list[books.Playbook]:
    """Every trade there is a playbook for."""
    return books.every(get_language() or "en")


@read(may="brand.see")
def way(who: Who) -> Way:
    """How far the guided start is, and how many minutes are left."""
    row = _row(who)
    answered = sum(any(row.answers.get(f.name) for f in q.fields) for q in questions.QUESTIONS)
    left = round(questions.MINUTES * max(0, questions.LAST + 1 - row.step) / questions.LAST)
    taken = who.own(Decision).filter(state="taken").count() if row.pk else 0
    return Way(row.pk is not None, row.step, questions.LAST, answered, left, taken)


@read(may="brand.see")
def question(who: Who, step: int) -> tuple[questions.Question, list[questions.Field]]:
    """One question with its fields: what was answered, else what the website says, else an example of the trade."""
    if not 1 <= step <= questions.LAST:
        raise Stranger
    row = _row(who)
    asked = questions.QUESTIONS[step - 1]
    return asked, questions.fields(asked, row.answers, _book(row), _suggested(row))


def _suggested(row: Beginning) -> dict[str, tuple[str, str]]:
    """What the website already says to a question: field → (value, where it stood)."""
    told: dict[str, tuple[str, str]] = {}
    goods = [f for f in row.found if f["kind"] == "product"][: site.MOST_PRODUCTS]
    pages = [f for f in row.found if f["kind"] == "page"]
    for field, rows in (("products", goods), ("places", pages)):
        lines = [f"{f['value']} {f['price']}".strip() for f in rows]
        if lines:
            told[field] = ("\n".join(lines), _(rows[0]["place"]))
    for field in ("idea", "colour"):
        one = next((f for f in row.found if f["kind"] == field), None)
        if one is not None:
            told[field] = (one["value"], _(one["place"]))
    return told


@write(may="brand.edit", done=gettext_noop("Kept. You can stop here and go on later."))
def answer(
    who: Who, step: int, trade: str = AS_IS, site: str = AS_IS, idea: str = AS_IS, sells: str = AS_IS,
    products: str = AS_IS, customers: str = AS_IS, need: str = AS_IS, promise: str = AS_IS, proof: str = AS_IS,
    price_level: str = AS_IS, earns: str = AS_IS, rivals: str = AS_IS, places: str = AS_IS, voice: str = AS_IS,
    colour: str = AS_IS, customers_a_month: str = AS_IS, followers_now: str = AS_IS, hours: str = AS_IS,
    money: str = AS_IS, segments: list[str] | None = None, aims: list[str] | None = None, mission: str = AS_IS,
    rivals_from: str = AS_IS, rivals_on: str = AS_IS,
) -> Beginning:  # fmt: skip
    """Answer a question; nothing is written to the strategy yet. «=» leaves an answer as it is."""
    given = {n: v for n, v in locals().items() if n not in ("who", "step") and v not in (AS_IS, None)}
    row = _row(who)
    if given.get("trade") and given["trade"] not in books.names():
        known = ", ".join(books.names())
        raise Problem(_("There is no such trade."), do=_("Choose one of: %s.") % known, field="trade")
    if not 1 <= step <= questions.LAST:
        raise Problem(_("There are %d questions.") % questions.LAST, field="step")
    for name in questions.NUMBERS:
        text = str(given.get(name, "")).strip()
        if text and not text.replace(",", "").replace(".", "", 1).isdigit():
            raise Problem(_("«%s» is no number.") % text, field=name)
    checking.competitors(given, _known(who, row).today)
    row.answers = {**row.answers, **{n: v.strip() if isinstance(v, str) else v for n, v in given.items()}}
    row.step = max(row.step, step + 1)
    row.save()
    return row


@write(
    may="brand.edit", done=gettext_noop("Read: what stands there waits among your proposals."), calls_out=True
)
def read_site(who: Who, site: str, step: int = 2) -> Beginning:
    """Read one page of the brand's website and propose what it says; nothing is written to the strategy."""
    row = _row(who)
    if not site.strip():
        raise Problem(_("Write the address of the website, or skip this question."), field="site")
    found = [one.plain() for one in reading.page(site)]
    row.found = [*(f for f in row.found if f["url"] != found[0]["url"]), *found]
    row.answers, row.step = {**row.answers, "site": site.strip()}, max(row.step, step + 1)
    row.save()
    return row


@read(may="brand.see")
def can_draft(who: Who) -> str:
    """Empty when a language model can draft; else why not, in a sentence."""
    return model.missing()


@write(
    may="brand.edit", done=gettext_noop("Drafts are among your proposals. Read them twice."), calls_out=True
)
def draft(who: Who) -> Beginning:
    """Let the language model draft what is still unanswered, and hooks; every draft is only a proposal."""
    row = _row(who)
    assert who.brand is not None
    book = _book(row)
    row.drafts = model.drafts(who.brand.name, row.answers, book, who.brand.languages)
    row.save()
    return row


@read(may="brand.see")
def proposals(who: Who, kind: Kind | None = None) -> list[Proposal]:
    """Every draft with its source: open, taken or left; of one kind when it is named."""
    found = _all(who, _row(who))
    return [one for one in found if kind is None or one.kind == kind]


@read(may="brand.see")
def so_far(who: Who) -> SoFar:
    """What the answers would make of the strategy, were every draft taken."""
    row = _row(who)
    found = _known(who, row)
    told = {name: str(row.answers.get(name, "")) for name in questions.CANVAS}
    drafts = Counter(one.kind for one in proposing.every(found))
    return SoFar(brand_sentences.statement(found.name, told), dict(drafts))


@read(may="plan.see")
def can_plan(who: Who) -> bool:
    """True when there is a channel to plan for and nothing stands in the plan yet."""
    return bool(channels.channels(who)) and plan.standing(who).state == "empty"


def _known(who: Who, row: Beginning) -> proposing.Known:
    assert who.brand is not None
    return proposing.Known(
        row.answers, row.found, row.drafts, _book(row), clock.now().astimezone(who.brand.zone).date(), who.brand.name,
        who.brand.currency, who.brand.languages,
    )  # fmt: skip


def _all(who: Who, row: Beginning) -> list[Proposal]:
    known = _known(who, row)
    decided = {one.proposal: one for one in who.own(Decision)}
    there = _there(who, list(decided.values()))
    return [_stated(one, decided.get(one.key), there) for one in proposing.every(known)]


def _there(who: Who, decided: list[Decision]) -> set[tuple[str, int]]:
    """Table and key of every row a proposal became and that is still there: one query a table."""
    wanted: dict[str, set[int]] = {}
    for one in decided:
        if one.table and one.row:
            wanted.setdefault(one.table, set()).add(one.row)
    return {
        (t, pk)
        for t, keys in wanted.items()
        for pk in _rows(who, t).filter(pk__in=keys).values_list("pk", flat=True)
    }


def _rows(who: Who, table: str) -> Any:
    """The rows of a table that belong to the brand, or the brand itself."""
    found = apps.get_model(table)
    mine = "brand" in {f.name for f in found._meta.fields}
    return who.own(found) if mine else found._default_manager.filter(pk=who.brand.pk if who.brand else None)


def _stated(one: Proposal, told: Decision | None, there: set[tuple[str, int]]) -> Proposal:
    if told is None or (told.table and (told.table, told.row) not in there):
        return one
    return replace(one, state=told.state, row=told.row)


def _named(found: list[Proposal], key: str) -> Proposal:
    one = next((p for p in found if p.key == key), None)
    if one is None:
        raise Stranger
    return one


@write(may="brand.edit", done=gettext_noop("Taken: {title}"), calls_out=True)
def take(
    who: Who, proposal: str, name: str = AS_IS, text: str = AS_IS, summary: str = AS_IS, offer: str = AS_IS,
    trigger: str = AS_IS, do: str = AS_IS, dont: str = AS_IS, topics: str = AS_IS, handle: str = AS_IS,
    sentence: str = AS_IS, price: str = AS_IS, share: str = AS_IS, target: str = AS_IS, deadline: str = AS_IS,
    a_week: str = AS_IS, hours: str = AS_IS, money: str = AS_IS, hooks: list[str] | None = None,
    followers: str = AS_IS, seen_in: str = AS_IS, seen_on: str = AS_IS,
) -> Proposal:  # fmt: skip
    """Take one proposal into the strategy, edited or as it is; `hooks` names those of a portrait, else all."""
    edits = {n: v for n, v in locals().items() if n not in ("who", "proposal", "hooks") and v != AS_IS}
    row = _row(who)
    found = _all(who, row)
    one = _named(found, proposal)
    if one.state == "taken":
        raise Problem(_("This is taken already."), do=_("Change it on its own page."))
    one = replace(one, fields={**one.fields, **edits})
    picture = taking.fetched(one)
    with transaction.atomic():
        taken = _take(who, row, found, one, picture)
        wanted = [p for p in found if p.under == one.key and p.state == "open"]
        for hook in wanted if hooks is None else [p for p in wanted if p.key in hooks]:
            _take(who, row, [taken if p.key == taken.key else p for p in found], hook)
        if one.kind == "voice":  # a brand has one
            for other in found:
                if other.kind == "voice" and other.state == "open" and other.key != one.key:
                    _left(who, other)
    return taken


def _take(
    who: Who, row: Beginning, found: list[Proposal], one: Proposal, picture: Upload | None = None
) -> Proposal:
    under = next((p.row for p in found if p.key == one.under and p.state == "taken"), None)
    pillars = {d.name: d.share for d in who.own(Decision).filter(state="taken", share__isnull=False)}
    made = taking.take(who, one, taking.Needs(row, under, picture, pillars if one.kind == "pillar" else {}))
    decision = _decision(who, one)
    decision.state, decision.table, decision.row = "taken", made._meta.label, made.pk
    if one.kind == "pillar":
        decision.name, decision.share = str(one.fields["name"]).strip(), float(one.fields["share"])
    decision.save()
    return replace(one, state="taken", row=made.pk)


def _decision(who: Who, one: Proposal) -> Decision:
    return who.own(Decision).filter(proposal=one.key).first() or Decision(brand=who.brand, proposal=one.key)


@write(may="brand.edit", done=gettext_noop("{said}"), calls_out=True)
def take_all(who: Who, kind: Kind | Area | Literal["mine"]) -> Counted:
    """Take every open proposal of one kind or area as it is, portraits with their hooks; «mine»: your answers."""
    row = _row(who)
    refused: list[str] = []
    before = who.own(Decision).filter(state="taken").count()
    while (one := _next(who, row, kind, len(refused))) is not None:
        try:
            take(who, one.key)
        except Problem as problem:
            refused.append(f"{one.title}: {problem}")
        row = _row(who)
    done = who.own(Decision).filter(state="taken").count() - before
    said = _("Taken: %(n)d.") % {"n": done} + (" " + " ".join(refused) if refused else "")
    return Counted(done, refused, said)


def _next(who: Who, row: Beginning, kind: str, skip: int) -> Proposal | None:
    waiting = [one for one in _all(who, row) if _is(one, kind) and one.state == "open"]
    return waiting[skip] if len(waiting) > skip else None


def _is(one: Proposal, kind: str) -> bool:
    return one.mine if kind == "mine" else one.kind in proposing.AREAS.get(kind, (kind,))


@write(may="brand.edit", done=gettext_noop("Left out."))
def leave(who: Who, proposal: str) -> Proposal:
    """Leave one proposal out; it can be considered again."""
    one = _named(_all(who, _row(who)), proposal)
    if one.state == "taken":
        raise Problem(_("This is taken already."), do=_("Remove it on its own page."))
    return _left(who, one)


def _left(who: Who, one: Proposal) -> Proposal:
    decision = _decision(who, one)
    decision.state, decision.table, decision.row = "left", "", None
    decision.save()
    return replace(one, state="left")


@write(may="brand.edit", done=gettext_noop("Open again."))
def consider(who: Who, proposal: str) -> Proposal:
    """Open a proposal again that was left out."""
    one = _named(_all(who, _row(who)), proposal)
    if one.state == "left":
        _decision(who, one).delete()
    return replace(one, state="open" if one.state == "left" else one.state)
