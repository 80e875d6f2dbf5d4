"""Overlaps from small summaries: exact where they hold everybody, honest about the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.science.sketch import Bottom, bottom, overlap, union_size


def people(start, end):
    """Hashes of the ids start … end-1, the same for the same id."""
    x = np.arange(start, end, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    return x ^ (x >> np.uint64(31))


def test_small_audiences_are_counted_exactly():
    told = overlap(bottom(people(0, 900)), bottom(people(600, 1000)))
    assert (told.both, told.low, told.high, told.union, told.exact) == (300, 300, 300, 1000, True)


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 400))
def test_whole_summaries_agree_with_sets(a, b, start):
    told = overlap(bottom(people(0, a)), bottom(people(start, start + b)))
    assert told.both == len(set(range(a)) & set(range(start, start + b)))


def test_intervals_hold_nine_of_ten():
    inside = []
    for n in range(150):
        at = 100_000 * n
        one, two = bottom(people(at, at + 3000), 256), bottom(people(at + 2000, at + 6000), 256)
        told = overlap(one, two)
        assert not told.exact
        inside.append(told.low <= 1000 <= told.high)
    assert 0.82 <= np.mean(inside) <= 0.98


def test_one_inside_the_other_and_none_in_common():
    told = overlap(bottom(people(0, 50)), bottom(people(0, 50_000), 512))
    assert told.low <= 50 <= told.high
    assert told.high <= 50  # never more than the smaller one
    apart = overlap(bottom(people(0, 5000), 512), bottom(people(9000, 20_000), 512))
    assert apart.both == 0
    assert apart.high < 200


def test_sizes_together():
    parts = [bottom(people(0, 20_000), 1024), bottom(people(10_000, 30_000), 1024)]
    assert union_size(parts) == pytest.approx(30_000, rel=0.1)
    assert union_size([bottom(people(0, 10)), bottom(people(5, 20))]) == 20


def test_nonsense_is_refused():
    with pytest.raises(ValueError):
        bottom(people(0, 5), 0)
    with pytest.raises(ValueError):
        overlap(Bottom(people(0, 5), 3), bottom(people(0, 5)))
