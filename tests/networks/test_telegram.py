"""Telegram tells comments and reactions once and forgets them after a day: nothing is lost by us, nothing read twice.

The other side is a small server of bots with a queue as the Bot API describes it: asking with an offset forgets what
lies before it, a day makes the rest forgotten, and a webhook set elsewhere answers 409.
"""

import json
from contextlib import suppress
from datetime import timedelta

import httpx
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.outbox import ears, listening
from diskarte.core.outbox import wire as line
from diskarte.core.outbox.jobs import forget_news, listen
from diskarte.core.outbox.models import Channel, Delivery, Ear, Heard
from diskarte.core.outbox.queue import queue
from diskarte.core.outbox.worker import Worker
from diskarte.core.secrets import Secrets
from diskarte.networks import get
from diskarte.networks.base import News
from diskarte.stages.channels import actions as channels
from diskarte.stages.engage import actions as engage
from diskarte.stages.engage import inbox
from diskarte.stages.engage.models import Message
from diskarte.stages.measure import readings
from diskarte.words import Metric, Refused
from tests import make
from tests.make import NOW, a_brand, alice
from tests.networks.wire import Shelf, api_that

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HARBOUR, TALK, SECOND = -1001000000001, -1002000000002, -1003000000003
MIKA = {"id": 9001, "is_bot": False, "first_name": "Mika"}
pytestmark = pytest.mark.django_db


class Bots:
    """Bots by number, each with one queue; `revoked` tokens are unknown, `webhook` bots are somebody else's."""

    def __init__(self):
        self.queues, self.calls, self.sent = {}, [], []
        self.last, self.messages, self.now = {}, 100, NOW
        self.revoked, self.webhook, self.kinds = set(), set(), {}

    def happens(self, bot=12345, **what):
        self.last[bot] = self.last.get(bot, 810) + 1
        self.queues.setdefault(bot, []).append((self.now, {"update_id": self.last[bot], **what}))

    def __call__(self, request):
        _, token, method = request.url.path.split("/")
        asked = json.loads(request.content or b"{}")
        self.calls.append(method)
        bot = int(token.removeprefix("bot").partition(":")[0])
        if token in self.revoked:
            return self.no(401, "Unauthorized")
        return getattr(self, method)(bot, asked)

    def yes(self, result):
        return httpx.Response(200, json={"ok": True, "result": result})

    def no(self, code, said):
        return httpx.Response(code, json={"ok": False, "error_code": code, "description": said})

    def getUpdates(self, bot, asked):
        if bot in self.webhook:
            return self.no(409, "Conflict: can't use getUpdates method while webhook is active")
        kept = [
            (at, one)
            for at, one in self.queues.get(bot, [])
            if at > self.now - DAY and one["update_id"] >= asked.get("offset", 0)
        ]
        self.queues[bot] = kept
        return self.yes([one for _, one in kept][: asked["limit"]])

    def getChat(self, bot, asked):
        chat = int(asked["chat_id"])
        return self.yes({"id": chat, "type": self.kinds.get(chat, "channel")})

    def sendMessage(self, bot, asked):
        self.messages += 1
        self.sent.append(asked)
        chat = {"id": int(asked["chat_id"]), "type": "channel", "title": "Harbour"}
        return self.yes({"message_id": self.messages, "date": 1, "chat": chat})


@pytest.fixture
def bots(monkeypatch):
    server = Bots()
    client = httpx.Client(transport=httpx.MockTransport(server))
    monkeypatch.setattr(line, "line", lambda base, channel=None: client)
    with clock.at(NOW):
        yield server


def a_channel(identity=HARBOUR, token="12345:token-1", brand=None, **facts):
    told = {"name": f"Harbour {identity}", "secrets": Secrets({"token": token}), **facts}
    return Channel.objects.create(
        brand=brand or a_brand(), network="telegram", identity=str(identity), **told
    )


