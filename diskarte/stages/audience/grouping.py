"""Groups of people as exact sets: one bit a person, 64 in a word, so that three sets of ten million take part of a
second and a megabyte each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from diskarte.core import clock
from diskarte.core.lake.shelves import shelf_of
from diskarte.core.lake.tables import Tables, opened
from diskarte.core.people.models import Brand
from diskarte.words import Problem

from .columns import LISTS, PEOPLE, PURCHASES, SPENDING, VALUE
from .models import Group
from .rules.groups import Bits, Step, put_together

DEEP = 5  # groups within groups
MARKS = {
    ("consent", "yes"): "consent = 'yes'", ("consent", "no"): "consent = 'no'",
    ("email", ""): "email <> ''", ("phone", ""): "phone <> ''",
}  # fmt: skip
KEPT = 2  # brands whose marks this process remembers, five bits a person
WORD = 64
# the files of people → their marks: while a rule is built it is counted again and again, and files never change
LOOKED: dict[tuple[str, ...], dict[tuple[str, str], Bits]] = {}


@dataclass(frozen=True)
class Size:
    """How many people a rule finds, and how many of them may be written to."""

    found: int
    agreed: int
    refused: int
    unknown: int
    email: int
    phone: int
    everybody: int
    only_agreed: bool = True

    @property
    def usable(self) -> int:
        """Those a message may go to: never one who said no, and only those who agreed where the group says so."""
        return self.agreed if self.only_agreed else self.agreed + self.unknown


class Sets:
    """The people of a brand as bits; every condition is looked up once."""

    def __init__(self, t: Tables, brand: Brand, today: date) -> None:
        self.t, self.brand, self.today = t, brand, today
        self.people = t.of("people", PEOPLE)
        self.known = dict(self._looked_over())
        self.words = len(self.everybody)

    def _looked_over(self) -> dict[tuple[str, str], Bits]:
        """What every count asks for, by one look at all people."""
        files = tuple(sorted(name for name, _rows in self.t.shelf.files.get("people", [])))
        every = LOOKED.get(files)
        if every is None:
            every = self._marks()
            while len(LOOKED) >= KEPT:
                LOOKED.pop(next(iter(LOOKED)), None)
            LOOKED[files] = every
        return every

    def _marks(self) -> dict[tuple[str, str], Bits]:
        self.words = self.t.row(f"SELECT coalesce(max(pid), 0) FROM {self.people}")[0] // WORD + 1
        asked = {**MARKS, ("everybody", ""): "true"}
        sets = ", ".join(f"({self._set()} FILTER ({what}))::BLOB" for what in asked.values())
        found = self.t.row(f"SELECT {sets} FROM {self.people}")
        return {name: self._read(bits) for name, bits in zip(asked, found, strict=True)}

    def _set(self) -> str:
        """The numbers of rows as bits; an empty set is NULL."""
        return f"bitstring_agg(pid, 0, {self.words * WORD - 1})"

    def _read(self, bits: bytes | None) -> Bits:
        return np.zeros(self.words, np.uint64) if bits is None else np.frombuffer(bits, np.uint64)

    def of(self, condition: str, value: str, deep: int = 0) -> Bits:
        """Everybody a condition holds for."""
        if condition == "group":
            return self._group(value, deep)
        if (condition, value) not in self.known:
            sql, given = self._asked(condition, value)
            self.known[condition, value] = self._bits(sql, given)
        return self.known[condition, value]

    def rule(self, steps: Sequence[Step], deep: int = 0) -> Bits:
        """Everybody a rule finds."""
        return put_together(steps, lambda condition, value: self.of(condition, value, deep), self.everybody)

    @property
    def everybody(self) -> Bits:
        return self.of("everybody", "")

    def _bits(self, sql: str, given: list[Any]) -> Bits:
        return self._read(self.t.row(f"SELECT {self._set()}::BLOB FROM ({sql})", given)[0])

    def _group(self, value: str, deep: int) -> Bits:
        row = Group.objects.filter(brand=self.brand, name=value).first()
        if row is None or deep >= DEEP:
            raise Problem(
                _("There is no group «%(name)s» that could be used here.") % {"name": value}, field="value"
            )
        return self.rule([(how, what, of) for how, what, of in row.steps], deep + 1)

    def _asked(self, condition: str, value: str) -> tuple[str, list[Any]]:
        """(SQL of the numbers, what it is given)."""
        before = (
            self.today - timedelta(days=int(value))
            if value.isdecimal() and int(value) < 40000
            else self.today
        )
        spending = f"SELECT pid FROM {self.t.of('spending', SPENDING)} WHERE"
        people = f"SELECT pid FROM {self.people} WHERE"
        lists, value_of = self.t.of("lists", LISTS), self.t.of("value", VALUE)
        asked: dict[str, tuple[str, list[Any]]] = {
            "bought": (
                f"SELECT pid FROM {self.t.of('purchases', PURCHASES)} WHERE contains(lower(item), $1) AND cents > 0",
                [value.lower()],
            ),
            "not_since": (f"{spending} last < $1", [before]), "since": (f"{spending} last >= $1", [before]),
            "times": (f"{spending} days >= $1::DOUBLE", [value]),
            "spent": (f"{spending} cents >= $1::DOUBLE * 100", [value]),
            "list": (f"SELECT pid FROM {lists} WHERE lower(list) = $1", [value.lower()]),
            "cell": (f"SELECT pid FROM {value_of} WHERE cell = $1", [value]),
            "place": (f"{people} contains(lower(place), $1)", [value.lower()]),
            "language": (f"{people} language = $1", [value.lower()]), "joined": (f"{people} joined_at >= $1", [before]),
            "consent": (f"{people} consent = $1", [value]),
        }  # fmt: skip
        return asked[condition]


def _count(bits: Bits) -> int:
    """How many people are in a set."""
    return int(np.bitwise_count(bits).sum())


def measured(sets: Sets, steps: Sequence[Step], only_agreed: bool) -> Size:
    """How many people a rule finds, by consent and by how they can be reached."""
    here = sets.rule(steps)
    agreed, refused = (_count(here & sets.of("consent", word)) for word in ("yes", "no"))
    email, phone = (_count(here & sets.of(word, "")) for word in ("email", "phone"))
    found = _count(here)
    return Size(
        found, agreed, refused, found - agreed - refused, email, phone, _count(sets.everybody), only_agreed
    )


def size(brand: Brand, steps: Sequence[Step], only_agreed: bool) -> Size:
    """The size of a rule now."""
    with opened(brand) as t:
        return measured(Sets(t, brand, clock.now().date()), steps, only_agreed)


def usable(sets: Sets, group: Group) -> Bits:
    """The people of a group a message may go to."""
    here = sets.rule([(how, what, value) for how, what, value in group.steps])
    return here & sets.of("consent", "yes") if group.only_agreed else here & ~sets.of("consent", "no")


@dataclass(frozen=True)
class Crossed:
    """Two sets: people in both, and the share of the smaller one."""

    both: int
    share: float | None


def crossed(brand: Brand, groups: Sequence[Group]) -> tuple[list[Size], list[list[Crossed]]]:
    """The size of every group, and the exact overlap of each with each."""
    with opened(brand, shelf_of(brand)) as t:
        sets = Sets(t, brand, clock.now().date())
        rules = [[(how, what, value) for how, what, value in group.steps] for group in groups]
        sizes = [measured(sets, rule, group.only_agreed) for rule, group in zip(rules, groups, strict=True)]
        bits = [sets.rule(rule) for rule in rules]
    table = []
    for i, one in enumerate(bits):
        line = []
        for j, two in enumerate(bits):
            both = _count(one & two) if i != j else sizes[i].found
            least = min(sizes[i].found, sizes[j].found)
            line.append(Crossed(both, both / least if least else None))
        table.append(line)
    return sizes, table
