"""Competitors of the guided start: a name is enough, a first number says on which page and when it was read."""

from datetime import UTC, date, datetime

import pytest

from diskarte.core import clock
from diskarte.core.outbox.models import Channel
from diskarte.stages.brand import actions as brand
from diskarte.stages.brand.models import Canvas, Competitor, Snapshot
from diskarte.start import actions, rivals
from diskarte.start.rivals import Rival
from diskarte.words import Problem
from tests.make import NOW, alice
from tests.start.builders import of

pytestmark = pytest.mark.django_db
KANTO = "Kanto Milk Tea, Facebook: kantomilktea, 3,200 followers, 4 posts a week"


@pytest.fixture(autouse=True)
def _today():
    with clock.at(NOW):
        yield


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kanto, The chain\nKape sa bahay", [Rival("Kanto"), Rival("The chain"), Rival("Kape sa bahay")]),
        (KANTO, [Rival("Kanto Milk Tea", "Facebook: kantomilktea", 3200, 4.0)]),
        ("Bo's, fb bos, 1.2K followers", [Rival("Bo's", "Facebook: bos", 1200)]),
        ("Bo's, www.tiktok.com/@bos, 13 posts a month", [Rival("Bo's", "https://tiktok.com/@bos", None, 3.0)]),
        ("Bo's, https://facebook.com/bos, 26 post sa isang buwan; Kanto",
         [Rival("Bo's", "https://facebook.com/bos", None, 6.0), Rival("Kanto")]),
        ("3200 followers", [Rival("3200 followers")]),
        ("Kanto\nKanto", [Rival("Kanto")]),
        ("7-Eleven, Cafe 1,000 posts", [Rival("7-Eleven"), Rival("Cafe 1000 posts")]),
        ("", []),
    ],
)  # fmt: skip
def test_a_line_is_read_as_its_writer_meant_it(text, found):
    assert rivals.told(text) == found


def test_a_first_number_is_kept_with_where_and_when_it_was_read():
    who = alice()
    actions.answer(who, 9, rivals=KANTO, rivals_from="their page", rivals_on=date(2026, 11, 20).isoformat())
    one = of(who, "rival")[0]
    assert one.lines == [
        "Facebook: kantomilktea · 3,200 followers · 4 posts a week", "Read: their page, 20 November 2026",
    ]  # fmt: skip
    actions.take(who, one.key)
    row = Snapshot.objects.get()
    assert (row.network, row.followers, row.posts_a_week, row.source) == ("facebook", 3200, 4.0, "their page")
    assert row.at == datetime(2026, 11, 20, 4, tzinfo=UTC), "noon of that day in Manila"
    assert Competitor.objects.get().handles == {"facebook": "kantomilktea"}


def test_without_a_day_the_number_is_of_now_and_without_a_number_nothing_is_counted():
    who = alice()
    actions.answer(who, 9, rivals=f"{KANTO}\nThe chain")
    kanto, chain = of(who, "rival")
    assert "No number yet" in chain.lines[0]
    actions.take_all(who, "rival")
    assert Snapshot.objects.get().at == NOW
    assert Competitor.objects.count() == 2
    assert kanto.state == "open"


def test_a_number_can_be_given_while_the_proposal_is_edited():
    who = alice()
    actions.answer(who, 9, rivals="The chain")
    key = of(who, "rival")[0].key
    with pytest.raises(Problem, match="which page"):
        actions.take(who, key, followers="900")
    assert not Competitor.objects.exists(), "nothing half"
    actions.take(who, key, followers="900", handle="fb chain")
    assert Snapshot.objects.get().followers == 900


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rivals": "Kanto, 3200 followers"}, "rivals"),
        ({"rivals": KANTO, "rivals_on": "2030-01-01"}, "rivals_on"),
        ({"rivals": KANTO, "rivals_on": "last week"}, "rivals_on"),
    ],
)
def test_what_nobody_could_check_is_asked_again(given, field):
    who = alice()
    actions.answer(who, 1, trade="cafe")
    with pytest.raises(Problem) as told:
        actions.answer(who, 9, **given)
    assert told.value.field == field
    assert not of(who, "rival")


def test_a_page_served_by_hand_counts_as_being_there():
    who = alice()
    actions.answer(who, 9, rivals=KANTO)
    actions.answer(who, 11, places="Facebook: kapeniliza")
    actions.take_all(who, "rival")
    [before] = brand.compare(who)
    assert "They are on Facebook, we are not." in [line.sentence for line in before.lines]
    actions.take_all(who, "platform")
    Channel.objects.update(followers=1600)
    [after] = brand.compare(who)
    assert {line.factor for line in after.lines} >= {"followers"}
    assert "They are on Facebook, we are not." not in [line.sentence for line in after.lines]
    [followers] = [line for line in after.lines if line.factor == "followers"]
    assert (followers.ours, followers.theirs, followers.verdict) == (1600, 3200, "behind")


def test_the_mission_is_asked_and_stands_in_the_canvas():
    who = alice()
    actions.answer(who, 1, trade="cafe")
    _question, (_idea, mission) = actions.question(who, 3)
    assert "neighbours" in mission.example
    actions.answer(who, 3, mission="A table for neighbours.")
    actions.take_all(who, "mine")
    assert Canvas.objects.get().mission == "A table for neighbours."
