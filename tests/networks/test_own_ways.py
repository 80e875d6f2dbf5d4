"""What each network does its own way, beyond the contract: how files travel, texts are written, repeats shown."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.networks import get
from diskarte.networks._article import slug
from diskarte.networks._html import plain
from diskarte.networks._thread import letters
from diskarte.networks.base import length
from diskarte.networks.devto import split
from diskarte.networks.webhook import signature
from diskarte.words import Media, Reconnect, Refused, Sent, TryLater, Unknown, Wait
from tests.networks.wire import BOATS, POST, api_that, sent, to_the_end

FILM = Media("film.mp4", "video/mp4", b"0" * 9, "Boats leaving")


def ok(body, status=200):
    return httpx.Response(status, json=body)


def form(request):
    """The named parts of a multipart body."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.read())
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in message.iter_parts()
    }


class Listening:
    """Answers every request with what `tell(request)` says and remembers them."""

    def __init__(self, name, tell):
        self.seen, self.tell = [], tell
        self.network, self.api = get(name), api_that(name, self.answer)

    def answer(self, request):
        request.read()
        self.seen.append(request)
        return self.tell(request)

    def paths(self):
        return [request.url.path.rpartition("/")[2] for request in self.seen]


@given(st.text(max_size=60))
def test_letters_ignore_what_networks_change(text):
    assert letters(f"  {text} https://t.co/abc ") == letters(text)
    assert letters(text) == letters(text.upper().lower()) or not text.isascii()


def test_letters_tell_different_texts_apart():
    assert letters("Open today ☕ @maria@b.example") == letters("open  today ☕ @maria!")
    assert letters("Open today ☕") != letters("Open today ⚓")
    assert letters("Open at 9") != letters("Open at 10")


def test_html_becomes_the_text_a_person_wrote():
    assert plain("<p>a &lt;b&gt;<br/>c</p><p><a href='x'>d</a></p>") == "a <b>\nc\nd"


def test_mastodon_counts_a_mention_without_its_server_and_asks_for_the_servers_limits():
    network = get("mastodon")
    assert network.length("@maria@b.example hi") == len("@maria hi")
    assert network.length("mail maria@b.example") == len("mail maria@b.example")
    told = {
        "configuration": {"statuses": {"max_characters": 5000}, "media_attachments": {"image_size_limit": 9}}
    }
    limits = network.limits_for(Listening("mastodon", lambda r: ok(told)).api)
    assert (limits.text, limits.image_bytes, limits.images) == (5000, 9, 4)


def test_too_few_of_our_posts_to_tell_is_a_doubt_not_an_absence():
    late = (POST.due_at + timedelta(hours=1)).isoformat()
    full = [{"id": str(n), "url": "u", "content": f"<p>{n}</p>", "created_at": late} for n in range(40)]
    with pytest.raises(Unknown):
        get("mastodon").find(Listening("mastodon", lambda r: ok(full)).api, POST)
    assert get("mastodon").find(Listening("mastodon", lambda r: ok(full[:39])).api, POST) is None


def test_the_same_words_of_last_week_are_not_this_post():
    old = [{"id": "1", "url": "u", "content": f"<p>{POST.text}</p>", "created_at": "2026-11-15T09:00:00Z"}]
    assert get("mastodon").find(Listening("mastodon", lambda r: ok(old)).api, POST) is None


@pytest.mark.parametrize(("there", "failure"), [(True, None), (False, Refused)])
def test_x_refusing_a_repeat_means_look(there, failure):
    seen = [{"id": "55", "text": POST.text, "created_at": "2026-11-22T09:00:01Z"}] if there else []
    twice = {"detail": "You are not allowed to create a Tweet with duplicate content."}
    line = Listening(
        "x",
        lambda r: (
            ok(twice, 403) if r.method == "POST" else ok({"data": seen, "meta": {"result_count": len(seen)}})
        ),
    )
    if failure:
        with pytest.raises(failure, match="Change a word"):
            to_the_end(line.network, line.api)
    else:
        assert to_the_end(line.network, line.api).remote_id == "55"


