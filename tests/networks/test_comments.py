"""Comments beyond the contract: answers to answers, long threads, our own taken back, and what is not offered."""

import inspect
import json
from dataclasses import replace

import pytest

from diskarte.networks import _thread, all_networks, get
from diskarte.stages.channels.matrix import SHOWN
from diskarte.stages.channels.sentences import LACKS
from diskarte.words import Ask, Metric, Refused
from tests.engage.builders import a_channel
from tests.networks.test_own_ways import Listening, ok
from tests.networks.wire import BOATS, POST, sent, to_the_end, wire

ALL = sorted(all_networks())


# What a network does not offer


@pytest.mark.parametrize("name", ALL)
def test_what_is_not_there_is_said_in_a_sentence_with_its_source(name):
    network = get(name)
    assert set(network.lacks) <= {*SHOWN, *LACKS}
    assert {a for a in SHOWN if a not in network.can} == {a for a in SHOWN if a in network.lacks}
    assert ("thread" in network.lacks) == (not network.limits.parts)
    assert ("media" in network.lacks) == (not (network.limits.images or network.limits.videos))
    assert ("views" in network.lacks) == (Metric.VIEWS not in network.counts)
    for lack in network.lacks.values():
        assert lack.why.endswith(".")
        assert lack.source.startswith("https://") or name in {"by_hand", "practice", "webhook"}


@pytest.mark.parametrize("name", ALL)
def test_a_description_of_a_picture_is_sent_or_its_loss_is_said(name):
    network = get(name)
    if not network.limits.images or name in {"by_hand", "own_feed"}:
        pytest.skip("no picture leaves the house through this file")
    family = inspect.getsource(inspect.getmodule(type(network)))
    family += "".join(inspect.getsource(m) for m in network_parts(network))
    assert (".alt" in family) != ("alt_text" in network.lacks)


def network_parts(network):
    """The shared modules this network's file reads, but for the family that only hands posts on."""
    own = inspect.getmodule(type(network))
    found = {inspect.getmodule(value) for value in vars(own).values() if callable(value)}
    return {m for m in found if m and m.__name__.startswith("diskarte.networks._discord")} - {_thread}


def test_the_page_of_a_channel_says_why_not(web, db):
    channel = a_channel(network="pinterest")
    page = web.get(f"/kape-diwata/channels/{channel.pk}/").content.decode()
    assert "No program may read or write comments there" in page
    assert "developers.pinterest.com/docs/api/v5" in page
    assert "A pin stands alone" in page
    web.cookies["language"] = "fil"
    assert (
        "No program may read or write" not in web.get(f"/kape-diwata/channels/{channel.pk}/").content.decode()
    )
    table = web.get("/kape-diwata/channels/networks/").content.decode()
    assert 'title="' in table


# Reading all of it


def test_discord_reads_on_while_the_channel_is_busy():
    def talk(start):
        def one(n):
            under = {"message_id": "55" if n % 50 == 0 else "1"}
            said = {"id": str(n), "content": f"n{n}", "timestamp": f"2026-11-22T10:{n % 60:02}:00+00:00"}
            return said | {"author": {"id": "7", "username": "maria"}, "message_reference": under}

        return [one(n) for n in range(start + 99, start - 1, -1)]

    def tell(request):
        after = int(request.url.params["after"])
        return ok(talk(after + 1)[: 100 if after < 200 else 3])

    line = Listening("discord", tell)
    told = line.network.read_replies(line.api, "55")
    assert {r.remote_id for r in told} == {"100", "150", "200", "250"}
    assert len(line.seen) == 3


def test_slack_reads_a_long_thread_to_its_end():
    def tell(request):
        late = "cursor" in request.url.params
        message = {"ts": "9.000002" if late else "9.000001", "user": "U7", "text": "Po?"}
        more = {} if late else {"response_metadata": {"next_cursor": "dXNlcg=="}}
        return ok({"ok": True, "messages": [message], **more})

    line = Listening("slack", tell)
    assert [r.remote_id for r in line.network.read_replies(line.api, "9.000000")] == ["9.000001", "9.000002"]


