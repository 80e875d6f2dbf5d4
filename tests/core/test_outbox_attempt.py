"""One try: what goes over the wire, and which way out it takes."""

from datetime import timedelta

import pytest

from diskarte.core.outbox.attempt import attempt, post_of, take_one
from diskarte.core.outbox.channels import keep
from diskarte.core.outbox.endings import GIVE_UP
from diskarte.core.outbox.machine import LEASE, move, rescue, take
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.worker import Worker, try_one
from diskarte.networks.base import Account
from diskarte.words import Wait
from tests.core.outbox_world import DAY, HOUR, MINUTE, NOW, Remembering, again


def test_it_sends_once(world):
    delivery = world.delivery()
    assert attempt(delivery, NOW)
    row = again(delivery)
    assert (row.state, row.remote_id, row.url) == ("sent", "1", "https://small.test/1")
    assert row.sent_at == NOW
    assert world.server.texts == ["Hello"]


def test_its_attempt_tells_the_exchange_without_the_secret(world):
    delivery = world.delivery()
    attempt(delivery, NOW)
    row = delivery.attempts.get()
    assert (row.number, row.outcome) == (1, "sent")
    assert row.ended_at >= row.started_at == NOW
    (exchange,) = row.exchanges
    assert (exchange["method"], exchange["path"], exchange["status"]) == ("POST", "/posts", 200)
    assert "good" not in str(row.exchanges)


def test_two_workers_send_once(world):
    delivery = world.delivery()
    twin = again(delivery)
    assert attempt(delivery, NOW)
    assert not attempt(twin, NOW)
    assert len(world.server.posts) == 1


def test_the_intent_is_committed_before_the_call(world):
    delivery = world.delivery()
    seen = []
    world.server.during = lambda: seen.append((again(delivery).state, again(delivery).fence))
    attempt(delivery, NOW)
    assert seen == [("sending", 1)]


def test_a_worker_that_lost_its_lease_in_the_call_writes_nothing(world):
    delivery = world.delivery()
    world.server.during = lambda: rescue(NOW + LEASE + MINUTE)
    assert not attempt(delivery, NOW)
    row = again(delivery)
    assert (row.state, row.remote_id) == ("unknown", "")
    assert row.attempts.get().outcome == ""


def test_a_lost_answer_is_a_doubt(world):
    world.server.breaks = ["lost"]
    delivery = world.delivery()
    attempt(delivery, NOW)
    row = again(delivery)
    assert (row.state, row.doubt_at) == ("unknown", NOW)
    assert row.due_at > NOW
    assert len(world.server.posts) == 1


@pytest.mark.parametrize("how", ["down", 429, 408])
def test_nothing_happened_so_it_goes_later(world, how):
    world.server.breaks = [how]
    delivery = world.delivery()
    attempt(delivery, NOW, luck=lambda: 0.0)
    row = again(delivery)
    assert row.state == "queued"
    assert row.due_at - NOW == timedelta(seconds=90 if how == 429 else 60)
    assert row.why
    assert row.doubt_at is None


