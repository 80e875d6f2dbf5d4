"""Every ending of a call, sorted once. The wire is an `httpx.MockTransport`; nothing else is replaced."""

import json
import ssl
from datetime import UTC, datetime

import httpx
import pytest

from diskarte.networks._api import LARGEST
from diskarte.networks.base import Api, Network, NotThere, wait
from diskarte.words import Failure, Media, Reconnect, Refused, TryLater, Unknown

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECRETS = {"token": "s3cret/tok en"}


def line(handler, **more):
    client = httpx.Client(transport=httpx.MockTransport(handler))
    return Api("https://network.example", dict(SECRETS), client, clock=lambda: NOW, **more)


def telling(status, **answer):
    return line(lambda request: httpx.Response(status, **answer))


def breaking(error):
    def handler(request):
        raise error

    return line(handler)


@pytest.mark.parametrize(
    ("status", "read", "changed"),
    [
        (400, Refused, Refused),
        (401, Reconnect, Reconnect),
        (403, Refused, Refused),
        (404, NotThere, NotThere),
        (408, TryLater, TryLater),
        (410, NotThere, NotThere),
        (413, Refused, Refused),
        (422, Refused, Refused),
        (429, TryLater, TryLater),
        (500, TryLater, Unknown),
        (502, TryLater, Unknown),
        (503, TryLater, Unknown),
    ],
)
def test_a_status_means_one_failure(status, read, changed):
    api = telling(status, json={"error": "because"})
    for call, failure in ((api.get, read), (api.post, changed), (api.put, changed)):
        with pytest.raises(failure, match=r"because\.$") as caught:
            call("/x")
        assert type(caught.value) is failure
    with pytest.raises(read):
        api.post("/x", harmless=True)


@pytest.mark.parametrize(
    "error",
    [httpx.ReadTimeout("t"), httpx.ReadError("r"), httpx.WriteError("w"), httpx.RemoteProtocolError("p")],
)
def test_a_lost_answer_is_a_doubt_only_when_something_may_have_changed(error):
    api = breaking(error)
    with pytest.raises(Unknown, match=r"network\.example"):
        api.post("/x")
    for harmless in (lambda: api.get("/x"), lambda: api.delete("/x"), lambda: api.post("/x", harmless=True)):
        with pytest.raises(TryLater):
            harmless()


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("c"), httpx.ConnectTimeout("c"), httpx.PoolTimeout("p")]
)
def test_what_was_never_sent_is_try_later(error):
    with pytest.raises(TryLater, match="cannot be reached"):
        breaking(error).post("/x")


def test_an_expired_certificate_is_named():
    text = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1000)"
    for error in (httpx.ConnectError(text), httpx.ConnectError("tls")):
        cause = ssl.SSLCertVerificationError()
        cause.verify_message = "certificate has expired"
        error.__cause__ = cause if str(error) == "tls" else None
        with pytest.raises(TryLater, match="certificate has expired") as caught:
            breaking(error).post("/x")
        assert caught.value.seconds == 3600


def test_an_address_that_is_none_is_refused():
    api = Api("ftp://network.example", {}, httpx.Client())
    with pytest.raises(Refused, match="not an address"):
        api.get("/x")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "Sun, 22 Nov 2026 09:02:00 GMT"}, 120),
        ({"X-RateLimit-Reset": "2026-11-22T09:05:00.000Z"}, 300),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"X-RateLimit-Reset-After": "0.25"}, 1),
        ({"RateLimit-Reset": "45"}, 45),
        ({"Retry-After": "999999"}, 86400),
        ({"Retry-After": "soon"}, 60),
        ({}, 60),
    ],
)
def test_the_network_says_how_long_to_wait(headers, seconds):
    with pytest.raises(TryLater) as caught:
        telling(429, headers=headers).post("/x")
    assert caught.value.seconds == seconds
    assert wait(httpx.Headers(headers), NOW) == seconds


def test_a_web_page_or_broken_json_in_place_of_data_is_readable():
    page = {"text": "<!doctype html><title>Parked</title>", "headers": {"content-type": "text/html"}}
    broken = {"text": '{"id": ', "headers": {"content-type": "application/json"}}
    for answer, said in ((page, "web page"), (broken, "JSON that cannot be read")):
        with pytest.raises(TryLater, match=said):
            telling(200, **answer).get("/x")
        with pytest.raises(Unknown, match=said):
            telling(200, **answer).post("/x")
    assert telling(200, text="ok").post("/x").text == "ok"
    assert telling(204).post("/x").body is None


