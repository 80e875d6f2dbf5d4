"""Nostr: what it signs, how it answers, and a real relay that checks signatures and keeps the notes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from coincurve import PrivateKey

from diskarte.core import fetch
from diskarte.networks import get
from diskarte.networks._bech32 import decode, encode
from diskarte.networks._notes import answered, event_id, first, genuine, public_key, secret_key, signed
from diskarte.words import Media, Refused, TryLater, Unknown
from tests.networks.wire import POST, api_that, to_the_end, wire
from tests.servers import nostr_relay

__all__ = ["nostr_relay"]
MIA = PrivateKey(b"\1" * 32)
CUP = Media("cup.png", "image/png", b"12345", "A red cup")


def test_keys_are_written_as_the_standard_says():
    """The examples of NIP-19."""
    who = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
    npub = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
    assert (encode("npub", bytes.fromhex(who)), decode("npub", npub).hex()) == (npub, who)


@pytest.mark.parametrize("typed", ["nsec1vl029", "npub1abc", "", "xyz", "ab" * 31, "nsec1" + "q" * 58])
def test_a_key_that_is_none_is_refused_in_words(typed):
    with pytest.raises(Refused, match="not a secret key"):
        secret_key(typed)


def test_a_signature_is_the_same_each_time_and_any_change_breaks_it():
    note = signed(MIA, 1_763_800_000, 1, [["t", "boats"]], 'Line\n"two" \\ \t é ☕ \u2028')
    assert note == signed(MIA, 1_763_800_000, 1, [["t", "boats"]], note["content"])
    assert note["id"] == event_id(note)
    assert genuine(note)
    changes = (
        {"content": "other"},
        {"created_at": 5},
        {"sig": "00" * 64},
        {"pubkey": "zz"},
        {"id": "00" * 32},
    )
    assert not any(genuine(note | change) for change in changes)


@pytest.mark.parametrize(
    ("tags", "above", "root"),
    [
        ([], "", ""),
        ([["e", "a", "", "root"]], "a", "a"),
        ([["e", "a", "", "root"], ["e", "b", "", "reply"]], "b", "a"),
        ([["e", "a"]], "a", "a"),
        ([["e", "a"], ["e", "b"]], "b", "a"),
        ([["e", "a", "", "root"], ["e", "c", "", "mention"]], "a", "a"),
    ],
)
def test_threads_are_read_in_the_new_way_and_the_old(tags, above, root):
    assert (answered({"tags": tags}), first({"tags": tags})) == (above, root)


def relays(answers, **secrets):
    """A line to two relays; `answers` of the second one's host name is what it tells."""
    seen = []

    def tell(request):
        seen.append(request)
        said = answers[request.url.host]
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)

    api = api_that("nostr", tell)
    api.secrets |= {"relays": " ".join(f"wss://{host}" for host in answers), **secrets}
    return api, seen


YES, NO_LINE = [["OK", "", True, ""]], httpx.ConnectError("down")


def no(why):
    return [["NOTICE", "hello"], ["OK", "", False, why]]


@pytest.mark.parametrize(
    ("one", "other", "failure"),
    [
        (no("blocked: you are banned"), no("pow: 5 < 9"), Refused),
        (no("blocked: you are banned"), NO_LINE, TryLater),
        (no("rate-limited: slow down"), no("invalid: too old"), TryLater),
        (NO_LINE, httpx.ReadTimeout("cut"), Unknown),
        (NO_LINE, YES, None),
        (no("duplicate: have it"), no("error: disk"), None),
    ],
)
def test_one_relay_that_takes_it_is_enough_and_else_the_most_hopeful_no_counts(one, other, failure):
    api, _ = relays({"one.example": one, "other.example": other})
    if failure:
        with pytest.raises(failure):
            to_the_end(get("nostr"), api)
    else:
        assert len(to_the_end(get("nostr"), api).told["relays"]) == 1


def test_absent_is_said_only_when_every_relay_says_so():
    nothing = [["EOSE", "diskarte"]]
    assert get("nostr").find(relays({"one.example": nothing, "other.example": nothing})[0], POST) is None
    with pytest.raises(TryLater):
        get("nostr").find(relays({"one.example": nothing, "other.example": NO_LINE})[0], POST)


def test_limits_are_the_shortest_of_the_relays_and_no_files_without_a_media_server():
    told = {
        "one.example": {"limitation": {"max_content_length": 500}},
        "other.example": {"name": "no limits"},
    }
    assert (get("nostr").limits_for(relays(told)[0]).text_bytes) == 500
    assert get("nostr").limits_for(relays(told)[0]).images == 0
    assert get("nostr").limits_for(relays(told, media="https://media.example")[0]).images == 10