def a_post(channel, at=NOW, number=5):
    row = queue(channel.brand, channel, {"text": "Open at 6"}, at, label="Open at 6")
    facts = {"state": "sent", "sent_at": at, "remote_id": f"{channel.identity}/{number}"}
    Delivery.objects.filter(pk=row.pk).update(**facts)
    return Delivery.objects.get(pk=row.pk)


def seconds(at):
    return int(at.timestamp())


def copy(number=5, channel=HARBOUR, at=NOW):
    """The channel's post as it arrives in the discussion group."""
    origin = {"type": "channel", "date": seconds(at), "chat": {"id": channel, "type": "channel"}}
    return {
        "message_id": 1000 + number, "date": seconds(at), "chat": {"id": TALK, "type": "supergroup"},
        "sender_chat": {"id": channel, "type": "channel"}, "is_automatic_forward": True,
        "forward_origin": {**origin, "message_id": number}, "text": "Open at 6",
    }  # fmt: skip


def comment(text, message, number=5, channel=HARBOUR, at=NOW, **more):
    return {
        "message_id": message, "date": seconds(at), "chat": {"id": TALK, "type": "supergroup"}, "from": MIKA,
        "message_thread_id": 1000 + number, "reply_to_message": copy(number, channel), "text": text,
    } | more  # fmt: skip