def test_x_counts_letters_by_weight_and_links_as_23():
    network = get("x")
    assert length("日" * 140, network.limits) == 280
    assert network.length("https://harbour.example/" + "a" * 200 + " hi") == 26


def test_x_sends_a_video_in_pieces_and_waits_for_it():
    states = iter(["pending", "in_progress", "succeeded"])

    def tell(request):
        if request.method == "GET":
            return ok({"data": {"processing_info": {"state": next(states), "check_after_secs": 3}}})
        return ok({"data": {"id": "9"}}, 201)

    line = Listening("x", tell)
    film = replace(FILM, bytes=b"0" * (4 * 1024 * 1024 + 1))
    to_the_end(line.network, line.api, replace(POST, media=(film,)))
    assert line.paths() == ["initialize", "append", "append", "finalize", *["upload"] * 3, "tweets"]
    assert sent(line.seen[-1])["media"] == {"media_ids": ["9"]}


def test_telegram_sends_one_picture_several_as_an_album_and_deletes_all_of_it():
    chat = {"id": -1001, "type": "channel", "username": "harbour"}

    def tell(request):
        many = request.url.path.endswith("Group")
        return ok(
            {"ok": True, "result": [{"message_id": n, "chat": chat} for n in (5, 6)][: 2 if many else 1]}
        )

    line = Listening("telegram", tell)
    album = to_the_end(line.network, line.api, replace(POST, media=(BOATS, FILM)))
    assert (album.remote_id, album.url) == ("-1001/5+6", "https://t.me/harbour/5")
    items = json.loads(form(line.seen[0])["media"])
    assert [i["type"] for i in items] == ["photo", "video"]
    assert (items[0]["caption"], "caption" in items[1]) == (POST.text, False)
    line.tell = lambda r: ok({"ok": True, "result": True})
    line.network.delete(line.api, album.remote_id)
    assert [sent(r)["message_id"] for r in line.seen[1:]] == [5, 6]


def test_telegram_takes_less_text_under_a_picture():
    long = replace(POST, text="a" * 1025)
    assert not get("telegram").preflight(long)
    assert [c.code for c in get("telegram").preflight(replace(long, media=(BOATS,)))] == ["text_too_long"]


@pytest.mark.parametrize(
    ("code", "said", "failure"),
    [
        (403, "Forbidden: bot is not a member", Reconnect),
        (429, "Too Many Requests", TryLater),
        (400, "chat is gone", Refused),
    ],
)
def test_telegram_says_why_in_its_body(code, said, failure):
    told = {"ok": False, "error_code": code, "description": said, "parameters": {"retry_after": 7}}
    line = Listening("telegram", lambda r: ok(told, code))
    with pytest.raises(failure, match=said[:9]) as caught:
        to_the_end(line.network, line.api)
    assert getattr(caught.value, "seconds", 7) == 7


def test_telegram_groups_have_a_number_and_may_get_another():
    told = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
    }
    told["parameters"] = {"migrate_to_chat_id": -1009}
    line = Listening("telegram", lambda r: ok(told, 400))
    with pytest.raises(Reconnect, match="connect it again"):
        to_the_end(line.network, line.api)
    chat = {"id": -77, "type": "group", "title": "Regulars"}
    line.tell = lambda r: ok({"ok": True, "result": chat | {"first_name": "Bot"}})
    account = line.network.sign_in(line.api, {"token": "1:a", "chat": "-77"})
    assert (account.identity, account.handle, account.name) == ("-77", "-77", "Regulars")
    line.tell = lambda r: ok({"ok": True, "result": {"message_id": 5, "chat": chat}})
    line.api.identity = "-77"
    assert to_the_end(line.network, line.api).url == ""


def test_discord_carries_descriptions_beside_the_files():
    line = Listening("discord", lambda r: ok({"id": "5"}))
    to_the_end(line.network, line.api, replace(POST, media=(BOATS, FILM)))
    parts = form(line.seen[0])
    asked = json.loads(parts["payload_json"])
    assert [a["description"] for a in asked["attachments"]] == ["Boats", "Boats leaving"]
    assert (parts["files[0]"], parts["files[1]"]) == (BOATS.bytes, FILM.bytes)


