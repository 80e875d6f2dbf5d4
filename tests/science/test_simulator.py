from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.science.simulator import PRESETS, World, maturity


def test_the_same_seed_is_the_same_world():
    one, two, other = World(1), World(1), World(2)
    ask = ("reel", "fun", 4, 18.5, 3)
    assert one.expected(*ask) == two.expected(*ask) != other.expected(*ask)
    assert one.outcome("post-9", *ask) == two.outcome("post-9", *ask)
    assert one.outcome("post-9", *ask) != one.outcome("post-10", *ask)


def test_asking_for_a_late_month_first_changes_nothing():
    forward, backward = World(4), World(4)
    early = forward.expected("text", "fun", 0, 9, 0)
    late = backward.expected("text", "fun", 0, 9, 7)
    assert backward.expected("text", "fun", 0, 9, 0) == early
    assert forward.expected("text", "fun", 0, 9, 7) == late


def test_an_expectation_is_the_sum_of_the_true_effects():
    world = World(8, growth=0.1)
    e = world.effects(2)
    told = world.expected("carousel", "selling", 6, 13, 2)
    assert told == pytest.approx(
        4
        + 0.2
        + e.type[1]
        + e.topic[3]
        + e.weekday[6]
        + e.daypart[2]
        + e.weekday_daypart[6, 2]
        + e.type_topic[1, 3]
    )


def test_months_are_counted_from_the_start():
    world = World(1, start=date(2025, 11, 20))
    days = (date(2025, 1, 1), date(2025, 11, 30), date(2025, 12, 1), date(2026, 11, 1))
    assert [world.month_of(day) for day in days] == [0, 0, 1, 12]


@pytest.mark.parametrize(
    "ask", [("poem", "fun", 0, 9), ("text", "war", 0, 9), ("text", "fun", 7, 9), ("text", "fun", 0, 25)]
)
def test_what_the_world_does_not_know_is_refused(ask):
    with pytest.raises(ValueError):
        World(1).expected(*ask)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_effects_and_noise_have_the_sizes_of_the_preset_in_every_month(preset):
    sd = PRESETS[preset]
    worlds = [World(seed, preset, drift=0.3) for seed in range(300)]
    for month in (0, 10):
        drawn = np.concatenate([w.effects(month).type_topic.ravel() for w in worlds])
        assert drawn.std() == pytest.approx(sd.type_topic, rel=0.05)
        assert np.concatenate([w.effects(month).daypart for w in worlds]).std() == pytest.approx(
            sd.daypart, rel=0.1
        )
    world = World(1, preset, base_log_engagement=8)
    ends = np.log1p([world.outcome(str(i), "text", "fun", 1, 10) for i in range(1500)])
    assert ends.mean() == pytest.approx(world.expected("text", "fun", 1, 10), abs=0.1)
    assert ends.std() == pytest.approx(sd.noise, rel=0.08)


def test_drift_moves_effects_little_by_little():
    world = World(3, drift=0.2)
    months = [np.concatenate([World(s, drift=0.2).effects(m).type for s in range(200)]) for m in (0, 1, 12)]
    assert np.corrcoef(months[0], months[1])[0, 1] > 0.95
    assert 0.6 < np.corrcoef(months[0], months[2])[0, 1] < 0.9  # (1 - 0.04)^6 = 0.78
    still = World(3, drift=0)
    assert (still.effects(0).topic == still.effects(5).topic).all()
    assert (world.effects(0).topic != world.effects(5).topic).all()


def test_maturity_of_a_feed():
    assert maturity(0) == maturity(-1) == 0
    assert maturity(6) == pytest.approx(0.632, abs=0.001)
    assert maturity(28 * 24) > 0.999
    assert maturity(12, scale=12) == maturity(6)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 200_000), st.text(max_size=8), st.floats(0, 900), st.floats(0, 900))
def test_counts_add_up_and_only_grow(engagement, key, age, more):
    world = World(1)
    end = world.counts(key, engagement)
    young, older = world.counts(key, engagement, age), world.counts(key, engagement, age + more)
    assert end.engagements == engagement
    assert end == world.counts(key, engagement, float("inf"))
    for counts in (young, older, end):
        assert 0 <= counts.engagements <= counts.reach <= counts.views
    for name in end.__dataclass_fields__:
        assert 0 <= getattr(young, name) <= getattr(older, name) <= getattr(end, name)


def test_a_silent_post_may_still_be_seen_and_negative_engagement_is_refused():
    seen = [World(1).counts(str(i), 0) for i in range(50)]
    assert all(c.engagements == 0 for c in seen)
    assert any(c.views > 0 for c in seen)
    with pytest.raises(ValueError):
        World(1).counts("x", -1)
