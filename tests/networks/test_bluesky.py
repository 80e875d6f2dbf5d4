"""What is Bluesky's own: byte ranges, derived keys, threads, and a server without a view."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.networks import get
from diskarte.networks._facets import facets, handles
from diskarte.networks.bluesky import SORTABLE, record_key
from diskarte.words import Media, Metric, Reconnect, Refused, TryLater, Unknown
from tests.networks.wire import POST, api_that, to_the_end

DUE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def marked(text, dids=()):
    """Each facet as (the words it covers, what it says)."""
    raw = text.encode()
    found = []
    for facet in facets(text, dict(dids)):
        place, (feature,) = facet["index"], facet["features"]
        value = next(v for k, v in feature.items() if k != "$type")
        found.append((raw[place["byteStart"] : place["byteEnd"]].decode(), value))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "☕ See https://harbour.example/menu.",
            [("https://harbour.example/menu", "https://harbour.example/menu")],
        ),
        ("Ñ #Pagkaing-dagat! #1 #2026 x#no", [("#Pagkaing-dagat", "Pagkaing-dagat")]),
        ("👨‍👩‍👧 with @maria.test, and @nobody.test", [("@maria.test", "did:plc:maria")]),
        ("mail me@maria.test", []),
        ("https://a.example/@maria.test/#top", [("https://a.example/@maria.test/#top",) * 2]),
        ("#" + "a" * 65, []),
    ],
)
def test_facets_cover_the_right_bytes(text, expected):
    assert marked(text, {"maria.test": "did:plc:maria"}) == expected


def test_handles_are_each_named_once():
    assert handles("@Maria.test @maria.test @ben.test @alone https://x.example/@zoe.test") == [
        "maria.test",
        "ben.test",
    ]


@given(st.text(alphabet=st.sampled_from("#@ aé日👍.1-/:https"), max_size=40))
def test_facets_never_overlap_and_stay_inside(text):
    places = [(f["index"]["byteStart"], f["index"]["byteEnd"]) for f in facets(text, {})]
    assert all(a < b for a, b in places)
    assert all(first[1] <= second[0] for first, second in pairwise(places))
    assert all(end <= len(text.encode()) for _, end in places)


@given(st.text(min_size=1), st.integers(0, 24))
def test_a_record_key_is_a_valid_tid_and_always_the_same(key, number):
    made = record_key(key, DUE, number)
    assert made == record_key(key, DUE, number)
    assert len(made) == 13
    assert set(made) <= set(SORTABLE)
    assert made[0] in "234567abcdefghij"


def test_record_keys_tell_the_second_keep_threads_in_order_and_differ():
    value = 0
    for letter in record_key("k", DUE):
        value = value * 32 + SORTABLE.index(letter)
    assert (value >> 10) // 1_000_000 == DUE.timestamp()
    parts = [record_key("k", DUE, n) for n in range(25)]
    assert parts == sorted(set(parts))
    assert record_key("k", DUE + timedelta(minutes=1)) > parts[-1]
    assert len({record_key(f"k-{n}", None) for n in range(1000)}) == 1000


class Server:
    """Just enough of a server to hear what is said: answers by method name, remembers the records."""

    def __init__(self, **answers):
        self.records, self.uploads, self.answers = [], [], answers

    def __call__(self, request):
        method = request.url.path.rpartition("/")[2]
        if method in self.answers:
            return self.answers[method]
        if method == "com.atproto.repo.uploadBlob":
            self.uploads.append(request)
            blob = {
                "$type": "blob",
                "ref": {"$link": f"b{len(self.uploads)}"},
                "mimeType": "image/png",
                "size": 5,
            }
            return httpx.Response(200, json={"blob": blob})
        if method == "com.atproto.identity.resolveHandle":
            return httpx.Response(
                200, json={"did": f"did:plc:{request.url.params['handle'].partition('.')[0]}"}
            )
        said = json.loads(request.content)
        self.records.append(said)
        uri = f"at://{said['repo']}/{said['collection']}/{said['rkey']}"
        return httpx.Response(200, json={"uri": uri, "cid": f"cid-{said['rkey']}"})


def test_a_thread_is_one_record_per_call_each_answering_the_one_before():
    server = Server()
    post = replace(POST, parts=("second", "third"), languages=("fil", "en"))
    done = to_the_end(get("bluesky"), api_that("bluesky", server), post)
    first, second, third = (r["record"] for r in server.records)
    ref = [{"uri": uri, "cid": f"cid-{uri[-13:]}"} for uri in (done.remote_id, *done.told["parts"])]
    assert "reply" not in first
    assert second["reply"] == {"root": ref[0], "parent": ref[0]}
    assert third["reply"] == {"root": ref[0], "parent": ref[1]}
    assert first["createdAt"] < second["createdAt"] < third["createdAt"]
    assert first["langs"] == ["fil", "en"]


def test_a_thread_cut_in_the_middle_goes_on_where_it_stopped():
    server, network = Server(), get("bluesky")
    api, post = api_that("bluesky", server), replace(POST, parts=("second",))
    memo = network.publish(api, post, {}).memo
    server.answers["com.atproto.repo.putRecord"] = httpx.Response(502)
    with pytest.raises(Unknown):
        network.publish(api, post, memo)
    server.answers.clear()
    network.publish(api, post, memo)
    assert [r["record"]["text"] for r in server.records] == ["Hello, harbour", "second"]


def test_pictures_are_uploaded_once_and_carry_their_descriptions():
    server = Server()
    media = tuple(Media(f"{n}.png", "image/png", b"12345", f"Picture {n}") for n in (1, 2))
    to_the_end(get("bluesky"), api_that("bluesky", server), replace(POST, media=media))
    (written,) = server.records
    assert [i["alt"] for i in written["record"]["embed"]["images"]] == ["Picture 1", "Picture 2"]
    assert [i["image"]["ref"]["$link"] for i in written["record"]["embed"]["images"]] == ["b1", "b2"]
    assert len(server.uploads) == 2


def test_a_video_is_embedded_as_one():
    server, film = Server(), Media("f.mp4", "video/mp4", b"1", "Boats")
    to_the_end(get("bluesky"), api_that("bluesky", server), replace(POST, media=(film,)))
    assert server.records[0]["record"]["embed"]["$type"] == "app.bsky.embed.video"


def test_a_mention_nobody_answers_to_stays_plain_text():
    absent = httpx.Response(400, json={"error": "InvalidRequest", "message": "Unable to resolve handle"})
    for server, dids in (
        (Server(), ["did:plc:maria"]),
        (Server(**{"com.atproto.identity.resolveHandle": absent}), []),
    ):
        to_the_end(get("bluesky"), api_that("bluesky", server), replace(POST, text="Hi @maria.test"))
        told = server.records[0]["record"].get("facets", [])
        assert [f["features"][0]["did"] for f in told] == dids


def test_without_a_planned_time_the_moment_is_fixed_before_anything_is_written():
    server, network = Server(), get("bluesky")
    api, post = api_that("bluesky", server), replace(POST, due_at=None)
    memo = network.publish(api, post, {}).memo
    assert not server.records
    api.clock = lambda: datetime(2030, 1, 1, tzinfo=UTC)
    network.publish(api, post, memo)
    network.publish(api, post, memo)
    assert server.records[0] == server.records[1]


def test_a_server_without_a_view_leaves_numbers_unknown():
    api = api_that("bluesky", lambda request: httpx.Response(502, json={"error": "UpstreamFailure"}))
    network = get("bluesky")
    assert set(network.measure(api, f"at://a/b/{record_key('k', DUE)}").values()) == {None}
    assert network.measure_channel(api) == {Metric.FOLLOWERS: None}
    with pytest.raises(TryLater):
        network.read_replies(api, f"at://a/b/{record_key('k', DUE)}")


@pytest.mark.parametrize(
    ("error", "failure"),
    [("ExpiredToken", Reconnect), ("AccountTakedown", Reconnect), ("InvalidRecord", Refused)],
)
def test_a_400_may_mean_connect_again(error, failure):
    api = api_that("bluesky", lambda r: httpx.Response(400, json={"error": error, "message": "so it is"}))
    with pytest.raises(failure, match="so it is"):
        get("bluesky").publish(api, POST, {})
