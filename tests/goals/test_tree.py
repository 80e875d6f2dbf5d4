"""The tree of a goal, contradictions between goals, and the brand's health."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.science.ratio import Rate
from diskarte.stages.brand import actions as brand
from diskarte.stages.goals import actions, files
from diskarte.stages.goals.models import Conversion, Goal
from diskarte.stages.goals.rules import Wish
from diskarte.stages.goals.rules.conflicts import Aim, conflicts
from diskarte.stages.goals.rules.tree import Edge, chain, tree
from diskarte.words import Problem
from tests.make import NOW, a_brand, a_member, alice, charlie

NAMES = ("posts", "reach", "clicks", "leads", "sales")
EDGES = {
    "reach": Edge(said=500),
    "clicks": Edge(said=0.02),
    "leads": Edge(said=0.1),
    "sales": Edge(said=0.25),
}


def test_sales_are_taken_down_to_posts():
    """20 sales are 80 leads, 800 clicks, 40,000 people, 80 posts: 20 a week for four weeks."""
    found = {level.name: level for level in tree("sales", 20, 4, NAMES, EDGES, {"posts": 6})}
    assert [round(found[name].total) for name in NAMES] == [80, 40_000, 800, 80, 20]
    assert (found["posts"].a_week, found["posts"].gap) == (pytest.approx(20), pytest.approx(14))
    assert found["sales"].is_goal


def test_a_goal_in_the_middle_is_taken_both_ways():
    found = {level.name: level for level in tree("clicks", 100, 1, NAMES, EDGES, {})}
    assert round(found["posts"].total) == 10
    assert found["sales"].total == pytest.approx(2.5)


def test_doubt_grows_with_every_measured_rate():
    measured = {name: Edge(Rate(edge.said, edge.said / 2, edge.said * 2, 9)) for name, edge in EDGES.items()}
    found = {level.name: level for level in tree("sales", 20, 4, NAMES, measured, {})}
    widths = [found[name].high / found[name].low for name in reversed(NAMES)]
    assert widths == sorted(widths)
    assert widths[:2] == [pytest.approx(1), pytest.approx(4)]


def test_behind_an_unknown_rate_nothing_is_known():
    found = {level.name: level for level in tree("sales", 20, 4, NAMES, EDGES | {"leads": Edge()}, {})}
    assert found["leads"].total == pytest.approx(80)
    assert (found["clicks"].total, found["posts"].total) == (None, None)


def test_what_no_post_leads_to_has_no_tree():
    assert chain("followers", "reach") == ()
    assert chain("views", "reach") == ("posts", "views", "clicks", "leads", "sales")


def aim(pk, target, metric="reach", first=1, last=30, place=None, part_of=None, month=12):
    wish = Wish("x", metric, target, date(2026, month, first), date(2026, month, last))
    return Aim(pk, wish, place, part_of)


@pytest.mark.parametrize(
    ("aims", "code"),
    [
        ((aim(1, 100), aim(2, 200)), "twice"),
        ((aim(1, 300, last=10), aim(2, 200)), "inside"),
        ((aim(1, 300, place=7, last=20), aim(2, 200)), "inside"),
        ((aim(1, 900, "followers", last=10), aim(2, 500, "followers")), "falls"),
        ((aim(1, 900, "followers", place=7), aim(2, 500, "followers")), "channel"),
        ((aim(1, 100), aim(2, 60, last=15, part_of=1), aim(3, 60, first=16, part_of=1)), "months"),
    ],
)
def test_contradictions_are_found(aims, code):
    assert [found.code for found in conflicts(aims)] == [code]


@pytest.mark.parametrize(
    "aims",
    [
        (aim(1, 100), aim(2, 100)),
        (aim(1, 100), aim(2, 200, "likes")),
        (aim(1, 100, last=10), aim(2, 200)),
        (aim(1, 300, place=7), aim(2, 200, place=8)),
        (aim(1, 300, last=10), aim(2, 200, first=15)),
        (aim(1, 5, "engagement_rate", last=10), aim(2, 3, "engagement_rate")),
        (aim(1, 120), aim(2, 60, last=15, part_of=1), aim(3, 60, first=16, part_of=1)),
    ],
)
def test_what_fits_together_is_left_alone(aims):
    assert conflicts(aims) == []


@pytest.fixture
def owner(db):
    with clock.at(NOW):
        yield alice()


def a_goal(who, metric="sales", target=20.0, **facts) -> Goal:
    return actions.set_goal(
        who, f"Reach {target:g} {metric} in December", metric, target, date(2026, 12, 31), **facts
    )


def months_of_posts(who, count=30) -> None:
    for n in range(count):
        at = NOW - timedelta(days=2 * n, hours=3)
        Publication.objects.create(
            brand=who.brand, network="x", remote_id=str(n), at=at, reach=400 + 40 * (n % 6), clicks=8 + n % 5
        )


def test_rates_are_measured_on_the_brands_own_numbers(owner):
    months_of_posts(owner)
    for n in range(6):
        Reading.objects.create(
            brand=owner.brand, metric="leads", value=10, at=NOW - timedelta(days=5 * n + 1), source="till"
        )
    found = actions.tree.kpi_tree(owner, a_goal(owner).pk)
    edges = {level.name: level.edge for level in found.levels if level.edge}
    assert edges["reach"].rate == pytest.approx(500)
    assert edges["clicks"].measured.n == 30
    assert edges["leads"].measured.n == 60
    assert [level.name for level in found.missing] == ["sales"]
    assert found.levels[0].total is None


def test_what_a_person_says_wins_and_can_be_taken_back(owner, web):
    months_of_posts(owner)
    goal = a_goal(owner)
    for step, value in (("leads", 0.1), ("sales", 0.25), ("clicks", 0.5)):
        actions.tree.set_rate(owner, step, value, "our till, October")
    found = actions.tree.kpi_tree(owner, goal.pk)
    assert found.levels[0].total == pytest.approx(20 / 0.25 / 0.1 / 0.5 / 500)
    page = web.get(f"/kape-diwata/goals/{goal.pk}/tree/").content.decode()
    assert "our till, October" in page
    assert "posts a week" in page
    actions.tree.forget_rate(owner, "clicks")
    assert actions.tree.kpi_tree(owner, goal.pk).levels[2].edge.said is None


@pytest.mark.parametrize(("step", "value"), [("sales", 0), ("sales", -1), ("clicks", 2)])
def test_a_rate_that_cannot_be_is_refused(owner, step, value):
    with pytest.raises(Problem) as e:
        actions.tree.set_rate(owner, step, value)
    assert e.value.field == "value"
    assert not Conversion.objects.exists()


def test_strangers_and_readers_are_kept_out(owner):
    goal = a_goal(owner)
    with pytest.raises(Stranger):
        actions.tree.kpi_tree(charlie(), goal.pk)
    with pytest.raises(Forbidden):
        actions.tree.set_rate(a_member("Dina", "author", owner.brand), "sales", 0.2)
    actions.tree.set_rate(owner, "sales", 0.2)
    actions.tree.forget_rate(charlie(), "sales")
    assert Conversion.objects.get().value == 0.2


def test_rates_survive_export_and_import(owner):
    actions.tree.set_rate(owner, "sales", 0.2, "our till")
    made = files.export(owner.brand)
    other = a_brand("second", name="Second")
    files.restore(other, made, owner)
    assert list(Conversion.objects.filter(brand=other).values_list("step", "value", "source")) == [
        ("sales", 0.2, "our till")
    ]


def test_contradicting_goals_are_told_on_the_page(owner, web):
    a_goal(owner, "reach", 1000, starts=date(2026, 12, 1))
    a_goal(owner, "reach", 2000, starts=date(2026, 12, 1))
    [found] = actions.checking.contradictions(owner)
    assert "1,000 and 2,000" in found.sentence
    assert "cannot both be meant" in web.get("/kape-diwata/goals/").content.decode()


def test_health_beside_the_competitors(owner, web):
    from tests.brand.test_market import ours, rows, table

    brand.market.import_competitor_posts(owner, table(*rows("Kanto", 28, 80)))
    ours(owner, 20, 15)
    rival = brand.competitors(owner)[0]
    brand.add_snapshot(owner, rival.pk, "practice", followers=3000)
    from tests.brand.builders import a_channel

    a_channel(owner, followers=1000)
    found = {sign.name: sign for sign in actions.checking.health(owner)}
    assert found["followers"].verdict == "behind"
    assert (found["engagement"].verdict, found["engagement"].theirs > found["engagement"].high) == (
        "behind",
        True,
    )
    assert found["share"].ours == pytest.approx(1 - found["share"].theirs)
    a_goal(owner)
    assert "behind" in web.get("/kape-diwata/goals/health/").content.decode()


def test_without_competitors_there_is_no_health(owner, web):
    assert actions.checking.health(owner) == []
    assert "Nobody to stand beside yet" in web.get("/kape-diwata/goals/health/").content.decode()


def test_a_level_has_no_tree(owner, web):
    goal = a_goal(owner, "followers", 900)
    assert actions.tree.kpi_tree(owner, goal.pk).levels == []
    assert "No post leads to this" in web.get(f"/kape-diwata/goals/{goal.pk}/tree/").content.decode()
