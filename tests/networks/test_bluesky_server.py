"""Bluesky against its real server: what it stores is read back from it, not from what we sent."""

import struct
import zlib
from dataclasses import replace

import httpx
import pytest

from diskarte.networks import get
from diskarte.words import Media, Reconnect, Refused, Unknown
from tests.networks.wire import POST, to_the_end
from tests.servers import bluesky_server

__all__ = ["bluesky_server"]
pytestmark = pytest.mark.servers


class Loses(httpx.HTTPTransport):
    """Delivers every request; loses the answer of those whose path ends so, once."""

    def __init__(self, ending):
        super().__init__()
        self.ending, self.lost = ending, 0

    def handle_request(self, request):
        answer = super().handle_request(request)
        if request.url.path.endswith(self.ending) and not self.lost:
            self.lost += 1
            answer.read()
            raise httpx.ReadTimeout("lost on the way back", request=request)
        return answer


@pytest.fixture(scope="module")
def account(bluesky_server):
    alice = bluesky_server.accounts[0]
    with httpx.Client(timeout=30) as client:
        return get("bluesky").sign_in(get("bluesky").api(client, base=bluesky_server.url), alice)


@pytest.fixture
def api(bluesky_server, account):
    with httpx.Client(timeout=30) as client:
        yield line(client, bluesky_server, account)


def line(client, server, account):
    return get("bluesky").api(client, account.secrets, server.url, account.identity)


def keyed(name, **more):
    """A post with a key of its own, so that tests cannot meet each other's records."""
    return replace(POST, key=f"server-{name}", **more)


def stored(api, uri):
    repo, collection, rkey = uri.removeprefix("at://").split("/")
    return api.get("/xrpc/com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=rkey).body[
        "value"
    ]


def amount(api):
    told = api.get(
        "/xrpc/com.atproto.repo.listRecords", repo=api.identity, collection="app.bsky.feed.post", limit=100
    )
    return len(told.body["records"])


def picture():
    """The smallest PNG there is: one red pixel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def test_signs_in_and_refreshes(bluesky_server, account):
    alice = bluesky_server.accounts[0]
    assert (account.handle, account.identity) == (alice["handle"], alice["did"])
    assert account.expires_at
    with httpx.Client(timeout=30) as client:
        api = line(client, bluesky_server, account)
        again = get("bluesky").refresh(api, account.secrets)
        assert again.identity == account.identity
        assert again.secrets["token"]
        with pytest.raises(Reconnect):
            get("bluesky").sign_in(api, {**alice, "password": "wrong-password"})


def test_publishes_and_a_repeat_makes_no_second_post(api):
    network, post, before = get("bluesky"), keyed("repeat", languages=("en",)), amount(api)
    first = to_the_end(network, api, post)
    assert to_the_end(network, api, post) == first
    assert amount(api) == before + 1
    assert stored(api, first.remote_id)["text"] == "Hello, harbour"
    assert network.find(api, post) == first


def test_a_lost_answer_is_a_doubt_and_looking_settles_it(bluesky_server, account, api):
    post, before = keyed("lost"), amount(api)
    with httpx.Client(transport=Loses("putRecord"), timeout=30) as client, pytest.raises(Unknown):
        to_the_end(get("bluesky"), line(client, bluesky_server, account), post)
    found = get("bluesky").find(api, post)
    assert found == to_the_end(get("bluesky"), api, post)
    assert amount(api) == before + 1


def test_what_was_never_sent_is_surely_not_there(api):
    assert get("bluesky").find(api, keyed("never")) is None


def test_a_thread_with_a_picture_links_mentions_and_tags(api, bluesky_server):
    bob = bluesky_server.accounts[1]
    text = "☕ Ñ #harbour with @bob.test at https://harbour.example/menu."
    cup = Media("cup.png", "image/png", picture(), "A red cup")
    post = keyed("thread", text=text, parts=("second #two", "third"), media=(cup,))
    sent = to_the_end(get("bluesky"), api, post)
    root, *later = (stored(api, uri) for uri in (sent.remote_id, *sent.told["parts"]))
    raw = text.encode()
    words = [raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in root["facets"]]
    assert words == ["#harbour", "@bob.test", "https://harbour.example/menu"]
    assert root["facets"][1]["features"][0]["did"] == bob["did"]
    assert root["embed"]["images"][0]["alt"] == "A red cup"
    assert [r["reply"]["root"]["uri"] for r in later] == [sent.remote_id] * 2
    assert later[1]["reply"]["parent"]["uri"] == sent.told["parts"][0]
    assert get("bluesky").find(api, post) == sent


def test_replies_in_the_conversation_it_answers(api):
    network = get("bluesky")
    first = to_the_end(network, api, keyed("asked"))
    answer = to_the_end(network, api, keyed("answer", answers=first.remote_id), "reply")
    deeper = to_the_end(network, api, keyed("deeper", answers=answer.remote_id), "reply")
    told = stored(api, deeper.remote_id)["reply"]
    assert told["root"]["uri"] == first.remote_id
    assert told["parent"]["uri"] == answer.remote_id


def test_deletes_twice(api):
    network, post = get("bluesky"), keyed("deleted")
    sent = to_the_end(network, api, post)
    network.delete(api, sent.remote_id)
    network.delete(api, sent.remote_id)
    assert network.find(api, post) is None


def test_numbers_are_unknown_without_a_view(api):
    sent = to_the_end(get("bluesky"), api, keyed("numbers"))
    assert set(get("bluesky").measure(api, sent.remote_id).values()) == {None}


def test_the_server_refuses_what_preflight_says_it_would(api):
    network = get("bluesky")
    fits = keyed("fits", text="🇵🇭" * 300)
    assert not network.preflight(fits)
    to_the_end(network, api, fits)
    for name, text, code, said in (
        ("long", "🇵🇭" * 301, "text_too_long", "grapheme"),
        ("heavy", "👨‍👩‍👧" * 200, "text_too_heavy", "too big"),
    ):
        over = keyed(name, text=text)
        assert [c.code for c in network.preflight(over)] == [code]
        with pytest.raises(Refused, match=said):
            to_the_end(network, api, over)


def test_a_picture_that_is_too_big_is_refused_as_foretold(api):
    big = Media("big.png", "image/png", picture() + b"\0" * 2_000_000, "Too big")
    post = keyed("big", media=(big,))
    assert [c.code for c in get("bluesky").preflight(post)] == ["too_big"]
    with pytest.raises(Refused):
        to_the_end(get("bluesky"), api, post)
