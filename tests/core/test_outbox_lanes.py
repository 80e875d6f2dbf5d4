"""What several channels share is used no faster than was declared; what a network asks for is heard by all."""

from datetime import timedelta
from threading import Barrier, Thread

import httpx
import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.core.outbox import channels, lanes, leases, turns, watch, wire
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.machine import take
from diskarte.core.outbox.models import Channel, Delivery, Lane
from diskarte.core.outbox.worker import Worker
from diskarte.core.secrets import Secrets
from diskarte.networks.base import Account
from tests.core.outbox_world import HOUR, MINUTE, NOW, again

SECOND = timedelta(seconds=1)


@given(st.integers(1, 200), st.floats(0.5, 90_000), st.lists(st.floats(0, 1), min_size=1, max_size=300))
def test_no_window_ever_holds_more_than_declared(most, seconds, waits):
    lane, now, calls = Lane(), NOW, []
    for wait in waits:
        now += timedelta(seconds=wait * seconds / most)
        if lane.free_at is None or lane.free_at <= now:
            lanes.spend(lane, (most, seconds), now)
            calls.append(now)
    window = timedelta(seconds=seconds) - timedelta(microseconds=len(waits))  # pauses are whole microseconds
    for first, over in zip(calls, calls[most:], strict=False):
        assert over - first >= window


@pytest.mark.parametrize(("most", "burst"), [(1, 1), (3, 1), (30, 7), (3000, 750)])
def test_a_rest_gives_a_burst_and_the_whole_allowance_in_the_long_run(most, burst):
    lane, now, made = Lane(), NOW, 0
    while now < NOW + MINUTE:
        if lane.free_at is None or lane.free_at <= now:
            lanes.spend(lane, (most, 60), now)
            made += 1
        else:
            assert made >= burst
            now = lane.free_at
    assert most * 0.66 <= made <= most


@given(st.integers(1, 40), st.floats(0.5, 900), st.lists(st.floats(0, 1), max_size=30), st.floats(0, 2))
def test_there_is_room_for_exactly_as_many_as_may_be_called(most, seconds, waits, later):
    lane, now = Lane(), NOW
    for wait in waits:
        now += timedelta(seconds=wait * seconds / most)
        if lane.free_at is None or lane.free_at <= now:
            lanes.spend(lane, (most, seconds), now)
    until = now + timedelta(seconds=later * seconds / most)
    told, made = lanes.room(lane, (most, seconds), until), 0
    while lane.free_at is None or lane.free_at <= until:
        lanes.spend(lane, (most, seconds), until)
        made += 1
    assert max(told, 0) == made


def place(world, **facts):
    """A channel whose network allows four calls a minute to an app: one at once, then one every 20 s."""
    return world.channel(**{"limits_told": {"per_app": [4, 60]}, "secrets": Secrets(token="good")} | facts)


def taken(now=NOW):
    return [delivery.channel_id for delivery in take(9, "anna", now)]


def test_channels_of_one_app_share_its_pace(world):
    first, second = place(world), place(world)
    for channel in (first, second):
        world.delivery(channel)
    assert len(taken()) == 1
    assert taken(NOW + 19 * SECOND) == []
    assert len(taken(NOW + 20 * SECOND)) == 1
    assert Lane.objects.count() == 1


def test_another_app_and_another_server_have_lanes_of_their_own(world):
    mine = place(world)
    others = [place(world, secrets=Secrets(token="other")), place(world, base="https://other.test")]
    for channel in (mine, *others):
        world.delivery(channel)
    assert len(taken()) == 3


def test_a_backlog_behind_a_lane_is_not_looked_at_row_by_row(world, django_assert_max_num_queries):
    channel = place(world, limits_told={"per_app": [40, 60]})
    for _n in range(80):
        world.delivery(channel)
    turns.in_turn(9, NOW)  # joins the lane
    assert len(turns.in_turn(9, NOW)) == 10
    with django_assert_max_num_queries(16):
        assert len(take(40, "anna", NOW)) == 10
    with django_assert_max_num_queries(2):
        assert take(40, "anna", NOW) == []


def test_an_app_is_known_by_its_client_not_by_each_persons_token(world):
    for token in ("one", "two"):
        world.delivery(place(world, secrets=Secrets(client_id="ours", token=token)))
    assert len(taken()) == 1


