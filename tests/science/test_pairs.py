import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.science.pairs import deal, detectable, pairs_needed, result


def test_the_needed_pairs_of_the_text_books():
    # (1.96 + 0.84)^2 * 2 * 0.7^2 / ln(1.3)^2 = 111.7 pairs, some 224 posts; +60 %: 34.8 pairs
    assert pairs_needed(0.3, 0.7) == 112
    assert pairs_needed(0.6, 0.7) == 35
    assert pairs_needed(0.3, 1.1) == pytest.approx(2.47 * 112, abs=2)  # (1.1 / 0.7)^2
    assert pairs_needed(-0.3, 0.7) < pairs_needed(0.3, 0.7)  # a loss of 30 % is further away on the log scale
    assert pairs_needed(50, 0.1) == 2
    assert detectable(112, 0.7) == pytest.approx(0.3, abs=0.002)


@pytest.mark.parametrize("ask", [lambda: pairs_needed(0), lambda: pairs_needed(-1), lambda: detectable(0)])
def test_nothing_can_be_planned_for_no_effect(ask):
    with pytest.raises(ValueError):
        ask()


def test_three_pairs_by_hand():
    told = result([1.0, 2.0, 4.0], [0.5, 1.8, 3.2])  # differences 0.5, 0.2, 0.8
    assert (told.pairs, told.wins) == (3, 3)
    assert told.lift == pytest.approx(math.exp(0.5))
    assert told.p_value == 2 / 8  # all plus and all minus, of eight flips
    reach = 2.920 * 0.3 / math.sqrt(3)  # t with 2 degrees, sd 0.3
    assert told.low == pytest.approx(math.exp(0.5 - reach), rel=1e-3)
    assert told.high == pytest.approx(math.exp(0.5 + reach), rel=1e-3)
    assert told.noise == pytest.approx(0.3 / math.sqrt(2))
    keep = 0.09 / (0.09 + 0.03)
    assert told.chance == pytest.approx(0.5 * math.erfc(-keep * 0.5 / math.sqrt(keep * 0.03) / math.sqrt(2)))


def test_equal_pairs_say_nothing():
    told = result([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert (told.wins, told.lift, told.p_value, told.chance) == (0, 1.0, 1.0, 0.5)


@pytest.mark.parametrize(("new", "old"), [([1.0], [2.0]), ([1.0, 2.0], [1.0]), ([1.0, math.nan], [1.0, 2.0])])
def test_nonsense_is_refused(new, old):
    with pytest.raises(ValueError):
        result(new, old)


def test_the_coin_is_fair_and_repeatable():
    heads = deal(4000, np.random.default_rng(1))
    assert 0.47 < sum(heads) / 4000 < 0.53
    assert deal(20, np.random.default_rng(7)) == deal(20, np.random.default_rng(7))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=2, max_size=20))
def test_swapping_the_sides_turns_the_answer_round(pairs):
    new, old = zip(*pairs, strict=True)
    one, other = result(new, old), result(old, new)
    assert one.lift * other.lift == pytest.approx(1)
    assert one.low * other.high == pytest.approx(1)
    assert one.p_value == pytest.approx(other.p_value)
    assert one.chance + other.chance == pytest.approx(1)
    assert one.wins + other.wins <= len(pairs)
    assert one.low <= one.lift <= one.high


def test_error_and_power_are_as_promised():
    rng = np.random.default_rng(4)
    pairs = pairs_needed(0.6, 0.7)
    found = {0.0: 0, 0.6: 0}
    inside = 0
    for effect in found:
        for trial in range(150):
            shared = rng.normal(4, 1, pairs)  # what a pair's two posts have in common
            old = shared + rng.normal(0, 0.7, pairs)
            new = shared + math.log1p(effect) + rng.normal(0, 0.7, pairs)
            told = result(new.tolist(), old.tolist(), seed=trial)
            found[effect] += told.p_value <= 0.05
            inside += told.low <= 1 + effect <= told.high
    assert found[0.0] / 150 <= 0.09
    assert 0.7 <= found[0.6] / 150 <= 0.9
    assert 0.85 <= inside / 300 <= 0.95
