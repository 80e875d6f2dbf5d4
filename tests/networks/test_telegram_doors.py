"""A bot is put out, or may not post any more: a person is told in minutes; later it goes on by itself."""

import json
from datetime import timedelta

import httpx
import pytest
from django.core import mail

from diskarte.core import clock
from diskarte.core.outbox import notices, watch
from diskarte.core.outbox import wire as line
from diskarte.core.outbox.jobs import check_channels, listen
from diskarte.core.outbox.models import Alarm, Channel, Listener, Notice
from diskarte.core.outbox.queue import queue
from diskarte.core.outbox.worker import Worker
from diskarte.core.secrets import Secrets
from diskarte.networks import get
from diskarte.networks._telegram_doors import shut_out
from diskarte.words import Reconnect, Refused
from tests.make import NOW, a_brand, alice
from tests.networks.test_telegram import HARBOUR, HOUR, MINUTE, Bots, a_channel, seconds
from tests.networks.wire import api_that

pytestmark = pytest.mark.django_db
ADMIN = {"status": "administrator", "can_post_messages": True}


class Guarded(Bots):
    """Bots that somebody lets in and puts out."""

    def __init__(self):
        super().__init__()
        self.member, self.away = ADMIN, False

    def __call__(self, request):
        if request.url.path.endswith("/getChatMember"):
            self.calls.append("getChatMember")
            if self.away:
                raise httpx.ConnectError("nobody there")
            return self.yes(self.member) if isinstance(self.member, dict) else self.no(*self.member)
        return super().__call__(request)

    def becomes(self, member, at, chat=HARBOUR):
        self.member, self.now = member, at
        change = {"chat": {"id": chat, "type": "channel"}, "from": {"id": 1}, "date": seconds(at)}
        self.happens(my_chat_member=change)


@pytest.fixture
def bots(monkeypatch):
    server = Guarded()
    client = httpx.Client(transport=httpx.MockTransport(server))
    monkeypatch.setattr(line, "line", lambda base, channel=None: client)
    with clock.at(NOW):
        yield server


def state(channel):
    return Channel.objects.get(pk=channel.pk).state


def told(way):
    return list(Notice.objects.filter(way=way).order_by("pk"))


def test_a_bot_put_out_is_told_on_the_page_by_letter_and_to_the_program_though_nothing_is_planned(bots, web):
    channel = a_channel()
    alice()
    Listener.objects.create(
        workspace=channel.brand.workspace, url="https://x.example", secrets=Secrets(key="whsec_a2V5")
    )
    listen(NOW)
    assert (watch.warn(NOW), bots.calls.count("getChatMember")) == (0, 0)
    bots.becomes({"status": "kicked"}, NOW + MINUTE)
    listen(NOW + 2 * MINUTE)
    assert state(channel) == "blocked"
    assert (watch.warn(NOW + 2 * MINUTE), watch.warn(NOW + 3 * MINUTE)) == (1, 0)
    (letter,), (call,) = told("mail"), told("webhook")
    assert "put out" in letter.body["text"]
    assert call.body["data"]["troubles"][0]["kind"] == "ahead"
    notices._mail(letter)
    assert "Harbour" in mail.outbox[0].body
    page = web.get("/kape-diwata/publish/outbox/alarms/").content.decode()
    assert "Make it an administrator there again" in page
    bots.becomes(ADMIN, NOW + 5 * MINUTE)
    listen(NOW + 6 * MINUTE)
    assert state(channel) == "ready"
    watch.warn(NOW + 6 * MINUTE)
    assert Alarm.objects.get().how == "ready"
    assert "Solved" in told("mail")[1].subject


def test_a_bot_whose_token_is_gone_is_asked_for_only_now_and_then(bots):
    channel = a_channel()
    listen(NOW)
    Channel.objects.update(state="blocked")
    bots.revoked.add(f"bot{channel.secrets['token']}")
    for minute in range(1, 31):
        listen(NOW.replace(minute=0) + minute * MINUTE)
    assert len(bots.calls) == 1 + 1 + 2, "the first to be told so, then each quarter of an hour"


def test_news_of_a_door_is_asked_about_once_and_again_only_while_nobody_answers(bots):
    channel = a_channel()
    bots.becomes(ADMIN, NOW)
    bots.away = True
    listen(NOW)
    listen(NOW + MINUTE)
    assert (state(channel), bots.calls.count("getChatMember")) == ("ready", 2), "a blip is not a disconnect"
    bots.away = False
    for minute in range(2, 5):
        listen(NOW + minute * MINUTE)
    assert bots.calls.count("getChatMember") == 3