def test_slack_counts_no_answers_where_there_is_no_thread():
    message = {"ts": "9.000000", "text": "Hello", "user": "U1"}
    line = Listening("slack", lambda r: ok({"ok": True, "message": message, "messages": [message]}))
    assert line.network.measure(line.api, "9.000000") == {Metric.LIKES: 0, Metric.REPLIES: 0}


def test_ghost_reads_every_page_of_comments():
    def tell(request):
        page = int(request.url.params["page"])
        comment = {
            "id": f"c{page}",
            "html": "x",
            "status": "published",
            "created_at": "2026-11-22T09:05:00.000Z",
        }
        return ok({"comments": [comment], "meta": {"pagination": {"page": page, "pages": 3}}})

    line = Listening("ghost", tell)
    told = line.network.read_replies(line.api, "5")
    assert [(r.remote_id, r.author) for r in told] == [("c1", ""), ("c2", ""), ("c3", "")]


# Answering and taking back


def test_ghost_asks_a_person_where_no_member_answers():
    line = Listening("ghost", lambda r: ok({}))
    del line.api.secrets["member"]
    asked = line.network.reply(line.api, replace(POST, answers="c1"), {})
    assert isinstance(asked, Ask)
    assert line.seen == []


def test_ghost_comments_under_the_article_itself():
    def tell(request):
        return ok({"errors": [{"message": "Comment not found"}]}, 404) if request.method == "GET" else ok(
            {"comments": [{"id": "c9"}]}, 201
        )  # fmt: skip

    line = Listening("ghost", tell)
    done = line.network.reply(line.api, replace(POST, answers="6b03b344"), {})
    assert done.remote_id == "6b03b344/c9"
    assert sent(line.seen[1])["comments"][0]["post_id"] == "6b03b344"


@pytest.mark.parametrize("there", [True, False])
def test_a_lost_answer_to_a_ghost_comment_is_looked_for(there):
    ours = wire("ghost")["secrets"]["member"]
    rows = [
        {
            "id": "c7",
            "html": "<p>Hello, harbour</p>",
            "created_at": "2026-11-22T09:00:30.000Z",
            "member": {"id": "m2"},
        },
        {
            "id": "c8",
            "html": "<p>Hello, harbour</p>",
            "created_at": "2026-11-22T09:01:00.000Z",
            "member": {"id": ours},
        },
    ][: 1 + there]

    line = Listening("ghost", lambda r: ok({"comments": rows}))
    found = line.network.find(line.api, replace(POST, answers="c1/c4"))
    assert (found.remote_id if found else None) == ("c1/c8" if there else None)
    assert line.seen[-1].url.path.endswith("/comments/c1/replies/")


def test_a_member_nobody_knows_is_refused():
    def tell(request):
        return ok({"members": []}) if "/members/" in request.url.path else ok(
            {"site": {"title": "H", "url": "https://h.example/", "site_uuid": "1"}, "posts": []}
        )  # fmt: skip

    line = Listening("ghost", tell)
    with pytest.raises(Refused, match="no member with this address"):
        line.network.sign_in(line.api, {"token": "6b03aa:00ff", "member": "o'hara@h.example"})
    assert line.seen[-1].url.params["filter"] == "email:'o\\'hara@h.example'"


def test_an_answer_of_ours_is_taken_back_where_it_stands():
    line = Listening("vk", lambda r: ok({"response": 1}))
    line.network.delete(line.api, "-1_5?reply=8")
    assert (line.paths(), sent(line.seen[0])["comment_id"]) == (["wall.deleteComment"], "8")
    line = Listening("ghost", lambda r: ok({"comments": [{}]}))
    line.network.delete(line.api, "c1/c5")
    assert json.loads(line.seen[0].content) == {"comments": [{"id": "c5", "status": "deleted"}]}


def test_vk_keeps_the_description_of_a_picture():
    answers = {
        "photos.getWallUploadServer": {"response": {"upload_url": "https://up.example/u"}},
        "u": {"server": 1, "photo": "[]", "hash": "h"},
        "photos.saveWallPhoto": {"response": [{"id": 9, "owner_id": -1}]},
        "wall.post": {"response": {"post_id": 5}},
    }
    line = Listening("vk", lambda r: ok(answers[r.url.path.rpartition("/")[2]]))
    to_the_end(line.network, line.api, replace(POST, media=(BOATS,)))
    assert sent(line.seen[2])["caption"] == "Boats"
