"""An edition made behind the page: read chapter by chapter, set as PDF and DOCX, told how far it is."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.tasks import task
from django.utils.translation import gettext_lazy as _

from diskarte.core import clock
from diskarte.core.apart import apart
from diskarte.core.people.who import Who, who_in, worker_of

from . import composing
from .manuscript import Manuscript
from .models import Edition
from .sections import ORDER

STEPS = len(ORDER) + 2  # the chapters, and the two files
STALE = timedelta(minutes=5)  # begun and not heard of for so long it is given up; in the queue it waits
PRESS = "diskarte.document.press"
NAMES = {
    "summary": _("The summary"), "concept": _("The concept"), "rivals": _("The competitors"), "goals": _("The goals"),
    "people": _("Portraits and hooks"), "platforms": _("The platforms"), "pillars": _("The pillars"),
    "plan": _("The plan"), "unknown": _("What is still missing"), "pdf": _("Setting the pages of the PDF"),
    "docx": _("Writing the DOCX"), "waiting": _("Waiting for its turn"),
}  # fmt: skip


class Withdrawn(Exception):
    """The edition is not wanted any more."""


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
    edition.pdf, edition.docx, edition.pages = b"", b"", {}
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
    except Withdrawn:
        return
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
    """Read the chapters, set both files, and say that it is ready. Raises Withdrawn when it was removed meanwhile."""

    def heard(number: int) -> None:
        if not Edition.objects.filter(pk=row.pk).update(step=number + 1, beat_at=clock.now()):
            raise Withdrawn

    composing.compose(who, row, heard)
    heard(len(ORDER) - 1)
    heard(len(ORDER))
    printed(row, heard)
    Edition.objects.filter(pk=row.pk).update(state="ready", step=STEPS)


def manuscript(row: Edition) -> Manuscript:
    """An edition that was read, as the press gets it."""
    logo = str(row.logo.path) if row.logo and row.logo.path.exists() else ""
    return Manuscript(row.content, row.colour, row.language, logo)


def printed(row: Edition, heard: composing.Heard = lambda _n: None) -> None:
    """Set the files of an edition that was read, in a process of its own, and keep them. Raises Died."""
    made: dict[str, Any] = {}
    for piece in apart(PRESS, asdict(manuscript(row))):
        made |= piece
        if "pdf" in piece:
            heard(len(ORDER) + 1)
    row.content["pictures"], row.pages = made["pictures"], row.pages or made["pages"]
    row.pdf, row.docx = (  # what was set before stays as it was that day
        bytes(kept) or b64decode(made[form]) for kept, form in ((row.pdf, "pdf"), (row.docx, "docx"))
    )
    facts = {"content": row.content, "pages": row.pages, "pdf": row.pdf, "docx": row.docx}
    Edition.objects.filter(pk=row.pk).update(**facts)
