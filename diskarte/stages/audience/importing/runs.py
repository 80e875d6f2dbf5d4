"""Rows put together by a value of 64 bits, as arrays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int32]
AT_ONCE = 1_000_000  # rows from which two cores are quicker than one
HALF = np.uint64(1 << 63)


@dataclass(frozen=True)
class Runs:
    """Rows by a value: `order` has the rows of each value together, the first of the file foremost."""

    order: Places
    values: Keys  # different ones, rising
    starts: Places
    counts: Places

    @property
    def first(self) -> Places:
        """The first row of each value."""
        return self.order[self.starts]

    def rows(self, which: Flags) -> Places:
        """Every row of some values."""
        return self.order[np.repeat(which, self.counts)]


def runs(values: Keys, n: Numbers) -> Runs:
    """Rows put together by value, those of one value by their number `n`; two halves of the values side by side."""
    if len(values) < AT_ONCE:
        return _sorted(values, n, np.arange(len(values), dtype=np.uint64))
    high = values >= HALF

    def half(which: Flags) -> Runs:
        return _sorted(values, n, np.flatnonzero(which).view(np.uint64))

    with ThreadPoolExecutor(2) as pool:  # numpy lets others work meanwhile
        one, two = pool.map(half, (~high, high))
    return Runs(
        np.concatenate([one.order, two.order]),
        np.concatenate([one.values, two.values]),
        np.concatenate([one.starts, two.starts + len(one.order)]),
        np.concatenate([one.counts, two.counts]),
    )


def _sorted(values: Keys, n: Numbers, places: Keys) -> Runs:
    """The rows at `places` put together.

    Sorting numbers is twice as quick as sorting places by numbers: the last bits of each value are replaced by its
    place. Rows whose values only begin with the same bits, or that do not lie in the order of `n`, are sorted as they
    are; few of them do.
    """
    low = np.uint64((1 << len(values).bit_length()) - 1)
    mixed = values[places]
    mixed &= ~low
    mixed |= places
    mixed.sort()
    order = (mixed & low).view(np.int64)
    mixed &= ~low
    same = mixed[1:] == mixed[:-1]
    del mixed
    rising = values[order]
    falls = np.flatnonzero(same)
    here, there = order[falls], order[falls + 1]
    falls = falls[(rising[falls] != rising[falls + 1]) | (n[here] > n[there])]
    if len(falls):
        begun = np.cumsum(np.concatenate([[True], ~same]))
        some = np.flatnonzero(np.isin(begun, begun[falls]))
        mine = order[some]
        order[some] = mine[np.lexsort((n[mine], values[mine], begun[some]))]
        rising[some] = values[order[some]]
    starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(rising)), bool), rising[1:] != rising[:-1]]))
    return Runs(order, rising[starts], starts, np.diff(starts, append=len(rising)))
