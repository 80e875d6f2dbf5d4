"""Who is taken for dead: the silent, after a minute; on this machine the dead, at once; never by a clock alone."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError

from diskarte.core import clock
from diskarte.core.outbox import leases
from diskarte.core.outbox.attempt import Intent, attempt
from diskarte.core.outbox.leases import LEASE, STILL, Lookout
from diskarte.core.outbox.machine import STOPS, renew, rescue, take
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.worker import Worker
from diskarte.words import TryLater, Unknown
from tests.core.outbox_world import HOUR, MINUTE, NOW, again


@pytest.fixture
def tick(monkeypatch):
    """A monotonic clock that a test moves."""
    moment = [0.0]
    monkeypatch.setattr(leases, "ticks", lambda: moment[0])

    def move(seconds):
        moment[0] += seconds

    return move


def test_a_clock_ten_minutes_ahead_takes_nobody_for_dead(world, tick):
    world.delivery()
    held, lookout = take(1, "anna", NOW), Lookout()
    for n in range(1, 30):
        tick(10)
        renew(held, NOW + n * timedelta(seconds=10))
        assert lookout.fallen(NOW + 10 * MINUTE + n * timedelta(seconds=10)) == []


def test_a_silent_minute_and_an_ended_lease_tell_a_dead_worker(world, tick):
    world.delivery()
    take(1, "anna", NOW)
    lookout = Lookout()
    assert lookout.fallen(NOW + LEASE + MINUTE) == []  # seen for the first time
    tick(STILL / 2)
    assert rescue(NOW + LEASE + MINUTE, lookout) == 0
    tick(STILL / 2)
    assert rescue(NOW + LEASE + MINUTE, lookout) == 1


def test_a_long_ended_lease_needs_no_watching(world, tick):
    world.delivery()
    take(1, "anna", NOW)
    assert rescue(NOW + HOUR, Lookout()) == 1


def test_who_was_held_up_begins_to_watch_anew(world, tick):
    world.delivery()
    take(1, "anna", NOW)
    lookout = Lookout()
    lookout.fallen(NOW + 3 * MINUTE)
    tick(2 * STILL)
    assert lookout.fallen(NOW + 5 * MINUTE) == []


def test_a_worker_that_died_here_is_known_at_once(world, settings, tmp_path):
    settings.DATA = tmp_path
    owner = f"{leases.HOST}:1:abc"
    world.delivery()
    take(1, owner, NOW)
    with leases.alive(owner):
        assert rescue(NOW, Lookout()) == 0
    assert not leases.is_dead(owner)  # it left in order
    hold = "import fcntl,os,signal,sys; f=open(sys.argv[1],'w'); fcntl.flock(f,2); os.kill(os.getpid(),signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", hold, str(leases._mark(owner))], check=False)
    assert leases.is_dead(owner)
    assert not leases.is_dead("elsewhere:1:abc")
    assert rescue(NOW, Lookout()) == 1


def test_what_a_worker_took_without_learning_of_it_goes_again_within_seconds(world):
    kept, lost = world.delivery(), world.delivery()
    anna = Worker(1, "anna", lambda: NOW)  # busy with the one it knows of
    take(2, "anna", NOW)  # committed, but the answer never reached anna
    anna.in_hand[kept.pk] = again(kept)
    anna._pass(None)
    assert (again(kept).state, again(lost).state) == ("sending", "queued")
    assert again(lost).fence == 1


def test_a_full_disk_does_not_stop_a_worker(settings, tmp_path):
    (tmp_path / "workers").write_text("a file in its place")
    settings.DATA = tmp_path
    with leases.alive("here:1:abc"):
        assert not leases.is_dead("here:1:abc")


def test_what_had_not_begun_goes_again_and_what_stops_every_worker_is_given_back(world):
    delivery = world.delivery()
    for n in range(STOPS):
        at = NOW + n * HOUR
        Delivery.objects.update(due_at=at)
        take(1, "anna", at)
        rescue(at + LEASE + MINUTE)
        assert again(delivery).state == ("queued" if n < STOPS - 1 else "refused")
    row = again(delivery)
    assert "8 times" in row.why
    assert row.do


def test_a_worker_that_wakes_up_late_commits_nothing(world):
    delivery = world.delivery("findable")
    (held,) = take(1, "anna", NOW)
    intent = Intent(held, NOW)
    rescue(NOW + HOUR)
    with pytest.raises(TryLater):
        intent()
    assert not intent.made
    assert world.server.calls == []
    assert again(delivery).doubt_at is None


def test_a_repeat_that_is_held_up_right_before_the_call_is_not_made(world, tick):
    delivery = world.delivery()
    Delivery.objects.update(doubt_at=NOW)
    (held,) = take(1, "anna", NOW)
    intent = Intent(held, NOW)
    tick(3600)
    with pytest.raises(Unknown):
        intent()
    assert again(delivery).fence == 1


def test_a_database_that_is_away_before_the_call_leaves_no_doubt(world, monkeypatch):
    def away(*_):
        raise OperationalError("the server closed the connection")

    delivery = world.delivery("small")
    with monkeypatch.context() as patch:
        patch.setattr(leases, "hold", away)
        attempt(delivery, NOW)
    row = again(delivery)
    assert (row.state, row.doubt_at) == ("queued", None)
    assert world.server.calls == []


def test_all_workers_keep_the_databases_time(db, monkeypatch):
    real = clock.now
    assert abs(leases.drift()) < timedelta(seconds=5)
    monkeypatch.setattr(clock, "now", lambda: real() + 10 * MINUTE)
    from django.db import connection

    told = leases.drift()
    expected = 10 * MINUTE if connection.vendor == "postgresql" else timedelta(0)
    assert abs(told - expected) < timedelta(seconds=5)
