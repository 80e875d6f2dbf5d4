"""The pages: what they show, what they ask the database, and what a stranger sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.outbox.models import Attempt
from diskarte.stages.publish import actions
from diskarte.stages.publish.models import Post
from tests.make import NOW, a_brand, alice, bob, charlie
from tests.publish.builders import LATER, a_channel, a_picture, a_post, a_slot, in_state

pytestmark = pytest.mark.django_db
HOME = "/kape-diwata/publish/"
QUERIES = 15


@pytest.fixture
def asked(web, django_assert_max_num_queries):
    """The text of a page; with its answer checked and its queries counted, once the rail is fresh."""

    def get(path: str, status: int = 200) -> str:
        web.get("/kape-diwata/publish/outbox/")
        with django_assert_max_num_queries(QUERIES):
            answer = web.get(path)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.content.decode()

    return get


def test_an_empty_brand_is_shown_where_to_begin(asked):
    page = asked(HOME)
    assert "No post yet" in page
    assert "publish/write/" in page


def test_posts_by_state(asked):
    draft = a_post("Pour slowly", a_channel("Harbour"))
    late = a_post("Undas promo", a_channel("Hall"), at=LATER, then="publish_now")
    in_state(late, "unknown", do="Look")
    page = asked(HOME)
    assert "1 post needs you." in page
    assert f"publish/{draft.pk}/" in page
    assert f"publish/{late.pk}/story" in page
    assert "Undas promo" not in asked(f"{HOME}in/draft/")
    assert "Pour slowly" in asked(f"{HOME}in/draft/")


def test_an_unknown_state_says_so(asked):
    assert "no state" in asked(f"{HOME}in/nowhere/", 422)


def test_the_composer_is_filled_from_the_slot(asked):
    slot = a_slot(topic="Beans", title="Bean day", at=LATER)
    page = asked(f"{HOME}write/?slot={slot.pk}")
    assert 'value="Bean day"' in page
    assert 'value="2026-12-01T12:00"' in page
    assert f'name="channels" value="{slot.channel_id}" checked' in page


def test_a_whole_post_through_its_form(web):
    channel = a_channel()
    form = {"text": "Open at 6", "channels": ["", str(channel.pk)], "at": "2099-12-01T12:00", "kind": "text"}
    form |= {
        "pillar": "0",
        "goal": "0",
        "then": "schedule",
        "next": "/kape-diwata/publish/{id}/",
        "file_alt": "",
    }
    answer = web.post("/kape-diwata/do/publish.write", form | {"title": "", "link": "", "parts": ""})
    post = Post.objects.get()
    assert answer.url == f"{HOME}{post.pk}/"
    assert actions.post(alice(), post.pk).state == "scheduled"
    assert post.due_at.isoformat() == "2099-12-01T04:00:00+00:00"  # noon in Manila


def test_what_was_typed_survives_a_refusal(web):
    channel = a_channel()
    form = {"text": "A long story", "channels": [str(channel.pk)], "then": "schedule", "next": HOME}
    web.post("/kape-diwata/do/publish.write", form, headers={"referer": f"http://testserver{HOME}write/"})
    page = web.get(f"{HOME}write/").content.decode()
    assert "A long story" in page
    assert "It has no time yet." in page


def test_the_composer_of_a_post(asked):
    first, second = a_channel("Harbour"), a_channel("Sky", network="bluesky")
    post = a_post("x" * 301, channels=[first.pk, second.pk])
    actions.attach(alice(), post.pk, a_picture(), alt="A cup")
    page = asked(f"{HOME}{post.pk}/?channel={second.pk}")
    assert "301 of 300 characters" in page
    assert "1 characters too long" in page
    assert 'alt="A cup"' in page


def test_a_picture_through_the_form_and_its_description_later(web):
    given = a_picture()
    upload = SimpleUploadedFile("cup.png", given.read(), "image/png")
    web.post(
        "/kape-diwata/do/publish.write", {"text": "Hi", "file": upload, "file_alt": "A cup", "next": HOME}
    )
    one = Post.objects.get().attachments.get()
    assert (one.file.alt, Post.objects.get().kind) == ("A cup", "image")
    path, json = f"/kape-diwata/do/publish.describe?attachment={one.pk}", {"accept": "application/json"}
    assert web.post(path, {"alt": "A blue cup"}, headers=json).status_code == 200
    one.file.refresh_from_db()
    assert one.file.alt == "A blue cup"
    web.post("/kape-diwata/do/publish.edit", {"post": Post.objects.get().pk, "text": "Hi", "remove": one.pk})
    assert not Post.objects.get().attachments.exists()


def test_the_plan_may_move_a_written_slot(asked):
    slot = a_slot()
    post = actions.write(alice(), text="Slowly", slot=slot.pk)
    assert "another time" not in asked(f"{HOME}{post.pk}/")
    slot.at += timedelta(days=1)
    slot.save()
    assert "The plan now says another time" in asked(f"{HOME}{post.pk}/")


def test_a_written_slot_opens_its_post(web):
    slot = a_slot()
    post = actions.write(alice(), text="Slowly", slot=slot.pk)
    assert web.get(f"{HOME}write/?slot={slot.pk}").url == f"{HOME}{post.pk}/"


def test_the_look_follows_what_is_typed(web):
    first, second = a_channel("Harbour"), a_channel("Sky", network="bluesky")
    typed = {
        "text": "Hello",
        "channels": [first.pk, second.pk],
        "only_on": second.pk,
        "own_text": "Bukas " * 60,
    }
    page = web.post(f"{HOME}look", typed | {"show": second.pk}).content.decode()
    assert "360 of 300" in page or "359 of 300" in page
    away = web.post(f"{HOME}look", typed | {"show": first.pk}).content.decode()
    assert (
        f'name="own" value="{second.pk}:Bukas' in away
    )  # what was typed for the other channel travels along
    assert not Post.objects.exists()


def test_what_is_out_has_its_story(web, asked):
    channel = a_channel()
    post = a_post(channel=channel, at=LATER, then="publish_now")
    sent = in_state(post, "sent", sent_at=NOW, url="https://practice.internal/p/1")
    call = {"method": "POST", "path": "/posts", "status": 201, "ms": 12, "body": "made"}
    Attempt.objects.create(
        delivery=sent,
        number=1,
        fence=1,
        owner="w",
        started_at=NOW,
        ended_at=NOW,
        outcome="sent",
        exchanges=[call],
    )
    shown = Publication.objects.create(
        brand=a_brand(), channel=channel, network="practice", remote_id="1", at=NOW, origin=post.address
    )
    Reading.objects.create(
        brand=a_brand(), publication=shown, metric="likes", value=4, at=LATER, source="practice"
    )
    assert web.get(f"{HOME}{post.pk}/").status_code == 302
    page = asked(f"{HOME}{post.pk}/story")
    for told in ("Written", "Sent", "POST /posts", "After 3 h", "Likes 4", "https://practice.internal/p/1"):
        assert told in page


@pytest.mark.parametrize(
    ("state", "facts", "told"),
    [
        ("asked", {"tries": 1, "do": "Post it"}, "Done, here is the link"),
        ("asked", {"tries": 0}, "Its hour has passed"),
        ("unknown", {"do": "Look"}, "It is not there"),
        ("refused", {"why": "Too long"}, "Too long"),
        ("blocked", {}, "Connect again"),
        ("queued", {}, "It goes out"),
    ],
)
def test_the_story_says_what_a_person_can_do(asked, state, facts, told):
    post = a_post(then="publish_now")
    actions.attach(alice(), post.pk, a_picture())
    in_state(post, state, **facts)
    assert told in asked(f"{HOME}{post.pk}/story")


def test_done_by_hand_through_its_form(web):
    post = a_post(then="publish_now")
    asked_for = in_state(post, "asked", tries=1)
    form = {"delivery": asked_for.pk, "there": "true", "url": "https://facebook.com/kape/1", "next": HOME}
    web.post("/kape-diwata/do/outbox.resolve", form)
    asked_for.refresh_from_db()
    assert (asked_for.state, asked_for.url) == ("sent", "https://facebook.com/kape/1")


def test_the_outbox_and_its_filters(asked):
    channel = a_channel()
    refused = a_post("Too long", channel, then="publish_now")
    in_state(refused, "refused", why="The text is too long.")
    a_post("On its way", a_channel("Hall"), then="publish_now")
    page = asked(f"{HOME}outbox/")
    assert "Try all safe ones again" in page
    assert "The text is too long." in page
    only = asked(f"{HOME}outbox/?state=queued,sending")
    assert "On its way" in only
    assert "The text is too long." not in only
    assert "Nothing here" in asked(f"{HOME}outbox/?state=sent&channel={channel.pk}")


def test_many_posts_turn_pages(asked, monkeypatch):
    monkeypatch.setattr("diskarte.stages.publish.views.A_PAGE", 2)
    channel = a_channel()
    for number in range(5):
        a_post(f"Post {number}", channel)
    assert "?page=2" in asked(HOME)
    assert "?page=1" in asked(f"{HOME}?page=2")


def test_media_are_served_to_members_only(web):
    one = actions.attach(alice(), a_post().pk, a_picture())
    path = f"{HOME}media/{one.file_id}/cup.png"
    answer = web.get(path)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == one.file.read()
    assert "attachment" in web.get(f"{path}?download=1").headers["Content-Disposition"]
    stranger = Client()
    stranger.force_login(charlie().person)
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/charlies-tea/publish/media/{one.file_id}/cup.png").status_code == 404
    assert Client().get(path).status_code in (302, 404)


def test_a_stranger_finds_no_page(web):
    post = a_post(then="publish_now")
    stranger = Client()
    stranger.force_login(charlie().person)
    theirs = "/charlies-tea/publish/"
    for path in (HOME, f"{HOME}{post.pk}/", f"{theirs}{post.pk}/story", f"{theirs}{post.pk}/"):
        assert stranger.get(path).status_code == 404


def test_an_author_may_not_send_but_ask(client):
    client.force_login(bob().person)
    page = client.get(f"{HOME}{a_post().pk}/").content.decode()
    assert "Ask for approval" in page
    assert 'value="schedule"' not in page


def test_in_filipino(web):
    web.cookies["language"] = "fil"
    assert web.get(HOME).status_code == 200
