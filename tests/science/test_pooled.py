import math

import numpy as np
import pytest

from diskarte.science.simulator import World
from diskarte.science.timing import Candidate, Past, Prior, fit, pool
from diskarte.science.timing.answers import Lift
from diskarte.science.timing.pooled import _common


def brand(seed, n=150, level=3.0, reel=0.6):
    """A brand where reels do better and evenings a little, each brand in its own measure."""
    rng = np.random.default_rng(seed)
    mine = reel + rng.normal(0, 0.15)
    posts = []
    for _ in range(n):
        kind, hour = str(rng.choice(["reel", "image", "text"])), float(rng.integers(7, 23))
        y = level + mine * (kind == "reel") + 0.2 * (hour >= 18) + rng.normal(0, 0.5)
        posts.append(Past(kind, "", int(rng.integers(7)), hour, y=y))
    return posts


def test_a_common_effect_by_hand():
    # log lifts .4 and .2 with sd .1: weights 1 / (.01 + .09) = 10 each, and 1 / .25 = 4 for none
    told = [Lift(math.exp(m), math.exp(m - 0.16449), math.exp(m + 0.16449), 0.9, True) for m in (0.4, 0.2)]
    common = _common([{"reel": told[0]}, {"reel": told[1], "text": told[1]}])
    assert common["reel"] == pytest.approx((4 + 2) / (20 + 4))
    assert common["text"] == pytest.approx(2 / (10 + 4))


def test_without_brands_it_is_the_general_prior():
    assert pool([]) == Prior()
    quiet = fit([Past("image", "", 0, 9, y=2.0)] * 8)
    assert pool([quiet], Prior(level=1.0)) == Prior(level=1.0)


def test_neighbours_teach_kind_hour_and_loudness():
    prior = pool([fit(brand(seed, level=2 + seed / 2)) for seed in range(4)])
    kinds = prior.effects["type"]
    assert kinds["reel"] > 0.2 > 0 > kinds["image"]
    assert prior.effects["hour"][20] > prior.effects["hour"][10]
    assert 3 not in prior.effects["hour"]  # nobody was ever awake
    assert prior.level == pytest.approx(np.mean([2 + s / 2 + 0.27 for s in range(4)]), abs=0.15)
    assert prior.log_variances["type"] > prior.log_variances["weekday"]
    new = fit([], prior)
    reel, text = new.score([Candidate("reel", "", 2, 19), Candidate("text", "", 2, 10)])[0]
    assert reel > text + 0.3


def test_a_new_brand_is_ranked_better_with_neighbours_than_alone():
    def rank(a, b):
        return np.corrcoef(np.argsort(np.argsort(a)), np.argsort(np.argsort(b)))[0, 1]

    alone, taught = [], []
    for seed in range(8):
        prior = pool([fit(brand(100 + 10 * seed + i)) for i in range(3)])
        posts = brand(seed, 110)
        ask, truth = posts[10:], [p.y for p in posts[10:]]
        alone.append(rank(fit(posts[:10]).score(ask)[0], truth))
        taught.append(rank(fit(posts[:10], prior).score(ask)[0], truth))
    assert np.mean(taught) > np.mean(alone) + 0.05


def test_neighbours_of_another_kind_do_little_harm():
    world = World(1)
    prior = pool([fit(brand(seed)) for seed in range(3)])
    rng = np.random.default_rng(0)
    slots = rng.integers(0, (7, 24), (90, 2)).tolist()
    ask = [Candidate(str(rng.choice(world.types)), "fun", day, hour) for day, hour in slots]
    truth = np.array([world.expected(c.type, c.topic, c.weekday, c.hour) for c in ask])
    y = truth + rng.normal(0, 0.9, 90)
    posts = [Past(c.type, c.topic, c.weekday, c.hour, y=seen) for c, seen in zip(ask, y, strict=True)]
    own, taught = (np.abs(fit(posts, p).score(ask)[0] - truth).mean() for p in (None, prior))
    assert taught < 1.15 * own