def test_a_server_counts_whoever_calls_it(world):
    told = {"per_server": [4, 60]}
    for token in ("one", "two"):
        world.delivery(world.channel(limits_told=told, secrets=Secrets(token=token)))
    world.delivery(world.channel(limits_told=told, base="https://elsewhere.test"))
    assert len(taken()) == 2


def test_a_full_lane_lets_other_networks_pass_and_takes_no_place(world):
    busy = place(world, limits_told={"per_app": [4, 60], "per_hour": 1})
    world.delivery(place(world))
    assert len(taken()) == 1
    world.delivery(busy)
    free = world.delivery()
    assert taken() == [free.channel_id]
    assert Channel.objects.get(pk=busy.pk).free_at is None


@pytest.fixture
def stopped(monkeypatch):
    """Calls take no time."""
    monkeypatch.setattr(leases, "ticks", lambda: 0.0)


def test_slow_down_is_heard_by_everything_on_the_channel_and_nothing_else(world, stopped):
    channel, other = world.channel(), world.channel()
    world.server.breaks = [429]
    attempt(world.delivery(channel), NOW)
    world.delivery(channel, action="delete", content={"remote_id": "1"})
    world.delivery(other)
    silent = Channel.objects.get(pk=channel.pk).closed_until
    assert silent == NOW + 90 * SECOND  # its Retry-After
    assert taken(silent - SECOND) == [other.pk]
    assert taken(silent) == [channel.pk, channel.pk]


def test_the_last_call_that_was_allowed_closes_until_the_reset(world, stopped, monkeypatch):
    told = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "300"}
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "1"}, headers=told))
    monkeypatch.setattr(wire, "line", lambda base, channel=None: httpx.Client(transport=answer))
    channel = world.channel()
    delivery = world.delivery(channel)
    attempt(delivery, NOW)
    assert again(delivery).state == "sent"
    assert Channel.objects.get(pk=channel.pk).closed_until == NOW + 300 * SECOND


def test_a_longer_wish_is_not_shortened(world):
    channel = world.channel()
    for pause in (MINUTE, HOUR, MINUTE):
        lanes.hold(channel, NOW + pause)
    assert Channel.objects.get(pk=channel.pk).closed_until == NOW + HOUR


def test_a_thread_that_has_begun_waits_too(world):
    channel = world.channel("threaded")
    thread = world.delivery(channel, "one", content={"parts": ["two"]})
    attempt(thread, NOW)
    lanes.hold(channel, NOW + MINUTE)
    Worker().once(NOW + SECOND)
    assert len(world.server.posts) == 1
    Worker().once(NOW + MINUTE)
    assert again(thread).state == "sent"


def test_connected_again_with_another_app_it_changes_its_lane(world):
    channel = place(world)
    world.delivery(channel)
    taken()
    lanes.hold(channel, NOW + HOUR)
    account = Account(channel.identity, "me", "Me", "", {"token": "of another app"})
    kept = channels.keep(channel.brand, channel.network, account, NOW)
    assert (kept.app_id, kept.closed_until) == (None, None)
    world.delivery(kept)
    assert taken() == [kept.pk]


def test_what_waits_for_its_lane_is_no_trouble(world):
    channel = place(world)
    world.delivery(channel)
    lanes.hold(channel, NOW + HOUR)
    assert watch.troubles(NOW + 10 * MINUTE) == []


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_share_one_lane_and_never_wait_for_each_other_in_a_circle(
    transactional_db, world
):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one worker write at a time; this is about PostgreSQL")
    places = [place(world, limits_told={"per_app": [16, 60], "per_server": [40, 60]}) for _ in range(6)]
    for n in range(60):
        world.delivery(places[n % 6])
    found, together = [], Barrier(4)

    def work(name):
        together.wait()
        try:
            for _ in range(5):
                found.extend(delivery.pk for delivery in take(7, name, NOW))
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == len(set(found)) == lanes.rhythm(16, 60)[0]
    assert Delivery.objects.filter(state="sending").count() == len(found)


def test_a_wish_for_silence_counts_from_the_databases_time_however_wrong_this_machines_clock_is(
    world, stopped, monkeypatch
):
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + 10 * HOUR)
    world.server.breaks = [429]
    delivery = world.delivery("small")
    attempt(delivery, NOW)
    silent = Channel.objects.get(pk=delivery.channel_id).closed_until
    assert silent == NOW + 90 * SECOND
