"""How many of one thing come with another."""

import numpy as np
import pytest

from diskarte.science.ratio import a_post, of_counts, of_sums


def test_known_answers():
    found = a_post([10, 20, 30])
    assert (found.value, found.n, found.few) == (20, 3, True)
    assert found.low == pytest.approx(20 / np.exp(1.645 * 10 / (20 * 3**0.5)), rel=1e-3)
    assert of_sums([1, 2], [100, 200]).value == 0.01
    assert of_counts(5, 50).value == 0.1
    assert of_counts(5, 50).low == pytest.approx(1.97 / 50, rel=0.01)


@pytest.mark.parametrize(
    "nothing", [a_post([]), a_post([4]), a_post([0, 0]), of_counts(0, 9), of_counts(3, 0)]
)
def test_nothing_can_be_said_of_nothing(nothing):
    assert nothing is None


def test_wrong_input_is_refused():
    for call in (lambda: of_sums([1], [1, 2]), lambda: a_post([-1, 2]), lambda: of_counts(-1, 2)):
        with pytest.raises(ValueError, match=r"numerator|negative"):
            call()


def test_intervals_hold_the_truth():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        reach = rng.lognormal(6, 0.8, 40)
        clicks = rng.poisson(reach * 0.02 * rng.lognormal(0, 0.3, 40) / np.exp(0.045))
        found = of_sums(clicks, reach)
        held += found.low <= 0.02 <= found.high
    assert 250 <= held <= 290


def test_a_wider_interval_has_a_larger_error():
    assert of_counts(3, 50).log_sd > of_counts(300, 5000).log_sd > 0
