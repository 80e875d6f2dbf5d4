"""What nobody saw end: the network's memory, a look, or a person. Never hope."""

from datetime import timedelta

import pytest

from diskarte.core.outbox.attempt import attempt, remembered
from diskarte.core.outbox.doubt import arrived, settle, unsettled
from diskarte.core.outbox.machine import move
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.worker import Worker
from diskarte.words import Sent, Wait
from tests.core.outbox_world import DAY, HOUR, MINUTE, NOW, Remembering, again


@pytest.fixture
def doubtful(world):
    """A delivery whose post arrived and whose answer was lost."""

    def make_one(network, how="lost", **facts):
        world.server.breaks = [how]
        delivery = world.delivery(network, **facts)
        attempt(delivery, NOW)
        assert again(delivery).state == "unknown"
        return again(delivery)

    return make_one


def test_a_network_that_remembers_is_asked_again_with_the_same_key(world, doubtful):
    delivery = doubtful("remembering")
    assert settle(delivery, NOW + 10 * MINUTE) == "queued"
    attempt(again(delivery), NOW + 10 * MINUTE)
    row = again(delivery)
    assert (row.state, row.remote_id, row.doubt_at) == ("sent", "1", None)
    assert world.server.copies(row.key) == 1


def test_after_the_memory_ends_a_person_decides(world, doubtful):
    delivery = doubtful("remembering")
    assert settle(delivery, NOW + 2 * HOUR) == "unknown"
    assert again(delivery).do
    assert len(world.server.calls) == 1


def test_the_memory_is_trusted_a_little_less_long_than_it_lasts(doubtful):
    delivery = doubtful("remembering")
    assert remembered(delivery, NOW + 44 * MINUTE)
    assert not remembered(delivery, NOW + 46 * MINUTE)
    assert not remembered(delivery, NOW - MINUTE)  # a clock that ran back tells no age


def test_a_repeat_that_was_held_up_beyond_the_memory_is_not_made(world, doubtful):
    delivery = doubtful("remembering")
    settle(delivery, NOW + 10 * MINUTE)
    world.server.breaks = [429]
    attempt(again(delivery), NOW + 10 * MINUTE)
    assert again(delivery).state == "queued"
    world.server.now = NOW + 2 * HOUR
    attempt(again(delivery), NOW + 2 * HOUR)  # the key is forgotten by now
    row = again(delivery)
    assert row.state == "unknown"
    assert world.server.copies(row.key) == 1


def test_a_no_to_the_repeat_does_not_undo_the_doubt(world, doubtful):
    delivery = doubtful("remembering")
    settle(delivery, NOW + MINUTE)
    world.server.breaks = [422]
    attempt(again(delivery), NOW + MINUTE)
    row = again(delivery)
    assert (row.state, row.doubt_at) == ("unknown", NOW)
    assert row.do


def test_a_second_lost_answer_keeps_the_first_ones_time(world, doubtful):
    delivery = doubtful("remembering")
    settle(delivery, NOW + 10 * MINUTE)
    world.server.breaks = ["lost"]
    attempt(again(delivery), NOW + 10 * MINUTE)
    assert again(delivery).doubt_at == NOW


def test_progress_ends_the_doubt_about_the_part_before(world, doubtful):
    delivery = doubtful("threaded", content={"parts": ["two", "three"]})
    settle(delivery, NOW + MINUTE)
    attempt(again(delivery), NOW + MINUTE)
    row = again(delivery)
    assert (row.state, row.memo, row.doubt_at) == ("queued", {"sent": ["1"]}, None)


def test_waiting_without_progress_keeps_the_doubt(world, doubtful, monkeypatch):
    delivery = doubtful("remembering")
    settle(delivery, NOW + MINUTE)
    monkeypatch.setattr(Remembering, "publish", lambda *_: Wait({}, 5))
    attempt(again(delivery), NOW + MINUTE)
    row = again(delivery)
    assert (row.state, row.doubt_at) == ("queued", NOW)