def test_only_the_channel_it_is_about_is_asked_and_one_that_rests_is_not(bots):
    other, resting = a_channel(HARBOUR - 5), a_channel(HARBOUR - 6, state="paused")
    bots.becomes({"status": "left"}, NOW, chat=HARBOUR - 6)
    listen(NOW)
    bots.becomes({"status": "left"}, NOW, chat=HARBOUR - 99)
    listen(NOW + MINUTE)
    assert (state(other), state(resting), bots.calls.count("getChatMember")) == ("ready", "paused", 0)


def test_a_day_before_a_post_the_bots_right_is_asked_for(bots):
    channel = a_channel()
    queue(channel.brand, channel, {"text": "Open at 6"}, NOW + 20 * HOUR)
    bots.member = ADMIN | {"can_post_messages": False}
    assert check_channels(NOW) == 1
    (trouble,) = watch.troubles(NOW)
    assert (state(channel), trouble.urgency) == ("blocked", "fix")
    assert "may not post there any more" in Channel.objects.get(pk=channel.pk).why
    bots.member = ADMIN
    check_channels(NOW + timedelta(hours=19, minutes=10))
    assert state(channel) == "ready"


def test_a_refused_post_waits_for_the_bot_to_be_let_in(bots):
    channel = a_channel()
    bots.sendMessage = lambda bot, asked: bots.no(
        400, "Bad Request: need administrator rights in the channel chat"
    )
    row = queue(channel.brand, channel, {"text": "Open"}, NOW)
    Worker().once(NOW)
    row.refresh_from_db()
    assert (row.state, state(channel)) == ("blocked", "blocked")
    del bots.sendMessage
    bots.becomes(ADMIN, NOW + MINUTE)
    listen(NOW + 2 * MINUTE)
    Worker().once(NOW + 3 * MINUTE)
    row.refresh_from_db()
    assert (row.state, [one["text"] for one in bots.sent]) == ("sent", ["Open"])


@pytest.mark.parametrize(
    ("member", "fine"),
    [
        (ADMIN, True),
        ({"status": "creator"}, True),
        ({"status": "member"}, True),
        ({"status": "administrator"}, True),  # of a group: the right to post is not told there
        ({"status": "restricted", "is_member": True, "can_send_messages": True}, True),
        ({"status": "restricted", "is_member": True, "can_send_messages": False}, False),
        ({"status": "restricted", "is_member": False, "can_send_messages": True}, False),
        ({"status": "administrator", "can_post_messages": False}, False),
        ({"status": "left"}, False),
        ({"status": "kicked"}, False),
    ],
)
def test_who_may_post(member, fine):
    assert (shut_out(member) is None) == fine


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (403, "Forbidden: bot was kicked from the channel chat"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: member list is inaccessible"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
    ],
)
def test_each_way_to_be_shut_out_means_connect_again(code, said):
    no = httpx.Response(code, json={"ok": False, "error_code": code, "description": said})
    with pytest.raises(Reconnect, match="may not post"):
        get("telegram").verify(api_that("telegram", lambda request: no))


def test_a_bot_that_may_not_post_is_not_connected_in_the_first_place():
    def tell(request):
        chat = {"id": -100, "title": "Harbour", "first_name": "Bot", "status": "left"}
        return httpx.Response(200, content=json.dumps({"ok": True, "result": chat}))

    with pytest.raises(Refused, match="make it an administrator"):
        get("telegram").sign_in(api_that("telegram", tell), {"token": "1:a", "chat": "@harbour"})


def test_who_lost_the_channel_stays_told_when_its_posts_come_due(bots):
    channel = a_channel()
    alice()
    row = queue(a_brand(), channel, {"text": "Open"}, NOW + HOUR)
    Channel.objects.filter(pk=channel.pk).update(state="blocked", why="The bot was put out of it.")
    watch.warn(NOW)
    late = NOW + HOUR + 2 * MINUTE
    watch.warn(late)
    kinds = Alarm.objects.filter(solved_at=None).order_by("pk").values_list("kind", "delivery")
    assert list(kinds) == [("ahead", None), ("late", row.pk)], "nothing is called solved that is not"
