"""Share of voice."""

import numpy as np
import pytest

from diskarte.science.voice import share_of_voice


def test_a_share_is_the_part_of_everything():
    told = share_of_voice({"us": [10, 20], "them": [30, 40]})
    assert [(s.name, s.n, s.total, s.share) for s in told] == [("them", 2, 70, 0.7), ("us", 2, 30, 0.3)]
    assert all(0 <= s.low <= s.share <= s.high <= 1 for s in told)


def test_the_same_seed_gives_the_same_interval():
    counts = {"us": [3, 5, 9], "them": [1, 2]}
    assert share_of_voice(counts, 4) == share_of_voice(counts, 4)


def test_nobody_engaged_is_no_share():
    assert share_of_voice({"us": [0], "them": []}) == []


def test_a_page_without_posts_has_none_of_it():
    told = {s.name: s for s in share_of_voice({"us": [], "them": [5]})}
    assert (told["us"].share, told["us"].low, told["us"].high) == (0, 0, 0)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        share_of_voice({"us": [-1]})


def test_the_interval_holds_the_truth():
    """Two pages, twice as many posts on one: its true share is 2 in 3."""
    rng = np.random.default_rng(7)
    held = 0
    for k in range(200):
        worlds = {name: rng.lognormal(3, 1, rng.poisson(n)) for name, n in (("a", 80), ("b", 40))}
        share = next(s for s in share_of_voice(worlds, k) if s.name == "a")
        held += share.low <= 2 / 3 <= share.high
    assert 165 <= held <= 195
