"""The choice of places: by hand, against brute force, monotone, and sure of what is sure."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest

from diskarte.science import together
from diskarte.science.choice import Places, choose


def places(reach, hours, sd=0.0, fit=None, cost=None, weights=(1000.0,), must=(), never=()):
    reach = np.array(reach, float).reshape(len(hours), -1)
    n = len(hours)
    flags = [np.isin(np.arange(n), told) for told in (must, never)]
    return Places(
        reach, np.full(n, sd), np.array(fit or [1.0] * n), np.full(n, sd), np.array(hours, float), np.full(n, sd),
        np.array(cost or [0.0] * n), np.array(weights, float), *flags,
    )  # fmt: skip


def test_by_hand():
    found = choose(places([0.5, 0.4, 0.1], [2, 2, 2]), 4, None)
    assert found.chosen == (0, 1)
    assert found.chance.tolist() == [1, 1, 0]
    assert found.people[1] == pytest.approx(700)
    assert found.bounds == pytest.approx((500, 900))
    assert (found.hours, found.unknowns) == (4, ())
    assert found.adds.tolist() == pytest.approx([300, 200, 30])


def test_an_hour_is_worth_more_where_it_reaches_more():
    assert choose(places([0.6, 0.5, 0.5], [5, 2, 2]), 5, None).chosen == (1, 2)


def test_money_is_a_limit_too():
    believed = places([0.6, 0.5], [1, 1], cost=[900.0, 100.0])
    assert choose(believed, 9, 500.0).chosen == (1,)
    assert choose(believed, 9, None).chosen == (0, 1)


def test_a_place_that_adds_nobody_is_left_out():
    assert choose(places([0.9, 0.005], [1, 1]), 9, None).chosen == (0,)


def test_must_and_never_are_obeyed():
    found = choose(places([0.9, 0.8, 0.1], [1, 1, 1], must=[2], never=[0]), 3, None)
    assert found.chosen == (1, 2)
    assert found.chance.tolist() == [0, 1, 1]
    with pytest.raises(ValueError, match="both"):
        choose(places([0.9], [1], must=[0], never=[0]), 3, None)


def test_no_hours_is_no_place():
    found = choose(places([0.9, 0.8], [1, 1]), 0, None)
    assert (found.chosen, found.people) == ((), (0, 0, 0))


def test_what_must_be_stays_though_hours_are_short():
    found = choose(places([0.9], [4], must=[0]), 1, None)
    assert found.chosen == (0,)
    assert found.worth[1] == pytest.approx(900 / 4)


@pytest.mark.parametrize("nested", [-0.4, 0.0, 0.6])
def test_the_recommended_set_is_that_of_brute_force(nested):
    rng = np.random.default_rng(7)
    for _case in range(12):
        believed = places(
            rng.uniform(0.02, 0.8, (8, 2)), rng.uniform(0.5, 5, 8), weights=rng.uniform(1, 9, 2)
        )
        found = choose(believed, 7, None, nested, least=0.0, draws=20)
        mine = worth(believed, found.chosen, nested)
        best = max(
            worth(believed, part, nested)
            for size in range(9) for part in combinations(range(8), size) if believed.hours[list(part)].sum() <= 7
        )  # fmt: skip
        assert mine >= best - 1e-6


def worth(believed, part, nested):
    return float(together.union(believed.reach[list(part)].T, nested) @ believed.weights)


def test_more_hours_never_reach_fewer_people():
    rng = np.random.default_rng(3)
    believed = places(rng.uniform(0.05, 0.6, 9), rng.uniform(1, 4, 9), sd=0.25)
    reached = [choose(believed, hours, None, draws=600).worth[1] for hours in (1, 3, 6, 12, 30)]
    assert all(b >= a * 0.98 for a, b in pairwise(reached))


def test_more_presence_means_a_larger_chance():
    low, high = (
        choose(places([share, 0.4, 0.4], [2, 2, 2], sd=0.3), 4, None).chance[0] for share in (0.3, 0.5)
    )
    assert high > low + 0.1


def test_chances_are_those_of_a_simulated_world():
    """Two places, hours for one: the chance is that of the larger of two log-normals."""
    found = choose(places([0.30, 0.25], [2, 2], fit=[1.0, 1.0], sd=0.0), 2, None)
    assert found.chance[0] == 1
    doubt = replace(places([0.030, 0.025], [2, 2]), reach_sd=np.array([0.25, 0.25]))
    rng = np.random.default_rng(99)
    world = np.log(0.030 / 0.025) + 0.25 * (rng.standard_normal(200_000) - rng.standard_normal(200_000))
    assert choose(doubt, 2, None).chance[0] == pytest.approx((world > 0).mean(), abs=0.025)


def test_the_unknown_that_matters_is_the_doubtful_one():
    believed = replace(places([0.3, 0.28, 0.1], [2, 2, 2]), reach_sd=np.array([0.02, 0.6, 0.02]))
    found = choose(believed, 2, None)
    assert (found.unknowns[0].place, found.unknowns[0].what) == (1, "presence")
    assert 0 < found.unknowns[0].changes < 1
    assert found.unknowns[0].gain > 10


def test_the_same_seed_gives_the_same_answer():
    believed = places([0.5, 0.45, 0.3], [2, 2, 3], sd=0.3)
    one, two = (choose(believed, 5, None, seed=4, draws=500) for _ in range(2))
    assert one.chance.tolist() == two.chance.tolist()
    assert one.people == two.people


def test_many_places_are_chosen_greedily_and_well():
    rng = np.random.default_rng(5)
    believed = places(rng.uniform(0.02, 0.5, 17), rng.uniform(0.5, 5, 17))
    found = choose(believed, 6, None, least=0.0, draws=10)
    small = replace(believed, never=np.arange(17) >= 15)
    assert believed.hours[list(found.chosen)].sum() <= 6
    exact = choose(small, 6, None, least=0.0, draws=10).chosen
    assert worth(believed, found.chosen, 0.0) >= 0.95 * worth(believed, exact, 0.0)


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match="one value"):
        choose(replace(places([0.5], [1]), fit=np.ones(2)), 1, None)
    with pytest.raises(ValueError, match="negative"):
        choose(places([0.5], [-1]), 1, None)
