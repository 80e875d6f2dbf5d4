"""Which rows are one person, and which number that person has.

Rows of one key are one person; keys are sorted as arrays, some bytes a row. Only where a key may be somebody else
(a row without a customer number, or people who are known already) does SQL look for links between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diskarte.core.lake.tables import Tables

from ..columns import PEOPLE
from .linking import linked
from .runs import Flags, Keys, Numbers, Runs, runs

MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Rows:
    """Every row of the parts: its number in the file, its person's number, and what it tells."""

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
        fresh = np.arange(self.last + 1, int(self.pid.max(initial=self.last)) + 1, dtype=np.int32)
        return np.concatenate([np.unique(self.pid[self.known]), fresh])


def together(parts: Sequence[str]) -> str:
    """The rows of some parts as something to select from."""
    return f"({' UNION ALL '.join(f'SELECT * FROM {part}' for part in parts)})"


def numbered(t: Tables, parts: Sequence[str]) -> Rows:
    """Every row with the number of its person; new people get the numbers after the last, by their first row."""
    (n, k), spans = _columns(t, parts, "n", "k")
    last = int(t.row(f"SELECT coalesce(max(pid), 0) FROM {t.of('people', PEOPLE)}")[0])
    keys = runs(k, n)
    del k
    numbers = _numbers(t, parts, keys, n, last)
    pid = np.empty(len(n), dtype=np.int32)
    pid[keys.order] = np.repeat(numbers, keys.counts)
    (person,), _spans = _columns(t, parts, "person")
    alone, several = _telling(keys, numbers, person, last)
    del keys, numbers, person
    return Rows(spans, n, pid, alone, several, _again(t, parts, pid, n), last)


def _columns(t: Tables, parts: Sequence[str], *names: str) -> tuple[list[NDArray[Any]], list[slice]]:
    found: list[dict[str, Any]] = []
    spans, at = [], 0
    for part in parts:
        told = t.arrays(f"SELECT {', '.join(names)} FROM {part}")
        found.append(told)
        spans.append(slice(at, at := at + len(told[names[0]])))
    return [np.concatenate([np.asarray(told.pop(name)) for told in found]) for name in names], spans


def _numbers(t: Tables, parts: Sequence[str], keys: Runs, n: Numbers, last: int) -> Numbers:
    """The person's number for each key."""
    told = np.zeros(len(keys.values), dtype=np.int32)
    free = np.ones(len(told), dtype=bool)
    key, pid, other = linked(t, together(parts), keys.values)
    at = np.searchsorted(keys.values, key)
    free[at] = False
    first = n[keys.first[free]]
    arrived = np.zeros(int(n.max(initial=0)) + 1, dtype=bool)
    arrived[first] = True
    told[free] = last + np.cumsum(arrived, dtype=np.int32)[first]
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
    if not bool(fresh.all()) or len(numbers) != int(numbers.max(initial=last)) - last:
        one &= np.bincount(numbers)[numbers] == 1  # no second key is the same person
    alone, several = np.zeros(len(person), dtype=bool), np.zeros(len(person), dtype=bool)
    alone[keys.first[one & fresh]] = True
    several[keys.rows(~one & fresh)] = True
    return alone, several


def _again(t: Tables, parts: Sequence[str], pid: Numbers, n: Numbers) -> Flags:
    """Rows whose receipt line the same person has further up; a line without a receipt is 0."""
    told = np.zeros(len(n), dtype=bool)
    if not t.row(f"SELECT max(line) FROM {together(parts)}")[0]:
        return told
    (line,), _spans = _columns(t, parts, "line")
    some = np.flatnonzero(line)
    if len(some):
        lines = runs(line[some] ^ (pid[some].astype(np.uint64) * MIX), n[some])
        told[some] = True
        told[some[lines.first]] = False
    return told
