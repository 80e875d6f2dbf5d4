import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.science.changes import WANDERING, _waves, change


def page(rng, n, wandering=0.0, noise=0.7):
    return 4 + np.cumsum(rng.normal(0, wandering**0.5 * noise, n)) + rng.normal(0, noise, n)


def test_the_directions_are_those_of_a_random_walk():
    waves, variance = _waves(6)
    order = np.arange(6)
    assert waves @ waves.T == pytest.approx(np.eye(6), abs=1e-12)
    assert waves.T @ np.diag(variance) @ waves == pytest.approx(np.minimum.outer(order, order))


def test_on_a_steady_page_it_is_nearly_the_difference_of_means():
    y = page(np.random.default_rng(1), 200)
    y[100:] += 0.5
    told = change(y.tolist(), 100)
    assert math.log(told.lift) == pytest.approx(y[100:].mean() - y[:100].mean(), abs=0.12)
    assert told.low < 1.65 < told.high
    assert told.chance > 0.95
    assert (told.before, told.after) == (100, 100)


def test_a_page_that_wanders_makes_the_interval_wider():
    rng = np.random.default_rng(2)
    steady, loose = (change(page(rng, 120, w).tolist(), 80) for w in (0.0, 0.3))
    assert loose.high / loose.low > 1.5 * steady.high / steady.low
    assert loose.wanders > steady.wanders
    assert 0 <= steady.wanders <= max(WANDERING)


def test_what_a_model_explains_is_taken_off():
    rng = np.random.default_rng(3)
    kind = rng.normal(0, 1.0, 120)
    y = page(rng, 120, noise=0.3) + kind
    plain, aware = change(y.tolist(), 60), change(y.tolist(), 60, kind.tolist())
    assert aware.high / aware.low < 0.7 * plain.high / plain.low
    constant = change(y.tolist(), 60, [2.0] * 120)  # says nothing, changes nothing
    assert constant.lift == pytest.approx(plain.lift)


@pytest.mark.parametrize("ask", [([1.0] * 8, 2), ([1.0] * 8, 6), ([1.0, math.nan] * 6, 5)])
def test_too_little_is_refused(ask):
    with pytest.raises(ValueError):
        change(*ask)


def test_a_constant_page_has_an_answer():
    told = change([3.0] * 12, 6)
    assert told.lift == pytest.approx(1)
    assert told.chance == pytest.approx(0.5, abs=0.01)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999), st.integers(3, 20), st.integers(3, 20), st.floats(-3, 3))
def test_adding_to_what_came_after_adds_to_the_effect(seed, before, after, more):
    y = page(np.random.default_rng(seed), before + after)
    moved = np.where(np.arange(before + after) >= before, y + more, y)
    one, other = change(y.tolist(), before), change(moved.tolist(), before)
    assert math.log(other.lift) == pytest.approx(math.log(one.lift) + more, abs=1e-6)
    assert one.low <= one.lift <= one.high
    assert 0 <= one.p_value <= 1


@pytest.mark.parametrize("wandering", [0.0, 0.02, 0.1])
def test_it_seldom_cries_wolf_and_its_interval_holds_the_truth(wandering):
    rng = np.random.default_rng(5)
    wolf = inside = 0
    for _ in range(200):
        y = page(rng, 90, wandering)
        wolf += change(y.tolist(), 60).p_value <= 0.05
        y[60:] += 0.3
        told = change(y.tolist(), 60)
        inside += told.low <= math.exp(0.3) <= told.high
    assert wolf / 200 <= 0.1
    assert 0.83 <= inside / 200 <= 0.99
