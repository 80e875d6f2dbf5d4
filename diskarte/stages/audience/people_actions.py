"""Verbs of the stage «audience» about people: lists in, refused rows out, forgetting with a proof."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import dataclass
from typing import Any, Literal

from django.tasks import task
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.lake.tables import opened
from diskarte.core.people.who import Who, worker_of
from diskarte.words import Problem

from . import forgetting, knowing, valuing, waiting
from . import intake as taking
from . import preview as previewing
from .elsewhere import elsewhere
from .importing import work
from .models import Intake, Receipt
from .preview import Preview
from .receipts import broken
from .rules.people import ADDRESSES

Consent = Literal["yes", "no", "unknown"]
HUNDRED = 100
TAKEN = gettext_noop(
    "Added: {taken}, updated: {changed}, purchases: {bought}, rows with an error: {refused}."
)


@dataclass(frozen=True)
class Gone:
    """How many records of a person or an import were removed."""

    removed: int


@dataclass(frozen=True)
class Erased:
    """What was removed of a person, by place, with the number of the receipt that proves it."""

    removed: int
    places: dict[str, int]
    receipt: int
    seal: str


@dataclass(frozen=True)
class Proof:
    """Whether somebody is forgotten: the receipts, whether their seals hold, what is still known of the address, and in
    which stages somebody wrote it down (stage → rows)."""

    forgotten: bool
    receipts: list[Receipt]
    seals_hold: bool
    still_known: int
    elsewhere: dict[str, int]


@read(may="audience.see")
def crowd(who: Who) -> knowing.Crowd:
    """How many people are known, how they can be reached, and who agreed to it."""
    return knowing.crowd(who)


@read(may="audience.see")
def people(who: Who, find: str = "", after: int = 0, limit: int = HUNDRED) -> list[knowing.Known]:
    """People you know, by their order of arrival; `find` is the start of a name, an e-mail, a phone or a number."""
    return knowing.people(who, find.strip(), after, min(limit, 1000))


@read(may="audience.see")
def intakes(who: Who) -> list[Intake]:
    """The files of people that were given, newest first."""
    return list(who.own(Intake).defer("rejected").select_related("made_by").order_by("-pk")[:HUNDRED])


@read(may="audience.see")
def intake(who: Who, intake: int) -> Intake:
    """One file of people: waiting, on its way, or what became of its rows."""
    return who.one(Intake, intake)  # type: ignore[no-any-return]


@write(may="audience.edit")
def preview_people(who: Who, file: Upload) -> Preview:
    """Look at a CSV or XLSX of people or purchases: which columns were recognised, which rows would be refused."""
    return previewing.preview(who, waiting.keep(who, file), None)


@read(may="audience.edit")
def look_again(who: Who, intake: int, columns: list[str] | None = None) -> Preview:
    """The preview of a waiting file, with other columns where given, each as «email=E-mail Address»."""
    return previewing.preview(who, who.one(Intake, intake), columns)


@write(may="audience.edit", done=TAKEN, calls_out=True)
def accept_people(
    who: Who, intake: int, columns: list[str] | None = None, consent: Consent = "unknown", consent_from: str = "",
    only_known: bool = False, list_name: str = "",
) -> Intake:  # fmt: skip
    """Import a waiting file; `consent` is what the whole list says, `only_known` drops the columns we do not know.
    Everybody in it stands on the list `list_name` (else the file's name). A large file is worked through meanwhile."""
    row = who.one(Intake, intake)
    said = {"consent": consent, "consent_from": consent_from.strip()[:200], "others": not only_known}
    return _take(who, row, columns, list_name=list_name.strip()[:120], **said)


@write(may="audience.edit", done=TAKEN, calls_out=True)
def import_people(
    who: Who, file: Upload, columns: list[str] | None = None, consent: Consent = "unknown", consent_from: str = "",
    only_known: bool = False, list_name: str = "",
) -> Intake:  # fmt: skip
    """Import people or purchases from CSV or XLSX in one go: good rows are taken, others come back with reasons."""
    row = waiting.keep(who, file)
    said = {"consent": consent, "consent_from": consent_from.strip()[:200], "others": not only_known}
    try:
        return _take(who, row, columns, list_name=list_name.strip()[:120], **said)
    except Problem:
        shutil.rmtree(waiting.desk_folder(row), ignore_errors=True)
        waiting.drop(row)
        row.delete()
        raise


def _take(who: Who, row: Intake, columns: list[str] | None, **more: Any) -> Intake:
    if row.state != "waiting":
        raise Problem(_("This file is not waiting any more."), do=_("Give it once more."))
    way, _found = taking.how(who, row, columns, **more)
    if problem := taking.unreachable(way.columns):
        raise problem
    shutil.rmtree(waiting.desk_folder(row), ignore_errors=True)  # an earlier try with other columns
    row.way, row.columns, row.why, row.beat_at = way.plain(), way.columns, "", clock.now()
    row.shape.pop("shape", None)
    if row.bytes_all > work.AT_ONCE and who.door == "web":
        row.state = "working"
        row.save()
        work_through.enqueue(row.pk)
        return row
    try:
        work.take(row)
    except Problem:
        row.state, row.step = "waiting", ""
        row.save()
        raise
    _after(who, row)
    return row


@task
def work_through(intake: int) -> None:
    """The background's part: take a large file that was accepted."""
    row = (
        Intake.objects.select_related("brand", "brand__workspace").filter(pk=intake, state="working").first()
    )
    if row is not None:
        with work.told_to_person(row):
            work.take(row)
            _after(worker_of(row.brand), row)


def _after(who: Who, row: Intake) -> None:
    if row.bought:
        valuing.reckon(who)


@write(may="audience.edit", done=gettext_noop("It goes on."))
def resume_import(who: Who, intake: int) -> Intake:
    """Go on with an import that stopped, at the part where it stopped."""
    row = who.one(Intake, intake)
    if row.state not in ("stopped", "working"):
        raise Problem(_("This file is not on its way."))
    row.state, row.why, row.beat_at = "working", "", clock.now()
    row.save()
    work_through.enqueue(row.pk)
    return row  # type: ignore[no-any-return]


@read(may="audience.edit")
def rejected_people(who: Who, intake: int) -> str:
    """The rows of an import that were not taken, each with its reason, as CSV."""
    row = who.one(Intake, intake)
    return gzip.decompress(bytes(row.rejected)).decode("utf-8-sig") if row.rejected else ""


@write(may="audience.edit", done=gettext_noop("The file was thrown away."))
def drop_people(who: Who, intake: int) -> None:
    """Throw away a file that waits or stopped; nothing of it was imported."""
    row = who.one(Intake, intake)
    if row.state == "done":
        raise Problem(_("This file was imported already."), do=_("Take the import back instead."))
    shutil.rmtree(waiting.desk_folder(row), ignore_errors=True)
    waiting.drop(row)
    row.delete()


@write(may="audience.edit", done=gettext_noop("Records removed again: {removed}."))
def take_back_people(who: Who, intake: int) -> Gone:
    """Remove the people and purchases an import added; those it only updated stay as they are."""
    row = who.one(Intake, intake)
    removed = knowing.take_back(who, row)
    row.delete()
    return Gone(removed)


@write(
    may="audience.edit",
    done=gettext_noop("Forgotten, and no import brings them back. Receipt {receipt} proves it."),
)
def forget_person(who: Who, contact: int | None = None, given: str = "") -> Erased:
    """Remove a person everywhere, by number of the row or by e-mail, phone or customer number; a salted hash stays."""
    assert who.brand is not None
    if contact is not None:
        row = knowing.one(who, contact)
        asked = {name: value for name in ADDRESSES if (value := getattr(row, name))}
    elif given.strip():
        asked = forgetting.addresses(given, who.brand.country)
    else:
        raise Problem(_("Say whom: an e-mail, a phone or a customer number."), field="given")
    receipt = forgetting.forget(who, asked)
    return Erased(sum(receipt.removed.values()), receipt.removed, receipt.pk, receipt.seal)


@read(may="audience.see")
def receipts(who: Who) -> list[Receipt]:
    """What was removed for people who asked to be forgotten, newest first."""
    return list(who.own(Receipt).order_by("-pk")[:HUNDRED])


@read(may="audience.edit")
def prove_forgotten(who: Who, given: str) -> Proof:
    """Whether an e-mail, phone or customer number is forgotten, by which receipts, and that nothing of it is left."""
    assert who.brand is not None
    asked = forgetting.addresses(given, who.brand.country)
    hashes = {
        digest for name, value in asked.items() for digest in forgetting.digests(who.brand, name, value)
    }
    every = list(who.own(Receipt).order_by("pk"))
    named = [row for row in every if hashes & set(row.digests)]
    with opened(who.brand) as t:
        still = len(forgetting.found(t, asked))
    told = elsewhere(who.brand, {*asked.values()})
    return Proof(bool(named), named, not broken(every), still, told)
