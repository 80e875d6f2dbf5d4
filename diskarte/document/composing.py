"""Composing an edition: every chapter read in one language and the brand's time zone, kept as plain values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diskarte.core import clock
from diskarte.core.people.who import Who
from diskarte.stages.brand import actions as brand

from . import missing
from .models import Edition
from .sections import sections, unknown

INK = "#0b6b67"  # where the brand has no colour of its own


Heard = Callable[[int], None]  # told how many chapters were read


def begun(who: Who, language: str) -> Edition:
    """An edition without its content, not saved yet."""
    assert who.brand is not None
    with translation.override(language):
        canvas = brand.canvas(who)
        return Edition(
            brand=who.brand, number=_next(who), language=language, title=_("Social media strategy"), logo=canvas.logo,
            colour=canvas.colour or INK, made_by=who.person, made_at=clock.now(),
        )  # fmt: skip


def compose(who: Who, edition: Edition, heard: Heard = lambda _n: None) -> Edition:
    """Fill an edition with everything the brand decided until now; not saved."""
    assert who.brand is not None
    with translation.override(edition.language), timezone.override(who.brand.zone):
        found = list(sections(who, heard))
        whole = missing.whole(who)
        found.append(unknown.section(found, whole))
        edition.content = {
            "sections": [one.plain() for one in found],
            "share": whole.share,
            "words": _words(who, edition),
        }
    return edition


def _next(who: Who) -> int:
    newest = who.own(Edition).order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def _words(who: Who, edition: Edition) -> dict[str, Any]:
    """The words around the chapters, in the document's language."""
    assert who.brand is not None
    day = date_format(timezone.localtime(edition.made_at), "j F Y")
    return {
        "brand": who.brand.name,
        "title": edition.title,
        "day": day,
        "edition": _("Edition %(n)d, %(day)s") % {"n": edition.number, "day": day},
        "contents": _("Contents"),
        "reading": _(
            "How to read this: every chapter is one question, answered in the line under its title. "
            "A chance says in how many of ten such cases it would come true at today's pace; a range holds eight "
            "cases of ten. Portraits and first numbers that nobody measured are called guesses."
        ),
        "foot": _("Every number names its source; what is unknown is listed as unknown."),
        "simulated": _("The history in this document comes from a simulator.") if who.brand.simulated else "",
        "made": _("Made with Diskarte"),
    }