def test_the_pause_grows_and_has_a_ceiling(world):
    delivery = world.delivery()
    pauses = []
    for _ in range(9):
        world.server.breaks = ["down"]
        at = again(delivery).due_at
        attempt(again(delivery), at, luck=lambda: 1.0)
        pauses.append((again(delivery).due_at - at).total_seconds())
    assert pauses == [60, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_the_pause_is_full_of_luck(world):
    delivery = world.delivery()
    Delivery.objects.filter(pk=delivery.pk).update(tries=7)
    world.server.breaks = ["down"]
    attempt(again(delivery), NOW, luck=lambda: 0.25)
    assert again(delivery).due_at - NOW == timedelta(seconds=900)


def test_after_a_day_it_gives_up_in_words(world):
    delivery = world.delivery()
    Delivery.objects.filter(pk=delivery.pk).update(first_tried_at=NOW - GIVE_UP - MINUTE)
    world.server.breaks = ["down"]
    attempt(again(delivery), NOW)
    row = again(delivery)
    assert row.state == "refused"
    assert "24 hours" in row.why
    assert "cannot be reached" in row.why
    assert row.do


def test_a_no_is_final_and_says_what_to_do(world):
    world.server.breaks = [422]
    delivery = world.delivery()
    attempt(delivery, NOW)
    row = again(delivery)
    assert row.state == "refused"
    assert "says no" in row.why
    assert row.do


def test_a_lost_permission_blocks_the_delivery_and_its_channel(world):
    world.server.token = "other"
    delivery = world.delivery()
    attempt(delivery, NOW)
    row = again(delivery)
    assert (row.state, row.channel.state) == ("blocked", "blocked")
    assert row.channel.why


def test_connected_again_it_goes_out_by_itself(world):
    world.server.token = "other"
    delivery = world.delivery()
    attempt(delivery, NOW)
    account = Account(delivery.channel.identity, "@kape", "Kape", "", {"token": "other"})
    channel = keep(delivery.brand, "remembering", account, NOW + MINUTE)
    assert channel.pk == delivery.channel_id
    Worker().once(NOW + MINUTE)
    assert again(delivery).state == "sent"


def test_a_channel_connected_again_during_the_call_is_not_blocked_by_the_old_permission(world):
    delivery = world.delivery(world.channel(secrets={"token": "old"}))
    world.server.on_refusal = lambda: Channel.objects.update(secrets={"token": "good"}, version=4)
    attempt(delivery, NOW)
    row = again(delivery)
    assert (row.state, row.channel.state) == ("sent", "ready")


def test_a_thread_goes_on_where_it_stopped(world):
    delivery = world.delivery("threaded", "one", content={"parts": ["two", "three"]})
    attempt(delivery, NOW)
    assert again(delivery).memo == {"sent": ["1"]}
    world.server.breaks = ["down"]
    attempt(again(delivery), NOW)
    assert again(delivery).memo == {"sent": ["1"]}
    Worker().once(NOW + HOUR)
    row = again(delivery)
    assert row.state == "sent"
    assert row.told == {"parts": ["1", "2", "3"]}
    assert world.server.texts == ["one", "two", "three"]


def test_a_lost_answer_in_the_middle_of_a_thread_doubles_no_part(world):
    delivery = world.delivery("threaded", "one", content={"parts": ["two"]})
    attempt(delivery, NOW)
    world.server.breaks = ["lost"]
    attempt(again(delivery), NOW + MINUTE)
    assert again(delivery).doubt_at == NOW + MINUTE  # the doubt is this part's, not the first's
    Worker().once(NOW + 2 * MINUTE)
    assert again(delivery).state == "sent"
    assert world.server.texts == ["one", "two"]


def test_waiting_without_progress_ends_after_a_day(world, monkeypatch):
    monkeypatch.setattr(Remembering, "publish", lambda *_: Wait({"id": 1}, 30))
    delivery = world.delivery()
    attempt(delivery, NOW)
    assert again(delivery).due_at == NOW + timedelta(seconds=30)
    attempt(again(delivery), NOW + DAY + HOUR)
    assert again(delivery).state == "refused"


def test_what_only_a_person_can_do_is_asked(world):
    delivery = world.delivery("mute")
    attempt(delivery, NOW)
    row = again(delivery)
    assert (row.state, row.do, row.is_late) == ("asked", "Post it yourself.", False)


@pytest.mark.parametrize("action", ["delete", "comment", "reply"])
def test_where_a_network_has_no_way_a_person_is_asked_instead(world, action):
    post = world.delivery("mute")
    Delivery.objects.filter(pk=post.pk).update(state="sent", url="https://mute.test/1")
    delivery = world.delivery(
        post.channel, action=action, after=post, content={"remote_id": "1", "answers": "9"}
    )
    attempt(again(delivery), NOW)
    row = again(delivery)
    assert row.state == "asked"
    assert "https://mute.test/1" in row.do
    assert world.server.calls == []


def test_a_comment_goes_under_its_post(world):
    post = world.delivery()
    comment = world.delivery(post.channel, "First!", action="comment", after=post)
    Worker().once(NOW)
    assert again(comment).state == "sent"
    assert world.server.posts["2"] == {"text": "First!", "answers": "1", "key": comment.key}


def test_a_reply_and_a_deletion_use_the_same_engine(world):
    channel = world.channel()
    reply = world.delivery(channel, "Thank you", action="reply", content={"answers": "77"})
    Worker().once(NOW)
    assert world.server.posts["1"]["answers"] == "77"
    gone = world.delivery(channel, action="delete", content={"remote_id": again(reply).remote_id})
    Worker().once(NOW)
    assert again(gone).state == "sent"
    assert world.server.posts == {}


def test_a_lost_deletion_is_simply_repeated(world):
    world.server.breaks = ["lost"]
    gone = world.delivery("small", action="delete", content={"remote_id": "5"})
    attempt(gone, NOW)
    assert again(gone).state == "queued"


def test_a_thread_is_deleted_from_its_end(world):
    gone = world.delivery("small", action="delete", content={"remote_id": "5", "parts": ["6", "7"]})
    attempt(gone, NOW)
    paths = [path for verb, path in world.server.calls if verb == "DELETE"]
    assert [path.rpartition("/")[2] for path in paths] == ["7", "6", "5"]


def test_the_post_is_equal_at_every_attempt(world):
    delivery = world.delivery(content={"languages": ["fil"], "kind": "image"})
    first = post_of(delivery)
    world.server.breaks = ["down"]
    attempt(delivery, NOW)
    assert post_of(again(delivery)) == first
    assert first.due_at == NOW
    assert first.languages == ("fil",)


def test_a_lost_file_is_refused_before_any_call(world):
    delivery = world.delivery(content={"media": [404]})
    attempt(delivery, NOW)
    row = again(delivery)
    assert row.state == "refused"
    assert "file" in row.why
    assert world.server.calls == []


def test_a_fault_of_ours_is_a_doubt_and_stops_nobody_else(world, caplog):
    bad, good = world.delivery("threaded", "bad"), world.delivery("remembering", "good")
    Delivery.objects.filter(pk=bad.pk).update(memo={"sent": 7})  # list(7) raises inside the network's file
    for delivery in take(5, "anna", NOW):
        try_one(delivery, NOW)
    assert again(good).state == "sent"
    row = again(bad)
    assert row.state == "unknown"
    assert "TypeError" in row.why
    assert row.attempts.get().outcome == "unknown"
    assert "TypeError" in caplog.text


def test_a_cancelled_one_cannot_be_taken(world):
    delivery = world.delivery()
    late = again(delivery)
    move(delivery, "cancelled", NOW)
    assert not take_one(late, NOW)
    assert not attempt(late, NOW)
    assert world.server.calls == []
