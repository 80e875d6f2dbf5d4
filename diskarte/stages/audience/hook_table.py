"""The hook bank as a table: out with what each hook brought, in from any spreadsheet that names its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from diskarte.core import clock, tables
from diskarte.core.given import Upload
from diskarte.core.people.who import Who
from diskarte.core.tables import plain_name
from diskarte.stages.goals.models import Goal
from diskarte.words import Problem

from . import saving, sentences, sheets
from .models import Hook, Segment
from .rules import hooks as rules

MOST = 5_000
OUT = (
    "portrait", "type", "hook", "offer", "language", "step", "goal", "example", "state", "posts", "against usual",
    "at least", "at most",
)  # fmt: skip
COLUMNS = {
    "segment": ("portrait", "audience", "for whom", "persona", "target", "para kanino"),
    "trigger": ("type", "pulls", "formula", "uri"),
    "text": ("hook", "first line", "headline", "line", "unang linya"),
    "offer": ("what it offers", "promise", "alok"),
    "language": ("lang", "wika"),
    "step": ("funnel", "funnel step", "stage", "hakbang"),
    "goal": ("aim", "goals", "layunin"),
    "example": ("caption", "body", "halimbawa"),
    "state": ("status", "kalagayan"),
}
WORDS = ("offer", "language", "example")  # cells that are taken as they are written


@dataclass(frozen=True)
class Given:
    """What became of a table of hooks; `sheet` keeps the rows that were not taken."""

    name: str
    new: int
    changed: int
    same: int
    bad: int
    sheet: int


def written(rows: Sequence[Any]) -> bytes:
    """Every ranked hook a row; unknown results are empty cells."""
    return tables.write_csv(OUT, (_cells(one) for one in rows))


def _cells(one: Any) -> list[Any]:
    row, score = one.hook, one.score
    results = [None if v is None else round(v - 1, 3) for v in (score.mid, score.low, score.high)]
    told = [row.segment.name, row.trigger, row.text, row.offer, row.language, row.step, row.goal, row.example]
    return [*told, row.state, score.uses, *results]


def take(who: Who, file: Upload, segment: Segment | None) -> Given:
    """Take a table in row by row: good rows are kept, the others come back. Raises Problem for what is no table."""
    found = tables.read(file)
    columns = tables.match_headers(found.headers, COLUMNS)
    _check(columns, found.headers, segment)
    book = _Book(who, segment)
    told = {"new": 0, "changed": 0, "same": 0}
    bad: list[sheets.Bad] = []
    for number, row in found.rows:
        if number > MOST + 1:
            raise Problem(_("The file has more than %(n)s rows.") % {"n": MOST}, kept=_("Nothing was imported."),
                          do=_("Split it and give the parts one by one."), field="file")  # fmt: skip
        try:
            told[book.take({name: row.get(header, "") for name, header in columns.items()})] += 1
        except Problem as wrong:
            bad.append((number, row, wrong.what))
    if bad and not any(told.values()):
        raise Problem(_("No row of «%(file)s» can be read: %(why)s") % {"file": file.name, "why": bad[0][2]},
                      kept=_("Nothing was imported."), field="file")  # fmt: skip
    sheet = sheets.keep(who, "hooks", file.name, told | {"bad": len(bad)}, found.headers, bad)
    return Given(file.name, **told, bad=len(bad), sheet=sheet.pk)


def _check(columns: dict[str, str], headers: list[str], segment: Segment | None) -> None:
    seen = ", ".join(headers[:6])
    if "text" not in columns:
        raise Problem(_("No column of this file holds hooks: %(columns)s.") % {"columns": seen},
                      kept=_("Nothing was imported."), do=_("Name your columns portrait, type, hook, offer."),
                      field="file")  # fmt: skip
    if "segment" not in columns and segment is None:
        raise Problem(_("The file does not say for whom these hooks are."), kept=_("Nothing was imported."),
                      do=_("Choose the portrait."), field="segment")  # fmt: skip


class _Book:
    """What rows are matched with: portraits and goals by name, hooks by portrait and words."""

    def __init__(self, who: Who, segment: Segment | None) -> None:
        self.who, self.segment = who, segment
        self.segments = {row.name.casefold(): row for row in who.own(Segment)}
        self.goals = {row.sentence.casefold(): row for row in who.own(Goal)}
        self.hooks = {(row.segment_id, row.text.casefold()): row for row in who.own(Hook)}

    def take(self, told: dict[str, str]) -> str:
        """new, changed or same. Raises Problem for a row that cannot be a hook."""
        segment = self._named(self.segments, told.get("segment", ""), _("There is no portrait «%(name)s»."))
        segment = segment or self.segment
        if segment is None:
            raise Problem(_("The row does not say for whom the hook is."))
        text = " ".join(told["text"].split())
        key = (segment.pk, text.casefold())
        row = self.hooks.get(key) or Hook(brand=self.who.brand, segment=segment, made_at=clock.now())
        before = _facts(row)
        facts = {name: told[name] for name in WORDS if told.get(name)} | {"text": text}
        facts["trigger"] = word(told.get("trigger", ""), "trigger") or row.trigger or rules.TRIGGERS[0]
        row.step = word(told.get("step", ""), "step") or row.step or rules.USUAL_STEP[facts["trigger"]]
        row.state = word(told.get("state", ""), "state") or row.state
        row.goal = (
            self._named(self.goals, told.get("goal", ""), _("There is no goal «%(name)s».")) or row.goal
        )
        is_new = row.pk is None
        if not is_new and _facts(saving.told_hook(row, facts)) == before:
            return "same"
        self.hooks[key] = saving.save_hook(row, facts)
        return "new" if is_new else "changed"

    def _named(self, known: dict[str, Any], name: str, says: str) -> Any:
        if not name:
            return None
        if name.casefold() not in known:
            raise Problem(says % {"name": name})
        return known[name.casefold()]


def _facts(row: Hook) -> tuple[Any, ...]:
    return (row.trigger, row.text, row.offer, row.language, row.step, row.goal_id, row.example, row.state)


def word(text: str, column: str) -> str:
    """The code of a type, step or state as it is written in any of our languages; empty for an empty cell.

    Raises Problem for a word we do not know.
    """
    if not text:
        return ""
    code = _known(column).get(plain_name(text))
    if code is None:
        listed = ", ".join(str(label) for label in LABELS[column]().values())
        raise Problem(_("«%(text)s» is none of: %(known)s.") % {"text": text, "known": listed})
    return code


LABELS: dict[str, Callable[[], dict[str, Any]]] = {
    "trigger": lambda: {name: words[0] for name, words in sentences.TRIGGERS.items()},
    "step": lambda: {name: words[0] for name, words in sentences.STEPS.items()},
    "state": lambda: dict(sentences.STATES),
}


@lru_cache
def _known(column: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, label in LABELS[column]().items():
                found |= {plain_name(code): code, plain_name(str(label)): code}
    return found
