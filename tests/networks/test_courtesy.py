"""Who is answered hears of it, pictures have their shape, and silence is kept where it was asked for and only there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from diskarte.networks import get
from diskarte.words import Media, Reconnect, Refused, TryLater
from tests.networks.test_own_ways import Listening, ok
from tests.networks.wire import BOATS, POST, api_that, sent, to_the_end

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def answering(text, acct="maria@b.example", author="7"):
    """What Mastodon is sent for an answer to somebody's post."""

    def tell(request):
        if request.method == "GET":
            return ok({"id": "99", "account": {"id": author, "acct": acct}})
        return ok({"id": "5", "url": "u"})

    line = Listening("mastodon", tell)
    line.api.identity = "1"
    to_the_end(line.network, line.api, replace(POST, text=text, answers="99"), "reply")
    return sent(line.seen[-1])["status"]


def test_an_answer_names_whom_it_answers_once_and_never_ourselves():
    assert answering("Opo!") == "@maria@b.example Opo!"
    assert answering("Opo, @Maria!") == "Opo, @Maria!"
    assert answering("Opo!", acct="jun") == "@jun Opo!"
    assert answering("First comment", author="1") == "First comment"


def test_a_doubtful_answer_is_found_with_the_name_in_front():
    at = POST.due_at.isoformat()
    seen = [{"id": "5", "url": "u", "content": "<p><a>@maria</a> Opo!</p>", "created_at": at}]
    line = Listening(
        "mastodon",
        lambda r: ok(
            seen if r.url.path.endswith("statuses") else {"account": {"id": "7", "acct": "maria@b.example"}}
        ),
    )
    post = replace(POST, text="Opo!", answers="99")
    assert line.network.find(line.api, post).remote_id == "5"


@pytest.mark.parametrize(("told", "tag"), [("fil", "tl"), ("en", "en")])
def test_mastodon_is_told_filipino_by_the_name_it_knows(told, tag):
    line = Listening("mastodon", lambda r: ok({"id": "5", "url": "u"}))
    to_the_end(line.network, line.api, replace(POST, languages=(told,)))
    assert sent(line.seen[0])["language"] == tag


def test_bluesky_is_told_the_shape_of_each_picture():
    shot = replace(BOATS, width=1080, height=1350)
    line = Listening("bluesky", lambda r: ok({"blob": {"ref": 1}, "uri": "at://a/b/c", "cid": "d"}))
    to_the_end(line.network, line.api, replace(POST, media=(shot, BOATS)))
    first, second = sent(line.seen[-1])["record"]["embed"]["images"]
    assert first["aspectRatio"] == {"width": 1080, "height": 1350}
    assert "aspectRatio" not in second, "unknown is not a square"
    film = Media("a.mp4", "video/mp4", b"0", "Boats", width=9, height=16)
    to_the_end(line.network, line.api, replace(POST, media=(film,)))
    assert sent(line.seen[-1])["record"]["embed"]["aspectRatio"] == {"width": 9, "height": 16}


def test_x_gets_no_empty_text_beside_a_picture():
    def tell(request):
        return ok({"data": {"id": "5"}})

    line = Listening("x", tell)
    to_the_end(line.network, line.api, replace(POST, text="", media=(replace(BOATS, alt=""),)))
    assert sent(line.seen[-1]) == {"media": {"media_ids": ["5"]}}


SPENT = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOW.timestamp()) + 900)}


@pytest.mark.parametrize(
    ("name", "verb", "holds"),
    [("x", "get", False), ("x", "post", True), ("discord", "get", False), ("mastodon", "get", True)],
)
@pytest.mark.parametrize("status", [200, 429])
def test_reading_too_much_stops_posting_only_where_both_are_counted_together(name, verb, holds, status):
    api = api_that(name, lambda request: httpx.Response(status, json={"data": {}}, headers=SPENT))
    held = []
    api.base, api.clock, api.hold = "https://a.example", lambda: NOW, held.append
    if status == 200:
        getattr(api, verb)("/a")
    else:
        with pytest.raises(TryLater):
            getattr(api, verb)("/a")
    assert held == ([NOW + timedelta(seconds=900)] if holds else [])


def test_when_the_day_is_spent_x_is_left_alone_until_tomorrow():
    day = {
        "x-user-limit-24hour-remaining": "0",
        "x-user-limit-24hour-reset": str(int(NOW.timestamp()) + 36_000),
    }
    api = api_that(
        "x", lambda request: httpx.Response(429, json={"title": "Too Many Requests"}, headers=SPENT | day)
    )
    api.clock = lambda: NOW
    with pytest.raises(TryLater) as failure:
        api.post("/2/tweets", {"text": "a"})
    assert failure.value.seconds == 36_000


@pytest.mark.parametrize(
    ("name", "status", "body", "failure"),
    [
        ("discord", 403, {"code": 50001, "message": "Missing Access"}, Reconnect),
        ("discord", 403, {"code": 50013, "message": "Missing Permissions"}, Reconnect),
        ("discord", 404, {"code": 10003, "message": "Unknown Channel"}, Reconnect),
        ("discord", 400, {"code": 50035, "message": "Invalid Form Body"}, Refused),
        ("slack", 200, {"ok": False, "error": "not_in_channel"}, Reconnect),
        ("slack", 200, {"ok": False, "error": "channel_not_found"}, Reconnect),
        ("vk", 200, {"error": {"error_code": 203, "error_msg": "Access to group denied"}}, Reconnect),
        ("vk", 200, {"error": {"error_code": 7, "error_msg": "Permission denied"}}, Reconnect),
        ("pinterest", 403, {"code": 29, "message": "You are not permitted"}, Reconnect),
    ],
)
def test_a_channel_that_shut_us_out_is_no_fault_of_one_post(name, status, body, failure):
    api = api_that(name, lambda request: httpx.Response(status, json=body))
    api.base = "https://a.example"
    with pytest.raises(failure) as told:
        api.post("/a", {})
    assert "None" not in str(told.value)


def test_slack_says_when_its_channel_was_left_or_archived():
    for facts in ({"is_member": False}, {"is_member": True, "is_archived": True}):
        line = Listening("slack", lambda r, facts=facts: ok({"ok": True, "channel": {"id": "C1", **facts}}))
        with pytest.raises(Reconnect, match="invite the bot again"):
            get("slack").verify(line.api)
