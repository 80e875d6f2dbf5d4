"""Thirds and their stability."""

from __future__ import annotations

import numpy as np
import pytest

from diskarte.science import rfm


def test_thirds_are_thirds():
    values = np.arange(300.0)
    assert np.bincount(rfm.third(values, rfm.cuts(values))).tolist() == [100, 100, 100]
    with pytest.raises(ValueError):
        rfm.cuts(np.array([]))


def test_jaccard_by_hand():
    one, two = np.array([1, 1, 0, 0], dtype=bool), np.array([1, 0, 1, 0], dtype=bool)
    assert rfm.jaccard(one, two) == pytest.approx(1 / 3)
    assert rfm.jaccard(~one & one, ~one & one) == 1


def test_real_groups_are_stable_and_chance_is_not():
    labels = np.repeat([0, 1, 2], 200)
    assert rfm.stability(labels, lambda rng: labels, 5, 1) == pytest.approx({0: 1, 1: 1, 2: 1})
    told = rfm.stability(labels, lambda rng: rng.integers(0, 3, 600), 20, 1)
    assert max(told.values()) < 0.3