def test_a_picture_goes_to_the_media_server_first_signed_and_stands_in_the_note():
    url = "https://media.example/5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5.png"
    answers = {"one.example": YES, "media.example": {"url": url}}
    api, seen = relays(answers, media="https://media.example")
    api.secrets["relays"] = "wss://one.example"
    to_the_end(get("nostr"), api, replace(POST, media=(CUP,)))
    upload, said = seen
    assert (upload.method, upload.url.path) == ("PUT", "/upload")
    scheme, _, _proof = upload.headers["authorization"].partition(" ")
    assert (scheme, upload.headers["x-sha-256"]) == ("Nostr", url[-68:-4])
    _, note = json.loads(said.content)
    assert note["content"] == f"{POST.text}\n\n{url}"
    assert note["tags"] == [["imeta", f"url {url}", "m image/png", f"x {url[-68:-4]}", "alt A red cup"]]


def test_without_a_media_server_a_picture_is_refused_with_what_to_do():
    with pytest.raises(Refused, match="put one into the channel"):
        to_the_end(get("nostr"), relays({"one.example": YES})[0], replace(POST, media=(CUP,)))


# The real relay.


@pytest.fixture
def line(nostr_relay, settings):
    """Somebody new, signed in at the relay over the guarded client."""
    settings.ALLOW_LOOPBACK = True

    def sign_in():
        account = get("nostr").sign_in(
            get("nostr").api(client), {"token": PrivateKey().to_hex(), "relays": nostr_relay}
        )
        return get("nostr").api(client, account.secrets, "", account.identity)

    with fetch.client() as client:
        yield sign_in


def now(**more):
    return replace(POST, due_at=datetime.now(UTC), **more)


on_a_relay = pytest.mark.xdist_group("nostr")


@on_a_relay
@pytest.mark.servers
def test_a_thread_lives_and_dies_on_a_real_relay(line):
    network, api = get("nostr"), line()
    post = now(text="Boats leave at six #harbour", parts=("second", "third"), languages=("en",))
    sent = to_the_end(network, api, post)
    assert to_the_end(network, api, post) == sent, "the same note is the same note"
    assert len(sent.told["links"]) == 2
    found = network.find(api, post)
    assert (found.remote_id, found.told["parts"]) == (sent.remote_id, sent.told["parts"])
    (public,) = network.read_public(api, api.identity)
    assert (public.text, public.url) == (post.text, sent.url)
    for _ in range(2):
        network.delete(api, sent.remote_id)
    assert network.find(api, post) is None


@on_a_relay
@pytest.mark.servers
def test_people_answer_and_are_counted_on_a_real_relay(line):
    network, alice, bob = get("nostr"), line(), line()
    root = to_the_end(network, alice, now(text="What shall we bake?"))
    answer = to_the_end(network, bob, now(text="Ensaymada!", answers=root.remote_id), "reply")
    to_the_end(network, alice, now(text="Thank you!", answers=answer.remote_id), "reply")
    (heard,) = network.read_replies(alice, root.remote_id)
    assert (heard.text, heard.remote_id) == ("Ensaymada!", answer.remote_id)
    counts = network.measure(alice, root.remote_id)
    assert counts == {"likes": 0, "shares": 0, "replies": 1}
    assert network.measure_channel(alice) == {"followers": 0}
    with pytest.raises(Refused, match="No relay has the note"):
        to_the_end(network, bob, now(answers="ab" * 32), "reply")


@on_a_relay
@pytest.mark.servers
def test_a_real_relay_refuses_a_forgery_and_a_line_that_is_none(line, nostr_relay):
    api = line()
    forged = signed(MIA, int(datetime.now(UTC).timestamp()), 1, [], "Mine") | {"content": "Not hers"}
    with pytest.raises((Refused, TryLater)):
        api.talk(nostr_relay, ["EVENT", forged], frozenset({"OK"}))
    api.secrets["relays"] = "ws://127.0.0.1:9"
    with pytest.raises(TryLater, match="cannot be reached"):
        to_the_end(get("nostr"), api, now())


def test_wire_signs_with_the_key_it_says():
    told = wire("nostr")
    assert public_key(secret_key(told["secrets"]["token"])) == told["identity"]
    assert timedelta(days=1) < get("nostr").remembers_key
