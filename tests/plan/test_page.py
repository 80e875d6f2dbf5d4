"""What the pages show, to whom, in how many queries; the calendar's JSON; the private feed."""

from __future__ import annotations

import re
from datetime import date

import pytest

from diskarte.core import clock
from diskarte.stages.plan import actions
from diskarte.stages.plan.models import Slot
from tests.make import NOW, a_person, alice, charlie
from tests.plan.builders import a_channel, a_slot, moment

PAGE = "/kape-diwata/plan/"
JANUARY = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _at_nine(db):
    with clock.at(NOW):
        yield


@pytest.fixture
def january(web):
    a_channel("Harbour")
    a_channel("Terrace")
    actions.draft_plan(alice(), JANUARY)
    web.get(PAGE)  # the rail is asked once and kept
    return web


def shown(text: str) -> set[str]:
    """The slots a page links to."""
    return set(re.findall(r"/plan/(\d+)/", text))


def test_the_page_opens_where_posts_are_still_ahead(web):
    """This month while something of it goes out, else the month one would draft next."""
    one = a_channel()
    with clock.at(moment(25, 9)):
        assert "January 2027" in web.get(PAGE).content.decode()
        a_slot(one, day=28)
        assert "December 2026: 1 post" in web.get(PAGE).content.decode()


def test_the_next_days_of_note_come_first_and_the_rest_is_folded(web):
    a_slot(a_channel())
    with clock.at(moment(20, 9)):
        text = web.get(PAGE + "?month=2026-12").content.decode()
    words = re.sub("<[^>]+>", " ", text[text.index("Days of note") :])
    assert words.index("Christmas Day") < words.index("more days") < words.index("12.12")


def test_one_post_that_is_not_written_is_told_as_one_and_leads_to_it(web):
    one = a_channel()
    first = a_slot(one, day=1, hour=12)
    with clock.at(first.at):
        (need,) = actions.standing(alice()).needs
        assert "A post" in need.what
        assert need.args == {"pk": first.pk}
        a_slot(one, day=1, hour=18)
        (need,) = actions.standing(alice()).needs
    assert need.what % need.values == "2 posts of the next three days are not written"


def test_an_empty_month_says_what_a_plan_does_and_offers_one_button(web):
    text = web.get(PAGE + "?month=2026-12").content.decode()
    assert "Draft December 2026" in text
    assert "Useful" in text
    assert "Simbang Gabi begins" in text
    assert text.count("btn-primary") == 2  # draft, and the day of one's own inside its fold


def test_the_button_drafts_and_comes_back_with_undo(web):
    a_channel()
    given = {"month": "2027-01-01", "next": PAGE + "?month=2027-01"}
    answer = web.post("/kape-diwata/do/plan.draft_plan", given, follow=True)
    text = answer.content.decode()
    assert "January 2027 is drafted: 18 posts." in text
    assert "data-calendar" in text


