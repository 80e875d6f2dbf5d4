import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.science.forecast import flow, stock


def test_a_steady_flow():
    told = flow([100.0] * 120, 30)
    assert told.pace == pytest.approx(100, rel=0.01)
    assert told.mid == pytest.approx(3000, rel=0.01)
    assert told.low < 3000 < told.high
    # 119 days hold 3 more windows of 30 without error, 4 imagined ones err by 25 %: sd = .25 sqrt(4 / 6)
    sd = 0.25 * math.sqrt(4 / 6)
    assert math.log(told.high / told.mid) == pytest.approx(sd * 1.44 * math.sqrt(4 / 6), rel=0.03)  # t6: 1.44
    assert not told.short


def test_what_is_done_is_certain_and_the_rest_is_asked_per_day():
    told = flow([10.0] * 60, 20, done=300)
    assert told.mid == pytest.approx(500, rel=0.02)
    assert told.needed_per_day(600) == pytest.approx(15)
    assert told.needed_per_day(250) == 0
    assert told.chance(299) > 0.99
    assert told.chance(500) == pytest.approx(0.5, abs=0.05)
    assert told.chance(5000) <= 0.01


def test_the_target_with_a_chance_has_that_chance():
    told = flow([5.0, 9, 4, 8, 7, 2, 1] * 12, 30)
    for chance in (0.5, 0.8, 0.95):
        assert told.chance(told.target_with_chance(chance)) == pytest.approx(chance, abs=0.01)
    assert told.target_with_chance(0.8) < told.mid
    with pytest.raises(ValueError):
        told.target_with_chance(1)


def test_no_day_left():
    told = flow([3.0] * 30, 0, done=90)
    assert (told.low, told.high, told.chance(90), told.chance(91)) == (90, 90, 1, 0)
    assert (told.needed_per_day(80), told.needed_per_day(100)) == (0, None)
    assert stock(1000, [3.0] * 30, 0).mid == 1000


def test_nothing_but_zeros_keeps_to_the_rule_of_three():
    told = flow([0.0] * 60, 30)
    assert (told.low, told.mid) == (0, 0)
    assert told.chance(1) == pytest.approx(30 / 90, abs=0.01)
    assert told.chance(2) == pytest.approx((30 / 90) ** 2, abs=0.01)
    assert told.pace == 0


def test_one_spike_does_not_set_the_pace():
    calm = [100.0 + i % 7 for i in range(300)]
    spiked = [*calm[:290], 50_000.0, *calm[291:]]
    assert flow(spiked, 30).pace == pytest.approx(flow(calm, 30).pace, rel=0.05)


def test_few_days_are_wide_and_similar_brands_help():
    few = [4.0, 9, 2, 7, 5]
    alone, long = flow(few, 30), flow(few * 20, 30)
    assert alone.short
    assert not long.short
    assert alone.high / alone.low > long.high / long.low
    helped = flow(few, 30, similar=(20.0, 0.4))
    assert alone.mid < helped.mid < 600
    assert flow([], 30, similar=(20.0, 0.4)).mid == pytest.approx(600, rel=0.05)
    assert flow([0.0] * 3, 30, similar=(20.0, 0.4)).mid > 0
    with pytest.raises(ValueError):
        flow([], 30)


def test_days_we_know_nothing_about_are_not_zeros():
    full = [50.0] * 100
    holes = [None if i % 3 == 0 or i > 85 else 50.0 for i in range(100)]
    assert flow(holes, 30).mid == pytest.approx(flow(full, 30).mid, rel=0.01)


def test_season_and_a_measured_change_move_the_middle():
    told = flow([50.0] * 100, 10)
    assert flow([50.0] * 100, 10, season=[1.5] * 10).mid == pytest.approx(1.5 * told.mid, rel=0.01)
    assert flow([50.0] * 100, 10, shift=math.log(1.2)).mid == pytest.approx(1.2 * told.mid, rel=0.01)


def test_followers_may_also_be_lost():
    told = stock(5000, [-4.0, 2.0, -3.0, 1.0, -6.0, 3.0, 0.0] * 10, 30)  # one a day is lost
    assert told.mid == pytest.approx(5000 - 30, abs=6)
    assert told.low < told.mid < 5000
    assert told.chance(5500) < 0.01
    growing = stock(9000, [23.0, 25.0, 21.0] * 30, 40)
    assert growing.mid == pytest.approx(9000 + 23 * 40, rel=0.01)
    assert growing.needed_per_day(10_640) == pytest.approx(41)
    assert growing.chance(9500) > 0.8 > 0.1 > growing.chance(10_640)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: flow([1.0, -1.0], 5),
        lambda: flow([1.0], -1),
        lambda: flow([1.0], 3, season=[1.0]),
        lambda: stock(5, [None, None], 3),
    ],
)
def test_nonsense_is_refused(ask):
    with pytest.raises(ValueError):
        ask()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(0, 1e6)), min_size=1, max_size=80).filter(
        lambda days: any(d is not None for d in days)
    ),
    st.integers(1, 400),
    st.floats(0, 1e6),
)
def test_any_history_gives_an_ordered_answer(days, left, done):
    told = flow(days, left, done=done)
    assert np.isfinite(told.totals).all()
    assert done <= told.totals[0]
    assert done <= told.low <= told.mid <= told.high
    assert told.chance(told.low) >= told.chance(told.mid) >= told.chance(told.high) > 0
    level = stock(done, days, left)
    assert level.low <= level.mid <= level.high


def test_eight_of_ten_truths_lie_in_the_interval():
    rng = np.random.default_rng(3)
    inside = {"flow": 0, "stock": 0}
    trials = 150
    for _ in range(trials):
        level = 60 * np.exp(np.cumsum(rng.normal(0, 0.05, 150)))  # a pace that wanders 30 % a month
        days = rng.poisson(level).astype(float)
        told = flow(days[:120].tolist(), 30)
        inside["flow"] += told.low <= days[120:].sum() <= told.high
        gains = days - rng.poisson(10, 150)  # as many leave every day, whatever comes
        told = stock(1000, gains[:120].tolist(), 30)
        inside["stock"] += told.low <= 1000 + gains[120:].sum() <= told.high
    assert 0.74 <= inside["flow"] / trials <= 0.92
    assert 0.74 <= inside["stock"] / trials <= 0.92
