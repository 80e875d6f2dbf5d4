"""Where a goal ends: totals, levels and rates on series whose future is known."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from diskarte.stages.goals import outlook, ways
from diskarte.stages.goals.days import Days
from diskarte.stages.goals.rules import Wish

TODAY = date(2026, 12, 11)
REACH = Wish("Reach", "reach", 31000, date(2026, 12, 1), date(2026, 12, 31), 20000)


def days(values, until=TODAY, weights=()):
    return Days(
        until - timedelta(days=len(values) - 1), list(values), list(weights), [1] * len(values), until
    )


def test_a_steady_thousand_a_day_ends_where_it_must():
    seen = outlook.look(REACH, days([1000.0] * 100), TODAY)
    assert seen.now == 11000
    assert seen.mid == pytest.approx(31000, rel=0.02)
    assert seen.low < seen.safe < seen.mid < seen.high
    assert 0.3 < seen.chance < 0.7
    safe = outlook.look(replace(REACH, target=seen.safe), days([1000.0] * 100), TODAY)
    assert safe.chance == pytest.approx(0.8, abs=0.02)


def test_a_goal_reached_early_is_nearly_certain_and_a_hopeless_one_is_not():
    series = days([1000.0] * 100)
    assert outlook.look(replace(REACH, target=10000), series, TODAY).chance > 0.99
    assert outlook.look(replace(REACH, target=200000), series, TODAY).chance < 0.05


def test_a_goal_that_begins_later_is_wider_than_one_that_runs():
    series = days(np.random.default_rng(1).lognormal(7, 0.5, 200))
    later = replace(REACH, starts=date(2027, 6, 1), deadline=date(2027, 6, 30))
    soon = replace(REACH, starts=date(2026, 12, 12), deadline=date(2027, 1, 10))
    far, near = outlook.look(later, series, TODAY), outlook.look(soon, series, TODAY)
    assert far.now == near.now == 0
    assert far.high / far.low > near.high / near.low


def test_followers_go_on_as_they_grew():
    wish = replace(REACH, metric="followers", target=1700, baseline=1500)
    seen = outlook.look(wish, days([1000 + 5.0 * n for n in range(100)]), TODAY)
    assert (seen.now, seen.per_day) == (1495, pytest.approx(5))
    assert seen.mid == pytest.approx(1595, abs=5)
    assert seen.chance < 0.1


def test_a_rate_mixes_what_is_there_with_what_comes():
    wish = replace(REACH, metric="engagement_rate", target=5.5)
    rng = np.random.default_rng(2)
    seen = outlook.look(wish, days(rng.normal(5, 1, 60), weights=[100.0] * 60), TODAY)
    assert seen.low < 5.2 < seen.high
    assert seen.chance < 0.2
    assert outlook.running_rate([4.0, None, 8.0], [100, 0, 300]) == [4, 4, 7]


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    hits = 0
    for seed in range(60):
        world = np.random.default_rng(seed).lognormal(6, 0.8, 220)
        seen = outlook.look(replace(REACH, starts=TODAY + timedelta(days=1)), days(world[:200]), TODAY)
        hits += seen.low <= world[200:].sum() <= seen.high
    assert 42 <= hits <= 59  # 80 % of 60 is 48


@pytest.mark.parametrize(
    ("values", "until", "why"),
    [
        ([], None, "never_told"),
        ([None] * 50, TODAY, "never_told"),
        ([1000.0] * 5, TODAY, "too_little"),
        ([1000.0] * 12, TODAY, "short"),
        ([1000.0] * 90, TODAY - timedelta(days=40), "old"),
    ],
)
def test_what_cannot_be_told_says_why(values, until, why):
    series = days(values, until) if until else Days()
    seen = outlook.look(REACH, series, TODAY)
    assert seen.why == why
    assert (seen.chance is None) == (why != "short")


def test_when_it_is_over_the_answer_is_yes_or_no():
    over = replace(REACH, starts=date(2026, 11, 1), deadline=date(2026, 11, 30), target=30000)
    assert outlook.look(over, days([1000.0] * 60), TODAY).chance == 1
    assert outlook.look(replace(over, target=30001), days([1000.0] * 60), TODAY).chance == 0


def test_the_baseline_is_as_long_as_the_goal_and_says_from_when():
    assert outlook.baseline(REACH, days([10.0] * 60)) == (310, (date(2026, 10, 31), date(2026, 11, 30)))
    stock = replace(REACH, metric="followers")
    assert outlook.baseline(stock, days([float(n) for n in range(60)]))[0] == 49  # on 1 December
    first = date(2026, 12, 9)
    assert outlook.baseline(stock, days([1.0, 2.0, 3.0])) == (1, (first, first))  # nobody looked before
    assert outlook.baseline(REACH, Days()) == (None, None)


def test_a_kind_that_brings_more_promises_more_and_its_doubt_is_kept():
    rng = np.random.default_rng(3)
    labels = ["reel", "image"] * 40
    values = [float(rng.lognormal(7 if kind == "reel" else 6, 0.7)) for kind in labels]
    first, second, *rest = ways.moves(labels, values, weeks=4, a_week=2)
    assert (first.kind, first.n, first.hours) == ("reel", 40, 6)
    assert second.kind == "image"
    truth = 8 * np.exp(7 + 0.7**2 / 2)
    assert first.low < truth < first.high
    assert [move.mid for move in rest] == [
        None,
        None,
        None,
    ]  # a contest, a partner, a placement: nobody knows


def test_few_posts_promise_nothing():
    assert all(move.mid is None for move in ways.moves(["reel"] * 7, [100.0] * 7, weeks=4))
    assert all(move.mid is None for move in ways.moves(["reel"] * 70, [100.0] * 70, weeks=0))
