"""Verbs of the stage «audience» about groups, overlaps and what customers are worth."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from diskarte.core import clock, tables
from diskarte.core.actions import read, write
from diskarte.core.given import Upload
from diskarte.core.lake.shelves import shelf_of
from diskarte.core.lake.tables import opened
from diskarte.core.people.who import Who
from diskarte.science import sketch as method
from diskarte.words import Problem

from . import grouping, naming, sentences, sheets, sketches, valuing
from .columns import LISTS
from .models import Group, Segment, Sketch, Valuation
from .rules.groups import Misfit, Step
from .rules.groups import steps as steps_of

LISTED = 12  # groups crossed at once
COMMUNITIES = 200  # of one file


@dataclass(frozen=True)
class Measured:
    """A group with its size now."""

    group: Group
    size: grouping.Size


@dataclass(frozen=True)
class Crossing:
    """Groups or communities with the overlap of each with each."""

    names: list[str]
    sizes: list[int]
    cells: list[list[Any]]


@dataclass(frozen=True)
class Taken:
    """How many communities a file of members brought; `sheet` keeps the rows that were left out for a day."""

    communities: int
    members: int
    refused: int
    sheet: int

    @property
    def left_out(self) -> str:
        """What was left out, in words."""
        if not self.refused:
            return _("Every row was read.")
        says = ngettext(
            "%(n)s row was left out: it waits for a day as a file with its reason.",
            "%(n)s rows were left out: they wait for a day as a file with the reason of each.",
            self.refused,
        )
        return says % {"n": self.refused}


@dataclass(frozen=True)
class Proposed:
    """How many portraits were drawn from the customers."""

    portraits: int


def _steps(how: list[str] | None, condition: list[str] | None, value: list[str] | None) -> list[Step]:
    codes = {str(words[0]).casefold(): code for code, words in sentences.CELLS.items()}
    pairs = zip(condition or [], value or [], strict=False)
    meant = [codes.get(text.strip().casefold(), text) if what == "cell" else text for what, text in pairs]
    try:
        return steps_of(how or [], condition or [], meant)
    except Misfit as misfit:
        raise Problem(sentences.misfit(misfit.code, misfit.value), field="condition") from None


def _rule(rule: list[str]) -> list[Step]:
    """Steps written as «and:bought:coffee»."""
    parts = [(*text.split(":", 2), "", "")[:3] for text in rule]
    return _steps([p[0] for p in parts], [p[1] for p in parts], [p[2] for p in parts])


@read(may="audience.see")
def count_group(who: Who, rule: list[str], only_agreed: bool = True) -> grouping.Size:
    """How many people a rule finds now; each step as «and:bought:coffee», «or:list:Newsletter», «not:since:30»."""
    assert who.brand is not None
    return grouping.size(who.brand, _rule(rule), only_agreed)


@write(may="audience.edit", done=gettext_noop("Group {name} saved."))
def build_group(who: Who, name: str, rule: list[str], only_agreed: bool = True) -> Group:
    """Keep a group by its rule; each step as «and:bought:coffee», «or:list:Newsletter», «not:since:30»."""
    if not name.strip():
        raise Problem(_("A group needs a name."), field="name")
    told = _rule(rule)
    row = who.own(Group).filter(name=name.strip()[:80]).first() or Group(brand=who.brand, made_at=clock.now())
    row.name, row.steps, row.only_agreed = name.strip()[:80], [list(step) for step in told], only_agreed
    if any(what == "group" and value == row.name for _how, what, value in told):
        raise Problem(_("A group cannot be made of itself."), field="rule")
    row.save()
    return row


@write(may="audience.edit", done=gettext_noop("Group removed."))
def remove_group(who: Who, group: int) -> None:
    """Remove a group; the people in it stay."""
    who.one(Group, group).delete()


@read(may="audience.see")
def group(who: Who, group: int) -> Group:
    """One group with its rule."""
    return who.one(Group, group)  # type: ignore[no-any-return]


@read(may="audience.see")
def groups(who: Who) -> list[Measured]:
    """Every group with its size now."""
    assert who.brand is not None
    rows = list(who.own(Group).order_by("name"))
    sizes, _table = grouping.crossed(who.brand, rows) if rows else ([], [])
    return [Measured(row, size) for row, size in zip(rows, sizes, strict=True)]


@read(may="audience.see")
def overlap(who: Who) -> Crossing:
    """How many people your groups share with each other, counted exactly."""
    assert who.brand is not None
    rows = list(who.own(Group).order_by("name")[:LISTED])
    if not rows:
        return Crossing([], [], [])
    sizes, table = grouping.crossed(who.brand, rows)
    return Crossing(
        [row.name for row in rows], [size.found for size in sizes], [list(line) for line in table]
    )


@read(may="audience.see")
def lists(who: Who) -> list[tuple[str, int]]:
    """The lists people stand on, with how many: every import is one."""
    assert who.brand is not None
    shelf = shelf_of(who.brand)
    if not shelf.rows("lists"):
        return []
    with opened(who.brand, shelf) as t:
        sql = f"SELECT list, count(DISTINCT pid) FROM {t.of('lists', LISTS)} GROUP BY list ORDER BY 2 DESC, 1 LIMIT 200"
        return [(str(name), int(count)) for name, count in t.rows(sql)]


@write(
    may="audience.edit",
    done=gettext_noop("Communities: {communities}, memberships: {members}. {left_out}"),
)
def add_members(who: Who, file: Upload, community: str = "") -> Taken:
    """Read a file of members (columns «member» and «community») into sketches: overlaps stay, no id does."""
    found = tables.read(file)
    columns = tables.match_headers(found.headers, sketches.COLUMNS)
    if "member" not in columns or ("community" not in columns and not community.strip()):
        raise Problem(
            _("The file needs a column «member» and a column «community»."), kept=_("Nothing was changed."),
            do=_("Or say which community all of them belong to."), field="file",
        )  # fmt: skip
    told, bad = sketches.read(found, columns, community.strip(), COMMUNITIES)
    if not told:
        raise Problem(_("No row of this file names a member and a community."), kept=_("Nothing was changed."),
                      do=_("Fill both columns and give it again."), field="file")  # fmt: skip
    for name, bottom in told.items():
        row = who.own(Sketch).filter(name=name).first() or Sketch(brand=who.brand, name=name)
        row.members, row.source, row.made_at = bottom.size, file.name[:200], clock.now()
        row.hashes = bottom.hashes.astype("<u8").tobytes()
        row.save()
    told_of = {"new": len(told), "bad": len(bad)}
    sheet = sheets.keep(who, "members", file.name, told_of, found.headers, bad)
    return Taken(len(told), sum(bottom.size for bottom in told.values()), len(bad), sheet.pk)


@write(may="audience.edit", done=gettext_noop("Community removed."))
def remove_community(who: Who, sketch: int) -> None:
    """Remove a community's sketch."""
    who.one(Sketch, sketch).delete()