def test_the_month_in_few_queries(january, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        text = january.get(PAGE + "?month=2027-01").content.decode()
    assert "January 2027: 36 posts, 0 written." in text
    assert "The busiest week takes about" in text
    assert "Nothing collides and nothing is missing." in text


def test_the_table_works_without_the_calendar(january, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        text = january.get(PAGE + "?month=2027-01&view=table").content.decode()
    assert len(shown(text)) == 36
    only = january.get(
        f"{PAGE}?month=2027-01&view=table&channel={Slot.objects.first().channel_id}"
    ).content.decode()
    assert len(shown(only)) == 18
    none = january.get(PAGE + "?month=2027-01&view=table&state=locked").content.decode()
    assert "No slot matches these filters." in none


def test_the_calendar_gets_events_on_the_brands_clock(january, django_assert_max_num_queries):
    row = a_slot(Slot.objects.first().channel, day=10, hour=18, title="Open late")
    january.get(PAGE)
    with django_assert_max_num_queries(15):
        told = january.get(PAGE + "events?start=2026-12-01&end=2026-12-31").json()
    slots = [e for e in told if e["kind"] != "occasion"]
    assert [(e["id"], e["start"], e["title"]) for e in slots] == [
        (str(row.pk), "2026-12-10T18:00:00", "Open late")
    ]
    assert "Christmas Day" in [e["title"] for e in told if e["kind"] == "occasion"]
    assert january.get(PAGE + "events?start=nonsense&end=2026-12-31").status_code == 404
    assert january.get(PAGE + "events?start=1000-01-01&end=2026-12-31").status_code == 404
    assert len(january.get(PAGE + "rows").json()) == 2


def test_a_drop_moves_a_slot_and_a_refusal_says_why(january):
    row = Slot.objects.first()
    ask = {"HTTP_ACCEPT": "application/json"}
    there = january.post(
        "/kape-diwata/do/plan.move_slot", {"slot": row.pk, "at": "2027-01-07T19:00:00"}, **ask
    )
    assert there.json()["said"] == "Moved."
    row.refresh_from_db()
    assert (row.at, row.locked) == (moment(7, 19, 1).replace(year=2027), True)
    past = january.post(
        "/kape-diwata/do/plan.move_slot", {"slot": row.pk, "at": "2020-01-07T19:00:00"}, **ask
    )
    assert (past.status_code, past.json()["what"]) == (422, "This moment has passed.")
    row.refresh_from_db()
    assert row.at == moment(7, 19, 1).replace(year=2027)


def test_a_slot_says_why_it_stands_there(january, django_assert_max_num_queries):
    row = Slot.objects.first()
    with django_assert_max_num_queries(15):
        text = january.get(f"{PAGE}{row.pk}/").content.decode()
    assert "Why here" in text
    assert "cautious guess" in text
    assert f"/kape-diwata/publish/write/?slot={row.pk}" in text
    assert "Nobody can tell yet" in text


def test_settings_and_their_history(january, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        text = january.get(PAGE + "settings/").content.decode()
    assert 'name="weights"' in text
    assert "/kape-diwata/plan/subscribe/" in text
    actions.set_limits(alice(), "21:00", "07:00", 3, 4)
    january.get(PAGE)
    with django_assert_max_num_queries(15):
        told = january.get(PAGE + "history/").content.decode()
    assert "<del>2</del> <ins>3</ins>" in told
    assert told.count("Bring it back") == 1


def test_a_mistake_in_the_settings_keeps_what_was_typed(january):
    given = {"quiet_from": "21:00", "quiet_to": "07:00", "per_day": "99", "gap_hours": "4"}
    back = {"referer": "http://testserver" + PAGE + "settings/"}
    answer = january.post("/kape-diwata/do/plan.set_limits", given, headers=back)
    text = january.get(answer["Location"]).content.decode()
    assert 'value="99"' in text
    assert "«per_day» must be a number from 1 to 20" in text


def test_csv_and_feed(january, client):
    answer = january.get(PAGE + "plan.csv?month=2027-01")
    assert answer.content.decode("utf-8-sig").splitlines()[0].startswith("date,time,channel")
    key = actions.open_feed(alice())["key"]
    assert key in january.get(PAGE + "subscribe/").content.decode()
    client.logout()
    feed = client.get(f"{PAGE}feed.ics?key={key}")
    assert feed["Content-Type"].startswith("text/calendar")
    assert feed.content.count(b"BEGIN:VEVENT") == 36
    assert client.get(PAGE + "feed.ics?key=wrong").status_code == 404
    assert client.get(PAGE).status_code == 302


def test_a_stranger_finds_nothing(client):
    row = a_slot(a_channel())
    charlie()
    client.force_login(a_person("Charlie"))
    for path in (
        "",
        "settings/",
        "history/",
        f"{row.pk}/",
        "events?start=2026-12-01&end=2026-12-31",
        "plan.csv",
    ):
        assert client.get(PAGE + path).status_code == 404
    assert client.get(f"/charlies-tea/plan/{row.pk}/").status_code == 404


def test_new_slot_page(january):
    text = january.get(PAGE + "new/?day=2027-01-09").content.decode()
    assert "2027-01-09T18:00" in text


def test_the_table_narrowed_to_a_goal_shows_only_what_serves_it(web):
    from tests.goals.builders import a_goal

    channel = a_channel()
    goal = a_goal(alice())
    a_slot(channel, title="Serves", goal=goal)
    a_slot(channel, day=11, title="Something else")
    page = web.get(f"/kape-diwata/plan/?month=2026-12&view=table&goal={goal.pk}").content.decode()
    assert "Serves" in page
    assert "Something else" not in page
    assert f"/kape-diwata/goals/{goal.pk}/" in page
