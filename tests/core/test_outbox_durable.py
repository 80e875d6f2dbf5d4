"""An intent is on the disk before its call; many threads wait for the disk once."""

from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection

from diskarte.core.outbox import durable, leases
from diskarte.core.outbox.durable import on_disk
from diskarte.core.outbox.machine import take
from tests.core.outbox_world import NOW, again


@pytest.fixture
def free(transactional_db):
    """A database without a transaction around it."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL waits for the disk by itself")


def synchronous():
    with connection.cursor() as line:
        return line.execute("PRAGMA synchronous").fetchone()[0]


def test_the_commit_waits_for_the_disk_and_the_next_does_not(free):
    seen = []
    assert on_disk(lambda: not seen.append(synchronous()))
    assert (seen, synchronous()) == ([2], 1)  # FULL, NORMAL


def test_the_intent_is_such_a_commit(free, world, monkeypatch):
    seen, update = [], leases.on_disk
    monkeypatch.setattr(
        leases, "on_disk", lambda call: update(lambda: (seen.append(synchronous()), call())[1])
    )
    world.delivery()
    (delivery,) = take(1, "anna", NOW)
    assert leases.hold(delivery, NOW)
    assert (seen, again(delivery).doubt_at) == ([2], NOW)


def test_what_goes_wrong_is_told_and_the_connection_is_usable_again(free):
    def fails():
        raise OperationalError("disk I/O error")

    with pytest.raises(OperationalError, match="disk"):
        on_disk(fails)
    assert on_disk(lambda: True)
    assert synchronous() == 1


def test_inside_a_transaction_it_is_as_durable_as_that(db):
    assert on_disk(lambda: connection.in_atomic_block)


def test_many_threads_share_one_wait_and_each_gets_its_own_answer(free, monkeypatch):
    batches, together, told = [], Barrier(6), {}
    carry_out = durable._carry_out
    monkeypatch.setattr(durable, "_carry_out", lambda batch: (batches.append(len(batch)), carry_out(batch)))

    def work(n):
        together.wait()
        told[n] = on_disk(lambda: n % 2 == 0)
        connection.close()

    threads = [Thread(target=work, args=(n,)) for n in range(6)]
    with durable._turn:  # a commit is under way: all six arrive meanwhile
        for thread in threads:
            thread.start()
        while len(durable._waiting) < 6:
            pass
    for thread in threads:
        thread.join(30)
    assert batches == [6]
    assert told == {n: n % 2 == 0 for n in range(6)}
