"""Pages of the channels, as Alice sees them."""

from __future__ import annotations

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from diskarte.core.outbox import wire
from diskarte.core.outbox.models import Channel
from diskarte.stages.audience.models import Segment
from diskarte.stages.channels import actions
from diskarte.stages.channels.models import SignIn
from tests.channels.test_beside import a_market
from tests.make import alice, bob, charlie

CHANNELS = "/kape-diwata/channels/"
pytestmark = pytest.mark.django_db


def page(web, address="", status=200):
    answer = web.get(CHANNELS + address)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def refusing(monkeypatch):
    body = {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
    answer = httpx.MockTransport(lambda request: httpx.Response(401, json=body))
    monkeypatch.setattr(wire, "line", lambda base, channel=None: httpx.Client(transport=answer))


def test_an_empty_page_connects_with_one_click(web):
    assert "No channel yet" in page(web)
    told = web.post(f"{CHANNELS}connect/practice/", follow=True).content.decode()
    assert "kape-diwata (practice) is connected." in told
    assert Channel.objects.get().state == "ready"


def test_pages_are_cheap(web, django_assert_max_num_queries):
    row = actions.connect(alice(), "practice")
    actions.connect(alice(), "by_hand", {"handle": "@kape"}, "Facebook")
    page(web)
    for address in ("", "networks/", f"{row.pk}/", f"{row.pk}/reconnect/", "connect/bluesky/"):
        with django_assert_max_num_queries(15):
            page(web, address)


def test_every_network_has_its_form(web):
    for offer in actions.offers(alice()):
        told = page(web, f"connect/{offer.name}/")
        for field in offer.fields:
            assert f'name="given.{field.name}"' in told


def test_the_matrix_says_when_it_was_checked(web):
    told = page(web, "networks/")
    assert "Checked on" in told
    assert "22 Nov 2026" in told


def test_a_wrong_password_is_told_and_kept_nowhere(web, refusing):
    secret = "abcd-efgh-ijkl-mnop"
    given = {"given.handle": "kape.bsky.social", "given.password": secret}
    answer = web.post(f"{CHANNELS}connect/bluesky/", given)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "Invalid identifier or password" in told
    assert 'value="kape.bsky.social"' in told
    assert secret not in told
    assert secret not in str(dict(web.session))


def test_signing_in_elsewhere_goes_by_a_link_and_comes_back(web, monkeypatch):
    bodies = {
        "/api/v1/apps": {"client_id": "c", "client_secret": "s"},
        "/oauth/token": {"access_token": "the-token"},
        "/api/v1/accounts/verify_credentials": {
            "id": "7",
            "acct": "kape",
            "url": "https://example.social/@kape",
        },
    }
    answer = httpx.MockTransport(lambda request: httpx.Response(200, json=bodies.get(request.url.path, {})))
    monkeypatch.setattr(wire, "line", lambda base, channel=None: httpx.Client(transport=answer))
    told = web.post(
        f"{CHANNELS}connect/mastodon/", {"given.base": "example.social"}, follow=True
    ).content.decode()
    assert "https://example.social/oauth/authorize?" in told
    state = SignIn.objects.get().state
    there = web.get("/channels/back/", {"state": state, "code": "x"})
    assert there["Location"].startswith("/kape-diwata/channels/back/?")
    assert "kape is connected." in web.get(there["Location"], follow=True).content.decode()
    assert web.get("/channels/back/", {"state": "guessed", "code": "x"}).status_code == 404


def test_a_lost_permission_offers_to_connect_again(web):
    row = actions.connect(alice(), "practice")
    Channel.objects.filter(pk=row.pk).update(state="blocked", why="The token was withdrawn.")
    told = page(web)
    assert "The token was withdrawn." in told
    assert f"{CHANNELS}{row.pk}/reconnect/" in told
    assert web.post(f"{CHANNELS}{row.pk}/reconnect/", {"given.token": "kape-diwata"}).status_code == 302
    assert Channel.objects.get().state == "ready"


def test_buttons_do_what_they_say(web):
    row = actions.connect(alice(), "practice")
    for verb, given, fact in (
        ("outbox.pause", {}, ("state", "paused")),
        ("outbox.resume", {}, ("state", "ready")),
        ("channels.rename", {"name": "Rehearsal"}, ("name", "Rehearsal")),
    ):
        web.post(f"/kape-diwata/do/{verb}", {"channel": row.pk, **given})
        assert getattr(Channel.objects.get(), fact[0]) == fact[1]
    web.post("/kape-diwata/do/channels.check_channel", {"channel": row.pk})
    assert Channel.objects.get().followers is not None
    web.post("/kape-diwata/do/channels.set_budget", {"hours_a_week": "10", "money_a_month": ""})
    assert actions.budget(alice()).hours_a_week == 10
    web.post("/kape-diwata/do/channels.remove", {"channel": row.pk})
    assert not Channel.objects.exists()


def test_an_author_sees_but_may_not_connect_and_a_stranger_sees_nothing(web, client):
    row = actions.connect(alice(), "practice")
    client.force_login(bob().person)
    told = client.get(CHANNELS).content.decode()
    assert "kape-diwata" in told
    assert "Hours a week, everybody together" not in told
    assert client.post(f"{CHANNELS}connect/practice/").status_code == 403
    client.force_login(charlie().person)
    assert client.get(CHANNELS).status_code == 404
    assert client.get(f"/charlies-tea/channels/{row.pk}/").status_code == 404


@pytest.fixture
def filipino(web):
    """Alice reads Filipino; a language a page was made in must not stay for the next test."""
    web.cookies["language"] = "fil"
    yield web
    translation.deactivate()


def test_pages_in_filipino(filipino):
    assert "Nasaan sila" in page(filipino)


def test_where_to_be_asks_what_is_missing_and_then_answers(web):
    assert "Whom do you want to reach?" in page(web, "where/")
    who = alice()
    Segment.objects.create(brand=who.brand, name="Students", size=20_000)
    assert "How many hours a week are there?" in page(web, "where/")
    actions.set_budget(who, 7)
    told = page(web, "where/")
    assert "Take this set" in told
    assert "of 10 chances" in told
    assert "Whatever the overlap" in told
    web.post("/kape-diwata/do/channels.accept_choice", {"next": f"{CHANNELS}where/"})
    assert "Decided:" in page(web, "where/")


def test_a_person_overrules_on_the_page(web):
    who = alice()
    Segment.objects.create(brand=who.brand, name="Students", size=20_000)
    actions.set_budget(who, 7)
    assert 'name="stance"' in page(web, "where/viber/")
    web.post(
        "/kape-diwata/do/channels.set_place", {"platform": "viber", "hours_a_week": "1.5", "stance": "anyway"}
    )
    assert "we are there anyway" in page(web, "where/")


def test_every_share_shows_its_source(web):
    told = page(web, "presence/?country=US")
    assert "Pew Research Center" in told
    assert "https://www.rab.com/whyradio" in told
    assert "Philippines" in page(web, "presence/?country=nowhere")
    told = {"platform": "Facebook", "percent": "61", "source": "Counted at the door"}
    web.post("/kape-diwata/do/channels.set_presence", told)
    assert "Counted at the door" in page(web, "presence/")
    assert 'name="percent"' in page(web, "presence/new/?platform=viber")


def test_facts_and_followers_have_their_empty_pages(web):
    assert "Nothing measured yet" in page(web, "swot/")
    assert "No lists to compare yet" in page(web, "followers/")
    who = alice()
    file = SimpleUploadedFile(
        "f.csv", f"member,page\nu1,{who.brand.name}\nu1,Rival\nu2,Rival\n,Rival\n".encode()
    )
    web.post("/kape-diwata/do/channels.import_followers", {"file": file})
    told = page(web, "followers/")
    assert "Rival" in told
    assert "50" in told


def test_pages_of_the_choice_are_cheap(web, django_assert_max_num_queries):
    who = alice()
    for name in ("Students", "Parents"):
        Segment.objects.create(brand=who.brand, name=name, size=20_000)
    actions.set_budget(who, 7)
    a_market(who)
    page(web)
    for address in ("where/", "where/viber/", "presence/", "presence/new/", "swot/", "followers/"):
        with django_assert_max_num_queries(20):
            page(web, address)
    told = page(web, "swot/")
    assert "Strengths" in told
    assert "a usual post of ours gets" in told


def test_strangers_and_authors_see_no_more_than_they_may(web, client):
    client.force_login(bob().person)
    told = client.get(CHANNELS + "where/").content.decode()
    assert "Take this set" not in told
    client.force_login(charlie().person)
    for address in ("where/", "presence/", "swot/", "followers/", "where/viber/"):
        assert client.get(CHANNELS + address).status_code == 404
