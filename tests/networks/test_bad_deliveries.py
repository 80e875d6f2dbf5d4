"""What cannot work, at the level of a delivery on a real network: its state, the sentence, the advice, the calls.

One line of the table is one bad thing, handed to the engine as it comes. Then a worker runs for three days: what
cannot work is not tried again, and the row says in the reader's language what happened and what to do.
"""

import hashlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from django.utils import translation

from diskarte.core.files.models import File, path_of
from diskarte.core.outbox import wire as line
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.queue import queue
from diskarte.core.outbox.worker import Worker
from diskarte.core.secrets import Secrets
from diskarte.networks import get
from tests import make
from tests.networks.test_contract import ONLINE
from tests.networks.wire import wire

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
GB = 1024**3
CUP, AVI, HEVC = ("cup.png", "image/png"), ("film.avi", "video/x-msvideo"), ("film.mp4", "video/mp4", "hevc")
LOOK = "Look at the channel"


def never(request):
    raise AssertionError(f"called: {request.method} {request.url}")


def says(status, body=None, **headers):
    def answer(_request):
        return httpx.Response(status, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


def page(_request):
    return httpx.Response(
        200, text="<!doctype html>Log in to the Wi-Fi", headers={"content-type": "text/html"}
    )


def circle(request):
    return httpx.Response(308, headers={"location": str(request.url)})


def expired(_request):
    error = ssl.SSLCertVerificationError()
    error.verify_message = "certificate has expired"
    raise httpx.ConnectError("tls") from error


@dataclass(frozen=True)
class Row:
    """A bad thing: where, what is handed over, what the server says, and how it ends. `calls` (writing): at most."""

    what: str
    network: str
    server: object
    state: str
    why: str
    do: str
    calls: int = 0
    text: str = "Hello, harbour"
    parts: tuple = ()
    media: tuple = ()
    answers: str = ""
    size: int = 5000
    limits: tuple = ()  # what this server told of itself

    def __str__(self):
        return f"{self.what}, {self.network}"


LONG, FIVE, VIDEO = "a text too long", "five images", "a wrong video"
TABLE = (
    Row(LONG, "mastodon", never, "refused", "1 characters too long (501 of 500)", "Shorten it", text="é" * 501),
    Row(LONG, "bluesky", never, "refused", "1 characters too long (301 of 300)", "Shorten it", text="👩‍👩‍👧" * 301),
    Row(LONG, "x", never, "refused", "20 characters too long (300 of 280)", "Shorten it", text="寿" * 150),
    Row(LONG, "telegram", never, "refused", "characters too long", "Shorten it", text="a" * 1025, media=(CUP,)),
    Row("a server that allows less by now", "mastodon", never, "refused", "(14 of 10)", "Shorten it",
        limits=(("text", 10),)),
    Row("a part too long", "bluesky", never, "refused", "(301 of 300)", "Shorten it", parts=("a" * 301,)),
    Row(FIVE, "mastodon", never, "refused", "5 pictures; at most 4", "Remove some", media=(CUP,) * 5),
    Row(FIVE, "bluesky", never, "refused", "5 pictures; at most 4", "Remove some", media=(CUP,) * 5),
    Row(FIVE, "x", never, "refused", "5 pictures; at most 4", "Remove some", media=(CUP,) * 5),
    Row(VIDEO, "mastodon", never, "refused", "film.avi is video/x-msvideo", "Use MP4", media=(AVI,)),
    Row(VIDEO, "telegram", never, "refused", "film.avi is video/x-msvideo", "Use MP4", media=(AVI,)),
    Row(VIDEO, "x", never, "refused", "film.mp4 is written in HEVC", "Export it again as H264", media=(HEVC,)),
    Row("a picture where none is taken", "devto", never, "refused", "at most 0", "Remove some", media=(CUP,)),
    Row("a revoked token", "mastodon", says(401, {"error": "The access token was revoked"}), "blocked",
        "does not accept the sign-in: The access token was revoked.", "Connect the channel again", 1),
    Row("a revoked token", "vk", says(200, {"error": {"error_code": 5, "error_msg": "access_token has expired"}}),
        "blocked", "VK says no (5): access_token has expired.", "Connect the channel again", 1),
    Row("a revoked token", "telegram", says(401, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
        "blocked", "does not know this bot any more: Unauthorized.", "Connect the channel again", 1),
    Row("a revoked token", "slack", says(200, {"ok": False, "error": "token_revoked"}), "blocked",
        "Slack says no: token revoked.", "Connect the channel again", 1),
    Row("a webhook taken away", "discord_webhook", says(404, {"code": 10015, "message": "Unknown Webhook"}),
        "blocked", "deleted this webhook", "Connect the channel again", 1),
    Row("a deleted parent", "mastodon", says(404, {"error": "Record not found"}), "refused",
        "does not have that: Record not found.", "send it as a new post", 1, answers="77"),
    Row("a deleted parent", "slack", says(200, {"ok": False, "error": "thread_not_found"}), "refused",
        "thread not found", "send it as a new post", 2, answers="1.2"),
    Row("a deleted parent", "telegram", says(400, {"ok": False, "error_code": 400,
        "description": "Bad Request: message to be replied not found"}), "refused",
        "message to be replied not found", "send it as a new post", 1, answers="-100123/7"),
    Row("a page instead of an answer", "telegram", page, "unknown", "a web page instead of data", LOOK, 1),
    Row("a page instead of an answer", "mastodon", page, "unknown", "a web page instead of data", LOOK, 8),
    Row("a certificate that expired", "mastodon", expired, "refused", "certificate has expired",
        "renew its certificate", 40),
    Row("a certificate that expired", "telegram", expired, "refused", "certificate has expired",
        "renew its certificate", 40),
    Row("an endless redirect", "mastodon", circle, "refused", "sends us on to", "right address", 1),
    Row("an endless redirect", "telegram", circle, "refused", "sends us on to", "right address", 1),
    Row("a file of 5 GB", "mastodon", never, "refused", "«cup.png» has 5120 MB; at most 16 MB",
        "Make the file smaller", media=(CUP,), size=5 * GB),
    Row("a film of 5 GB", "telegram", never, "refused", "«film.mp4» has 5120 MB; at most 50 MB",
        "Make the file smaller", media=(("film.mp4", "video/mp4", "h264"),), size=5 * GB),
    Row("a file said to be too large", "mastodon", says(413, {"error": "too large"}), "refused",
        "says it is too large", "Make the file smaller", 1, media=(CUP,)),
)  # fmt: skip


@pytest.fixture
def media_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def file(brand, number, row, name, mime, codec=""):
    """A row with its bytes on the disk; a large one is a hole that takes no room."""
    digest = hashlib.sha256(f"{name}{number}".encode()).hexdigest()
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        out.truncate(row.size)
    facts = {"name": name, "mime": mime, "size": row.size, "sha256": digest, "codec": codec, "alt": "A cup"}
    return File.objects.create(brand=brand, **facts).pk


def handed_over(row):
    brand, told = make.a_brand(), wire(row.network)
    channel = Channel.objects.create(
        brand=brand, network=row.network, identity=told.get("identity") or "1", base=told.get("base", ""),
        secrets=Secrets(told.get("secrets", {})), limits_told=dict(row.limits),
    )  # fmt: skip
    media = [file(brand, number, row, *one) for number, one in enumerate(row.media)]
    content = {"text": row.text, "parts": list(row.parts), "media": media, "answers": row.answers}
    return queue(brand, channel, content, NOW, action="reply" if row.answers else "publish")


def after_three_days(row, monkeypatch):
    """How a delivery ended after a worker ran for three days, and the calls that could have changed something."""
    calls = []

    def server(request):
        if request.method != "GET":  # looking whether it is there hurts nobody
            calls.append(f"{request.method} {urlsplit(str(request.url)).path}")
        return row.server(request)

    client = httpx.Client(transport=httpx.MockTransport(server))
    monkeypatch.setattr(line, "line", lambda base, channel=None: client)
    delivery = handed_over(row)
    worker = Worker()
    for hours in range(0, 72, 2):
        worker.once(NOW + timedelta(hours=hours))
    return Delivery.objects.select_related("channel").get(pk=delivery.pk), calls


@pytest.mark.django_db
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_it_ends_in_a_state_that_says_what_to_do(row, monkeypatch, media_folder):
    ended, calls = after_three_days(row, monkeypatch)
    assert (ended.state, row.why in ended.why, row.do in ended.do) == (row.state, True, True), (
        ended.why,
        ended.do,
    )
    assert len(calls) <= row.calls, calls
    assert ended.channel.state == ("blocked" if row.state == "blocked" else "ready")
    with translation.override("fil"):
        same = Delivery.objects.get(pk=ended.pk)
        assert same.why != ended.why, "the sentence is Filipino for a Filipino"
        assert same.do != ended.do


# Every network with every bad thing. Most say no with a status; these say it their own way.

REVOKED = {
    "bluesky": says(400, {"error": "ExpiredToken", "message": "Token has been revoked"}),
    "discord_webhook": says(404, {"code": 10015, "message": "Unknown Webhook"}),
    "ghost": says(401, {"errors": [{"code": "UNKNOWN_ADMIN_API_KEY", "message": "Unknown Admin API Key"}]}),
    "nostr": says(200, [["OK", "1", False, "restricted: this key may not write here"]]),
    "slack": says(200, {"ok": False, "error": "token_revoked"}),
    "telegram": says(401, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
    "vk": says(200, {"error": {"error_code": 5, "error_msg": "User authorization failed"}}),
    "wordpress": says(401, {"code": "rest_not_logged_in", "message": "You are not currently logged in."}),
}
GONE = "Bad Request: message to be replied not found"
NO_PARENT = {
    "bluesky": says(400, {"error": "RecordNotFound", "message": "Could not locate record"}),
    "nostr": says(200, [["EOSE", "diskarte"]]),
    "slack": says(200, {"ok": False, "error": "thread_not_found"}),
    "telegram": says(
        400, {"ok": False, "error_code": 400, "description": "Bad Request: message to be replied not found"}
    ),
    "vk": says(200, {"error": {"error_code": 212, "error_msg": "Access to post comments denied"}}),
    "wordpress": says(
        403, {"code": "rest_comment_trash_post", "message": "Sorry, you cannot comment on this post."}
    ),
    "x": says(403, {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."}),
}
FOREVER_THERE = {"practice"}  # in the house; nothing of it can be revoked or expire
OWN_KEY = {"nostr"}  # a key signs and cannot be revoked: a relay may refuse it
WAITS = {"unknown", "refused"}


def bad(name, what):
    """One bad thing as this network meets it: the row, and in which states it may end."""
    takes, told = get(name).limits, {"do": "", "why": "", "state": "", "server": never}
    one = (CUP,) if takes.needs_media else ()
    films, parent = takes.videos or not takes.images, wire(name).get("reply", {}).get("answers", "")
    kinds = {
        "a text too long": ({"text": "é" * (takes.text + 1), "media": one}, {"refused"}, 0),
        "too many pictures": ({"media": (CUP,) * (takes.images + 1)}, {"refused"}, 0),
        "a wrong video": ({"media": (AVI,)}, {"refused"}, 0),
        "a file of 5 GB": ({"media": (FILM if films else CUP,), "size": 5 * GB}, {"refused"}, 0),
        "a revoked token": (
            {"server": REVOKED.get(name, says(401, {"error": "revoked"})), "media": one},
            {"refused" if name in OWN_KEY else "blocked"}, 6,
        ),
        "a deleted parent": (
            {"server": NO_PARENT.get(name, says(404, {"error": "not found"})), "answers": parent}, {"refused"}, 3,
        ),
        "a page instead of an answer": ({"server": page, "media": one}, WAITS, 40),
        "a certificate that expired": ({"server": expired, "media": one}, {"refused"}, 120),
        "an endless redirect": ({"server": circle, "media": one}, {"refused"}, 3),
    }  # fmt: skip
    more, states, calls = kinds[what]
    return Row(what, name, **{**told, **more, "calls": calls}), states


FILM = ("film.mp4", "video/mp4", "h264")
EVERY = (
    "a text too long", "too many pictures", "a wrong video", "a file of 5 GB", "a revoked token", "a deleted parent",
    "a page instead of an answer", "a certificate that expired", "an endless redirect",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("what", EVERY)
@pytest.mark.parametrize("name", [name for name in ONLINE if name not in FOREVER_THERE])
def test_on_every_network_it_ends_with_a_sentence_that_says_what_to_do(name, what, monkeypatch, media_folder):
    if what == "a deleted parent" and "reply" not in get(name).can:
        pytest.skip("nothing is answered there by a program")
    row, states = bad(name, what)
    ended, calls = after_three_days(row, monkeypatch)
    assert ended.state in states, (ended.state, ended.why)
    assert ended.why
    assert ended.do or ended.state == "blocked"
    assert len(calls) <= row.calls, calls
    if ended.state == "blocked":
        assert ended.channel.state == "blocked"
        assert ended.channel.why
    with translation.override("fil"):
        assert Delivery.objects.get(pk=ended.pk).why != ended.why, "the sentence is Filipino for a Filipino"
