"""What a whole plan may bring, against a world whose truth is known."""

from __future__ import annotations

import math
import random
from datetime import date

import pytest

from diskarte.stages.plan.rules import outlook, worth
from diskarte.stages.plan.rules.outlook import Standing

START = date(2026, 6, 1).toordinal()


def history(n=120, noise=0.5, seed=2, line="1"):
    """Evenings bring 80 where mornings bring 40."""
    rng = random.Random(seed)
    told = []
    for i in range(n):
        hour = rng.choice((9, 18))
        engaged = (80 if hour == 18 else 40) * math.exp(rng.gauss(0, noise))
        told.append(worth.Post(line, "image", rng.choice(("Fun", "Useful")), START + i, hour * 60, engaged))
    return told


def month(hour, n=30, line="1"):
    return [Standing(line, "image", ("Fun", "Useful")[i % 2], START + 130 + i, hour * 60) for i in range(n)]


@pytest.fixture(scope="module")
def known():
    return worth.learn(history(), ["1"], ("image",), ("Fun", "Useful"), ())


def test_the_sum_of_a_month_is_near_its_truth_and_rather_below(known):
    truth = 30 * 80 * math.exp(0.5**2 / 2)  # the mean of a lognormal, not its median
    told = [
        outlook.outlook(
            worth.learn(history(seed=seed), ["1"], ("image",), ("Fun", "Useful"), ()), month(18), seed=1
        )
        for seed in (1, 2, 3)
    ]
    assert (
        0.8 < sum(one.mid for one in told) / (3 * truth) < 1.05
    )  # the best hour's advantage is shrunk a little
    assert told[0].low < truth < told[0].high
    assert (told[0].telling, told[0].posts) == (30, 30)
    assert told[0].high / told[0].low < 2  # luck averages out, what is unknown of the channel does not


def test_two_plans_share_what_is_unknown(known):
    same = outlook.difference(known, month(18), month(18), seed=1)
    assert (same.mid, same.low, same.high, same.chance) == (0, 0, 0, 0.5)
    better = outlook.difference(known, month(9), month(18), seed=1)
    assert better.low < 1.0 < better.high + 0.3
    assert better.mid == pytest.approx(1.0, abs=0.35)
    assert better.chance > 0.99
    more = outlook.difference(known, month(18, 20), month(18, 30), seed=1)
    assert more.mid == pytest.approx(0.5, abs=0.05)


def test_what_cannot_be_told_is_not_told(known):
    nothing = worth.learn([], ["9"], ("image",), ("Fun",), ())
    blind = outlook.outlook(nothing, month(18, line="9"), seed=1)
    assert (blind.mid, blind.low, blind.high, blind.telling, blind.posts) == (None, None, None, 0, 30)
    assert outlook.difference(nothing, month(9, line="9"), month(18, line="9"), seed=1) is None
    both = outlook.outlook({**known, **nothing}, [*month(18), *month(18, line="9")], seed=1)
    assert (both.telling, both.posts) == (30, 60)


def test_a_channel_that_borrows_is_less_sure(known):
    borrowed = worth.learn(history(), ["1", "2"], ("image",), ("Fun", "Useful"), ())
    sure, unsure = outlook.outlook(borrowed, month(18), 1), outlook.outlook(borrowed, month(18, line="2"), 1)
    assert unsure.high / unsure.low > 2 * sure.high / sure.low


def test_the_mean_lies_above_the_median():
    spread = math.exp(1.2816 * 0.8)
    assert outlook.mean_of(100, 101 / spread - 1, 101 * spread - 1) == pytest.approx(101 * math.exp(0.32) - 1)
    assert outlook.mean_of(100, 100, 100) == pytest.approx(100)


def test_the_same_question_has_the_same_answer(known):
    assert outlook.outlook(known, month(18), 4) == outlook.outlook(known, month(18), 4)
