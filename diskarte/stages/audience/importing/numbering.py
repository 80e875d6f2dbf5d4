"""Which rows are one person, and which number that person has.

Rows of one key are one person; keys are sorted as arrays, some bytes a row. Only where a key may be somebody else
(a row without a customer number, or people who are known already) does SQL look for links between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diskarte.core.lake.tables import Tables, hands, quoted

from ..columns import PEOPLE
from .linking import linked
from .reading import Piece
from .runs import Flags, Keys, Numbers, Runs, runs

MOST_UNUSED = 2  # numbers kept free for each that is used, at most
HIGHEST = 2**31 - 1
MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Rows:
    """Every row of the parts: the number it would give to somebody new, its person's number, and what it tells."""

    spans: list[slice]  # where the rows of each part lie
    n: Numbers
    pid: Numbers
    alone: Flags  # all there is to tell of somebody new
    several: Flags  # of somebody new of whom other rows tell something else
    again: Flags  # the same line of a receipt stands further up
    last: int  # people who were known have numbers up to this one

    @property
    def known(self) -> Flags:
        """Rows of people who were known before."""
        return self.pid <= self.last

    @property
    def people(self) -> Numbers:
        """The number of everybody the file tells of, rising."""
        fresh = self.pid[~self.known] if self.known.any() else self.pid
        seen = np.zeros(int(fresh.max(initial=self.last)) - self.last, dtype=bool)
        seen[fresh - (self.last + 1)] = True
        told = (np.flatnonzero(seen) + (self.last + 1)).astype(np.int32)
        return np.concatenate([np.unique(self.pid[self.known]), told])


def numbered(t: Tables, parts: Sequence[Piece], base: int) -> Rows:
    """Every row with the number of its person. Somebody new has the number of their first row, if the numbers after
    `base` are still free and few of them stay unused; else the next number after the last."""
    (n, k), spans = _columns(t, parts, "pid", "k")
    last = last_number(t)
    keys = runs(k, n)
    del k
    numbers = _numbers(t, parts, keys, n, base, last)
    pid = np.empty(len(n), dtype=np.int32)
    pid[keys.order] = np.repeat(numbers, keys.counts)
    (person,), _spans = _columns(t, parts, "person")
    alone, several = _telling(keys, numbers, person, last)
    del keys, numbers, person
    return Rows(spans, n, pid, alone, several, _again(t, parts, pid, n), last)


def last_number(t: Tables) -> int:
    """The highest number a person has; 0 while nobody is known."""
    return int(t.row(f"SELECT coalesce(max(pid), 0) FROM {t.of('people', PEOPLE)}")[0])


def free_after(t: Tables, size: int) -> int:
    """The number after which each line of a file of so many bytes can have one; 0 when there are not so many left."""
    last = last_number(t)
    return last if last + size // 2 < HIGHEST else 0


def _columns(t: Tables, parts: Sequence[Piece], *names: str) -> tuple[list[NDArray[Any]], list[slice]]:
    with hands(t) as begin:
        coming = [begin(partial(_read, part=part, names=names)) for part in parts]
        found = [one.result() for one in coming]
    spans, at = [], 0
    for told in found:
        spans.append(slice(at, at := at + len(told[names[0]])))
    return [np.concatenate([np.asarray(told.pop(name)) for told in found]) for name in names], spans


def _read(t: Tables, part: Piece, names: Sequence[str]) -> dict[str, Any]:
    return t.arrays(f"SELECT {', '.join(names)} FROM read_parquet({quoted(str(part.rows))})")


def _numbers(t: Tables, parts: Sequence[Piece], keys: Runs, n: Numbers, base: int, last: int) -> Numbers:
    """The person's number for each key."""
    told = np.zeros(len(keys.values), dtype=np.int32)
    free = np.ones(len(told), dtype=bool)
    key, pid, other = linked(t, [str(part.people) for part in parts], keys.values)
    at = np.searchsorted(keys.values, key)
    free[at] = False
    first = n[keys.first[free]]
    if last <= base and MOST_UNUSED * len(first) >= len(n):
        told[free] = first
    else:
        arrived = np.zeros(int(n.max(initial=base)) - base + 1, dtype=bool)
        arrived[first - base] = True
        told[free] = last + np.cumsum(arrived, dtype=np.int32)[first - base]
    told[at] = np.where(pid > 0, pid, told[np.searchsorted(keys.values, other) % len(told)])
    return told


def _telling(keys: Runs, numbers: Numbers, person: Keys, last: int) -> tuple[Flags, Flags]:
    """(Rows that tell all of somebody new, rows of somebody new of whom several rows tell different things.)"""
    one = keys.counts == 1
    twice = keys.rows(~one)
    starts = np.cumsum(keys.counts[~one]) - keys.counts[~one]
    if len(twice):
        told = person[twice]
        one[~one] = np.minimum.reduceat(told, starts) == np.maximum.reduceat(told, starts)
    fresh = numbers > last
    seen = np.zeros(int(numbers.max(initial=last)) - last, dtype=bool)
    seen[numbers[fresh] - (last + 1)] = True
    if np.count_nonzero(seen) != np.count_nonzero(fresh):  # some key is the same person as another
        mine = numbers[fresh] - last
        one[fresh] &= np.bincount(mine)[mine] == 1
    alone, several = np.zeros(len(person), dtype=bool), np.zeros(len(person), dtype=bool)
    alone[keys.first[one & fresh]] = True
    several[keys.rows(~one & fresh)] = True
    return alone, several


def _again(t: Tables, parts: Sequence[Piece], pid: Numbers, n: Numbers) -> Flags:
    """Rows whose receipt line the same person has further up; a line without a receipt is 0."""
    told = np.zeros(len(n), dtype=bool)
    files = ", ".join(quoted(str(part.rows)) for part in parts)
    if not t.row(f"SELECT max(line) FROM read_parquet([{files}])")[0]:
        return told
    (line,), _spans = _columns(t, parts, "line")
    some = np.flatnonzero(line)
    if len(some):
        lines = runs(line[some] ^ (pid[some].astype(np.uint64) * MIX), n[some])
        told[some] = True
        told[some[lines.first]] = False
    return told
