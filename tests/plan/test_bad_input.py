"""What should not happen to a plan and does, at its pages: told in words. Tables and two people at one slot: beside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.outbox.models import Channel
from diskarte.stages.plan import actions, steering
from diskarte.stages.plan.models import Slot
from tests.make import NOW, a_brand, alice
from tests.plan.builders import a_channel, a_history

pytestmark = pytest.mark.django_db
PAGE, DO = "/kape-diwata/plan/", "/kape-diwata/do/plan."
JSON = {"HTTP_ACCEPT": "application/json"}
JANUARY = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def text_of(web, path: str) -> str:
    return web.get(PAGE + path).content.decode()


def test_impossible_wishes_draft_what_fits_and_say_what_excludes_what(web):
    one = a_channel()
    actions.change_settings(
        alice(),
        {
            "channels": {str(one.pk): {"a_week": 14}},
            "per_day": 1,
            "gap_hours": 30,
            "quiet": ["00:00", "23:00"],
        },
    )
    told = web.post(DO + "draft_plan", {"month": "2027-01-01"}, **JSON).json()
    assert "together" in told["said"]
    posts = actions.slots(alice(), JANUARY, date(2027, 1, 31))
    assert 0 < len(posts) < 31
    assert actions.arguing.why_left(alice(), JANUARY).left == 62 - len(posts)


def test_no_channel_is_a_sentence_and_not_an_error(web):
    told = web.post(DO + "begin_draft", {"month": "2027-01-01"}, **JSON)
    assert (told.status_code, told.json()["what"]) == (422, "There is no channel to plan for.")
    assert "January 2027 is still empty" in text_of(web, "?month=2027-01")
    for path in ("what-if/", "settings/", "ideas/", "new/", "events?start=2027-01-01&end=2027-02-01", "rows"):
        assert web.get(PAGE + path).status_code == 200


def test_no_history_promises_nothing(web):
    one = a_channel()
    actions.draft_plan(alice(), JANUARY)
    row = Slot.objects.filter(channel=one).order_by("at")[0]
    assert row.expected is None
    assert "Nobody can tell yet" in text_of(web, f"{row.pk}/")
    text = text_of(web, f"what-if/?month=2027-01&more=1&kind=image&channel={one.pk}")
    assert "What it brings nobody can tell yet" in text
    assert "Make it so" in text  # the wish may be made all the same


def test_a_brand_in_three_zones_sees_its_own_clock_and_plans_on_each_audiences(web):
    names = ("Manila", "Berlin", "New York")
    zones = dict(zip(names, ("Asia/Manila", "Europe/Berlin", "America/New_York"), strict=True))
    for name, zone in zones.items():
        row = a_channel(name)
        a_history(row, 30)
        if zone != a_brand().time_zone:
            steering.set_clock(alice(), row.pk, zone)
    actions.draft_plan(alice(), JANUARY)
    assert Slot.objects.filter(channel__name="New York").exists()
    text = text_of(web, "?month=2027-01")
    assert "Nothing collides and nothing is missing." in text
    told = web.get(PAGE + "events?start=2026-12-28&end=2027-02-08").json()
    shown = {e["id"]: e["start"] for e in told if e["kind"] not in ("occasion", "crowd", "note")}
    for row in Slot.objects.filter(pk__in=shown):
        assert shown[str(row.pk)] == row.at.astimezone(a_brand().zone).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(("month", "gone"), [("2027-03", date(2027, 3, 28)), ("2026-10", None)])
def test_the_month_in_which_the_clocks_change_is_drafted_and_drawn(web, month, gone):
    brand = a_brand()
    brand.time_zone, brand.country = "Europe/Berlin", "DE"
    brand.save()
    one = a_channel()
    first = date.fromisoformat(f"{month}-01")
    with clock.at(NOW - timedelta(days=90)):
        actions.change_settings(
            alice(), {"quiet": ["05:00", "01:00"], "channels": {str(one.pk): {"a_week": 7}}}
        )
        actions.draft_plan(alice(), first)
        hours = [row.at.astimezone(brand.zone) for row in Slot.objects.order_by("at")]
        assert len(hours) >= 25
        assert not [h for h in hours if h.date() == gone and h.hour == 2]  # an hour that day does not have
        last = (first + timedelta(days=32)).replace(day=1)
        told = web.get(f"{PAGE}events?start={first}&end={last}").json()
        starts = [e["start"] for e in told if e["kind"] not in ("occasion", "crowd", "note")]
        assert sorted(starts) == [h.strftime("%Y-%m-%dT%H:%M:%S") for h in hours]


def test_the_29th_of_february_is_planned_and_moves_to_a_day_that_exists(web):
    row = a_channel()
    with clock.at(NOW.replace(year=2028, month=1)):
        actions.change_settings(alice(), {"channels": {str(row.pk): {"a_week": 7}}, "per_day": 1})
        actions.draft_plan(alice(), date(2028, 2, 1))
        leap = next(s for s in Slot.objects.all() if s.at.astimezone(a_brand().zone).day == 29)
        assert "29 February 2028" in text_of(web, f"{leap.pk}/")
        assert "2028-02-29" in web.get(PAGE + "plan.csv?month=2028-02").content.decode()
        web.post(DO + "change_slots", {"slots": [leap.pk], "what": "move", "days": 366})
        leap.refresh_from_db()
        assert leap.at.astimezone(a_brand().zone).date() == date(2029, 3, 1)
        assert web.get(PAGE + "?month=2029-02-29").status_code == 200


def test_a_country_the_holidays_lack_still_has_days_and_a_plan(web):
    brand = a_brand()
    brand.country = "IC"
    brand.save()
    a_channel()
    actions.draft_plan(alice(), JANUARY)
    text = text_of(web, "?month=2027-01")
    assert "Nothing collides and nothing is missing." in text
    assert "Chinese New Year" not in text
    assert Channel.objects.count() == 1
