"""Different people of several audiences: by hand, in bounds, and back from pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.science.together import bounds, nesting, union

shares = st.lists(st.floats(0, 1), min_size=1, max_size=6).map(np.array)


def test_by_hand():
    reach = np.array([0.5, 0.4])
    assert union(reach) == pytest.approx(0.7)  # 1 - .5 * .6
    assert [float(side) for side in bounds(reach)] == pytest.approx([0.5, 0.9])
    assert union(reach, 1.0) == pytest.approx(0.5)
    assert union(reach, -1.0) == pytest.approx(0.9)
    assert union(reach, 0.5) == pytest.approx(0.6)


def test_nobody_anywhere():
    assert union(np.zeros((3, 0))).tolist() == [0, 0, 0]
    assert bounds(np.zeros((2, 0)))[1].tolist() == [0, 0]


@given(shares, st.floats(-1, 1))
def test_always_inside_the_bounds(reach, nested):
    low, high = bounds(reach)
    assert low - 1e-9 <= union(reach, nested) <= high + 1e-9


@pytest.mark.parametrize("truth", [-0.7, 0.0, 0.3, 1.0])
def test_nesting_is_found_again_from_two_audiences(truth):
    one, other = 0.5, 0.3
    both = one + other - float(union(np.array([one, other]), truth))
    assert nesting([(one, other, both)]) == pytest.approx(truth)


def test_no_pair_is_no_knowledge():
    assert nesting([]) == 0
    assert nesting([(0.0, 0.5, 0.0), (1.0, 0.5, 0.5)]) == 0


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="share"):
        union(np.array([1.2]))
    with pytest.raises(ValueError, match="nesting"):
        union(np.array([0.2]), 2)
