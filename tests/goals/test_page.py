"""The pages of goals: the answer first, few queries, forms that keep what was typed."""

from datetime import timedelta

import pytest

from diskarte.core import clock
from diskarte.stages.goals import actions, charts
from diskarte.stages.goals.models import Goal, Way
from tests.goals.builders import TODAY, a_goal, a_history, followers
from tests.make import NOW, alice, bob

HOME = "/kape-diwata/goals/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_of_december():
    with clock.at(NOW):
        yield


def some_goals(who):
    a_history(who, days=60)
    followers(who, 60, 1000, 5)
    start = TODAY - timedelta(days=12)
    rows = [a_goal(who, f"Reach {n},000 people by the end of the year", starts=start) for n in (20, 30, 40)]
    return [*rows, a_goal(who, metric="followers", target=1500.0), a_goal(who, metric="leads", target=9.0)]


def test_the_page_shows_every_goal_in_few_queries(web, django_assert_max_num_queries):
    some_goals(alice())
    web.get(HOME)
    with django_assert_max_num_queries(15):
        page = web.get(HOME)
    text = page.content.decode()
    assert text.count('class="card" id="goal-') == 5
    assert "of 10 chances" in text
    assert "pace it ends near" in text
    assert "This number has never arrived" in text


def test_an_empty_page_offers_examples_that_fill_the_form(web):
    text = web.get(HOME).content.decode()
    assert "Begin with one goal" in text
    assert f"{HOME}new/?example=1" in text
    form = web.get(f"{HOME}new/?example=1").content.decode()
    assert 'value="300"' in form
    assert 'value="2026-12-31"' in form


@pytest.mark.parametrize("wrong", ["?example=9", "?example=x", ""])
def test_the_form_opens_whatever_is_asked(web, wrong):
    assert web.get(f"{HOME}new/{wrong}").status_code == 200


def test_a_goal_is_set_by_form_and_its_page_opens(web, django_assert_max_num_queries):
    a_history(alice(), days=60)
    given = {
        "sentence": "Reach 40,000 people",
        "metric": "reach",
        "target": "40000",
        "deadline": "2026-12-31",
    }
    done = web.post("/kape-diwata/do/goals.set_goal", given | {"next": HOME + "{id}/"})
    row = Goal.objects.get()
    assert done.headers["Location"] == f"{HOME}{row.pk}/"
    web.get(done.headers["Location"])  # the rail is asked anew after a write
    with django_assert_max_num_queries(15):
        text = web.get(done.headers["Location"]).content.decode()
    assert "Ways to get there" in text
    assert "cannot tell: try it once and measure" in text


def test_a_wrong_deadline_keeps_what_was_typed(web):
    alice()
    given = {
        "sentence": "Reach 40,000 people",
        "metric": "reach",
        "target": "40000",
        "deadline": "2020-01-01",
    }
    back = web.post(
        "/kape-diwata/do/goals.set_goal", given, headers={"referer": f"http://testserver{HOME}new/"}
    )
    text = web.get(back.headers["Location"]).content.decode()
    assert "The deadline lies before the first day." in text
    assert "Reach 40,000 people" in text


def test_a_year_shows_its_months_and_closed_goals_have_a_page(web):
    who = alice()
    year = a_goal(who, deadline=TODAY + timedelta(days=364))
    assert "Split into months" in web.get(f"{HOME}{year.pk}/").content.decode()
    web.post("/kape-diwata/do/goals.split_year", {"goal": year.pk})
    assert "March 2027" in web.get(f"{HOME}{year.pk}/").content.decode()
    web.post("/kape-diwata/do/goals.close_goal", {"goal": year.pk, "state": "reached"})
    page = web.get(f"{HOME}past/").content.decode()
    assert year.sentence in page
    assert "closed goals were reached" in page
    assert "unknown" in page, "nothing was ever measured"
    assert web.get(f"{HOME}{year.pk}/edit/").status_code == 200


def test_a_closed_goal_says_what_it_came_to(web, django_assert_max_num_queries):
    who = alice()
    a_history(who, days=60)
    row = a_goal(who, starts=TODAY - timedelta(days=40), deadline=TODAY - timedelta(days=10))
    actions.close_goal(who, row.pk, "missed", why="too high")
    (one,) = actions.checking.results(who)
    assert one.ended == actions.forecast(who, row.pk).now
    assert one.ended > 0
    web.get(f"{HOME}past/")  # the rail is asked anew after a write
    with django_assert_max_num_queries(15):
        page = web.get(f"{HOME}past/").content.decode()
    assert f"{one.ended:,.0f}" in page
    assert "too high" in page


def test_a_way_is_chosen_by_its_button(web):
    who = alice()
    a_history(who, days=60)
    row = a_goal(who)
    web.post(
        "/kape-diwata/do/goals.choose_way",
        {"goal": row.pk, "move": "more_posts", "kind": "reel", "a_week": "1"},
    )
    assert Way.objects.get().mid > 0
    assert "wishes to the plan" in web.get(f"{HOME}{row.pk}/").content.decode()


def test_an_author_reads_and_has_no_buttons(client, db):
    row = a_goal(alice())
    client.force_login(bob().person)
    text = client.get(f"{HOME}{row.pk}/").content.decode()
    assert "goals.remove" not in text
    assert "goals.choose_way" not in text
    assert client.get(f"{HOME}999/").status_code == 404


def test_the_chart_holds_what_was_seen_and_where_it_ends():
    who = alice()
    some_goals(who)
    found = actions.pace(who)[0]
    card = charts.card(found, [])
    band, pace, line, *_rest = [layer["data"]["values"] for layer in card.spec["layer"]]
    assert band[-1]["low"] == found.low
    assert band[-1]["day"] == "2026-12-31"
    assert line[-1]["value"] == found.now
    assert pace[-1]["value"] == found.target
    assert card.table[1][-1] == [line[-1]["day"], found.now]


def test_a_long_line_is_thinned_and_keeps_its_end():
    assert charts._thinned(list(range(400)), 100)[-1] == 399
    assert len(charts._thinned(list(range(400)), 100)) == 100
    assert charts._thinned([1, 2], 100) == [1, 2]
