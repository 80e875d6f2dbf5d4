"""Ghost against a real site: DISKARTE_GHOST=<address> DISKARTE_GHOST_KEY=<Admin API key>. Installing one takes minutes.

Run last on 2026-11-23 against Ghost 6.65.0 (Node 22, SQLite): everything passed.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from diskarte.networks import get
from diskarte.networks.ghost import API
from diskarte.words import Media, Reconnect, Refused, Unknown
from tests.networks.test_bluesky_server import Loses, picture
from tests.networks.wire import POST, to_the_end

SITE, KEY = os.environ.get("DISKARTE_GHOST", ""), os.environ.get("DISKARTE_GHOST_KEY", "")
pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not (SITE and KEY), reason="no Ghost site: DISKARTE_GHOST, DISKARTE_GHOST_KEY"),
]
CUP = Media("cup ☕.png", "image/png", picture(), "A red cup")


@pytest.fixture
def api():
    with httpx.Client(timeout=30) as client:
        account = get("ghost").sign_in(get("ghost").api(client, base=SITE), {"token": KEY})
        yield get("ghost").api(client, account.secrets, SITE, account.identity)


def new(**more):
    return replace(POST, key=uuid4().hex, **more)


def test_an_article_with_pictures_lives_and_dies(api):
    text = "Boats & <cups>\n\nSee https://a.example/x?a=1&b=2.\n\nlast"
    post = new(text=text, media=(CUP, replace(CUP, alt="Two")))
    sent = to_the_end(get("ghost"), api, post)
    assert get("ghost").find(api, post) == sent
    (there,) = api.get(f"{API}/posts/{sent.remote_id}/", formats="html").rows("posts")
    assert (there["title"], there["feature_image_alt"]) == ("Boats & <cups>", "A red cup")
    assert '<a href="https://a.example/x?a=1&amp;b=2">' in there["html"]
    assert 'alt="Two"' in there["html"]
    assert httpx.get(sent.url).status_code == 200
    assert get("ghost").measure(api, sent.remote_id) == {"replies": 0}
    assert get("ghost").read_replies(api, sent.remote_id) == []
    for _ in range(2):
        get("ghost").delete(api, sent.remote_id)
    assert get("ghost").find(api, post) is None


def test_a_lost_answer_is_settled_by_the_address(api):
    post = new(text="Lost and found")
    with httpx.Client(transport=Loses("/posts/"), timeout=30) as client:
        line = get("ghost").api(client, api.secrets, SITE, api.identity)
        with pytest.raises(Unknown):
            to_the_end(get("ghost"), line, post)
    assert get("ghost").find(api, post)


def test_the_site_refuses_what_preflight_says_it_would(api):
    for post, code in (
        (new(text="x" * 256), "title_too_long"),
        (new(media=(replace(CUP, alt="é" * 192),)), "alt_too_long"),
    ):
        assert [c.code for c in get("ghost").preflight(post)] == [code]
        with pytest.raises(Refused, match="cannot save"):
            to_the_end(get("ghost"), api, post)
    fits = new(text="x" * 255, media=(replace(CUP, alt="é" * 191),))
    assert not get("ghost").preflight(fits)
    to_the_end(get("ghost"), api, fits)


@pytest.mark.parametrize("key", [KEY[:-2] + "00", "6b03b32ed60cd048fa115fff:" + "00" * 32])
def test_a_key_that_was_taken_back_asks_to_connect_again(api, key):
    with pytest.raises(Reconnect):
        get("ghost").sign_in(api, {"token": key})


@pytest.fixture
def members(api):
    """Who speaks for us, and a stranger; each with an address of their own."""
    told = {}
    for name in ("Harbour", "Mia"):
        address = f"{name.lower()}-{uuid4().hex[:8]}@a.example"
        made = api.post(f"{API}/members/", {"members": [{"name": name, "email": address}]})
        told[name] = (str(made.need("members", 0, "id")), address)
    return told


def says(api, member, text, **where):
    asked = {"member_id": member, "html": f"<p>{text}</p>", **where}
    return str(api.post(f"{API}/comments/", {"comments": [asked]}).need("comments", 0, "id"))


def test_comments_and_answers_to_them_are_read_counted_answered_and_taken_back(api, members):
    """The site must allow comments for all (Settings → Membership → Commenting)."""
    network, (mia, _) = get("ghost"), members["Mia"]
    account = network.sign_in(api, {"token": KEY, "member": members["Harbour"][1]})
    line = network.api(api.client, account.secrets, SITE, account.identity)
    sent = to_the_end(network, line, new(text=f"Talk {uuid4().hex}"))
    first = says(line, mia, "Open on <b>Sunday</b>?", post_id=sent.remote_id)
    answer = new(text="Yes, from six & on.\n\nSee you", answers=first, due_at=datetime.now(UTC))
    assert network.find(line, answer) is None
    ours = network.reply(line, answer, {})
    assert network.find(line, answer) == ours
    again = says(line, mia, "Great!", parent_id=first, in_reply_to_id=ours.remote_id.partition("/")[2])
    told = network.read_replies(line, sent.remote_id)
    assert [(r.remote_id, r.author, r.text) for r in told] == [
        (first, "Mia", "Open on Sunday?"),
        (f"{first}/{again}", "Mia", "Great!"),
    ]
    under = network.reply(line, replace(answer, text="Thank you", answers=told[1].remote_id), {})
    below = network.reply(line, replace(answer, text="A first word of ours", answers=sent.remote_id), {})
    assert network.find(line, replace(answer, text="A first word of ours", answers=sent.remote_id)) == below
    assert network.measure(line, sent.remote_id) == {"replies": 5}
    for one in (under, below):
        network.delete(line, one.remote_id)
    assert network.measure(line, sent.remote_id) == {"replies": 3}


def test_a_member_nobody_knows_is_refused(api):
    with pytest.raises(Refused, match="no member with this address"):
        get("ghost").sign_in(api, {"token": KEY, "member": "o'hara@a.example"})


def test_members_are_counted(api):
    assert get("ghost").measure_channel(api)["followers"] >= 0