def test_looking_finds_it(world, doubtful):
    delivery = doubtful("findable")
    world.server.memory = timedelta(0)
    assert settle(delivery, NOW + MINUTE) == "sent"
    row = again(delivery)
    assert (row.remote_id, row.url) == ("1", "https://small.test/1")
    assert world.server.copies(row.key) == 1
    assert [step.state for step in row.steps.all()] == ["sent"]


def test_looking_finds_nothing_so_it_goes_again(world, doubtful):
    delivery = doubtful("findable", how=503)
    assert settle(delivery, NOW + MINUTE) == "queued"
    assert again(delivery).doubt_at is None
    attempt(again(delivery), NOW + MINUTE)
    assert world.server.copies(delivery.key) == 1


def test_a_look_that_fails_is_made_again_later_and_not_for_ever(world, doubtful):
    delivery = doubtful("findable")
    world.server.breaks = ["down"]
    assert settle(delivery, NOW + MINUTE) == "unknown"
    row = again(delivery)
    assert row.due_at > NOW + MINUTE
    assert not row.do
    world.server.breaks = ["down"]
    settle(row, NOW + DAY + HOUR)
    assert again(row).do


def test_two_lookers_make_one_call(world, doubtful):
    delivery = doubtful("findable")
    twin = again(delivery)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=NOW)
    calls = len(world.server.calls)
    first, second = again(delivery), again(twin)
    settle(first, NOW + MINUTE)
    settle(second, NOW + MINUTE)
    assert len(world.server.calls) == calls + 1


def test_looking_without_permission_blocks_the_channel_and_asks_a_person(world, doubtful):
    delivery = doubtful("findable")
    world.server.token = "other"
    settle(delivery, NOW + MINUTE)
    row = again(delivery)
    assert (row.state, row.channel.state) == ("unknown", "blocked")
    assert row.do


def test_a_blind_network_is_never_repeated_by_us(world, doubtful):
    delivery = doubtful("small")
    for days in range(3):
        Worker().once(NOW + days * DAY + MINUTE)
    row = again(delivery)
    assert row.state == "unknown"
    assert "Look" in row.do
    assert len(world.server.calls) == 1


def test_only_what_the_engine_can_settle_comes_up(world, doubtful):
    delivery = doubtful("remembering")
    assert unsettled(NOW) == []
    assert [d.pk for d in unsettled(NOW + MINUTE)] == [delivery.pk]
    Delivery.objects.update(do="Look")
    assert unsettled(NOW + MINUTE) == []


def test_repeats_end_when_answers_keep_getting_lost(world):
    delivery = world.delivery()
    world.server.breaks = ["lost"] * 50
    for n in range(40):
        Worker().once(NOW + n * MINUTE)
    row = again(delivery)
    assert row.state == "unknown"
    assert row.do
    assert row.tries == 8
    assert world.server.copies(row.key) == 1


def test_a_post_that_says_the_same_as_another_is_not_taken_for_it(world, doubtful, monkeypatch):
    delivery = doubtful("findable")
    twin = world.delivery(delivery.channel)
    Delivery.objects.filter(pk=twin.pk).update(state="sent", remote_id="1")
    assert settle(again(delivery), NOW + MINUTE) == "unknown"
    assert again(delivery).do


def test_a_person_who_saw_the_part_in_doubt_lets_the_thread_go_on(world):
    delivery = world.delivery("family", "one", content={"parts": ["two", "three"]})
    attempt(delivery, NOW)
    world.server.breaks = ["lost"]
    attempt(again(delivery), NOW)
    Worker().once(NOW + MINUTE)
    assert again(delivery).do
    state, facts = arrived(again(delivery), Sent("", "https://small.test/2"), NOW)
    assert state == "queued"
    assert move(again(delivery), state, NOW, **facts)
    Worker().once(NOW + 2 * MINUTE)
    row = again(delivery)
    assert (row.state, row.remote_id) == ("sent", "1")
    assert world.server.texts == ["one", "two", "three"]
    assert world.server.posts["3"]["answers"] == "1"  # the part whose id nobody knows cannot be answered


def test_the_last_part_seen_ends_the_thread(world):
    delivery = world.delivery("remembering", content={"parts": []})
    assert arrived(delivery, Sent("9", "u"), NOW) == ("sent", {"remote_id": "9", "url": "u", "told": {}})
