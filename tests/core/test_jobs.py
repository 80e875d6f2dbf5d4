"""Periodic work: once however many look; one job's fault stops no other."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.tasks import task

from diskarte.core import jobs
from diskarte.core.jobs import every, run
from diskarte.core.jobs.models import Run

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ran(db, monkeypatch):
    """An empty register, and what ran when."""
    monkeypatch.setattr(jobs, "ALL", {})
    monkeypatch.setattr(run, "discover", lambda: jobs.ALL)
    return []


def test_a_job_runs_when_due_and_then_again_after_its_time(ran):
    every(minutes=15, name="a")(ran.append)
    for minute in (0, 1, 14, 15, 16, 30):
        run.tick(NOW + minute * MINUTE)
    assert ran == [NOW, NOW + 15 * MINUTE, NOW + 30 * MINUTE]


def test_after_a_long_sleep_it_runs_once_not_for_every_hour_missed(ran):
    every(minutes=15, name="a")(ran.append)
    run.tick(NOW)
    run.tick(NOW + timedelta(days=2))
    assert len(ran) == 2


def test_of_two_that_look_one_runs_it(ran):
    job = jobs.Job("a", MINUTE, ran.append)
    Run.objects.create(name="a", next_at=NOW)
    assert run._claim(job, NOW)
    assert not run._claim(job, NOW)


def test_a_job_that_still_runs_is_not_started_again_until_presumed_dead(ran):
    job = jobs.Job("a", MINUTE, ran.append)
    Run.objects.create(name="a", next_at=NOW)
    run._claim(job, NOW)
    assert not run._claim(job, NOW + 5 * MINUTE)
    assert run._claim(job, NOW + run.BUSY + MINUTE)


def test_one_fault_is_kept_and_stops_no_other(ran, caplog):
    def broken(now):
        raise RuntimeError("no numbers today")

    every(minutes=5, name="a")(broken)
    every(minutes=5, name="b")(ran.append)
    assert run.tick(NOW) == ["a", "b"]
    assert ran == [NOW]
    row = Run.objects.get(name="a")
    assert row.last_error == "RuntimeError: no numbers today"
    assert row.busy_until is None
    assert row.next_at == NOW + 5 * MINUTE


def test_an_error_is_gone_after_a_good_run(ran, caplog):
    errors = [RuntimeError("once")]

    def sometimes(now):
        if errors:
            raise errors.pop()

    every(minutes=5, name="a")(sometimes)
    run.tick(NOW)
    run.tick(NOW + 5 * MINUTE)
    assert Run.objects.get().last_error == ""


def test_its_name_is_its_room_and_function(ran):
    def read_numbers(now):
        """A job."""

    read_numbers.__module__ = "diskarte.stages.measure.jobs"
    every(minutes=5)(read_numbers)
    assert list(jobs.ALL) == ["measure.read_numbers"]


def test_two_jobs_of_one_name_are_a_mistake(ran):
    def one(now): ...
    def two(now): ...

    two.__module__ = "elsewhere.jobs"
    every(minutes=5, name="a")(one)
    with pytest.raises(TypeError, match="twice"):
        every(minutes=5, name="a")(two)


def test_the_cores_own_jobs_are_discovered():
    assert {"outbox.keep_permissions", "outbox.forget_exchanges"} <= set(run.discover())


DONE: list[str] = []


@task
def heavy(word: str) -> str:
    DONE.append(word)
    if word == "bad":
        raise ValueError(word)
    return word.upper()


@pytest.mark.django_db(transaction=True)
def test_background_tasks_are_carried_out_and_a_bad_one_stops_nothing():
    DONE.clear()
    results = [heavy.enqueue(word) for word in ("bad", "good")]
    run.run_tasks()
    for result in results:
        result.refresh()
    assert sorted(DONE) == ["bad", "good"]
    assert [str(r.status) for r in results] == ["FAILED", "SUCCESSFUL"]
    assert results[1].return_value == "GOOD"


def test_the_patrols_end_when_told(ran, monkeypatch):
    stop = threading.Event()
    seen = []
    monkeypatch.setattr(run, "POLL", 0)
    monkeypatch.setattr(run, "tick", lambda now: (seen.append(now), stop.set()))
    run.patrol(stop)
    assert len(seen) == 1
    stop.clear()
    monkeypatch.setattr(run, "run_tasks", stop.set)
    run.work_tasks(stop)
    assert stop.is_set()
