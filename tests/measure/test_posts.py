"""The rows behind every number: in which order, narrowed to what, on the brand's clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diskarte.core import clock
from diskarte.stages.measure import actions
from tests.make import NOW, alice
from tests.measure.test_looking import a_post

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def ranked(db):
    a_post(
        0, at=NOW - 3 * DAY, likes=1, replies=1, views=10, text="Barako beans", kind="image", pillar="Useful"
    )
    a_post(
        1, at=NOW - 2 * DAY, engagements=50, likes=1, views=1000, text="Benguet", kind="reel", pillar="Fun"
    )
    a_post(2, at=NOW - DAY, text="Nobody told anything", kind="reel", pillar="Useful")
    a_post(3, at=NOW, likes=9, views=0, text="Beans again", kind="image")


@pytest.mark.parametrize(
    ("sort", "order"),
    [("at", ["l3", "l2", "l1", "l0"]), ("engaged", ["l1", "l3", "l0", "l2"]), ("rate", ["l0", "l1"])],
)
def test_the_order_of_posts(ranked, sort, order):
    assert [row.remote_id for row in actions.posts(alice(), sort)] == order


def test_what_nobody_told_comes_last_by_views(ranked):
    assert [row.views for row in actions.posts(alice(), "views")] == [1000, 10, 0, None]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"kind": "reel"}, {"l1", "l2"}),
        ({"pillar": "Useful"}, {"l0", "l2"}),
        ({"search": "beans"}, {"l0", "l3"}),
        ({"search": "BENGUET"}, {"l1"}),
        ({"kind": "reel", "pillar": "Fun"}, {"l1"}),
        ({"limit": 2, "offset": 2}, {"l0", "l1"}),
        ({"limit": 10**6}, {"l0", "l1", "l2", "l3"}),
    ],
)
def test_narrowing_posts(ranked, given, found):
    assert {row.remote_id for row in actions.posts(alice(), **given)} == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"weekday": 1}, {"l3"}),  # NOW is a Tuesday
        ({"weekday": 0}, {"l2"}),
        ({"hours": "09-12"}, {"l0", "l1", "l2", "l3"}),
        ({"hours": "12-15"}, set()),
        ({"hours": "21-10"}, {"l0", "l1", "l2", "l3"}),  # over midnight
        ({"hours": "nonsense"}, {"l0", "l1", "l2", "l3"}),
        ({"goal": 7}, set()),
    ],
)
def test_narrowing_to_a_time_of_the_brands_week(ranked, given, found):
    assert {row.remote_id for row in actions.posts(alice(), **given)} == found


def test_a_post_whose_hour_nobody_knows_stands_in_no_part_of_the_day(db):
    a_post(0, day_only=True)
    assert actions.posts(alice(), hours="00-24") == []
    assert len(actions.posts(alice(), weekday=1)) == 1


def test_narrowing_to_a_goal(db):
    a_post(0, goal=7)
    a_post(1, goal=8)
    assert [row.remote_id for row in actions.posts(alice(), goal=7)] == ["l0"]
