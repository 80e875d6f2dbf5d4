"""The pages of the brand: what they show, how little they ask of the database, and that the forms work."""

from decimal import Decimal

import pytest

from diskarte.core.given import Upload
from diskarte.core.people.models import Brand, Membership
from diskarte.stages.brand import actions, sentences
from diskarte.stages.brand.models import Canvas, Snapshot
from tests.brand.builders import ANSWERS, a_channel, a_rival, posts
from tests.make import a_person, a_workspace, alice, bob

HOME = "/kape-diwata/brand/"


def a_full_brand():
    who = alice()
    actions.edit(who, **ANSWERS, colour="#6b3e26", do_words=["kape"])
    actions.add_product(who, "Barako latte", Decimal("180"), Decimal("62.5"))
    a_channel(who)
    posts(who, 5, likes=9)
    for name in ("Kanto", "The chain", "Third"):
        row = a_rival(who, name, strengths="Own roast", source="visited")
        actions.add_snapshot(who, row.pk, "practice", followers=4000, posts=8, posts_a_week=2.0)
    return row


def test_the_page_answers_its_question_in_few_queries(web, django_assert_max_num_queries):
    a_full_brand()
    web.get(HOME)  # the rail is asked anew after a write
    with django_assert_max_num_queries(15):
        page = web.get(HOME)
    text = page.content.decode()
    assert page.status_code == 200
    assert "For people working near Katipunan who want a place" in text
    assert "Own roast" in text
    assert "visited" in text
    assert "₱180" in text
    assert "62.5" in text


def test_the_numbers_of_all_stand_side_by_side(web):
    a_full_brand()
    found = actions.compare(alice())
    rows = sentences.side_by_side({row.competitor.name: row.lines for row in found})
    told = {row.factor: row for row in rows}
    followers = told["Followers"]
    assert [name for _value, _verdict, name in followers.cells] == [row.competitor.name for row in found]
    assert {value for value, _verdict, _name in followers.cells} == {4000}
    assert "Price level" not in told
    assert sentences.side_by_side({"Kanto": [], "The chain": []}) == []
    page = web.get(HOME).content.decode()
    assert "Side by side" in page
    assert "4,000" in page[page.index("Side by side") :]


def png():
    import pyvips

    return pyvips.Image.black(40, 20).copy(interpretation="srgb").bandjoin([0, 0]).pngsave_buffer()


def test_the_logo_stands_on_its_pages(web):
    who = alice()
    assert "data:image/png" not in web.get(HOME + "facts/").content.decode()
    actions.set_logo(who, Upload("logo.png", png()))
    for place in ("", "facts/"):
        assert "data:image/png;base64," in web.get(HOME + place).content.decode()


def test_an_empty_brand_is_shown_what_to_do(web):
    text = web.get(HOME).content.decode()
    assert "Nobody to compare with yet" in text
    assert "[what they buy]" in text
    assert f"{HOME}canvas/#sells" in text


@pytest.mark.parametrize("place", ["canvas/", "facts/", "products/new/", "competitors/new/", "concept/"])
def test_every_page_opens(web, place):
    assert web.get(HOME + place).status_code == 200


def test_an_author_sees_no_buttons(client, db):
    alice()
    client.force_login(bob().person)
    text = client.get(HOME).content.decode()
    assert "/brand/canvas/" not in text.replace("canvas/#", "")
    assert "Add a competitor" not in text


def test_somebody_elses_competitor_does_not_exist(web):
    assert web.get(HOME + "competitors/99/").status_code == 404


def test_a_person_without_a_brand_makes_one(client, db):
    person = a_person("Dina")
    Membership.objects.create(person=person, workspace=a_workspace(), role="owner")
    client.force_login(person)
    form = client.get("/brand/new/")
    assert form.status_code == 200
    assert b'/do/brand.create"' in form.content
    given = {"name": "Kape ni Juan", "country": "PH", "languages": ["en"], "next": "/{slug}/brand/canvas/"}
    done = client.post("/do/brand.create", given)
    assert done.headers["Location"] == "/kape-ni-juan/brand/canvas/"
    assert client.get("/kape-ni-juan/brand/canvas/").status_code == 200


def test_a_country_with_many_zones_asks_back_and_keeps_what_was_typed(web):
    given = {"name": "Siberian Tea", "country": "RU"}
    back = web.post("/do/brand.create", given, headers={"referer": "http://testserver/brand/new/"})
    text = web.get(back.headers["Location"]).content.decode()
    assert "more than one time zone" in text
    assert "Siberian Tea" in text
    assert not Brand.objects.filter(name="Siberian Tea").exists()


def test_the_canvas_form_saves_and_can_be_emptied(web):
    alice()
    page = f"{HOME}canvas/"
    web.post(
        "/kape-diwata/do/brand.edit", {"idea": "Coffee", "do_words": "kape, barako", "price_level": "high"}
    )
    text = web.get(page).content.decode()
    assert "Coffee" in text
    assert "kape\nbarako" in text
    web.post("/kape-diwata/do/brand.edit", {"idea": "", "do_words": "", "price_level": ""})
    row = Canvas.objects.get()
    assert (row.idea, row.do_words, row.price_level) == ("", [], "")


def test_numbers_of_a_competitor_are_written_down_by_form(web):
    row = a_rival(alice())
    page = f"{HOME}competitors/{row.pk}/"
    web.post(
        "/kape-diwata/do/brand.add_snapshot", {"competitor": row.pk, "network": "practice", "followers": "70"}
    )
    assert Snapshot.objects.get().engagement is None  # left open: unknown, not zero
    text = web.get(page).content.decode()
    assert "practice: @kanto" in text
    assert "counted by hand" in text


def test_the_concept_is_a_pdf_of_what_is_known(web):
    import pyvips

    row = a_full_brand()
    logo = pyvips.Image.black(64, 64).cast("uchar").write_to_buffer(".png")
    from diskarte.core.given import Upload

    actions.set_logo(alice(), Upload("logo.png", logo))
    actions.edit_competitor(alice(), row.pk, "#strong[*injected*]", handles=["x: $1$"])
    page = web.get(HOME + "concept.pdf")
    assert page.headers["Content-Type"] == "application/pdf"
    assert page.content.startswith(b"%PDF")
    assert "#strong[*injected*]" in web.get(HOME + "concept/").content.decode()


def test_a_file_that_is_no_picture_is_no_logo(web):
    from django.core.files.uploadedfile import SimpleUploadedFile

    alice()
    web.post("/kape-diwata/do/brand.set_logo", {"file": SimpleUploadedFile("logo.png", b"not a picture")})
    assert Canvas.objects.filter(logo__isnull=False).count() == 0
