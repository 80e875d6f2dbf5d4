import pytest

from diskarte.core.given import Upload
from diskarte.stages.measure import actions
from tests.make import alice, charlie
from tests.measure.builders import history

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["", "posts/", "imports/"])
def test_pages_with_a_history(web, page, django_assert_max_num_queries):
    history(alice().brand, 60)
    web.get(f"/kape-diwata/measure/{page}")
    with django_assert_max_num_queries(15):
        answer = web.get(f"/kape-diwata/measure/{page}")
    assert answer.status_code == 200


def test_an_empty_brand_is_told_what_to_do(web):
    text = web.get("/kape-diwata/measure/").content.decode()
    assert "No numbers yet" in text
    assert "/kape-diwata/measure/imports/" in text


def test_unknown_is_a_dash_not_nought(web):
    history(alice().brand, 10, views=None)
    text = web.get("/kape-diwata/measure/").content.decode()
    assert "unknown" in text


def test_one_post(web):
    rows = history(alice().brand, 30)
    answer = web.get(f"/kape-diwata/measure/posts/{rows[0].pk}/")
    assert answer.status_code == 200
    assert "of your 9 other posts" in answer.content.decode()


def test_preview_and_confirm_by_the_forms(web):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile(
        "posts.csv", b"date,text,views\n2026-11-01 09:00,Hi,10\n2026-11-02 09:00,Ho,x\n"
    )
    answer = web.post("/kape-diwata/do/measure.preview_numbers", {"files": file}, follow=True)
    assert answer.status_code == 200
    page = web.get("/kape-diwata/measure/imports/").content.decode()
    assert "Looked through" in page
    (row,) = actions.imports(alice(), "looked")
    rows = web.get(f"/kape-diwata/measure/imports/{row.pk}/rows.csv")
    assert "«x» is not a number" in rows.content.decode()
    web.post("/kape-diwata/do/measure.confirm_import", {"imports": [row.pk]})
    assert len(actions.posts(alice())) == 1


def test_strangers_see_nothing(client):
    alice()
    client.force_login(charlie().person)
    (row,) = actions.import_numbers(alice(), [Upload("a.csv", b"date,text\n2026-11-01 09:00,Hi\n")])
    assert client.get("/kape-diwata/measure/").status_code == 404
    assert client.get(f"/charlies-tea/measure/imports/{row.pk}/rows.csv").status_code == 404


def test_a_cell_of_day_and_hour_opens_its_posts(web):
    history(alice().brand, 60)
    page = web.get("/kape-diwata/measure/").content.decode()
    assert "/kape-diwata/measure/posts/?weekday=0&amp;hours=" in page
    zone = alice().brand.zone
    mondays = actions.posts(alice(), weekday=0, limit=100)
    night = actions.posts(alice(), hours="21-5", limit=100)
    assert mondays
    assert {row.at.astimezone(zone).weekday() for row in mondays} == {0}
    assert night
    assert all(row.at.astimezone(zone).hour in {21, 22, 23, 0, 1, 2, 3, 4} for row in night)
    assert len(actions.posts(alice(), hours="0-24", limit=100)) == 60
    shown = web.get("/kape-diwata/measure/posts/?weekday=0&hours=21-5").content.decode()
    assert "Monday" in shown
    assert "21–5" in shown


def test_a_post_knows_where_it_came_from(web):
    from diskarte.core.numbers.models import Publication
    from diskarte.stages.goals import actions as goals
    from diskarte.words import Metric
    from tests.make import NOW

    first, second = history(alice().brand, 2)
    given = {
        "sentence": "Be seen",
        "metric": Metric.VIEWS,
        "target": 1000,
        "deadline": NOW.date().replace(month=12),
    }
    goal = goals.set_goal(alice(), **given)
    Publication.objects.filter(pk=first.pk).update(goal=goal.pk, slot=987654, origin="publish.post:12")
    story = actions.post(alice(), first.pk)
    assert (story.goal, story.slot, story.post) == (goal, None, 12)  # a slot that is gone is no link
    page = web.get(f"/kape-diwata/measure/posts/{first.pk}/").content.decode()
    assert f"/kape-diwata/goals/{goal.pk}/" in page
    assert "/kape-diwata/publish/12/story" in page
    assert [row.pk for row in actions.posts(alice(), goal=goal.pk)] == [first.pk]
    assert "/story" not in web.get(f"/kape-diwata/measure/posts/{second.pk}/").content.decode()
