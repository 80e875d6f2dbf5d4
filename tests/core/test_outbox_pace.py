"""A channel is used no faster than its network told."""

from datetime import timedelta

import pytest

from diskarte.core.outbox import pace
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.machine import take
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.worker import Worker
from tests.core.outbox_world import DAY, HOUR, MINUTE, NOW, again


@pytest.fixture
def slow(world):
    """One a minute, two an hour."""
    return world.channel("slow")


def sent_at(world, channel, minutes):
    """Run a pass every minute; the minutes at which something was sent."""
    told = []
    for n in range(minutes):
        before = len(world.server.posts)
        Worker().once(NOW + n * MINUTE)
        told += [n] * (len(world.server.posts) - before)
    return told


def test_the_gap_and_the_hour_are_kept(world, slow):
    for _ in range(4):
        world.delivery(slow)
    assert sent_at(world, slow, 63) == [0, 1, 60, 61]


def test_a_channel_that_rests_lets_others_pass(world, slow):
    for _ in range(3):
        world.delivery(slow)
    other = world.delivery()
    Worker().once(NOW)
    assert again(other).state == "sent"
    assert len(world.server.posts) == 2


def test_two_workers_share_one_pace(world, slow):
    for _ in range(2):
        world.delivery(slow)
    assert len(take(5, "anna", NOW)) == 1
    assert take(5, "ben", NOW) == []


def test_what_did_not_happen_takes_no_place(world, slow):
    first = world.delivery(slow)
    world.server.breaks = [429]
    attempt(first, NOW)
    second = world.delivery(slow, due_at=NOW)
    assert attempt(again(second), NOW + timedelta(seconds=100))  # after the silence the network asked for
    assert again(second).state == "sent"


def test_what_may_have_happened_takes_its_place(world, slow):
    world.server.breaks = ["lost", "lost"]
    for n in range(2):
        attempt(world.delivery(slow), NOW + n * MINUTE)
    third = world.delivery(slow)
    assert not attempt(third, NOW + 5 * MINUTE)
    assert attempt(again(third), NOW + HOUR)


def test_the_limit_an_account_told_counts_instead(world):
    channel = world.channel(limits_told={"per_day": 1, "image_types": ["image/png"], "unknown": 3})
    assert pace.limits_of(channel).per_day == 1
    assert pace.limits_of(channel).image_types == ("image/png",)
    for _ in range(2):
        world.delivery(channel)
    assert len(take(5, "anna", NOW)) == 1
    assert take(5, "anna", NOW + DAY - MINUTE) == []
    assert len(take(5, "anna", NOW + DAY)) == 1


def test_the_parts_of_a_thread_are_one_post(world):
    channel = world.channel("threaded", limits_told={"per_hour": 1})
    thread = world.delivery(channel, "one", content={"parts": ["two", "three"]})
    Worker().once(NOW)
    assert again(thread).state == "sent"
    assert len(world.server.posts) == 3


def test_deletions_have_no_pace(world, slow):
    world.delivery(slow)
    Worker().once(NOW)
    world.delivery(slow, action="delete", content={"remote_id": "1"})
    Worker().once(NOW)
    assert world.server.posts == {}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
