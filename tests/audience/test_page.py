"""Pages of the audience, as Alice sees them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from diskarte.stages.audience import actions, group_views, waiting
from diskarte.stages.audience.models import Hook, Intake, Segment
from tests.make import NOW, alice, bob, charlie

from .builders import ANA, BEN, a_hook, a_post, a_segment, known, people_file, shop

AUDIENCE = "/kape-diwata/audience/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "intake")


def page(web, address="", status=200):
    answer = web.get(AUDIENCE + address)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_empty_audience_offers_playbooks(web):
    told = page(web)
    assert "Draw the first portrait" in told
    assert "Office regulars" in told
    answer = web.post(
        "/kape-diwata/do/audience.add_playbook", {"playbook": "cafe", "language": "en"}, follow=True
    )
    assert "Café or restaurant" in answer.content.decode()
    assert Segment.objects.count() == 3


def test_the_portraits_are_cheap_to_show(web, django_assert_max_num_queries):
    actions.add_playbook(alice(), "cafe")
    actions.add_playbook(alice(), "shop")
    for n in range(30):
        a_post(alice(), n, n + 20, "Skip the 8:30 line: message us your order at 8:00", "Office regulars")
    page(web)
    for address in ("", "hooks/", "people/", f"segment/{Segment.objects.first().pk}/"):
        with django_assert_max_num_queries(15):
            page(web, address)


def test_a_portrait_says_what_is_open_and_what_was_not_tried(web):
    row = a_segment(alice(), pains=["queues"], awake="6-8")
    a_hook(alice(), row)
    told = page(web, f"segment/{row.pk}/")
    assert "not tried yet" in told
    assert "06–08" in told
    assert "How many they are" in told


def test_a_hook_that_worked_shows_its_interval_and_posts(web):
    row = a_segment(alice())
    a_hook(alice(), row)
    for n in range(12):
        a_post(alice(), n, 100, days=NOW.day + 40)
        a_post(alice(), n, 400, "Skip the line", "Office regulars", days=NOW.day + 40)
    told = page(web, "hooks/?trigger=ease")
    assert "works: +" in told
    assert "12 posts" in told
    assert "range-band" in told
    assert "No hook of the bank fits" in page(web, "hooks/?trigger=loss")


def test_forms_write_through_the_door(web):
    page(web, "segment/")
    given = {
        "name": "Students",
        "pains": "queues\nprice",
        "size": "",
        "awake": "6-8",
        "languages": "Filipino",
    }
    web.post("/kape-diwata/do/audience.add_segment", given)
    row = Segment.objects.get()
    assert (row.pains, row.size, row.awake, row.languages) == (["queues", "price"], None, [6, 7], ["fil"])
    page(web, f"segment/{row.pk}/edit/")
    page(web, f"segment/{row.pk}/hook/")
    hook = {"segment": row.pk, "trigger": "ease", "text": "Skip", "offer": "Tea"}
    web.post("/kape-diwata/do/audience.add_hook", hook)
    page(web, f"hooks/{Hook.objects.get().pk}/")
    web.post(
        "/kape-diwata/do/audience.edit_segment",
        {"segment": row.pk, "name": "Students", "pains": "", "size": "5"},
    )
    row.refresh_from_db()
    assert (row.pains, row.size) == ([], 5)


def test_a_wrong_form_keeps_what_was_typed(web):
    answer = web.post(
        "/kape-diwata/do/audience.add_segment", {"name": "Students", "awake": "mornings"},
        headers={"Referer": f"http://testserver{AUDIENCE}segment/"}, follow=True,
    )  # fmt: skip
    told = answer.content.decode()
    assert "Write hours like" in told
    assert 'value="Students"' in told


def give(web, content: bytes, name="people.csv"):
    file = SimpleUploadedFile(name, content)
    where = {"file": file, "next": f"{AUDIENCE}people/{{id}}/"}
    return web.post("/kape-diwata/do/audience.preview_people", where, follow=True)


def test_a_list_goes_from_file_to_preview_to_people(web):
    told = give(web, people_file(ANA, BEN, ["Cy", "cy@", "", "", "", ""]).read()).content.decode()
    assert "The first 3 rows: 2 good, 1 with an error." in told
    assert "«cy@» is not an e-mail address." in told
    assert "Favourite drink" in told
    row = Intake.objects.get()
    columns = [f"{name}={header}" for name, header in row.columns.items()]
    web.post(
        "/kape-diwata/do/audience.accept_people", {"intake": row.pk, "columns": columns, "consent": "unknown"}
    )
    assert len(known(alice())) == 2
    assert "not an e-mail address" in page(web, f"people/{row.pk}/")
    answer = web.get(f"{AUDIENCE}people/{row.pk}/rejected.csv")
    assert "attachment" in answer["Content-Disposition"]
    assert "«cy@» is not an e-mail address." in answer.content.decode("utf-8-sig")
    assert "Ana Reyes" in page(web, "people/?find=ana")
    assert "Nobody begins with that" in page(web, "people/?find=zoe")


def test_columns_nobody_recognised_are_chosen_on_the_page(web):
    told = give(web, b"who,where\nAna,ana@example.com\n").content.decode()
    assert "No column is an e-mail" in told
    row = Intake.objects.get()
    told = web.get(f"{AUDIENCE}people/{row.pk}/", {"columns": ["email=where", "name=who"]}).content.decode()
    assert "The one row is good." in told


def test_what_is_no_table_is_told_on_the_page(web):
    answer = web.post(
        "/kape-diwata/do/audience.preview_people", {"file": SimpleUploadedFile("x.csv", b"%PDF-1.7")},
        headers={"Referer": f"http://testserver{AUDIENCE}people/"}, follow=True,
    )  # fmt: skip
    assert "not a table: it is PDF" in answer.content.decode()
    assert not Intake.objects.exists()


@pytest.fixture
def filipino(web):
    """Alice reads Filipino; a language a page was made in must not stay for the next test."""
    web.cookies["language"] = "fil"
    yield web
    translation.deactivate()


def test_pages_in_filipino(filipino):
    actions.add_playbook(alice(), "cafe", "fil")
    assert "Sino ang gusto nating maabot" in page(filipino)
    assert "Sino na ang kilala natin?" in page(filipino, "people/")


def test_a_reader_sees_no_forms_and_a_stranger_nothing(web, client):
    row = a_segment(alice())
    actions.import_people(alice(), people_file(ANA))
    client.force_login(charlie().person)
    assert client.get(AUDIENCE).status_code == 404
    assert client.get(f"/charlies-tea/audience/segment/{row.pk}/").status_code == 404
    assert client.get(f"/charlies-tea/audience/people/{Intake.objects.get().pk}/").status_code == 404
    client.force_login(bob().person)
    assert client.get(f"{AUDIENCE}segment/{row.pk}/").status_code == 200


def test_a_group_is_built_counted_and_kept(web):
    give(web, people_file(ANA, BEN).read())
    row = Intake.objects.get()
    web.post("/kape-diwata/do/audience.accept_people", {"intake": row.pk, "consent": "unknown"})
    empty = page(web, "groups/new/")
    for _name, rule in group_views.READY:
        address = group_views._address(rule)
        assert address.replace("&", "&amp;") in empty
        assert "Choose a condition" not in page(web, f"groups/new/{address}")
    told = page(web, "groups/new/?how=and&condition=email&value=&how=not&condition=consent&value=yes")
    assert "found by the rule" in told
    assert 'name="rule" value="not:consent:yes"' in told
    piece = page(web, "groups/size/?how=and&condition=everybody&value=&only=yes")
    assert "<html" not in piece
    assert "Keep this group" in piece
    assert "not a number of days" in page(web, "groups/size/?how=and&condition=since&value=soon")
    told = {"name": "Known", "rule": ["and:everybody"], "only_agreed": "true"}
    web.post("/kape-diwata/do/audience.build_group", told)
    assert "2 found: 1 agreed, 1 not known, 0 said no" in page(web, "groups/")
    assert "everybody we know" in page(web, "groups/")


def test_empty_pages_say_what_to_do(web):
    assert "Bring in purchases" in page(web, "value/")
    assert "Bring in a list" in page(web, "groups/")
    assert "It takes two groups to overlap" in page(web, "overlap/")
    assert "Nobody asked to be forgotten yet" in page(web, "people/forgotten/")


def test_customers_stand_on_the_page_in_words(web, django_assert_max_num_queries):
    actions.import_people(alice(), shop())
    page(web)
    with django_assert_max_num_queries(15):
        told = page(web, "value/")
    assert "Champions" in told
    assert "Thank them first" in told
    assert "How often, and how long ago" in told
    assert "Draw portraits of them" in told


def test_an_import_on_its_way_shows_its_bar_and_one_that_stopped_its_reason(web):
    give(web, people_file(ANA).read())
    Intake.objects.update(state="working", step="reading", bytes_read=5, bytes_all=10)
    row = Intake.objects.get()
    assert 'hx-trigger="every 2s"' in page(web, f"people/{row.pk}/")
    assert "HX-Refresh" not in web.get(f"{AUDIENCE}people/{row.pk}/progress/")
    Intake.objects.update(state="stopped", why="The disk is full.")
    assert "The disk is full." in page(web, f"people/{row.pk}/")
    assert web.get(f"{AUDIENCE}people/{row.pk}/progress/")["HX-Refresh"] == "true"


def test_the_proof_is_shown(web):
    actions.forget_person(alice(), given="ana@example.com")
    told = page(web, "people/forgotten/?given=ana@example.com")
    assert "Forgotten: the hash of this address is on a receipt" in told
    assert "No receipt names this address" in page(web, "people/forgotten/?given=ben@example.com")


def test_overlaps_are_a_table(web):
    rows = "member,community\n" + "".join(f"u{n},One\nu{n + 5},Two\n" for n in range(10))
    told = {"file": SimpleUploadedFile("m.csv", rows.encode())}
    web.post("/kape-diwata/do/audience.add_members", told)
    assert "Overlap of communities" in page(web, "overlap/")
