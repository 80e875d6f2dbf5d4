"""The pages of what posts take, of silent days, of clocks, and of two versions side by side."""

import pytest

from diskarte.core import clock
from diskarte.stages.channels import actions as channels
from diskarte.stages.plan import actions
from tests.make import NOW, a_member, alice

pytestmark = pytest.mark.django_db
HOME = "/kape-diwata/plan/"


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def test_what_posts_take_is_set_by_form(web):
    line = channels.connect(alice(), "practice", name="Practice")
    page = web.get(HOME + "work/").content.decode()
    assert "What does a post take" in page
    given = {
        "kinds": ["reel", "text"],
        "hours": ["3.5", "0.5"],
        "cost": ["500", "0"],
        "lead_days": ["3", "0"],
        "money_a_month": "4000",
    }
    assert web.post("/kape-diwata/do/plan.set_work", given).status_code in (302, 303)
    assert web.post(
        "/kape-diwata/do/plan.set_silent_days", {"days": "2026-12-24..2026-12-26"}
    ).status_code in (302, 303)
    assert web.post(
        "/kape-diwata/do/plan.set_clock", {"channel": line.pk, "zone": "Asia/Dubai", "per_week": 4}
    ).status_code in (302, 303)
    told = actions.current_settings(alice())
    assert (told["hours_of"]["reel"], told["cost_of"]["reel"], told["lead_days"]["reel"]) == (3.5, 500, 3)
    assert told["blackout"] == ["2026-12-24..2026-12-26"]
    assert told["channels"][str(line.pk)]["zone"] == "Asia/Dubai"
    page = web.get(HOME + "work/").content.decode()
    assert "2026-12-24..2026-12-26" in page
    assert 'value="Asia/Dubai" selected' in page


def test_two_versions_stand_side_by_side(web):
    who = alice()
    channels.connect(who, "practice", name="Practice")
    assert "only one version" in web.get(HOME + "compare/").content.decode()
    first = actions.change_settings(who, {"per_day": 1})
    second = actions.change_settings(who, {"per_day": 3, "gap_hours": 2})
    page = web.get(f"{HOME}compare/?month=2027-01&first={first.pk}&second={second.pk}").content.decode()
    assert "Version 1" in page
    assert "Hours of work" in page


def test_a_past_month_is_said(web):
    who = alice()
    channels.connect(who, "practice", name="Practice")
    first, second = actions.change_settings(who, {"per_day": 1}), actions.change_settings(who, {"per_day": 3})
    page = web.get(f"{HOME}compare/?month=2025-01&first={first.pk}&second={second.pk}").content.decode()
    assert "This month is over" in page


def test_readers_see_no_save(client):
    alice()
    client.force_login(a_member("Gina", "analyst", alice().brand).person)
    assert ">Save<" not in client.get(HOME + "work/").content.decode()
