"""Did it work? Known effects are found, a drift is not mistaken for one, and too little is said to be too little."""

from __future__ import annotations

import math
import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from diskarte.core.numbers.models import Publication
from diskarte.stages.correct import learning
from diskarte.stages.correct.verdicts import NEEDED, judged
from tests.make import NOW

MANILA = ZoneInfo("Asia/Manila")


def posts(before, after, lift=1.0, drift=0.0, seed=5, **facts):
    """Posts a day apart around NOW; `lift` begins at NOW, `drift` is the growth a post by itself."""
    rng = random.Random(seed)
    rows = []
    for i in range(before + after):
        usual = math.exp(4 + drift * i + rng.gauss(0, 0.2)) * (lift if i >= before else 1)
        rows.append(Publication(at=NOW + timedelta(days=i - before), likes=round(usual), **facts))
    return rows


@pytest.mark.parametrize("lift", [1.8, 0.5])
def test_a_clear_change_is_found(lift):
    told = judged(posts(40, 40, lift), NOW)
    assert (told.before, told.after, told.missing) == (40, 40, 0)
    assert told.low < lift < told.high
    assert (told.low > 1) if lift > 1 else (told.high < 1)
    assert (told.chance > 0.95) == (lift > 1)
    assert told.change[1] == pytest.approx(told.lift - 1)


def test_a_drift_is_not_an_effect():
    told = judged(posts(40, 40, 1.0, drift=0.01), NOW)
    assert told.low < 1 < told.high


@pytest.mark.parametrize(("before", "after", "missing"), [(40, 5, 15), (3, 40, 17), (0, 0, 20), (20, 19, 1)])
def test_too_little_is_told_as_a_number(before, after, missing):
    told = judged(posts(before, after, 3.0), NOW)
    assert (told.missing, told.lift, told.low, told.high, told.chance, told.change) == (missing, *[None] * 5)


def test_exactly_enough_is_enough():
    assert judged(posts(NEEDED, NEEDED, 2.0), NOW).lift is not None


def test_posts_without_numbers_do_not_count():
    rows = posts(40, 40, 2.0)
    for row in rows[40:65]:
        row.likes = None
    assert judged(rows, NOW).missing == 5


def test_nought_engagements_are_a_number():
    rows = posts(25, 25)
    for row in rows:
        row.likes = 0
    told = judged(rows, NOW)
    assert told.missing == 0
    assert told.lift == pytest.approx(1.0, abs=0.05)


def test_a_post_of_a_day_without_an_hour_teaches_nothing_about_hours():
    rng = random.Random(1)
    rows = posts(0, 60, kind="image", day_only=True)
    for row in rows:
        row.kind = rng.choice(("image", "reel"))
        row.likes = row.likes * 3 if row.kind == "reel" else row.likes
    told, shares = learning.learnt(rows, MANILA)
    assert {t.factor for t in told} >= {"kind"}
    assert "hour" not in {t.factor for t in told}
    assert all(0 <= share <= 1 for share in shares.values())


def test_nothing_is_learnt_from_noise_alone():
    rows = posts(0, 60, kind="image", seed=11)
    from diskarte.stages.correct.rules import worth_telling

    told, _shares = learning.learnt(rows, MANILA)
    assert worth_telling(told) == []
