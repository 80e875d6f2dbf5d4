"""The practice network: posts are kept, keys remembered for ever, numbers simulated and said to be so."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from diskarte import networks
from diskarte.core import clock
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.queue import queue
from diskarte.core.outbox.wire import api_for, line
from diskarte.core.outbox.worker import Worker
from diskarte.core.practice.models import PracticePost
from diskarte.core.practice.people import age_at, ends_at
from diskarte.core.practice.transport import is_practice
from diskarte.core.secrets import Secrets
from diskarte.science.simulator import maturity
from diskarte.words import Metric, Post, Reconnect, Refused
from tests import make
from tests.core.outbox_world import DAY, HOUR, MINUTE, NOW

NET = networks.get("practice")


@pytest.fixture
def channel(db):
    secrets = Secrets(token="harbour")
    return Channel.objects.create(
        brand=make.a_brand(), network="practice", identity="harbour", secrets=secrets
    )


@pytest.fixture
def api(channel):
    return api_for(channel)


def posted(api, key="k1", text="Hello", at=NOW):
    with clock.at(at):
        return NET.publish(api, Post(key, text), {})


def test_signing_in_needs_only_a_name(db):
    account = NET.sign_in(NET.api(line(NET.base), {}), {"token": "harbour"})
    assert (account.identity, account.secrets) == ("harbour", {"token": "harbour"})


def test_without_a_name_nothing_is_told(channel):
    Channel.objects.update(secrets=Secrets())
    with pytest.raises(Reconnect):
        NET.measure_channel(api_for(Channel.objects.get()))


def test_a_key_is_remembered_for_ever(api):
    first, second = posted(api), posted(api, text="Other", at=NOW + 400 * DAY)
    assert first == second
    assert PracticePost.objects.get().text == "Hello"


def test_two_accounts_may_use_one_key(api, channel):
    posted(api)
    Channel.objects.update(secrets=Secrets(token="other"))
    posted(api_for(Channel.objects.get()))
    assert PracticePost.objects.count() == 2


def test_the_hour_is_the_brands(api):
    posted(api)
    post = PracticePost.objects.get()
    local = NOW.astimezone(ZoneInfo("Asia/Manila"))
    assert (post.weekday, post.hour) == (local.weekday(), local.hour)


def test_numbers_begin_at_nothing_only_grow_and_end_where_the_world_says(api):
    sent = posted(api)
    told = []
    for age in (timedelta(0), HOUR, 6 * HOUR, DAY, 7 * DAY, 60 * DAY):
        with clock.at(NOW + age):
            told.append(NET.measure(api, sent.remote_id))
    views = [t[Metric.VIEWS] for t in told]
    assert views[0] == 0
    assert views == sorted(views)
    end = ends_at(PracticePost.objects.get())
    assert end.views * 0.95 <= views[-1] <= end.views
    assert told[3][Metric.LIKES] <= told[3][Metric.VIEWS]
    assert told[3][Metric.LEADS] is None


def test_every_answer_says_that_it_is_simulated(api):
    sent = posted(api)
    for path in ("/account", f"/posts/{sent.remote_id}", f"/posts/{sent.remote_id}/replies"):
        assert api.get(path).get("simulated") is True


def test_readers_answer_as_often_as_the_count_says(api):
    key = next(f"k{n}" for n in range(50) if _would_be_answered(f"k{n}"))
    sent = posted(api, key)
    with clock.at(NOW + 30 * DAY):
        replies, counts = NET.read_replies(api, sent.remote_id), NET.measure(api, sent.remote_id)
    assert len(replies) == counts[Metric.REPLIES] > 1
    assert len({reply.remote_id for reply in replies}) == len(replies)
    assert [r.at for r in replies] == sorted(r.at for r in replies)
    assert all(NOW < reply.at <= NOW + 30 * DAY for reply in replies)


def _would_be_answered(key):
    post = PracticePost(account="harbour", key=key, weekday=1, hour=17.0, at=NOW)
    return ends_at(post).replies > 3


def test_one_may_answer_a_reader(api):
    sent = posted(api)
    reply = NET.reply(api, Post("k2", "Thank you", answers=f"{sent.remote_id}-1"), {})
    assert PracticePost.objects.get(pk=reply.remote_id).answers_id == int(sent.remote_id)


def test_a_deleted_post_is_gone_and_deleting_twice_is_fine(api):
    sent = posted(api)
    NET.delete(api, sent.remote_id)
    NET.delete(api, sent.remote_id)
    with pytest.raises(Refused):
        NET.measure(api, sent.remote_id)


@pytest.mark.parametrize(("text", "says"), [("", "needs text"), ("x" * 1001, "longer")])
def test_it_refuses_as_a_network_does(api, text, says):
    with pytest.raises(Refused, match=says):
        posted(api, text=text)


def test_what_is_not_there_is_not_there(api):
    for call in (
        lambda: api.get("/nothing"),
        lambda: api.get("/posts/99"),
        lambda: api.post("/posts/99/replies", {}),
    ):
        with pytest.raises(Refused):
            call()


def test_followers_grow_with_what_people_do(api):
    before = NET.measure_channel(api)[Metric.FOLLOWERS]
    for n in range(5):
        posted(api, f"k{n}")
    with clock.at(NOW + 30 * DAY):
        after = NET.measure_channel(api)[Metric.FOLLOWERS]
    assert after > before > 0


def test_the_age_of_a_share_is_maturity_read_backwards():
    for share in (0.01, 0.3, 0.63, 0.9):
        assert maturity(age_at(share)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("base", "inside"),
    [
        ("http://practice.internal", True),
        ("practice://x", True),
        ("", False),
        ("http://practice.internal.evil.io", False),
    ],
)
def test_only_its_own_address_stays_in_the_house(base, inside):
    assert is_practice(base) == inside


def test_the_whole_engine_publishes_a_thread_with_its_comment(channel):
    content = {"text": "One", "parts": ["Two"], "kind": "reel"}
    post = queue(channel.brand, channel, content, NOW)
    comment = queue(channel.brand, channel, {"text": "First!"}, NOW, action="comment", after=post)
    with clock.at(NOW + MINUTE):
        Worker().once(NOW + MINUTE)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    kept, answer = PracticePost.objects.order_by("pk")
    assert (kept.text, kept.parts, kept.kind, answer.answers_id) == ("One", ["Two"], "reel", kept.pk)
    assert Delivery.objects.get(pk=comment.pk).remote_id == str(answer.pk)
