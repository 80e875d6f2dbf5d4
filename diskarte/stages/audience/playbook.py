"""Playbooks: starting portraits and hooks for a trade, as readable files. Experience to edit, not measurement."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from diskarte.words import Problem

FOLDER = Path(__file__).parent / "playbooks"


@dataclass(frozen=True)
class Playbook:
    """One trade: `name` is the file's, `segments` its portraits as dicts, each with its hooks."""

    name: str
    title: str
    about: str
    language: str
    segments: list[dict[str, Any]]


@cache
def _all() -> dict[tuple[str, str], Playbook]:
    """Files are `<trade>.<language>.toml`."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        name, language = path.name.removesuffix(".toml").split(".")
        told = tomllib.loads(path.read_text())
        found[name, language] = Playbook(name, told["title"], told["about"], language, told["segment"])
    return found


def playbooks(language: str) -> list[Playbook]:
    """Every trade, in this language where it exists, else in English."""
    names = dict.fromkeys(name for name, _language in _all())
    return [_all().get((name, language)) or _all()[name, "en"] for name in names]


def one(name: str, language: str) -> Playbook:
    """The playbook of a trade. Raises Problem when there is none."""
    for book in playbooks(language):
        if book.name == name:
            return book
    known = ", ".join(book.name for book in playbooks(language))
    what = _("There is no playbook «%(name)s».") % {"name": name}
    raise Problem(what, do=_("Choose one of: %(known)s.") % {"known": known}, field="playbook")
