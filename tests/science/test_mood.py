"""The mood of many texts: a share whose interval does what it says, a change told when it is larger than chance."""

from __future__ import annotations

import numpy as np
import pytest

from diskarte.science import mood


def test_a_share_by_hand():
    told = mood.mood(["Love this!", "Great", "Slow", "Magkano?", "Masarap pero mahal naman"])
    assert (told.good, told.bad, told.mixed, told.plain) == (2, 1, 1, 1)
    assert told.share == pytest.approx(2 / 3)
    assert told.low < 0.3 < 0.67 < told.high
    assert mood.mood(["Magkano?"]).share is None
    assert mood.mood([]).low is None


def test_nobody_unhappy_is_not_sure_happiness():
    told = mood.of_counts(5, 0)
    assert (told.share, told.high) == (1.0, 1.0)
    assert told.low < 0.8
    assert mood.of_counts(0, 5).low == 0.0
    with pytest.raises(ValueError):
        mood.of_counts(-1, 2)


def test_the_interval_holds_the_truth_nine_times_of_ten():
    rng = np.random.default_rng(3)
    for truth in (0.3, 0.7, 0.9):
        hits = 0
        for good in rng.binomial(40, truth, 400):
            told = mood.of_counts(int(good), 40 - int(good))
            hits += told.low <= truth <= told.high
        assert 0.85 <= hits / 400 <= 0.96


def test_a_change_is_told_when_it_is_larger_than_chance():
    assert mood.changed(mood.of_counts(30, 30), mood.of_counts(50, 10)) == "better"
    assert mood.changed(mood.of_counts(50, 10), mood.of_counts(30, 30)) == "worse"
    assert mood.changed(mood.of_counts(5, 5), mood.of_counts(6, 4)) == "same"
    assert mood.changed(mood.of_counts(0, 0), mood.of_counts(6, 4)) == "unknown"


def test_false_alarms_are_one_in_ten():
    rng = np.random.default_rng(5)
    told = [
        mood.changed(mood.of_counts(int(a), 40 - int(a)), mood.of_counts(int(b), 40 - int(b)))
        for a, b in rng.binomial(40, 0.7, (600, 2))
    ]
    assert 0.05 <= 1 - told.count("same") / 600 <= 0.14
