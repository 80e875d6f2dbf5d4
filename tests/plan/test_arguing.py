"""The plan argues: why not there, why not at all, what a wish costs, which of two plans is better."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.jobs.run import run_tasks
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.science.calendar import Claim, Way
from diskarte.stages.plan import actions, arguing, telling
from diskarte.stages.plan.models import Slot, Version
from diskarte.words import Kind, Problem
from tests.make import NOW, a_brand, a_member, alice, bob, charlie
from tests.plan.builders import KINDS, a_channel, a_history, standing_at

pytestmark = pytest.mark.django_db
JANUARY = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def january():
    channel = a_channel()
    a_history(channel, 120)
    actions.draft_plan(alice(), JANUARY)
    return channel


def planned():
    return actions.slots(alice(), JANUARY, JANUARY + timedelta(days=30))


def an_evening():
    zone = a_brand().zone
    return next(r for r in planned() if r.at.astimezone(zone).hour >= 18 and not r.trial and r.kind != "reel")


def test_the_morning_would_lose_and_says_how_much(january):
    row = an_evening()
    told = arguing.why_not(bob(), row.pk, at=row.at.astimezone(a_brand().zone).replace(hour=8))
    assert told.allowed
    assert told.low < told.lift < told.high
    assert told.lift < -0.2
    assert told.chance < 0.2
    assert told.after < told.before
    assert "It would lose" in told.said[-1]


def test_rules_in_the_way_are_named(january):
    row = an_evening()
    local = row.at.astimezone(a_brand().zone)
    night = arguing.why_not(alice(), row.pk, at=local.replace(hour=23))
    assert not night.allowed
    assert "quiet hours" in night.said[0]
    past = arguing.why_not(alice(), row.pk, at=NOW - timedelta(days=2))
    assert "This moment has passed." in past.said
    other = next(r for r in planned() if r.pk != row.pk)
    near = arguing.why_not(alice(), row.pk, at=other.at + timedelta(hours=1))
    assert any("1.0 hours away" in line for line in near.said)
    actions.change_settings(alice(), {"blackout": [f"{local.date() + timedelta(days=1)}"], "hours_a_week": 5})
    silent = arguing.why_not(alice(), row.pk, at=row.at + timedelta(days=1))
    assert "Your brand keeps silent on this day." in silent.said
    live = arguing.why_not(alice(), row.pk, kind=Kind.REEL)
    assert any("your team has 5" in line for line in live.said)


def test_another_kind_and_another_channel(january):
    row = an_evening()
    reel = arguing.why_not(alice(), row.pk, kind=Kind.REEL)
    assert reel.lift > 0.2
    small = a_channel("Small", identity="small")
    a_history(small, 60, seed=4)
    there = arguing.why_not(alice(), row.pk, channel=small.pk)
    assert there.low < there.lift < there.high
    with pytest.raises(Problem, match="already"):
        arguing.why_not(alice(), row.pk, at=row.at)
    with pytest.raises(Stranger):
        arguing.why_not(charlie(), row.pk, kind=Kind.REEL)


def test_without_numbers_nobody_can_tell():
    a_channel()
    actions.draft_plan(alice(), JANUARY)
    row = planned()[0]
    told = arguing.why_not(alice(), row.pk, at=row.at.astimezone(a_brand().zone).replace(hour=14, day=31))
    assert told.lift is None
    assert told.said[-1].startswith("Nothing forbids") or not told.allowed


def test_what_is_left_over_is_explained_in_words():
    channel = a_channel()
    actions.change_settings(alice(), {"channels": {str(channel.pk): {"a_week": 8}}, "gap_hours": 30})
    told = arguing.why_left(alice(), JANUARY)
    assert told.left > 0
    assert any("posts on Harbour" in claim for claim in told.claims)
    assert "30 hours between two posts" in told.claims
    assert told.ways
    assert all(word in told.said for word in ("do not go together", "Enough would be"))
    actions.change_settings(alice(), {"channels": {str(channel.pk): {"a_week": 3}}})
    assert arguing.why_left(alice(), JANUARY).left == 0
    assert arguing.why_left(charlie(), JANUARY).left == 0  # of their own brand


def test_two_more_reels_a_week_have_a_price(january, monkeypatch):
    before = [standing_at(row) for row in planned()]
    told = arguing.price_wish(alice(), JANUARY, january.pk, Kind.REEL, more=2)
    assert 8 <= told.second.kinds["Reel"] - told.first.kinds["Reel"] <= 10  # four weeks and three days
    assert told.hours == pytest.approx(3 * (told.second.kinds["Reel"] - told.first.kinds["Reel"]), abs=3)
    assert told.gain.low < told.gain.mid < told.gain.high
    assert told.gain.mid > 0.3  # half as many posts again, and the better kind
    assert told.gain.chance > 0.95
    assert told.said.startswith("Expected result: +")
    assert "Hours of work in the month: +" in told.said
    assert [standing_at(row) for row in planned()] == before  # nothing was changed
    texts = a_channel("Words", network="irc", identity="words")
    monkeypatch.setattr(arguing.in_force, "kinds", lambda channel: ("text",) if channel == texts else KINDS)
    with pytest.raises(Problem, match="takes no"):
        arguing.price_wish(alice(), JANUARY, texts.pk, Kind.ARTICLE)
    with pytest.raises(Stranger):
        arguing.price_wish(charlie(), JANUARY, january.pk, Kind.REEL)


def test_a_wish_that_is_made_is_a_version_and_drafts_its_month_again(january):
    reels = sum(row.kind == "reel" for row in planned())
    told = arguing.make_wish(bob(), january.pk, Kind.REEL, more=2, month=JANUARY)
    assert "Your wish is in force: version" in told["said"]
    version = Version.objects.get(pk=told["version"])
    assert (version.origin, version.why) == ("wish", "Reel: +2 a week on Harbour.")
    run_tasks()
    assert sum(row.kind == "reel" for row in planned()) >= reels + 6
    with pytest.raises(Problem, match="is over"):
        arguing.make_wish(bob(), january.pk, Kind.REEL, month=date(2026, 1, 1))
    assert Version.objects.count() == version.number  # what could not be drafted is not wished either
    with pytest.raises(Stranger):
        arguing.make_wish(charlie(), january.pk, Kind.REEL)
    with pytest.raises(Forbidden):
        arguing.make_wish(a_member("Gus", "guest"), january.pk, Kind.REEL)


def test_two_plans_side_by_side(january):
    same = arguing.compare_plans(alice(), JANUARY)
    assert (same.gain.mid, same.gain.chance, same.only_first, same.only_second, same.hours) == (
        0,
        0.5,
        0,
        0,
        0,
    )
    quiet = {"avoid": [{"factor": "hour", "level": "17-22"}], "cost_of": {"reel": 100}}
    told = arguing.compare_plans(alice(), JANUARY, second=quiet)
    assert told.gain.high < 0  # evenings are the best hours
    assert told.first.low < told.first.expected < told.first.high
    assert told.second.expected < told.first.expected
    assert (told.first.cost, told.second.cost) == (0, 100 * told.second.kinds["Reel"])
    assert told.only_first > 0
    assert sum(told.second.mix.values()) == told.second.posts == told.second.channels["Harbour"]
    version = actions.change_settings(alice(), quiet)
    by_version = arguing.compare_plans(alice(), JANUARY, first_version=version.pk, second_version=version.pk)
    assert by_version.gain.mid == 0
    with pytest.raises(Problem, match="no setting"):
        arguing.compare_plans(alice(), JANUARY, second={"nonsense": 1})
    with pytest.raises(Stranger):
        arguing.compare_plans(charlie(), JANUARY, first_version=version.pk)
    with pytest.raises(Problem, match="over"):
        arguing.compare_plans(alice(), date(2026, 3, 1))


def test_a_second_draft_says_what_changed_and_what_it_gained(january):
    rows = [row for row in planned() if not row.trial]
    for row in rows[:5]:  # somebody put them badly and unlocked them
        at = row.at.astimezone(a_brand().zone).replace(hour=8)
        Slot.objects.filter(pk=row.pk).update(at=at)
    done = actions.redraft(alice(), JANUARY)
    assert 0 < done.outcome.moved <= 7
    assert done.outcome.gain.mid > 0
    assert f"changed {done.outcome.moved + done.outcome.changed} of" in done.said
    assert "Expected result: +" in done.said


def test_a_channel_with_its_own_clock_posts_by_it():
    far = a_channel("Lisbon")
    actions.change_settings(alice(), {"channels": {str(far.pk): {"zone": "Europe/Lisbon", "a_week": 4}}})
    actions.draft_plan(alice(), JANUARY)
    rows = planned()
    hours = {row.at.hour for row in rows}  # in winter Lisbon's clock is UTC
    assert len(rows) >= 17
    assert min(hours) >= 7
    assert max(hours) < 22
    again = actions.redraft(alice(), JANUARY)
    assert again.outcome.touched == 0
    assert not [remark for remark in actions.month(alice(), JANUARY).remarks if "quiet" in remark.text]


def test_one_post_and_none_are_said_as_people_say_them():
    one = Claim("posts", "3", date(2026, 12, 7).toordinal(), date(2026, 12, 13).toordinal(), 1.0)
    assert telling._claim(one, {"3": "Harbour"}) == "one post on Harbour from 7 Dec to 13 Dec"
    said = [telling.way(Way(one, amount), {"3": "Harbour"}) for amount in (0, 1, 2)]
    assert said == ["no post there", "one post there", "2 posts there"]
