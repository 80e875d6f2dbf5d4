"""The pages of the guided start: every question, every kind of proposal, for every role."""

import pytest

from diskarte.start import actions, proposing
from diskarte.start.models import Beginning
from tests.make import alice, bob, charlie
from tests.start.builders import answered

HOME = "/kape-diwata/start/"


def test_an_empty_brand_is_led_to_the_guided_start(web):
    page = web.get("/kape-diwata/").content.decode()
    assert "Start here" in page
    assert "12 short questions, about 20 minutes" in page
    assert HOME in page
    assert "Begin" in web.get(HOME).content.decode()


def test_it_can_be_gone_on_with_later(web):
    web.post("/kape-diwata/do/start.answer", {"step": "1", "trade": "clinic", "next": HOME + "2/"})
    page = web.get("/kape-diwata/").content.decode()
    assert "Go on with your strategy" in page
    assert f'href="{HOME}2/"' in web.get(HOME).content.decode()


@pytest.mark.parametrize("step", range(1, 13))
def test_every_question_opens_with_an_example_of_the_trade(web, step, django_assert_max_num_queries):
    actions.answer(alice(), 1, trade="salon")
    web.get(HOME)
    with django_assert_max_num_queries(12):
        answer = web.get(f"{HOME}{step}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"{step} of 12" in page or f"{step}</" in page
    assert "Skip" in page
    assert "Back" in page


def test_there_is_no_thirteenth_question(web):
    alice()
    assert web.get(f"{HOME}13/").status_code == 404


def test_lists_can_be_emptied_again_without_a_script(web):
    who = alice()
    actions.answer(who, 5, segments=["0", "1"])
    web.post(
        "/kape-diwata/do/start.answer", {"step": "5", "segments": [""], "customers": "all", "next": HOME}
    )
    assert Beginning.objects.get().answers["segments"] == []


def test_a_wrong_number_keeps_what_was_typed(web):
    alice()
    given = {"step": "10", "customers_a_month": "many", "followers_now": "850"}
    page = web.post(
        "/kape-diwata/do/start.answer", given, follow=True, HTTP_REFERER=f"http://testserver{HOME}10/"
    )
    text = page.content.decode()
    assert "«many» is no number." in text
    assert "850" in text


def test_a_website_that_cannot_be_read_keeps_the_address(web):
    alice()
    given = {"step": "2", "site": "http://10.0.0.1/"}
    page = web.post(
        "/kape-diwata/do/start.read_site", given, follow=True, HTTP_REFERER=f"http://testserver{HOME}2/"
    )
    assert "not on the public internet" in page.content.decode()
    assert "http://10.0.0.1/" in page.content.decode()


def test_the_proposals_are_taken_and_left_from_their_page(web, django_assert_max_num_queries):
    who = alice()
    answered(who)
    web.get(HOME)
    with django_assert_max_num_queries(25):
        page = web.get(HOME + "proposals/").content.decode()
    assert "Take my own" in page
    assert [page.index(f'id="{area}"') for area in proposing.AREAS] == sorted(
        page.index(f'id="{area}"') for area in proposing.AREAS
    )
    assert "Office regulars" in page
    assert "a guess of the playbook" in page
    web.post(
        "/kape-diwata/do/start.take", {"proposal": "cafe.portrait.0", "hooks": ["none", "cafe.hook.0.1"]}
    )
    web.post("/kape-diwata/do/start.leave", {"proposal": "cafe.goal.guests"})
    page = web.get(HOME + "proposals/").content.decode()
    assert "Taken" in page
    assert "Consider again" in page
    portraits = {p.key: p.state for p in actions.proposals(who)}
    assert portraits["cafe.hook.0.1"] == "taken"
    assert portraits["cafe.hook.0.0"] == "open"


def test_an_area_is_taken_at_once_and_folds(web):
    who = alice()
    answered(who)
    page = web.get(HOME + "proposals/").content.decode()
    assert "Show them" not in page
    goals = sum(one.kind == "goal" for one in actions.proposals(who))
    assert f"Take all {goals}" in page
    given = {"kind": "goals", "next": HOME + "proposals/#goals"}
    answer = web.post("/kape-diwata/do/start.take_all", given)
    assert answer.headers["Location"].endswith("proposals/#goals"), "back to where the button was"
    page = web.get(HOME + "proposals/").content.decode()
    assert page.count("Show them") == 1
    assert f"{goals} drafts, all decided." in page
    for area in proposing.AREAS:
        web.post("/kape-diwata/do/start.take_all", {"kind": area})
    assert {one.state for one in actions.proposals(who)} <= {"taken", "left"}
    page = web.get(HOME + "proposals/").content.decode()
    assert "Then print it" in page
    assert "Take all" not in page


def test_before_any_answer_the_page_says_where_to_begin(web):
    alice()
    assert "Nothing to decide yet" in web.get(HOME + "proposals/").content.decode()


def test_an_author_reads_and_a_stranger_learns_nothing(client, db):
    answered(alice())
    client.force_login(bob().person)
    page = client.get(HOME + "proposals/").content.decode()
    assert "Office regulars" in page
    assert "Take it" not in page
    client.force_login(charlie().person)
    assert client.get(HOME + "proposals/").status_code == 404


def test_without_a_brand_the_first_one_is_opened(web):
    alice()
    assert web.get("/start/").headers["Location"] == HOME
