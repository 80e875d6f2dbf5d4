"""What a worker has in hand beside what it sends: little when calls are slow, and never what another has."""

from diskarte.core.outbox import leases
from diskarte.core.outbox.machine import take
from diskarte.core.outbox.turns import in_turn
from diskarte.core.outbox.worker import Worker
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
