"""Every verb of the strategy document."""

from __future__ import annotations

import base64
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Literal

from django.conf import settings
from django.db.models import F
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.apart import Died
from diskarte.core.people.who import Stranger, Who
from diskarte.words import Problem

from . import composing, missing, pictures
from . import making as making_
from .making import of as how_far
from .models import Edition, Link

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
Form = Literal["pdf", "docx"]
MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MOST_DAYS = 365
log = logging.getLogger("diskarte.document")


@dataclass(frozen=True)
class Printed:
    """A file of an edition. The command line writes it with `--to`."""

    name: str
    mime: str
    base64: str = field(repr=True)


@dataclass(frozen=True)
class Opened:
    """A secret link: where it leads, to what, until when, and how often it was opened."""

    link: int
    url: str
    edition: int
    note: str
    state: str  # open, expired, closed
    expires_at: datetime
    seen: int
    seen_at: datetime | None


@read(may="brand.see")
def editions(who: Who) -> list[Edition]:
    """Every edition of the document, the newest first."""
    return list(who.own(Edition).select_related("made_by").defer("content", "pdf", "docx", "pages"))


@read(may="brand.see")
def edition(who: Who, edition: int) -> Edition:
    """One edition."""
    row: Edition = who.one(Edition, edition)
    return row


@read(may="brand.see")
def gaps(who: Who) -> missing.Whole:
    """What the strategy still lacks, each with its weight and the page where to do it."""
    return missing.whole(who)


@write(may="brand.edit", done=gettext_noop("{title}, edition {number}: ready."))
def make(who: Who, language: str = "") -> Edition:
    """Compose the document as the strategy stands now, and wait for it; without a language, in yours."""
    row = composing.compose(who, composing.begun(who, _language(language)))
    row.save()
    return row


@write(may="brand.edit", done=gettext_noop("{title}, edition {number}: on its way."))
def begin(who: Who, language: str = "") -> Edition:
    """Begin to make the document as the strategy stands now; how far it is, `making` tells."""
    row = composing.begun(who, _language(language))
    making_.set_out(row)
    return row


@write(may="brand.edit", done=gettext_noop("{title}, edition {number}: on its way again."))
def begin_again(who: Who, edition: int) -> Edition:
    """Make an edition again that did not come to its end."""
    row: Edition = who.one(Edition, edition)
    if how_far(row).state == "failed":
        making_.set_out(row)
    return row


@read(may="brand.see")
def making(who: Who, edition: int) -> making_.Making:
    """How far an edition is: making, ready or failed."""
    return how_far(who.one(Edition, edition))


def _language(language: str) -> str:
    wanted = language or (get_language() or "en")
    if wanted in LANGUAGES:
        return wanted
    if not language:
        return "en"
    known = ", ".join(LANGUAGES)
    raise Problem(_("The document speaks: %s.") % known, do=_("Choose one of them."), field="language")


@write(may="brand.edit", done=gettext_noop("Edition removed, with its links."))
def remove(who: Who, edition: int) -> None:
    """Remove an edition and every link to it."""
    row = who.one(Edition, edition)
    for link in row.links.all():
        link.delete()
    row.delete()


@read(may="brand.see")
def printed(who: Who, edition: int | None = None, form: Form = "pdf") -> Printed:
    """An edition as a file, the newest unless one is named."""
    row = who.one(Edition, edition) if edition else who.own(Edition).filter(state="ready").first()
    if row is None:
        raise Problem(_("There is no edition yet."), do=_("Make one first."))
    name, mime, made = drawn(row, form)
    return Printed(name, mime, base64.b64encode(made).decode())


def drawn(row: Edition, form: str) -> tuple[str, str, bytes]:
    """Name, kind and bytes of an edition's file. Raises Problem while it is being made."""
    if row.state != "ready":
        raise Problem(_("This edition is not made yet."), do=_("Wait for it, or make another one."))
    _printed(row)
    made = bytes(row.pdf if form == "pdf" else row.docx)
    return f"{row.brand.slug}-strategy-{row.number}.{form}", MIMES[form], made


def chapters(row: Edition) -> list[dict[str, Any]]:
    """The chapters for a page; each chart with its picture, an SVG that needs no script."""
    _printed(row)
    for block, drawn in zip(pictures.charts(row.content), row.content["pictures"], strict=True):
        block["picture"] = "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()
    return list(row.content["sections"])


def _printed(row: Edition) -> None:
    """What was composed at once is set when it is first looked at, and kept."""
    if row.pdf and row.docx and "pictures" in row.content:
        return
    try:
        making_.printed(row)
    except Died as died:
        log.error("edition %s: %s", row.pk, died)
        raise Problem(
            _("The pages could not be set."), kept=_("Nothing of your strategy is lost."),
            do=_("Try again. If it fails once more, whoever runs this installation finds the reason in its log."),
        ) from None  # fmt: skip


def picture(row: Edition, number: int) -> bytes | None:
    """One of an edition's first pages as WebP, counted from 1; None where none was drawn."""
    drawn: str | None = row.pages.get(str(number))
    return base64.b64decode(drawn) if drawn else None


@write(may="brand.edit", done=gettext_noop("The link is open. Whoever has it can read this edition."))
def share(who: Who, edition: int, days: int = 30, note: str = "") -> Opened:
    """Open a secret link to an edition for some days; it needs no account and search engines are told to stay away."""
    if not 1 <= days <= MOST_DAYS:
        raise Problem(_("A link lives from 1 to %d days.") % MOST_DAYS, field="days")
    if who.one(Edition, edition).state != "ready":
        raise Problem(_("This edition is not made yet."), do=_("Wait for it, or make another one."))
    row = Link(
        brand=who.brand, edition=who.one(Edition, edition), key=token_urlsafe(32), note=note.strip()[:120]
    )
    row.made_at = clock.now()
    row.expires_at = row.made_at + timedelta(days=days)
    row.save()
    return _opened(row)


@write(may="brand.edit", done=gettext_noop("The link no longer works."))
def close(who: Who, link: int) -> None:
    """Close a secret link at once."""
    row = who.one(Link, link)
    row.closed_at = row.closed_at or clock.now()
    row.save()


@read(may="brand.edit")
def links(who: Who) -> list[Opened]:
    """Every secret link to this brand's editions, the newest first."""
    return [_opened(row) for row in who.own(Link).select_related("edition").order_by("-pk")]


def _opened(row: Link) -> Opened:
    return Opened(
        row.pk, f"{settings.SITE}/share/{row.key}/", row.edition.number, row.note, row.state(clock.now()),
        row.expires_at, row.seen, row.seen_at,
    )  # fmt: skip


def shared(key: str) -> Edition:
    """The edition behind a secret link, for whoever holds the key. Raises Stranger when it opens nothing."""
    row = Link.objects.filter(key=key).select_related("edition__brand", "edition__logo").first()
    if row is None or row.state(clock.now()) != "open":
        raise Stranger
    Link.objects.filter(pk=row.pk).update(seen=F("seen") + 1, seen_at=clock.now())
    return row.edition
