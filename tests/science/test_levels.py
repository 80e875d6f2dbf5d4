import csv
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.science.levels import breakouts, levels
from tests.conftest import shared


def by_name(told):
    return {level.name: level for level in told}


def test_one_page_is_its_geometric_mean():
    (only,) = levels(["a"] * 3, [9, 99, 999])
    assert only.typical == pytest.approx(99)  # (10 * 100 * 1000)^(1/3) - 1
    assert only.low < 99 < only.high
    assert (only.letters, only.few) == ("a", True)


def test_letters_say_who_cannot_be_separated():
    rng = np.random.default_rng(1)
    names, counts = [], []
    for name, level, n in (("big", 7.0, 40), ("near", 6.9, 40), ("small", 3.0, 40), ("new", 5.0, 1)):
        names += [name] * n
        counts += np.expm1(rng.normal(level, 0.6, n)).tolist()
    told = by_name(levels(names, counts))
    assert told["big"].letters == told["near"].letters
    assert not set(told["big"].letters) & set(told["small"].letters)
    assert told["new"].few
    assert told["new"].high / told["new"].low > 3 * told["big"].high / told["big"].low


def test_a_page_is_not_better_for_filming_more():
    # both pages: an image brings 100, a video 900; one films 8 of 10, the other 2 of 10
    names = ["films"] * 10 + ["shoots"] * 10
    kinds = ["video"] * 8 + ["image"] * 2 + ["video"] * 2 + ["image"] * 8
    counts = [900 if kind == "video" else 100 for kind in kinds]
    plain, fair = by_name(levels(names, counts)), by_name(levels(names, counts, kinds))
    assert plain["films"].typical > 2 * plain["shoots"].typical
    assert fair["films"].typical < 1.6 * fair["shoots"].typical


def test_breakouts_stand_far_above_the_rest():
    assert breakouts([10, 12, 9, 11, 10, 400]) == [False] * 5 + [True]
    assert breakouts([10, 12, 400]) == [False] * 3
    assert breakouts([5.0] * 8) == [False] * 8


@pytest.mark.parametrize("ask", [([], []), (["a"], [1, 2]), (["a"], [-1])])
def test_nonsense_is_refused(ask):
    with pytest.raises(ValueError):
        levels(*ask)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.floats(0, 1e5)), min_size=1, max_size=30))
def test_the_order_and_the_letters_agree(rows):
    names, counts = zip(*rows, strict=True)
    told = levels(names, counts)
    assert [x.typical for x in told] == sorted((x.typical for x in told), reverse=True)
    assert {x.name for x in told} == set(names)
    assert all(x.letters for x in told)
    assert all(0 <= x.low <= x.typical <= x.high for x in told)


def test_real_pages_from_ten_posts_each():
    posts = defaultdict(list)
    with shared("data", "buzzfeed_fb_pages", "facebook-fact-check.csv").open() as file:
        for row in csv.DictReader(file):
            total = [row[name] for name in ("share_count", "reaction_count", "comment_count")]
            if all(total):
                posts[row["Page"]].append(sum(map(int, total)))
    truth = {page: float(np.log1p(counts).mean()) for page, counts in posts.items()}
    rng = np.random.default_rng(2)
    ours, plain, inside, total = 0.0, 0.0, 0, 0
    for _ in range(40):
        drawn = [(page, c) for page, counts in posts.items() for c in rng.choice(counts, 10, replace=False)]
        for level in levels(*zip(*drawn, strict=True)):
            ours += (np.log1p(level.typical) - truth[level.name]) ** 2
            plain += (np.log1p(np.mean([c for p, c in drawn if p == level.name])) - truth[level.name]) ** 2
            inside += np.log1p(level.low) <= truth[level.name] <= np.log1p(level.high)
            total += 1
    assert (ours / total) ** 0.5 < 0.5 < (plain / total) ** 0.5
    assert 0.82 <= inside / total <= 0.97
