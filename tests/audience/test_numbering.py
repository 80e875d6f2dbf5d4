"""Rows put together by key: whatever the keys are, the same as counting them by hand."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.stages.audience.importing import runs as sorting
from diskarte.stages.audience.importing.numbering import MIX, _telling
from diskarte.stages.audience.importing.runs import runs

NEAR = [
    7,
    8,
    9,
    1 << 20,
    (1 << 20) + 1,
    (1 << 63) + 5,
    (1 << 63) + 6,
    (1 << 64) - 1,
]  # many begin with the same bits
keys = st.lists(st.sampled_from(NEAR) | st.integers(0, 2**64 - 1), min_size=1, max_size=60)


@pytest.mark.parametrize("at_once", [0, 1000])
@given(keys, st.randoms())
def test_rows_of_one_value_lie_together_the_first_of_the_file_foremost(at_once, values, chance):
    numbers = list(range(len(values)))
    chance.shuffle(numbers)
    with mock.patch.object(sorting, "AT_ONCE", at_once):
        told = sorting.runs(np.array(values, dtype=np.uint64), np.array(numbers, dtype=np.int32))
    assert told.values.tolist() == sorted(set(values))
    at = 0
    for value, start, count in zip(told.values, told.starts, told.counts, strict=True):
        rows = told.order[start : start + count].tolist()
        assert start == at
        assert rows == sorted((i for i, one in enumerate(values) if one == value), key=lambda i: numbers[i])
        at += count
    assert told.first.tolist() == told.order[told.starts].tolist()
    assert told.rows(told.counts > 1).tolist() == [i for i in told.order if values.count(values[i]) > 1]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1)), min_size=1, max_size=20))
def test_somebody_whose_rows_all_say_the_same_is_told_by_the_first(rows):
    """Each row is (key, what it says); the people 1 and 2 were known, the key 4 is the person of the key 3."""
    of = {0: 1, 1: 2, 2: 3, 3: 4, 4: 4}
    rows = [*rows, (2, 0), (3, 0)]  # new people have all the numbers after the last
    found = runs(np.array([key for key, _said in rows], np.uint64), np.arange(len(rows), dtype=np.int32))
    numbers = np.array([of[key] for key in found.values.tolist()], np.int32)
    alone, several = _telling(found, numbers, np.array([said for _key, said in rows], np.uint64) * MIX, 2)
    for i, (key, _said) in enumerate(rows):
        mine = [(at, *row) for at, row in enumerate(rows) if of[row[0]] == of[key]]
        differ = len({row[1:] for row in mine}) > 1
        fresh = of[key] > 2
        assert several[i] == (fresh and differ)
        assert alone[i] == (fresh and not differ and mine[0][0] == i)