def test_slack_escapes_text_and_shows_pictures_with_descriptions():
    def tell(request):
        method = request.url.path.rpartition("/")[2]
        told = {
            "files.getUploadURLExternal": {"upload_url": "https://files.example/u", "file_id": "F1"},
        }
        return ok({"ok": True, "ts": "1.2"} | (told.get(method) or {}))

    line = Listening("slack", tell)
    to_the_end(line.network, line.api, replace(POST, text="a < b & c", media=(BOATS,)))
    asked = sent(line.seen[-1])
    assert asked["text"] == "a &lt; b &amp; c"
    assert asked["blocks"][1] == {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "Boats"}
    to_files = next(r for r in line.seen if r.url.host == "files.example")
    assert "authorization" not in to_files.headers


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ("token_revoked", Reconnect),
        ("ratelimited", TryLater),
        ("internal_error", Unknown),
        ("is_archived", Reconnect),
        ("msg_too_long", Refused),
    ],
)
def test_slack_says_no_with_a_200(error, failure):
    line = Listening("slack", lambda r: ok({"ok": False, "error": error}))
    with pytest.raises(failure):
        to_the_end(line.network, line.api)


@pytest.mark.parametrize(("code", "failure"), [(5, Reconnect), (6, TryLater), (10, Unknown), (214, Refused)])
def test_vk_says_no_with_a_200(code, failure):
    line = Listening("vk", lambda r: ok({"error": {"error_code": code, "error_msg": "so it is"}}))
    with pytest.raises(failure, match="so it is"):
        to_the_end(line.network, line.api)


def test_vk_uploads_a_picture_in_three_steps():
    answers = {
        "photos.getWallUploadServer": {"response": {"upload_url": "https://up.example/u"}},
        "u": {"server": 1, "photo": "[]", "hash": "h"},
        "photos.saveWallPhoto": {"response": [{"id": 9, "owner_id": -1}]},
        "wall.post": {"response": {"post_id": 5}},
    }
    line = Listening("vk", lambda r: ok(answers[r.url.path.rpartition("/")[2]]))
    to_the_end(line.network, line.api, replace(POST, media=(BOATS,)))
    assert line.paths() == list(answers)
    assert sent(line.seen[2])["hash"] == "h"
    assert sent(line.seen[3])["attachments"] == "photo-1_9"


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [("# A\n\nB\nC", "A", "B\nC"), ("Only", "Only", "Only"), ("  A \nB ", "A", "B")],
)
def test_devto_makes_the_first_line_the_title(text, title, body):
    assert split(text) == (title, body)


def test_devto_refusing_a_title_means_look():
    article = {"id": 5, "title": POST.text, "body_markdown": POST.text, "url": "u"}
    mine = [article | {"published_at": "2026-11-22T09:01:00Z"}]
    twice = {"error": "Title has already been used in the last five minutes"}
    for there, expected in ((mine, "5"), ([], None)):
        line = Listening("devto", lambda r, there=there: ok(twice, 422) if r.method == "POST" else ok(there))
        if expected:
            assert to_the_end(line.network, line.api).remote_id == expected
        else:
            with pytest.raises(Refused, match="Change it"):
                to_the_end(line.network, line.api)


def test_long_titles_are_told_before():
    told = [
        [c.code for c in get(name).preflight(replace(POST, text="a" * 129, media=m))] for name, m in TITLED
    ]
    assert told == [["title_too_long"], ["title_cut"]]


TITLED = (("devto", ()), ("pinterest", (BOATS,)))


def test_pinterest_leads_where_the_first_link_leads_and_takes_several_pictures():
    line = Listening("pinterest", lambda r: ok({"id": "5"}, 201))
    text = "Boats\nMore at https://harbour.example/boats."
    to_the_end(line.network, line.api, replace(POST, text=text, media=(BOATS, BOATS)))
    asked = sent(line.seen[0])
    assert (asked["title"], asked["link"]) == ("Boats", "https://harbour.example/boats")
    assert [i["content_type"] for i in asked["media_source"]["items"]] == ["image/png"] * 2