def test_a_value_that_is_missing_settles_nothing():
    api = telling(200, json={"post": [{"id": 5}]})
    assert api.get("/x").need("post", 0, "id") == 5
    assert api.get("/x").get("post", 1, "id") is None
    with pytest.raises(TryLater, match=r"without «post\.0\.url»"):
        api.get("/x").need("post", 0, "url")
    with pytest.raises(Unknown):
        api.post("/x").need("id")


def test_reading_follows_redirects_on_the_same_host_only():
    def handler(request):
        to = {"/a": "/b", "/b": "https://network.example/c", "/out": "https://evil.example/c"}.get(
            request.url.path
        )
        return httpx.Response(301, headers={"location": to}) if to else httpx.Response(200, json=["here"])

    api = line(handler)
    assert api.get("/a").body == ["here"]
    with pytest.raises(Refused, match="sends us on to https://evil"):
        api.get("/out")
    with pytest.raises(Refused, match="sends us on"):
        api.post("/a")


def test_endless_redirects_end():
    asked = []

    def handler(request):
        asked.append(request)
        return httpx.Response(302, headers={"location": "/again"})

    with pytest.raises(TryLater, match="circle"):
        line(handler).get("/a")
    assert len(asked) < 10


def test_see_other_after_a_change_is_a_doubt():
    with pytest.raises(Unknown):
        telling(303, headers={"location": "/done"}).post("/x")


def test_an_endless_answer_is_cut_off():
    given = []

    def flood():
        while True:
            given.append(1)
            yield b"x" * 1024 * 1024

    def handler(request):
        return httpx.Response(200, content=flood())

    with pytest.raises(TryLater, match="more than 20 MB"):
        line(handler).get("/x")
    assert len(given) <= LARGEST // 1024 // 1024 + 2


def test_secrets_go_to_our_network_only_and_never_into_a_message_or_the_story():
    seen, story = [], []

    def handler(request):
        seen.append(request)
        said = {"error": f"bad token {SECRETS['token']} at {request.url}", "accessJwt": "brand-new-one"}
        return httpx.Response(400, json=said)

    api = line(handler, network=Network(), record=story.append)
    for path in ("/x/s3cret%2Ftok%20en", "https://network.example/x", "https://files.example/x"):
        with pytest.raises(Failure) as caught:
            api.post(path, {"a": 1}, params={"token": SECRETS["token"]})
        assert "s3cret" not in str(caught.value)
    assert [r.headers.get("authorization") for r in seen] == ["Bearer s3cret/tok en"] * 2 + [None]
    told = json.dumps(story, ensure_ascii=False)
    assert "s3cret" not in told
    assert "brand-new-one" not in told
    assert "bad token •••" in told


def test_the_story_of_a_call():
    story = []
    api = line(lambda r: httpx.Response(201, json={"text": "a" * 900}), record=story.append)
    api.post("/posts?x=1", {"a": 1})
    (told,) = story
    assert (told["method"], told["path"], told["status"]) == ("POST", "/posts", 201)
    assert len(told["body"]) == 500
    assert told["ms"] >= 0
    api = breaking(httpx.ReadTimeout("t"))
    api.record = story.append
    with pytest.raises(Unknown):
        api.post("/posts")
    assert story[1]["status"] is None
    assert "too long" in story[1]["body"]


def test_the_key_travels_as_a_header():
    seen = []
    api = line(lambda r: seen.append(r) or httpx.Response(200, json={}))
    api.post("/posts", {"a": 1}, key="k-1")
    api.post("/posts", {"a": 1})
    assert [r.headers.get("Idempotency-Key") for r in seen] == ["k-1", None]


def test_files_go_raw_or_as_a_part():
    seen = []
    api = line(lambda r: seen.append((r, r.read())) or httpx.Response(200, json={}))
    cup = Media("cup.png", "image/png", b"\x89PNG", "A cup")
    api.upload("/blob", cup)
    api.upload("/media", cup, part="file", data={"description": cup.alt})
    (raw, raw_body), (form, form_body) = seen
    assert (raw.headers["content-type"], raw_body) == ("image/png", b"\x89PNG")
    assert form.headers["content-type"].startswith("multipart/form-data")
    assert b'name="file"; filename="cup.png"' in form_body
    assert b"A cup" in form_body


def test_a_network_may_read_an_answer_its_own_way():
    class Odd(Network):
        def sort(self, answer):
            return Reconnect("gone") if answer.get("ok") is False else None

    with pytest.raises(Reconnect):
        line(lambda r: httpx.Response(200, json={"ok": False}), network=Odd()).get("/x")
    assert line(lambda r: httpx.Response(200, json={"ok": True}), network=Odd()).get("/x").body == {
        "ok": True
    }
