"""Playbooks as this stage reads them: starting portraits and hooks for a trade. Experience to edit, not measurement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from diskarte import playbooks as books
from diskarte.words import Problem


@dataclass(frozen=True)
class Playbook:
    """One trade: `name` is the file's, `segments` its portraits as dicts, each with its hooks."""

    name: str
    title: str
    about: str
    language: str
    segments: list[dict[str, Any]]


def playbooks(language: str) -> list[Playbook]:
    """Every trade, in this language where it exists, else in English."""
    return [Playbook(b.name, b.title, b.about, b.language, b.segments) for b in books.every(language)]


def one(name: str, language: str) -> Playbook:
    """The playbook of a trade. Raises Problem when there is none."""
    for book in playbooks(language):
        if book.name == name:
            return book
    known = ", ".join(books.names())
    what = _("There is no playbook «%(name)s».") % {"name": name}
    raise Problem(what, do=_("Choose one of: %(known)s.") % {"known": known}, field="playbook")


def examples(trades: list[str], language: str) -> dict[str, str]:
    """Trigger → a hook that pulls it, of these trades first, else of any."""
    found: dict[str, str] = {}
    order = sorted(books.names(), key=lambda name: name not in trades)
    for name in order:
        for row in books.one(name, language).segments:
            for hook in row["hook"]:
                found.setdefault(hook["trigger"], hook["text"])
    return found
