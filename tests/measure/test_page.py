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
