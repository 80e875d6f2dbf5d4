"""The pages: what they show in which state, in how many queries, to whom."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest

from diskarte.core import clock
from diskarte.core.numbers.models import Publication
from diskarte.stages.correct import actions
from diskarte.stages.correct.models import Proposal
from diskarte.stages.plan import actions as plan
from tests.correct.builders import a_finding, a_history, a_post, a_proposal
from tests.make import NOW, a_brand, alice, bob, charlie
from tests.plan.builders import a_channel

pytestmark = pytest.mark.django_db
HOME = "/kape-diwata/correct/"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def channel():
    row = a_channel()
    plan.set_cadence(alice(), row.pk, 6, ["image", "reel"], [5, 1])
    return row


def text(web, path, status=200):
    answer = web.get(path)
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def test_an_empty_brand_learns_how_much_is_missing(web):
    assert "measure/imports/" in text(web, HOME)


def test_findings_good_and_bad_and_what_is_proposed(web, channel, django_assert_max_num_queries):
    a_history(a_brand(), 25)
    good, bad = a_finding(), a_finding(factor="weekday", level="0", lift=0.6, low=0.5, high=0.8, chance=0.01)
    row = a_proposal(finding=good)
    web.get(HOME)
    with django_assert_max_num_queries(15):
        page = text(web, HOME)
    for told in (good.sentence, bad.sentence, row.sentence):
        assert told in page
    assert "do/correct.accept" in page


def test_an_author_reads_and_has_no_buttons(client, channel):
    row = a_proposal()
    a_history(a_brand(), 25)
    client.force_login(bob().person)
    page = text(client, HOME)
    assert row.sentence in page
    assert "do/correct.accept" not in page
    assert "do/correct.refuse" not in page


def test_accepting_by_the_form_leads_to_a_page_that_tells_what_changed(web, channel):
    row = a_proposal()
    assert "do/correct.accept" in text(web, f"{HOME}proposals/{row.pk}/")
    form = {"proposal": row.pk, "redraft": "false", "next": f"{HOME}proposals/{row.pk}/"}
    answer = web.post("/kape-diwata/do/correct.accept", form, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "do/correct.accept" not in page
    assert "do/people.undo" in page
    assert "Prefer" in page  # the difference of the settings
    row.refresh_from_db()
    assert row.state == "accepted"
    assert text(web, HOME).count(f"proposals/{row.pk}/") >= 1


def test_accepting_through_the_button_as_it_stands_in_the_page(web, channel):
    row = a_proposal()
    answer = web.post("/kape-diwata/do/correct.accept", {"proposal": row.pk}, follow=True)
    assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.state, row.moved) == ("accepted", 0)  # no slots ahead, none moved
    assert text(web, f"{HOME}proposals/{row.pk}/")


def test_undo_from_the_message_opens_the_question_again(web, channel):
    row = a_proposal()
    answer = web.post(
        "/kape-diwata/do/correct.accept", {"proposal": row.pk}, headers={"accept": "application/json"}
    )
    told = web.post(
        f"/kape-diwata/do/people.undo?line={answer.json()['undo']}", headers={"accept": "application/json"}
    )
    assert told.status_code == 200
    row.refresh_from_db()
    assert row.state == "open"
    assert "do/correct.accept" in text(web, f"{HOME}proposals/{row.pk}/")


def test_the_verdict_is_shown_when_it_is_too_early_and_when_it_is_there(
    web, channel, django_assert_max_num_queries
):
    row = a_proposal()
    with clock.at(NOW - timedelta(days=40)):
        a_history(a_brand(), 40, until=clock.now())
        actions.accept(alice(), row.pk, redraft=False)
    path = f"{HOME}proposals/{row.pk}/"
    assert "20" in text(web, path)
    rng = random.Random(2)
    days = [NOW - timedelta(days=39 - i) for i in range(30)]
    later = [a_post(a_brand(), 1000 + i, at, "image", 400, rng) for i, at in enumerate(days)]
    Publication.objects.bulk_create(later)
    web.get(HOME)
    with django_assert_max_num_queries(15):
        page = text(web, path)
    told = actions.verdict(alice(), row.pk)
    assert (told.missing, told.before, told.after) == (0, 40, 30)
    assert told.low > 1
    assert "range" in page


def test_a_refused_and_a_gone_proposal_have_their_pages(web, channel):
    row = a_proposal()
    actions.refuse(alice(), row.pk, why="No hands")
    assert "No hands" in text(web, f"{HOME}proposals/{row.pk}/")
    Proposal.objects.update(state="gone")
    text(web, f"{HOME}proposals/{row.pk}/", 404)
    text(web, f"{HOME}proposals/999999/", 404)


def test_the_history_shows_every_version_and_brings_one_back(web):
    plan.set_cadence(
        charlie(), a_channel("Tea", brand=charlie().brand).pk, 6, ["image"], [1]
    )  # another row first
    plan.set_cadence(alice(), a_channel().pk, 6, ["image"], [1])
    actions.accept(alice(), a_proposal().pk, why="Mondays are slow", redraft=False)
    page = text(web, f"{HOME}history/")
    assert "Mondays are slow" in page
    first = actions.history(alice())[-1]
    sent = re.findall(r'name="version" value="(\d+)"', page)
    assert (
        sent == [str(first.pk)] != [str(first.number)]
    )  # a button sends the row, not the number people read
    web.post("/kape-diwata/do/correct.restore", {"version": sent[0]})
    assert actions.history(alice())[0].settings == first.settings


def test_learning_by_the_button_says_how_much_it_found(web, channel):
    a_history(a_brand())
    answer = web.post("/kape-diwata/do/correct.learn", headers={"accept": "application/json"}).json()
    assert answer["result"]["findings"] > 0
    assert str(answer["result"]["findings"]) in answer["said"]


def test_strangers_see_nothing(client, channel):
    row = a_proposal()
    client.force_login(charlie().person)
    for path in ("", "history/", f"proposals/{row.pk}/"):
        assert client.get(HOME + path).status_code == 404
    assert client.get(f"/charlies-tea/correct/proposals/{row.pk}/").status_code == 404
    assert client.post("/charlies-tea/do/correct.accept", {"proposal": row.pk}).status_code == 404
