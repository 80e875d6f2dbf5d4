"""A brand without numbers starts from what its neighbours have in common, and learns nothing else about them."""

from __future__ import annotations

from datetime import date

import pytest

from diskarte.core import clock
from diskarte.stages.plan import actions, drafting, in_force, neighbours
from diskarte.stages.plan.rules import worth
from tests.make import NOW, a_brand, a_workspace, alice
from tests.plan.builders import a_channel, a_history

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def neighbour(n: int, workspace: str = "kape", posts: int = 70) -> None:
    """Another brand whose reels do well in the evening."""
    brand = a_brand(f"{workspace}-{n}", name=f"Brand {n}", workspace=a_workspace(workspace))
    a_history(a_channel(f"Page {workspace} {n}", brand=brand), posts, evening=2.2, reel=2.0, seed=n)


def worth_of(channel):
    return drafting.desk(alice(), NOW, in_force.current(alice())).worth[str(channel.pk)]


def lift(told: worth.Worth, kind: str, hour: int) -> float:
    return told.lifts([told.candidate(kind, "Fun", NOW.toordinal(), hour * 60)])[0]


def test_three_neighbours_teach_a_new_brand_when_and_what():
    channel = a_channel()
    alone = worth_of(channel)
    for n in range(3):
        neighbour(n)
    told = worth_of(channel)
    assert (alone.neighbours, told.neighbours) == (0, 3)
    assert (
        lift(told, "reel", 19) - lift(told, "image", 19)
        > 0.2
        > lift(alone, "reel", 19) - lift(alone, "image", 19)
    )
    assert lift(told, "reel", 19) > lift(told, "reel", 9) + 0.2
    at = told.candidate("reel", "Fun", NOW.toordinal(), 19 * 60)
    assert told.expected(at) == worth.Expected()  # how many, only its own posts can tell
    actions.draft_plan(alice(), date(2027, 1, 1))
    rows = actions.slots(alice(), date(2027, 1, 1), date(2027, 1, 31))
    said = " ".join(line for row in rows for line in actions.explain(alice(), row.pk).why)
    assert "3 other brands" in said
    assert "Brand 0" not in said


def test_two_would_tell_on_each_other_and_another_workspace_is_never_read():
    channel = a_channel()
    neighbour(0)
    neighbour(1)
    for n in range(3):
        neighbour(n, "tea")
    assert worth_of(channel).neighbours == 0
    neighbour(2, posts=20)  # too few posts to speak for itself
    assert worth_of(channel).neighbours == 0


def test_only_a_prior_is_handed_over():
    for n in range(3):
        neighbour(n)
    found = neighbours.common(a_brand(), NOW)
    assert found.count == 3
    assert not any(isinstance(value, worth.Post) for value in vars(found.prior).values())
    mine = found.for_brand((), ("Fun",))
    assert set(mine.effects["topic"]) == {"Fun"}  # no other brand's pillar gets a name here
    assert found.for_brand((19,), ()).effects["hour"] == found.prior.effects["hour"]


def test_own_numbers_need_no_neighbours():
    channel = a_channel()
    a_history(channel)
    for n in range(3):
        neighbour(n)
    assert worth_of(channel).neighbours == 0
