"""The chapters, in the order of the document. A chapter is a file here with `section(who) -> Section | None`.

It reads its stage through read verbs only. A stage that wants more said extends its own chapter; a new chapter is a
file and its name in `ORDER`. A chapter that fails is left out and named, so that one fault never takes the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from django.utils.translation import gettext as _

from diskarte.core.loop import safely
from diskarte.core.people.who import Who

from ..blocks import Section, note

ORDER = ("summary", "concept", "rivals", "goals", "people", "platforms", "pillars", "plan", "unknown")


def sections(who: Who, heard: Callable[[int], None] = lambda _n: None) -> Iterator[Section]:
    """Every chapter that has something to say; `heard` is told the number of the one that is read next."""
    lost: list[str] = []
    for number, name in enumerate(ORDER[:-1]):
        heard(number)
        made: list[Section | None] = []
        failed = safely(
            lambda name=name, made=made: made.append(import_module(f"{__name__}.{name}").section(who))
        )
        lost += [name] if failed else []
        yield from (one for one in made if one is not None)
    if lost:
        words = _("These chapters could not be read and are left out: %(names)s.") % {
            "names": ", ".join(lost)
        }
        yield Section("lost", _("What is not in this document"), words, [note(words)])
