"""What a worker has in hand beside what it sends: little when calls are slow, and never what another has."""

from datetime import timedelta

import pytest

from diskarte.core.outbox import leases
from diskarte.core.outbox.machine import take
from diskarte.core.outbox.models import Channel
from diskarte.core.outbox.turns import in_turn
from diskarte.core.outbox.worker import POLL, Worker
from tests.core.outbox_world import NOW, again


def test_a_worker_takes_a_delivery_a_thread_and_one_more_for_each_that_ended_lately(monkeypatch):
    moment = [100.0]
    monkeypatch.setattr(leases, "ticks", lambda: moment[0])
    anna = Worker(4, "anna", lambda: NOW)
    assert anna._free() == 4  # nothing has ended: what it cannot begin stays for others
    anna.ended.extend([99.5] * 9)
    assert anna._free() == 8
    anna.in_hand = dict.fromkeys(range(5))
    assert anna._free() == 3
    moment[0] += 2  # the calls have become slow
    assert anna._free() == -1


def test_what_is_gone_leaves_the_list_and_the_rest_keeps_its_order(world):
    several = [world.delivery() for _n in range(5)]
    ahead = in_turn(5, NOW)
    assert ahead == [one.pk for one in several]
    take(2, "ben", NOW, list(ahead))
    taken = take(2, "anna", NOW, ahead)
    assert [one.pk for one in taken] == [one.pk for one in several[2:4]]
    assert ahead == [several[4].pk]
    assert again(several[4]).state == "queued"


def test_the_order_of_the_list_is_not_that_of_the_rows(world):
    first, second, third = [world.delivery() for _n in range(3)]
    ahead = [third.pk, first.pk, second.pk]
    assert [one.pk for one in take(2, "anna", NOW, ahead)] == [third.pk, first.pk]
    assert ahead == [second.pk]


@pytest.mark.parametrize("state", ["paused", "blocked"])
def test_a_channel_that_stopped_a_moment_ago_is_not_used(world, state):
    closing, other = world.channel(), world.channel()
    first, second = world.delivery(closing), world.delivery(other)
    ahead = in_turn(5, NOW)
    Channel.objects.filter(pk=closing.pk).update(state=state)
    assert [one.pk for one in take(2, "anna", NOW, ahead)] == [second.pk]
    assert again(first).state == "queued"


class Inline:
    """A pool whose only thread is this one."""

    def submit(self, work, *given):
        work(*given)


@pytest.fixture
def clocked(monkeypatch):
    """A worker whose pauses are written down and let its clock go on."""
    moment, paused = [NOW], []

    def pause(seconds):
        paused.append(seconds)
        moment[0] += timedelta(seconds=seconds)

    monkeypatch.setattr(leases, "pause", pause)
    worker = Worker(4, "anna", lambda: moment[0])
    return worker, moment, paused


def test_what_is_due_in_a_moment_is_in_hand_already_and_goes_out_on_its_second(world, clocked):
    worker, _moment, paused = clocked
    soon, later = NOW + timedelta(seconds=0.3), NOW + timedelta(seconds=20)
    first, second = world.delivery(due_at=soon), world.delivery(due_at=later)
    worker._pass(Inline())
    assert paused == [pytest.approx(0.3, abs=0.1)]  # PostgreSQL has a clock of its own
    sent = again(first)
    assert (sent.state, sent.last_tried_at, sent.attempts.get().started_at) == ("sent", soon, soon)
    assert sent.sent_at >= soon
    assert again(second).state == "queued"


def test_nothing_is_taken_long_before_its_time(world, clocked):
    worker, _moment, paused = clocked
    row = world.delivery(due_at=NOW + timedelta(seconds=0.6))
    worker._pass(Inline())
    assert (again(row).state, again(row).fence, paused) == ("queued", 0, [])
    assert worker.rest == POLL


def test_a_clock_that_jumps_back_holds_up_nothing_for_longer_than_a_look(world, clocked):
    worker, moment, paused = clocked
    row = world.delivery()
    (row,) = take(1, "anna", NOW)
    moment[0] = NOW - timedelta(hours=1)
    worker._wait_for(row)
    assert paused == [POLL]


def test_the_rest_of_the_minute_is_taken_when_the_first_of_it_end(world, clocked):
    worker, _moment, _paused = clocked
    rows = [world.delivery(due_at=NOW + timedelta(seconds=0.2)) for _n in range(9)]
    worker._pass(Inline())  # four threads, all waiting, then done
    assert worker.found  # so whoever ends wakes the worker
    while any(again(row).state == "queued" for row in rows):
        worker._pass(Inline())
    assert {again(row).state for row in rows} == {"sent"}
    assert {again(row).fence for row in rows} == {1}