@read(may="audience.see")
def communities(who: Who) -> list[Sketch]:
    """The communities whose members are known as sketches, the largest first."""
    return list(who.own(Sketch).order_by("-members", "name"))


@read(may="audience.see")
def community_overlap(who: Who) -> Crossing:
    """How many members communities share, exactly where they are small, else estimated with an interval of 90 %."""
    rows = list(islice(who.own(Sketch).order_by("-members", "name"), LISTED))
    parts = [sketches.bottom(row) for row in rows]
    cells = [
        [method.overlap(one, two) if i != j else None for j, two in enumerate(parts)]
        for i, one in enumerate(parts)
    ]
    return Crossing([row.name for row in rows], [row.members for row in rows], cells)


@read(may="audience.see")
def value(who: Who) -> dict[str, Any]:
    """What the purchases say of the customers: groups, worth in the next year with its interval, map and spread."""
    row = who.own(Valuation).first()
    return dict(row.told) | {"made_at": row.made_at} if row is not None and row.told else {}


@write(may="audience.edit", done=gettext_noop("Reckoned anew."))
def reckon_value(who: Who) -> Valuation:
    """Fit the purchases anew: who is still a customer, and what they will bring within a year."""
    return valuing.reckon(who)


@write(
    may="audience.edit",
    done=gettext_noop("Portraits drawn from your customers: {portraits}. They are yours to edit."),
)
def propose_segments(who: Who) -> Proposed:
    """Draw a portrait of each group of customers the purchases show; those you have already are left alone."""
    cells = value(who).get("cells", [])
    if not cells:
        raise Problem(_("There are no groups of customers yet."), do=_("Import purchases first."))
    have = set(who.own(Segment).exclude(cell="").values_list("cell", flat=True))
    names = set(who.own(Segment).values_list("name", flat=True))
    fresh = [
        cell
        for cell in cells
        if cell["name"] not in have and str(sentences.CELLS[cell["name"]][0]) not in names
    ]
    assert who.brand is not None
    for cell in fresh:
        naming.portrait(who, cell, shelf_of(who.brand))
    return Proposed(len(fresh))