def test_pinterest_registers_a_video_and_waits():
    states = iter(["registered", "succeeded"])

    def tell(request):
        if request.method == "GET":
            return ok({"status": next(states)})
        upload = {"media_id": "9", "upload_url": "https://up.example/u", "upload_parameters": {"key": "k"}}
        return ok(upload | {"id": "5"}, 201)

    line = Listening("pinterest", tell)
    to_the_end(line.network, line.api, replace(POST, media=(FILM,)))
    assert line.paths() == ["media", "u", "9", "9", "pins"]
    assert form(line.seen[1])["key"] == b"k"
    assert sent(line.seen[-1])["media_source"]["media_id"] == "9"


def test_wordpress_addresses_are_readable_and_one_posts_alone():
    post = replace(POST, text="Ñandú & cafés: open!\nBody")
    assert slug(post).startswith("nandu-cafes-open-")
    assert slug(post) != slug(replace(post, key="k-2"))
    assert slug(replace(POST, text="日本")).startswith("post-")


def test_wordpress_escapes_text_links_addresses_and_describes_pictures():
    def tell(request):
        return ok({"id": 7, "source_url": "https://harbour.example/b.png", "link": "l"}, 201)

    line = Listening("wordpress", tell)
    text = "Title\n\na < b\nsee https://a.example/x.\n\nlast"
    to_the_end(line.network, line.api, replace(POST, text=text, media=(BOATS, BOATS)))
    assert line.paths() == ["media", "7", "media", "7", "posts"]
    asked = sent(line.seen[-1])
    assert asked["content"].splitlines() == [
        '<p>a &lt; b<br />see <a href="https://a.example/x">https://a.example/x</a>.</p>',
        "<p>last</p>",
        '<figure><img src="https://harbour.example/b.png" alt="Boats" /></figure>',
    ]
    assert asked["featured_media"] == 7
    assert sent(line.seen[1]) == {"alt_text": "Boats"}


def test_wordpress_finds_a_reply_among_our_comments():
    comment = {
        "id": 9,
        "link": "l",
        "content": {"rendered": f"<p>{POST.text}</p>"},
        "date_gmt": "2026-11-22T09:00:05",
    }
    line = Listening("wordpress", lambda r: ok([comment]))
    assert line.network.find(line.api, replace(POST, answers="5")) == Sent("5#comment-9", "l")
    line.tell = lambda r: ok([])
    assert line.network.find(line.api, replace(POST, answers="5")) is None


def test_wordpress_says_at_once_when_the_user_may_not_publish():
    line = Listening(
        "wordpress", lambda r: ok({"id": 1, "name": "A", "capabilities": {"publish_posts": False}})
    )
    with pytest.raises(Refused, match="may not publish"):
        line.network.sign_in(line.api, {"user": "a", "password": "b"})


def test_a_webhook_is_signed_as_the_standard_says():
    """The example of the specification's own libraries."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    told = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert told == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_gets_the_files_too_and_may_answer_nothing():
    line = Listening("webhook", lambda r: httpx.Response(200, text="ok"))
    line.api.clock = lambda: datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert to_the_end(line.network, line.api, replace(POST, media=(BOATS,))) == Sent("k-1", "")
    (file,) = sent(line.seen[0])["data"]["media"]
    assert (file["base64"], file["alt"]) == ("MTIzNDU=", "Boats")
    assert line.seen[0].headers["webhook-timestamp"] == "1795338000"


def test_a_webhooks_address_is_not_told_in_the_story():
    line, story = Listening("webhook", lambda r: httpx.Response(500)), []
    line.api.record = story.append
    with pytest.raises(Unknown):
        to_the_end(line.network, line.api)
    assert "secret-part" not in json.dumps(story)


def test_files_are_uploaded_before_and_only_once():
    line = Listening("mastodon", lambda r: ok({"id": "9", "url": "u"}))
    first = line.network.publish(line.api, replace(POST, media=(BOATS,)), {})
    assert first == Wait({"media": ["9"], "sent": []}, 0)
    line.network.publish(line.api, replace(POST, media=(BOATS,)), first.memo)
    assert [r.method for r in line.seen] == ["POST", "GET", "POST"]
