"""Goals and ways survive the way through files."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.stages.goals import actions, files
from diskarte.stages.goals.models import Goal, Way
from tests.goals.builders import a_channel, a_goal
from tests.make import NOW, a_brand, alice

pytestmark = pytest.mark.django_db
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
money = st.none() | st.decimals(0, 10**9, places=2)
number = st.none() | st.floats(0, 1e12)
day = st.dates(date(2000, 1, 1), date(2100, 1, 1))
goals = st.fixed_dictionaries(
    {
        "sentence": text,
        "baseline": number,
        "target": st.floats(1, 1e12),
        "starts": day,
        "deadline": day,
        "worth": money,
    }
)
ways = st.fixed_dictionaries({"text": text, "mid": number, "hours": number, "cost": money})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(goals, st.booleans(), st.lists(ways, max_size=2)), max_size=5))
def test_there_and_back(told):
    Goal.objects.all().delete()
    brand = a_brand()
    year = None
    for facts, part, chosen in told:
        row = Goal.objects.create(brand=brand, metric="reach", part_of=year if part else None, **facts)
        year = year or row
        for way in chosen:
            Way.objects.create(brand=brand, goal=row, move="own", **way)
    before = files.export(brand)
    seen = facts_of_all()
    Goal.objects.all().delete()
    files.restore(brand, before, alice())
    assert files.export(brand) == before
    assert facts_of_all() == seen


def facts_of_all():
    names = (
        "sentence",
        "target",
        "baseline",
        "worth",
        "starts",
        "deadline",
        "part_of__sentence",
        "part_of__target",
    )
    return sorted(Goal.objects.values_list(*names), key=repr)


def test_the_whole_of_a_goal_comes_back():
    who = alice()
    with clock.at(NOW):
        channel = a_channel(who)
        year = a_goal(who, deadline=date(2027, 11, 30), channel=channel.pk)
        actions.split_year(who, year.pk)
        actions.choose_way(who, year.pk, "contest")
        actions.close_goal(who, year.pk, "missed", "The machine broke.")
    before = files.export(a_brand())
    Goal.objects.all().delete()
    files.restore(a_brand(), before, who)
    again = Goal.objects.get(part_of=None)
    assert (again.channel, again.state, again.why, again.closed_at) == (
        channel,
        "missed",
        "The machine broke.",
        NOW,
    )
    assert (again.parts.count(), again.ways.get().move) == (12, "contest")


def test_an_empty_brand_has_no_files():
    assert files.export(a_brand()) == {}
