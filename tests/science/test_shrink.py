import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.science.shrink import shrink


def test_a_hand_made_case():
    # r = 1. Group a: 4 posts of mean 2, keeps 4/5. Group b: 1 post of 5, keeps 1/2.
    # v = 1/4 + 1 and 1 + 1; mu = (2/1.25 + 5/2) / (1/1.25 + 1/2) = 4.1 / 1.3
    told = shrink(["a"] * 4 + ["b"], [1, 3, 1, 3, 5], ratio=1.0)
    mu = 4.1 / 1.3
    assert told.grand == pytest.approx(mu)
    assert told["a"].mean == pytest.approx(mu + 0.8 * (2 - mu))
    assert told["b"].mean == pytest.approx(mu + 0.5 * (5 - mu))
    assert (told["a"].n, told["a"].raw, told["b"].n) == (4, 2.0, 1)
    # s2 = (4 inside + between + 0.64 prior) / (5 - 1 + 1)
    between = (2 - mu) ** 2 / 1.25 + (5 - mu) ** 2 / 2
    assert told.within == pytest.approx(((4 + between + 0.64) / 5) ** 0.5)


def test_few_posts_are_pulled_further_than_many():
    told = shrink(["many"] * 40 + ["few"] * 2 + ["rest"] * 40, [3.0, 3.2] * 20 + [3.1, 3.1] + [1.0, 1.2] * 20)
    assert told["few"].raw == pytest.approx(told["many"].raw)
    assert told["few"].mean < told["many"].mean
    assert told["few"].sd > told["many"].sd


@pytest.mark.parametrize("values", [[2.0], [2.0] * 9])
def test_one_group_and_constant_values_have_a_width(values):
    told = shrink(["only"] * len(values), values)
    assert told["only"].mean == pytest.approx(2.0)
    assert 0 < told["only"].high - told["only"].low < 6
    assert told.grand == pytest.approx(2.0)


def test_all_groups_of_one_post():
    told = shrink("abcd", [0.0, 1.0, 2.0, 3.0])
    assert told.grand == pytest.approx(1.5)
    assert 0 < told["a"].mean < told["b"].mean < told["c"].mean < told["d"].mean < 3


@pytest.mark.parametrize(("labels", "values"), [([], []), (["a"], [1.0, 2.0]), (["a"], [float("nan")])])
def test_nonsense_is_refused(labels, values):
    with pytest.raises(ValueError):
        shrink(labels, values)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.floats(-5, 5)), min_size=1, max_size=30),
    st.floats(-3, 3),
)
def test_shrinking_goes_towards_the_grand_mean_and_follows_a_shift(rows, shift):
    labels, values = zip(*rows, strict=True)
    told, moved = shrink(labels, values), shrink(labels, [v + shift for v in values])
    for group, other in zip(told.groups, moved.groups, strict=True):
        low, high = sorted((group.raw, told.grand))
        slack = 0.35 * (max(values) - min(values)) + 1e-9  # the grand mean differs a little for every ratio
        assert low - slack <= group.mean <= high + slack
        assert group.low < group.mean < group.high
        assert other.mean == pytest.approx(group.mean + shift, abs=1e-6)


def test_the_truth_lies_in_nine_of_ten_intervals_and_beats_plain_means():
    rng = np.random.default_rng(5)
    inside = shrunk = plain = total = 0.0
    for _ in range(120):
        theta = 2 + rng.normal(0, 0.4, 7)
        labels = rng.choice(7, 50, p=[0.4, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03])
        for group in shrink(labels.tolist(), (theta[labels] + rng.normal(0, 0.9, 50)).tolist()).groups:
            truth = theta[int(group.label)]
            inside += group.low <= truth <= group.high
            shrunk += (group.mean - truth) ** 2
            plain += (group.raw - truth) ** 2
            total += 1
    assert 0.86 <= inside / total <= 0.94
    assert shrunk < 0.6 * plain
