"""Customers' rhythm and worth: known answers, the truth of a simulated world, and what `lifetimes` gives."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from diskarte.science import clv
from diskarte.science.clv import Basket, Rhythm

NONE = np.zeros((4, 4))


def cdnow():
    """The 2,357 customers of the CDNOW sample that `lifetimes` ships: x, tx, T in weeks, mean worth."""
    place = (
        Path(find_spec("lifetimes").origin).parent
        / "datasets"
        / "cdnow_customers_summary_with_transactions.csv"
    )
    rows = np.genfromtxt(place, delimiter=",", skip_header=1)
    return rows[:, 1], rows[:, 2], rows[:, 3], rows[:, 4]


def world(n, r, alpha, a, b, weeks=78.0, seed=0):
    """Customers who live and buy as the method says."""
    rng = np.random.default_rng(seed)
    T = rng.uniform(20, weeks, n)
    x, tx = np.zeros(n), np.zeros(n)
    for i, (rate, leaves) in enumerate(zip(rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n), strict=True)):
        at = 0.0
        while (at := at + rng.exponential(1 / rate)) < T[i]:
            x[i], tx[i] = x[i] + 1, at
            if rng.random() < leaves:
                break
    return x, tx, T


def test_the_published_parameters_of_cdnow_come_out():
    x, tx, T, mean = cdnow()
    found = clv.fit(clv.histories(x, tx, T))
    assert (found.r, found.alpha, found.a, found.b) == pytest.approx(
        (0.2426, 4.4136, 0.7929, 2.4259), rel=1e-3
    )
    basket = clv.fit_basket(x, mean)
    assert (basket.p, basket.q, basket.v) == pytest.approx((6.2488, 3.7446, 15.4478), rel=1e-3)


def test_the_truth_of_a_simulated_world_is_found():
    x, tx, T = world(4000, 0.8, 6.0, 0.9, 3.0)
    found = clv.fit(clv.histories(x, tx, T))
    assert (found.r, found.alpha) == pytest.approx((0.8, 6.0), rel=0.2)
    assert found.a / (found.a + found.b) == pytest.approx(0.225, abs=0.05)


def test_what_is_foretold_happens():
    x, tx, T = world(6000, 0.8, 6.0, 0.9, 3.0, seed=3)
    model = Rhythm(0.8, 6.0, 0.9, 3.0, NONE, 6000)
    buyers = clv.histories(x, tx, T)
    rng = np.random.default_rng(1)
    came = np.mean([clv.lived(model, buyers, 26, rng) @ buyers.count for _i in range(40)])
    assert clv.purchases(model, buyers, 26) @ buyers.count == pytest.approx(came, rel=0.05)


def test_expected_purchases_agree_with_the_closed_form_and_pass_its_pole():
    from scipy.special import hyp2f1

    def closed(r, alpha, a, b, x, tx, T, t):
        z = t / (alpha + T + t)
        top = (a + b + x - 1) / (a - 1)
        top *= 1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
        return top / (1 + (x > 0) * a / (b + x - 1) * ((alpha + T) / (alpha + tx)) ** (r + x))

    for a in (0.4, 0.8, 1.6):
        for x, tx, T in ((0.0, 0.0, 30.0), (3.0, 20.0, 30.0), (40.0, 51.0, 52.0)):
            told = clv.purchases(Rhythm(0.25, 4.4, a, 2.4, NONE, 1), clv.histories([x], [tx], [T]), 39)
            assert told[0] == pytest.approx(closed(0.25, 4.4, a, 2.4, x, tx, T, 39), rel=1e-3)
    at_one, beside = (clv.purchases(Rhythm(0.25, 4.4, a, 2.4, NONE, 1), clv.histories([3], [20], [30]), 39)[0]
                      for a in (1.0, 1.0001))  # fmt: skip
    assert at_one == pytest.approx(beside, rel=1e-3)


def test_the_chance_to_be_alive_falls_with_silence():
    model = Rhythm(0.25, 4.4, 0.8, 2.4, NONE, 1)
    told = [clv.alive(model, clv.histories([5], [20], [T]))[0] for T in (20, 30, 60, 200)]
    assert told == sorted(told, reverse=True)
    assert clv.alive(model, clv.histories([0], [0], [50]))[0] == 1  # who came once cannot have left after it


def test_who_never_came_back_gets_the_usual_worth_and_many_purchases_their_own():
    basket = Basket(6.0, 4.0, 15.0, np.zeros((3, 3)), 10)
    told = clv.worth(basket, np.array([0.0, 1.0, 500.0]), np.array([0.0, 90.0, 90.0]))
    assert told[0] == basket.usual == 30
    assert 30 < told[1] < told[2] == pytest.approx(90, rel=0.01)


def test_few_customers_are_held_by_the_prior():
    x = np.arange(1.0, 41.0)
    buyers = clv.histories(
        x, np.full(40, 52.0), np.full(40, 52.0)
    )  # nobody has left: the data would say «never»
    held, free = clv.fit(buyers), clv.fit(buyers, ridge=1000.0)
    assert free.a / free.b < 1e-3 < held.a / held.b


def test_equal_histories_are_counted_once_and_nonsense_is_refused():
    told = clv.histories([1, 0, 1], [2, 0, 2], [4, 4, 4])
    assert sorted(told.count) == [1, 2]
    assert list(told.x[told.which]) == [1, 0, 1]
    for bad in (([1], [5], [4]), ([-1], [0], [4]), ([], [], []), ([1, 2], [1], [4])):
        with pytest.raises(ValueError):
            clv.histories(*bad)
    with pytest.raises(ValueError):
        clv.fit_basket(np.array([0.0]), np.array([0.0]))


def test_many_histories_are_fitted_as_few_are(monkeypatch):
    x, tx, T = world(3000, 0.8, 6.0, 0.9, 3.0, seed=7)
    buyers = clv.histories(x, tx, T)
    plain = clv.fit(buyers)
    monkeypatch.setattr(clv, "MANY", 500)
    monkeypatch.setattr(clv, "SOME", 800)
    quick = clv.fit(buyers)
    assert (quick.r, quick.alpha, quick.a, quick.b) == pytest.approx(
        (plain.r, plain.alpha, plain.a, plain.b), rel=1e-3
    )
    assert np.sqrt(np.diag(quick.cov)) == pytest.approx(np.sqrt(np.diag(plain.cov)), rel=0.35)
