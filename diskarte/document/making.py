"""An edition made behind the page: read chapter by chapter, set as PDF and DOCX, told how far it is."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.tasks import task
from django.utils.translation import gettext_lazy as _

from diskarte.core import clock
from diskarte.core.people.who import Who, who_in, worker_of

from . import composing, paper, pictures, word
from .models import Edition
from .sections import ORDER

STEPS = len(ORDER) + 2  # the chapters, and the two files
STALE = timedelta(minutes=5)  # begun and not heard of for so long it is given up; in the queue it waits
NAMES = {
    "summary": _("The summary"), "concept": _("The concept"), "rivals": _("The competitors"), "goals": _("The goals"),
    "people": _("Portraits and hooks"), "platforms": _("The platforms"), "pillars": _("The pillars"),
    "plan": _("The plan"), "unknown": _("What is still missing"), "pdf": _("Setting the pages of the PDF"),
    "docx": _("Writing the DOCX"), "waiting": _("Waiting for its turn"),
}  # fmt: skip


@dataclass(frozen=True)
class Making:
    """How far an edition is: making, ready or failed; what is made now, of how many steps."""

    state: str
    step: int
    steps: int
    now: str


def of(edition: Edition) -> Making:
    """How far an edition is; one that nobody works on any more has failed."""
    beat = edition.beat_at or edition.made_at
    state = edition.state
    if state == "making" and edition.step and beat < clock.now() - STALE:
        state = "failed"
    names = [*ORDER, "pdf", "docx"]
    now = names[min(edition.step, STEPS) - 1] if edition.step else "waiting"
    return Making(state, edition.step, STEPS, str(NAMES[now]))


def set_out(edition: Edition) -> None:
    """Send an edition on its way, once it is surely kept."""
    edition.state, edition.step, edition.beat_at = "making", 0, clock.now()
    edition.save()
    make_edition.enqueue(edition.pk)


@task
def make_edition(edition: int) -> None:
    """Make everything of an edition that is on its way; told step by step."""
    try:
        row = Edition.objects.select_related("brand__workspace", "made_by", "logo").get(pk=edition)
    except ObjectDoesNotExist:
        return  # removed meanwhile
    if row.state != "making":
        return
    who = who_in(row.made_by, row.brand.slug, "worker") if row.made_by else worker_of(row.brand)
    try:
        finish(who, row)
    finally:
        Edition.objects.filter(pk=edition, state="making").update(state="failed")


def made(who: Who, language: str) -> Edition:
    """An edition with both its files, at once: for those who can wait."""
    row = composing.begun(who, language)
    row.state = "making"
    row.save()
    finish(who, row)
    return row


def finish(who: Who, row: Edition) -> None:
    """Read the chapters, set both files, and say that it is ready."""

    def heard(number: int) -> None:
        Edition.objects.filter(pk=row.pk).update(step=number + 1, beat_at=clock.now())

    composing.compose(who, row, heard)
    heard(len(ORDER) - 1)
    row.content["pictures"] = [pictures.svg(block, row.colour) for block in pictures.charts(row.content)]
    facts: dict[str, Any] = {"content": row.content}
    heard(len(ORDER))
    row.pdf = paper.pdf(row)
    facts["pages"] = {n: b64encode(page).decode() for n, page in paper.first_pages(row).items()}
    heard(len(ORDER) + 1)
    row.docx = word.docx(row)
    Edition.objects.filter(pk=row.pk).update(state="ready", step=STEPS, pdf=row.pdf, docx=row.docx, **facts)
