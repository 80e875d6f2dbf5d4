"""WordPress against its real server: what it keeps is read back from it, not from what we sent."""

from dataclasses import replace

import httpx
import pytest

from diskarte.networks import get
from diskarte.words import Media, Reconnect, Refused, Unknown
from tests.networks.test_bluesky_server import Loses, picture
from tests.networks.wire import POST, to_the_end
from tests.servers import wordpress_site

__all__ = ["wordpress_site"]
pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("wordpress")]
API = "/wp-json/wp/v2"
CUP = Media("cup ☕.png", "image/png", picture(), "A red cup")


@pytest.fixture(scope="module")
def account(wordpress_site):
    with httpx.Client(timeout=30) as client:
        line = get("wordpress").api(client, base=wordpress_site.url)
        given = {"user": wordpress_site.user, "password": wordpress_site.password}
        return get("wordpress").sign_in(line, given)


@pytest.fixture
def api(wordpress_site, account):
    with httpx.Client(timeout=30) as client:
        yield get("wordpress").api(client, account.secrets, wordpress_site.url, account.identity)


def keyed(name, site, **more):
    """A post with a key of its own: the site keeps what earlier runs left there."""
    return replace(POST, key=f"{site.password}-{name}", **more)


def amount(api, **asked):
    return int(api.get(f"{API}/posts", per_page=1, **asked).headers["x-wp-total"])


def somebody(api, name):
    """The number of a reader with that name; the site may know them from an earlier run."""
    known = api.get(f"{API}/users", search=name, context="edit").rows()
    person = {
        "username": name,
        "email": f"{name}@a.example",
        "password": "a long word",
        "roles": ["subscriber"],
    }
    return known[0]["id"] if known else api.post(f"{API}/users", person).need("id")


def test_signs_in_with_an_application_password_and_not_with_another(wordpress_site, account):
    assert (account.handle, account.identity) == ("admin", "1")
    with httpx.Client(timeout=30) as client:
        line = get("wordpress").api(client, base=wordpress_site.url)
        with pytest.raises(Reconnect):
            get("wordpress").sign_in(line, {"user": "admin", "password": "wrong wrong wrong"})


def test_an_article_with_pictures_and_their_descriptions(api, wordpress_site):
    text = "Boats & cups <1>\n\nFirst «paragraph».\n\nSee https://harbour.example/menu."
    post = keyed("article", wordpress_site, text=text, media=(CUP, replace(CUP, name="two.png", alt="Two")))
    sent = to_the_end(get("wordpress"), api, post)
    there = api.get(f"{API}/posts/{sent.remote_id}", context="edit")
    assert there.get("title", "raw") == "Boats & cups <1>"
    assert there.get("status") == "publish"
    assert '<a href="https://harbour.example/menu">' in there.get("content", "raw")
    assert 'alt="Two"' in there.get("content", "raw")
    featured = api.get(f"{API}/media/{there.get('featured_media')}")
    assert (featured.get("alt_text"), featured.get("mime_type")) == ("A red cup", "image/png")
    assert httpx.get(sent.url).status_code == 200


def test_a_lost_answer_is_settled_by_the_address_and_no_second_article(wordpress_site, account, api):
    post, before = keyed("lost", wordpress_site, text="Lost and found\n\nBody"), amount(api)
    with httpx.Client(transport=Loses("/posts"), timeout=30) as client:
        line = get("wordpress").api(client, account.secrets, wordpress_site.url, account.identity)
        with pytest.raises(Unknown):
            to_the_end(get("wordpress"), line, post)
    found = get("wordpress").find(api, post)
    assert found
    assert amount(api) == before + 1
    assert get("wordpress").find(api, keyed("never", wordpress_site)) is None


def test_into_the_bin_twice(api, wordpress_site):
    post = keyed("binned", wordpress_site)
    sent = to_the_end(get("wordpress"), api, post)
    for _ in range(2):
        get("wordpress").delete(api, sent.remote_id)
    assert get("wordpress").find(api, post) is None
    assert api.get(f"{API}/posts/{sent.remote_id}", context="edit").get("status") == "trash"


def test_comments_are_counted_read_and_answered(api, wordpress_site):
    network, sent = get("wordpress"), to_the_end(get("wordpress"), api, keyed("asked", wordpress_site))
    assert network.measure(api, sent.remote_id) == {"replies": 0}
    said = {"post": int(sent.remote_id), "author": somebody(api, "mia"), "content": "Open on Sunday?"}
    asked = api.post(f"{API}/comments", said | {"status": "approved"})
    (heard,) = network.read_replies(api, sent.remote_id)
    assert (heard.author, heard.text) == ("mia", "Open on Sunday?")
    assert heard.remote_id == f"{sent.remote_id}#comment-{asked.need('id')}"
    answer = keyed("answer", wordpress_site, text="From nine <3 a & b", answers=heard.remote_id)
    done = to_the_end(network, api, answer, "reply")
    assert network.find(api, answer).remote_id == done.remote_id
    assert api.get(f"{API}/comments/{done.remote_id.partition('-')[2]}").get("parent") == asked.need("id")
    assert network.measure(api, sent.remote_id) == {"replies": 2}
    assert len(network.read_replies(api, sent.remote_id)) == 1, "our own answer is no reply"
    for _ in range(2):
        network.delete(api, done.remote_id)
    assert network.find(api, answer) is None


def test_anybody_may_read_what_is_public(api, wordpress_site):
    to_the_end(get("wordpress"), api, keyed("public", wordpress_site, text="Open “late”\n\nUntil ten"))
    (newest, *_) = get("wordpress").read_public(api, wordpress_site.url)
    assert newest.text == "Open “late”"
    assert newest.at.tzinfo


def test_what_the_site_refuses_is_said_in_its_words(api, wordpress_site):
    with pytest.raises(Refused):
        to_the_end(get("wordpress"), api, keyed("gone", wordpress_site, answers="999999"), "reply")
    film = Media("film.exe", "application/x-msdownload", b"MZ", "No film")
    with pytest.raises((Refused, Unknown)) as caught:
        to_the_end(get("wordpress"), api, keyed("exe", wordpress_site, media=(film,)))
    assert "not allowed" in str(caught.value)
