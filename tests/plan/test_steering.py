"""What posts take, silent days and channels' clocks: set by verbs, kept as versions, held by the next draft."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.people.who import Stranger
from diskarte.stages.plan import actions, steering
from diskarte.words import Problem
from tests.make import NOW, a_brand, a_member, alice, charlie
from tests.plan.builders import a_channel

pytestmark = pytest.mark.django_db
JANUARY = date(2027, 1, 1)
LEAD = {"image": 0, "reel": 40}


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def planned():
    return actions.slots(alice(), JANUARY, JANUARY + timedelta(days=30))


def test_money_and_lead_times_are_kept():
    a_channel()
    kinds = {"kinds": ["image", "reel"], "hours": [1, 3], "cost": [10, 200], "lead_days": [0, 40]}
    version = steering.set_work(alice(), **kinds, money_a_month=600)
    told = version.settings
    assert (told["cost_of"], told["lead_days"], told["money_a_month"]) == (
        {"image": 10, "reel": 200},
        LEAD,
        600,
    )
    done = actions.draft_plan(alice(), JANUARY)
    reels = [row for row in planned() if row.kind == "reel"]
    assert all(row.at.astimezone(a_brand().zone).date() >= date(2027, 1, 10) for row in reels)
    assert 200 * len(reels) + 10 * sum(row.kind == "image" for row in planned()) <= 600
    assert done.outcome.unplaced
    with pytest.raises(Problem, match="Every kind"):
        steering.set_work(alice(), **{**kinds, "cost": [1]})


def test_silent_days_are_silent():
    a_channel()
    steering.set_silent_days(alice(), "2027-01-04..2027-01-10\n\n2027-01-20")
    actions.draft_plan(alice(), JANUARY)
    days = {row.at.astimezone(a_brand().zone).date() for row in planned()}
    assert not [
        day for day in days if date(2027, 1, 4) <= day <= date(2027, 1, 10) or day == date(2027, 1, 20)
    ]
    assert 12 <= len(planned()) <= 14  # a silent week is not caught up
    with pytest.raises(Problem, match="is no day"):
        steering.set_silent_days(alice(), "tomorrow")


def test_a_channel_gets_its_own_clock_and_cap_and_loses_them_again():
    channel = a_channel()
    steering.set_clock(alice(), channel.pk, "Europe/Lisbon", 2)
    assert actions.current_settings(alice())["channels"][str(channel.pk)]["zone"] == "Europe/Lisbon"
    actions.draft_plan(alice(), JANUARY)
    weeks = [row.at.isocalendar().week for row in planned()]
    assert max(map(weeks.count, weeks)) == 2
    assert len(weeks) == 9  # five weeks, the first of three days only
    steering.set_clock(alice(), channel.pk)
    assert "zone" not in actions.current_settings(alice())["channels"][str(channel.pk)]
    with pytest.raises(Problem, match="no time zone"):
        steering.set_clock(alice(), channel.pk, "Mars/Olympus")
    with pytest.raises(Stranger):
        steering.set_clock(charlie(), channel.pk, "Asia/Manila")
    guest = a_member("Gina", "guest")
    with pytest.raises(Problem):
        steering.set_silent_days(guest, "2027-01-01")