def likes(amount, number=5, channel=HARBOUR):
    reactions = [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": amount}]
    chat = {"id": channel, "type": "channel"}
    return {"chat": chat, "message_id": number, "date": seconds(NOW), "reactions": reactions}


def heard_texts():
    return list(Heard.objects.filter(kind="said").order_by("number").values_list("text", flat=True))


def api_of(channel, now=NOW):
    return line.api_for(channel, now=now)


# The whole way


def test_a_comment_is_read_answered_and_counted(bots):
    channel = a_channel()
    listen(NOW - HOUR)
    post = a_post(channel, NOW - MINUTE)
    bots.happens(message=copy())
    bots.happens(message=comment("Saan po kayo?", 71))
    bots.happens(message_reaction_count=likes(4))
    assert listen(NOW) == 4  # the comment says once more which thread is the post's
    assert (inbox.read_all(NOW), inbox.read_all(NOW)) == (1, 0)
    message = Message.objects.get()
    assert (message.text, message.author, message.under) == ("Saan po kayo?", "Mika", post)
    engage.reply(alice(), message.pk, "Sa Kalye Rizal.")
    Worker().once(NOW)
    assert bots.sent == [
        {"chat_id": str(TALK), "text": "Sa Kalye Rizal.",
         "reply_parameters": {"message_id": 71, "allow_sending_without_reply": False}},
    ]  # fmt: skip
    readings.keep_sent(Delivery.objects.all(), NOW)
    later = NOW + HOUR
    listen(later)
    assert readings.read_posts(channel, later) == 1
    row = Publication.objects.get()
    assert (row.likes, row.replies, row.views) == (4, 1, None), "views are told to nobody"
    assert {(r.metric, r.value) for r in Reading.objects.all()} == {("likes", 4), ("replies", 1)}


def test_nothing_heard_is_nought_only_where_everything_would_have_been(bots):
    channel, network = a_channel(), get("telegram")
    old = a_post(channel, NOW - HOUR, 4)
    listen(NOW - MINUTE)
    new = a_post(channel, NOW, 5)
    nothing = {Metric.LIKES: None, Metric.REPLIES: None}
    listen(NOW)
    assert network.measure(api_of(channel), old.remote_id) == nothing, "it was there before we listened"
    told = network.measure(api_of(channel), new.remote_id)
    assert told == {Metric.LIKES: 0, Metric.REPLIES: None}, "whether it has a discussion nobody told"
    bots.happens(message=copy())
    listen(NOW)
    assert network.measure(api_of(channel), new.remote_id) == {Metric.LIKES: 0, Metric.REPLIES: 0}
    late = NOW + 3 * HOUR
    assert network.measure(api_of(channel, late), new.remote_id) == nothing, "not heard for hours"


def test_a_group_tells_each_persons_reaction_and_answers_without_a_thread(bots):
    group, network = a_channel(TALK), get("telegram")
    bots.kinds[TALK] = "supergroup"
    listen(NOW - HOUR)
    post, chat = a_post(group, NOW, 9), {"id": TALK, "type": "supergroup"}
    listen(NOW)
    assert network.measure(api_of(group), post.remote_id) == {Metric.LIKES: None, Metric.REPLIES: 0}
    thumb = {"type": "emoji", "emoji": "👍"}
    for who, new in ((MIKA, [thumb]), ({"id": 9002}, [thumb]), (MIKA, [])):
        one = {"chat": chat, "message_id": 9, "user": who, "date": seconds(NOW)}
        bots.happens(message_reaction={**one, "old_reaction": [], "new_reaction": new})
    own = {"message_id": 9, "date": seconds(NOW), "chat": chat}
    first = {"message_id": 10, "date": seconds(NOW), "chat": chat, "from": MIKA, "text": "Po?"}
    bots.happens(message={**first, "reply_to_message": own})
    bots.happens(message={**first, "message_id": 11, "reply_to_message": first, "text": "Ay, nakita ko na"})
    bots.happens(message={**first, "message_id": 12, "text": "Good morning"})
    listen(NOW)
    assert network.measure(api_of(group), post.remote_id) == {Metric.LIKES: 1, Metric.REPLIES: 2}
    told = network.read_replies(api_of(group), post.remote_id)
    assert [one.text for one in told] == ["Po?", "Ay, nakita ko na"]


def test_a_discussion_the_bot_may_not_write_in_does_not_close_the_channel(bots):
    channel = a_channel()
    no = bots.no(403, "Forbidden: bot is not a member of the supergroup chat")
    bots.sendMessage = lambda bot, asked: no
    content = {"text": "Opo", "answers": f"{TALK}/71"}
    row = queue(channel.brand, channel, content, NOW, action="reply")
    Worker().once(NOW)
    row.refresh_from_db()
    channel.refresh_from_db()
    assert (row.state, channel.state) == ("refused", "ready")
    assert "discussion group" in row.do
    assert "not a member" in row.why
    own = queue(channel.brand, channel, {"text": "Open"}, NOW)
    Worker().once(NOW)
    own.refresh_from_db()
    assert own.state == "blocked"


# Exactly once


def test_nothing_is_confirmed_before_it_is_stored(bots, monkeypatch):
    a_channel()
    bots.happens(message=comment("first", 71))

    with monkeypatch.context() as broken:
        broken.setattr(Heard.objects, "bulk_create", _full)
        with pytest.raises(OSError, match="full"):
            listen(NOW)
    assert (Ear.objects.get().cursor, Heard.objects.count()) == ("", 0)
    assert len(bots.queues[12345]) == 1, "the bot still has it"
    listen(NOW)
    listen(NOW)
    assert (heard_texts(), bots.queues[12345]) == (["first"], [])


def test_who_reads_on_after_somebody_else_stores_nothing_twice(bots):
    channel = a_channel()
    bots.happens(message=comment("first", 71))
    listen(NOW)
    ear = Ear.objects.get()
    late = Ear.objects.get()
    hearing = get("telegram").listen(api_of(channel), "", None)  # the same again, asked without an offset
    bots.happens(message=comment("second", 72))
    listen(NOW)
    assert not listening.store(late, hearing, NOW), "its cursor is old"
    ear.refresh_from_db()
    assert listening.store(ear, hearing, NOW), "told again, it is still once"
    assert heard_texts() == ["first", "second"]


def test_several_channels_share_their_bot_and_each_reads_its_own(bots):
    brand = make.a_brand("tea", name="Tea", workspace=make.a_workspace("tea"))
    ours, theirs = a_channel(), a_channel(SECOND, brand=brand)
    other = a_channel(HARBOUR, token="777:token-9", brand=brand)
    bots.happens(message=comment("for us", 71))
    bots.happens(message=comment("for them", 72, number=6, channel=SECOND))
    bots.happens(777, message=comment("another bot hears it too", 73))
    listen(NOW)
    assert (bots.calls.count("getUpdates"), Ear.objects.count()) == (2, 2)
    read = get("telegram").read_replies
    assert [r.text for r in read(api_of(ours), f"{HARBOUR}/5")] == ["for us"]
    assert [r.text for r in read(api_of(theirs), f"{SECOND}/6")] == ["for them"]
    assert [r.text for r in read(api_of(other), f"{HARBOUR}/5")] == ["another bot hears it too"]


def test_a_network_that_hangs_holds_nothing_up_for_long_and_everybody_gets_a_turn(bots, monkeypatch):
    for number in range(3):
        a_channel(HARBOUR - number, token=f"{number}:t")
        bots.happens(number, message=comment("hello", 71))
    at = iter(range(0, 10_000, 20))
    monkeypatch.setattr(listening.time, "monotonic", lambda: next(at))
    heard = set()
    for minute in range(3):
        listen(NOW + minute * MINUTE)
        heard |= set(Heard.objects.values_list("ear__key", flat=True))
        assert len(heard) == minute + 1, "one a minute is all that fits"


ACTS = st.lists(st.sampled_from(["says", "says", "listens", "breaks", "late", "a day"]), max_size=25)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_happens_each_comment_is_stored_once_and_only_a_gap_that_is_said_loses_one(
    bots, monkeypatch, acts
):
    for model in (Heard, Ear, Channel):
        model.objects.all().delete()
    channel, now, said, network = a_channel(), NOW, [], get("telegram")
    bots.queues.clear()
    bots.last.clear()
    listen(now)
    stale, asked_at = Ear.objects.get(), now
    told = network.listen(api_of(channel), "", None)
    for number, act in enumerate(acts):
        now += DAY + MINUTE if act == "a day" else MINUTE
        bots.now = now
        if act == "says":
            said.append(f"n{number}")
            bots.happens(message=comment(said[-1], 2000 + number))
        elif act == "listens":
            listen(now)
        elif act == "breaks":
            with monkeypatch.context() as broken:
                broken.setattr(Heard.objects, "bulk_create", _full)
                with suppress(OSError):
                    listen(now)
        elif act == "late":  # another worker asked from the same place and stores only now
            listening.store(stale, told, asked_at)
            stale, asked_at = Ear.objects.get(), now
            told = network.listen(api_of(channel, now), stale.cursor, stale.heard_at)
    listen(now)
    texts = heard_texts()
    assert len(texts) == len(set(texts))
    lost = [one for one in said if one not in texts]
    assert not lost or Ear.objects.get().gap_until is not None, lost


def _full(*_args, **_more):
    raise OSError("the disk is full")


def test_a_day_of_a_busy_group_is_read_in_one_go(bots):
    a_channel()
    for number in range(250):
        bots.happens(message=comment(f"{number}", 2000 + number))
    listen(NOW)
    assert (len(heard_texts()), bots.calls.count("getUpdates")) == (250, 3)


def test_what_nobody_foresaw_holds_nothing_up(bots):
    a_channel()
    bots.happens(message={"chat": 5})
    bots.happens(message_reaction_count={})
    bots.happens(purchased_paid_media={"from": MIKA})
    bots.happens(message=comment("after it", 71))
    listen(NOW)
    assert heard_texts() == ["after it"]
    assert Ear.objects.get().cursor.startswith("814@")


def test_what_rests_still_hears_and_so_does_what_was_put_out_while_its_bot_is_known(bots):
    channel = a_channel(state="paused")
    bots.happens(message=comment("still there?", 71))
    assert listen(NOW) == 2
    Channel.objects.filter(pk=channel.pk).update(state="blocked")
    assert (listen(NOW), bots.calls.count("getUpdates")) == (0, 2)


# What keeps us from hearing is said


def test_a_webhook_set_elsewhere_is_said_and_stops_nothing_else(bots, web):
    channel = a_channel()
    bots.webhook.add(12345)
    listen(NOW)
    ear = Ear.objects.get()
    assert "webhook is active" in ear.why
    assert "bot of its own" in ear.do
    channel.refresh_from_db()
    assert channel.state == "ready"
    with pytest.raises(Refused):
        get("telegram").listen(api_of(channel), "", None)
    page = web.get(f"/kape-diwata/channels/{channel.pk}/").content.decode()
    assert "webhook is active" in page
    assert "bot of its own" in page
    with translation.override("fil"):
        same = Ear.objects.get()
        assert same.do != ear.do
    (need,) = channels.standing(alice()).needs
    assert need.what % need.values == f"Comments under {channel} were not heard for a while"
    bots.webhook.clear()
    listen(NOW)
    assert channels.standing(alice()).needs == ()
    assert (Ear.objects.get().why, Ear.objects.get().do) == ("", "")


def test_a_lost_day_is_said(bots, web):
    channel = a_channel()
    listen(NOW - 3 * DAY)
    bots.now = NOW - 2 * DAY
    bots.happens(message=comment("nobody heard me", 71))
    bots.now = NOW
    bots.happens(message=comment("hello again", 72))
    listen(NOW)
    ear = Ear.objects.get()
    assert (heard_texts(), ear.gap_from, ear.gap_until) == (["hello again"], NOW - 3 * DAY, NOW)
    listen(NOW + HOUR)
    bots.happens(message=comment("lost", 73))
    bots.now = NOW + 2 * DAY
    bots.happens(message=comment("kept", 74))
    listen(NOW + 2 * DAY)
    ear.refresh_from_db()
    assert heard_texts() == ["hello again", "kept"]
    assert (ear.gap_from, ear.gap_until, ear.whole_since) == (
        NOW + HOUR, NOW + 2 * DAY, NOW + 2 * DAY,
    )  # fmt: skip
    with clock.at(NOW + 2 * DAY):
        page = web.get(f"/kape-diwata/channels/{channel.pk}/").content.decode()
    assert "may be missing" in page
    post = a_post(channel, NOW)
    told = get("telegram").measure(api_of(channel, NOW + 2 * DAY), post.remote_id)
    assert told[Metric.REPLIES] is None, "an answer may have been lost"


@pytest.mark.parametrize(
    ("silence", "waits", "lost"),
    [
        (timedelta(minutes=5), [813], False),
        (timedelta(minutes=5), [], False),
        (timedelta(minutes=5), [815], True),  # somebody else took two
        (timedelta(hours=30), [813], False),  # numbers have no holes: nothing happened in between
        (timedelta(hours=30), [815], True),
        (timedelta(hours=30), [], True),  # perhaps
    ],
)
def test_a_gap_shows_in_the_numbers_or_in_the_silence(silence, waits, lost):
    told = {"ok": True, "result": [{"update_id": number} for number in waits]}
    api = api_that("telegram", lambda request: httpx.Response(200, json=told))
    api.clock = lambda: NOW
    hearing = get("telegram").listen(api, f"812@{seconds(NOW - silence)}", NOW - silence)
    assert hearing.lost is lost


def test_after_a_quiet_week_the_numbers_begin_anew():
    told = {"ok": True, "result": [{"update_id": 5}]}
    api = api_that("telegram", lambda request: httpx.Response(200, json=told))
    api.clock = lambda: NOW
    assert not get("telegram").listen(api, f"812@{seconds(NOW - 8 * DAY)}", NOW - MINUTE).lost


def test_a_token_that_was_renewed_hears_on_where_the_old_one_stopped(bots):
    a_channel(connected_at=NOW - DAY)
    bots.happens(message=comment("first", 71))
    listen(NOW)
    bots.revoked.add("bot12345:token-1")
    bots.happens(message=comment("second", 72))
    listen(NOW)
    assert "Unauthorized" in Ear.objects.get().why
    a_channel(SECOND, token="12345:token-2", connected_at=NOW)
    listen(NOW)
    assert (heard_texts(), Ear.objects.get().why) == (["first", "second"], "")


def test_a_moment_without_a_line_is_not_said_an_hour_is(bots, monkeypatch):
    a_channel()
    listen(NOW)
    down = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(502, text="")))
    monkeypatch.setattr(line, "line", lambda base, channel=None: down)
    listen(NOW + MINUTE)
    assert Ear.objects.get().why == ""
    Channel.objects.update(closed_until=None)
    listen(NOW + 2 * HOUR)
    assert "fault of its own" in Ear.objects.get().why


