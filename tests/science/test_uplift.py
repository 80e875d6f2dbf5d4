"""Uplift: redone by hand, recovered from simulated experiments, and on a real one."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.science import uplift
from tests.conftest import shared


def experiment(n, effect, seed=0):
    """Half get a message by lot; the first feature decides whether it helps or harms."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    treated = rng.random(n) < 0.5
    logit = -1.0 + 0.4 * x[:, 1] + treated * (0.3 + effect * x[:, 0])
    return x, treated, (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(float)


def test_qini_by_hand():
    """Best first: treated buyer, control who does not, treated who does not, control who buys."""
    score, treated, y = (
        np.array([4.0, 3, 2, 1]),
        np.array([True, False, True, False]),
        np.array([1.0, 0, 0, 1]),
    )
    # extra after each: 1, 1, 1, 1 - 1 * 2/2 = 0; the line to the end is 0; two were treated; mean of 1/2 1/2 1/2 0
    assert uplift.qini(score, treated, y) == pytest.approx(0.375)
    # backwards: no treated yet, so 0; 0 - 1 * 1/1 = -1; 0 - 1 * 1/2 = -.5; 1 - 1 * 2/2 = 0
    assert uplift.qini(-score, treated, y) == pytest.approx((0 - 1 - 0.5 + 0) / 2 / 4)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_counting_a_person_twice_is_the_person_twice(seed):
    rng = np.random.default_rng(seed)
    score, treated, y = rng.random(12), np.arange(12) % 2 == 0, rng.integers(0, 2, 12).astype(float)
    times = rng.integers(1, 3, 12)
    every = np.repeat(np.arange(12), times)
    assert uplift.qini(score[every], treated[every], y[every]) == pytest.approx(
        uplift.qini(score, treated, y, times), abs=0.12
    )  # within a run of twins the sums are taken one by one
    assert uplift.qini(score, treated, y, np.ones(12)) == uplift.qini(score, treated, y)


def test_the_fit_finds_who_is_helped():
    x, treated, y = experiment(20_000, effect=0.6)
    told = uplift.uplift(uplift.fit(x, treated, y), x)
    assert np.corrcoef(told, x[:, 0])[0, 1] > 0.9
    assert told.mean() == pytest.approx(y[treated].mean() - y[~treated].mean(), abs=0.01)


def test_it_tells_where_people_differ_and_abstains_where_they_do_not():
    rng = np.random.default_rng(1)
    differ = uplift.judged(*experiment(6000, effect=0.6), rng, rounds=80)
    assert differ.order is True
    assert 0 < differ.low < differ.qini < differ.high
    said = [uplift.judged(*experiment(2000, effect=0.0, seed=s), rng, rounds=60).order for s in range(10)]
    assert sum(one is True for one in said) <= 2
    assert said.count(None) >= 6


def test_what_cannot_be_an_experiment_is_refused():
    x, treated, y = experiment(20, 0.5)
    with pytest.raises(ValueError, match="arm"):
        uplift.fit(x, np.ones(20, dtype=bool), y)
    with pytest.raises(ValueError, match="outcomes"):
        uplift.fit(x, treated, y * 2)
    with pytest.raises(ValueError, match="as many"):
        uplift.fit(x[:-1], treated, y)
    with pytest.raises(ValueError, match="nobody"):
        uplift.qini(y, np.zeros(20, dtype=bool), y)


def test_a_column_that_never_changes_does_no_harm():
    x, treated, y = experiment(500, 0.5)
    more = np.column_stack([x, np.full(500, 7.0)])
    plain = uplift.uplift(uplift.fit(x, treated, y), x)
    assert uplift.uplift(uplift.fit(more, treated, y), more) == pytest.approx(plain, abs=1e-6)


def mailing(name):
    with gzip.open(shared("data", "hillstrom", "hillstrom.csv.gz"), "rt") as lines:
        rows = [row for row in csv.DictReader(lines) if row["segment"] in (name, "No E-Mail")]
    plain = [[float(r["recency"]), np.log(float(r["history"])), float(r["mens"]), float(r["womens"]),
              float(r["newbie"])] for r in rows]  # fmt: skip
    kinds = [[r["zip_code"] == "Rural", r["zip_code"] == "Urban", r["channel"] == "Web", r["channel"] == "Phone"]
             for r in rows]  # fmt: skip
    x = np.column_stack([np.array(plain), np.array(kinds, dtype=float)])
    return x, np.array([r["segment"] == name for r in rows]), np.array([float(r["visit"]) for r in rows])


def test_the_real_mailing_with_womens_goods_has_an_order_and_of_the_mens_it_abstains():
    womens = uplift.judged(*mailing("Womens E-Mail"), np.random.default_rng(3))
    mens = uplift.judged(*mailing("Mens E-Mail"), np.random.default_rng(3))
    assert womens.order is True
    assert womens.everybody > 0.03
    assert mens.everybody > womens.everybody
    assert mens.order is None  # it helped nearly everybody: no order beats a lot surely
    assert mens.qini < womens.qini / 2
