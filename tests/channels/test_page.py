"""Pages of the channels, as Alice sees them."""

from __future__ import annotations

import httpx
import pytest
from django.utils import translation

from diskarte.core.outbox import wire
from diskarte.core.outbox.models import Channel
from diskarte.stages.channels import actions
from diskarte.stages.channels.models import SignIn
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
        "/api/v1/accounts/verify_credentials": {"id": "7", "acct": "kape", "url": "https://example.social/@kape"},
    }
    answer = httpx.MockTransport(lambda request: httpx.Response(200, json=bodies.get(request.url.path, {})))
    monkeypatch.setattr(wire, "line", lambda base, channel=None: httpx.Client(transport=answer))
    told = web.post(f"{CHANNELS}connect/mastodon/", {"given.base": "example.social"}, follow=True).content.decode()
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