def test_words_are_forgotten_after_a_month_and_counts_after_a_year(bots):
    channel = a_channel()
    listen(NOW - HOUR)
    post = a_post(channel)
    bots.happens(message=copy())
    bots.happens(message=comment("first", 71))
    listen(NOW)
    assert forget_news(NOW + 29 * DAY) == 0
    assert forget_news(NOW + 31 * DAY) == 1
    assert get("telegram").read_replies(api_of(channel), post.remote_id) == []
    assert get("telegram").measure(api_of(channel), post.remote_id)[Metric.REPLIES] == 1
    forget_news(NOW + 401 * DAY)
    assert not Heard.objects.exists()


def test_who_has_no_channel_any_more_is_forgotten(bots):
    channel = a_channel()
    bots.happens(message=comment("first", 71))
    listen(NOW)
    later = NOW + 31 * DAY
    forget_news(later)
    assert Ear.objects.exists()
    channel.delete()
    forget_news(NOW + DAY)
    assert Ear.objects.exists(), "it may be connected again"
    forget_news(later)
    assert not Ear.objects.exists()


# What is ours is no answer


def test_the_channel_itself_and_its_nameless_administrators_are_not_strangers():
    speakers = [
        {"id": HARBOUR, "title": "Harbour"},
        {"id": TALK, "title": "Talk"},
        {"id": -100555, "title": "Rival"},
    ]
    bots = Bots()
    for number, speaker in enumerate(speakers):
        bots.happens(message=comment("we are here", 71 + number, sender_chat=speaker))
    api = api_that("telegram", bots)
    api.memory = Shelf(get("telegram").listen(api, "", None).news)
    told = get("telegram").read_replies(api, f"{HARBOUR}/5")
    assert [(one.author, one.text) for one in told] == [("Rival", "we are here")]


def test_an_album_is_answered_under_its_first_picture():
    at = NOW
    news = [
        News(1, f"{HARBOUR}/5", "thread", at, what=f"{TALK}/70"),
        News(2, f"{HARBOUR}/6", "thread", at, what=f"{TALK}/71"),
        News(3, f"{TALK}/70", "said", at, what=f"{TALK}/80", by="1", who="Mika", text="Wow"),
        News(4, f"{HARBOUR}/5", "reactions", at, amount=3),
    ]
    api = api_that("telegram", Bots())
    api.memory = Shelf(news)
    assert [r.text for r in get("telegram").read_replies(api, f"{HARBOUR}/5+6")] == ["Wow"]
    assert get("telegram").measure(api, f"{HARBOUR}/5+6") == {Metric.LIKES: 3, Metric.REPLIES: 1}


def test_who_never_listens_costs_no_query(bots, django_assert_num_queries):
    channel = a_channel()
    with django_assert_num_queries(0):
        api_of(channel)
    assert ears.ear_of(Channel(network="practice", brand=channel.brand)) is None
