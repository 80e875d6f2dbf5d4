"""Bad input, network by network: what cannot be sent is said before, and a no at sending time says what to do."""

import ssl
from dataclasses import replace

import httpx
import pytest

from diskarte.core.outbox import endings
from diskarte.core.outbox.models import Delivery
from diskarte.networks import all_networks, get
from diskarte.words import MB, Media, Reconnect, Refused, TryLater, Unknown
from tests.networks.test_contract import ONLINE
from tests.networks.wire import POST, Replay, api_that, post_for, to_the_end, wire

ALL = sorted(all_networks())
CUP = Media("cup.png", "image/png", b"", "A cup", weight=5000)
FILM = Media("film.mp4", "video/mp4", b"", "Boats", seconds=30, codec="h264", weight=5000)
GB5 = 5 * 1024 * MB


def post_with(name, **more):
    """A post this network would take but for what `more` says."""
    media = (CUP,) if get(name).limits.needs_media else ()
    return replace(POST, **({"media": media} | more))


def films(name, **told):
    return (replace(FILM, **told),) if get(name).limits.videos else (replace(CUP, **told),)


WRONG = {
    "too long a text": lambda n: ({"text": "é" * (get(n).limits.text + 1)}, {"text_too_long"}),
    "an empty part": lambda n: ({"parts": ("",)}, {"part_empty"}),
    "a file of 5 GB": lambda n: (
        {"media": films(n, weight=GB5)},
        {"too_big"} if get(n).limits.videos or get(n).limits.images else {"too_many_images"},
    ),
    "a film in a format of old": lambda n: (
        {"media": (replace(FILM, mime="video/x-msvideo", codec=""),)},
        {"wrong_type"},
    ),
    "more pictures than fit": lambda n: ({"media": (CUP,) * (get(n).limits.images + 1)}, {"too_many_images"}),
    "more films than fit": lambda n: ({"media": (FILM,) * (get(n).limits.videos + 1)}, {"too_many_videos"}),
}
NO_SIZE = {"by_hand"}  # a person posts; nobody knows what that place takes


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("name", ALL)
def test_it_is_said_before_sending(name, what):
    if what == "a file of 5 GB" and name in NO_SIZE:
        pytest.skip("a person posts it wherever they like")
    more, expected = WRONG[what](name)
    found = {c.code: c for c in get(name).preflight(post_with(name, **more))}
    assert expected <= set(found)
    for code in expected:
        assert found[code].fatal
        assert found[code].do, "a complaint says what to do"
        assert "%(" not in str(found[code])


@pytest.mark.parametrize("name", ALL)
def test_what_fits_is_not_complained_about(name):
    assert [c.code for c in get(name).preflight(post_with(name)) if c.fatal] == []


@pytest.mark.parametrize(
    ("name", "media", "expected"),
    [
        ("mastodon", (CUP,) * 5, "too_many_images"),
        ("bluesky", (CUP,) * 5, "too_many_images"),
        ("x", (CUP,) * 5, "too_many_images"),
        ("mastodon", (CUP, FILM), "mixed_media"),
        ("bluesky", (CUP, FILM), "mixed_media"),
        ("telegram", (CUP, FILM), None),
        ("telegram", (CUP,) * 6 + (FILM,) * 6, "too_many_files"),
        ("discord", (CUP, FILM), None),
        ("x", (replace(FILM, codec="hevc"),), "wrong_codec"),
        ("pinterest", (replace(FILM, codec="av1"),), "wrong_codec"),
        ("pinterest", (replace(FILM, codec="hevc"),), None),
        ("pinterest", (replace(FILM, seconds=901),), "video_too_long"),
        ("bluesky", (replace(FILM, seconds=601),), "video_too_long"),
        ("mastodon", (replace(FILM, seconds=None, codec=""),), None),
        ("slack", (replace(CUP, alt=" "),), "alt_missing"),
        ("mastodon", (replace(CUP, alt=" "),), None),
        ("nostr", (FILM, CUP), None),
    ],
)
def test_media_each_network_takes_and_does_not(name, media, expected):
    found = [c.code for c in get(name).preflight(replace(POST, media=media)) if c.fatal]
    assert found == ([expected] if expected else [])


def test_a_long_film_on_x_is_a_hint_because_some_accounts_may():
    (hint,) = get("x").preflight(replace(POST, media=(replace(FILM, seconds=150),)))
    assert (hint.code, hint.fatal) == ("video_long", False)
    assert "140 seconds" in str(hint)


# At sending time.


def html(request):
    page = "<!doctype html><title>Log in to the Wi-Fi</title>"
    return httpx.Response(200, text=page, headers={"content-type": "text/html"})


def expired(request):
    error = ssl.SSLCertVerificationError()
    error.verify_message = "certificate has expired"
    raise httpx.ConnectError("tls") from error


def too_large(request):
    return httpx.Response(413, json={"error": "too large"})


def gone(request):
    return httpx.Response(404, json={"error": "Record not found"})


def around(request):
    return httpx.Response(302, headers={"location": str(request.url)})


def elsewhere(request):
    return httpx.Response(308, headers={"location": "https://parked.example/"})


def revoked(request):
    return httpx.Response(401, json={"error": "revoked"})


ENDINGS = {
    html: ((Unknown, TryLater), "address"),
    expired: (TryLater, "renew its certificate"),
    too_large: (Refused, "smaller"),
    gone: (Refused, "cancel it"),
    around: ((Refused, Unknown), "address"),
    elsewhere: (Refused, "address"),
    revoked: (Reconnect, ""),
}


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda e: e.__name__)
@pytest.mark.parametrize("name", ONLINE)
def test_a_no_at_sending_time_says_what_to_do(name, ending):
    kinds, advice = ENDINGS[ending]
    replay = Replay(name, "publish", ending=ending)
    with pytest.raises(kinds) as caught:
        to_the_end(get(name), replay.api, post_for(name))
    assert str(caught.value).endswith(".")
    assert advice in caught.value.do or name in OWN_WORDS.get(ending, ())


OWN_WORDS = {gone: {"telegram"}}  # says it in its own shape


@pytest.mark.parametrize("name", [n for n in ONLINE if "reply" in all_networks()[n].can])
def test_a_deleted_parent_is_a_plain_no_or_a_post_of_its_own(name):
    told = wire(name)["reply"]
    replay = Replay(name, "reply", ending=gone)
    with pytest.raises((Refused, Reconnect)) as caught:
        to_the_end(get(name), replay.api, replace(POST, answers=told["answers"]), "reply")
    assert not isinstance(caught.value, Unknown), "nothing is retried that cannot work"


def test_the_advice_reaches_the_row():
    failure = Refused("harbour.example says it is too large.").advising("Make it smaller.")
    ending = endings.refused(Delivery(), str(failure), failure.do)
    assert (ending.state, ending.do) == ("refused", "Make it smaller.")
    assert endings.refused(Delivery(), "no").do


def test_an_endless_redirect_while_reading_ends():
    api = api_that("mastodon", around)
    with pytest.raises(TryLater, match="circle") as caught:
        get("mastodon").measure(api, "5")
    assert "address" in caught.value.do
