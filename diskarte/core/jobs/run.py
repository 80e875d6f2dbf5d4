"""Running what is due, once however many workers look; and Django's background tasks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from uuid import uuid4

from django.conf import settings
from django.db.models import Q

from diskarte import core
from diskarte.core import clock
from diskarte.core.loop import safely
from diskarte.stages import STAGES

from . import ALL, Job
from .models import Run

POLL = 1.0  # seconds between looks
BUSY = timedelta(minutes=30)  # a job that runs longer than this is presumed dead


@cache
def discover() -> dict[str, Job]:
    """Every job of the core and of the stages that have some, by name. A room that cannot be read is left out."""
    rooms = [f"diskarte.core.{room.name}" for room in iter_modules(core.__path__) if room.ispkg]
    rooms += [f"diskarte.stages.{stage}" for stage in STAGES]
    for room in rooms:
        if find_spec(f"{room}.jobs"):
            safely(import_module, f"{room}.jobs")
    return ALL


def tick(now: datetime) -> list[str]:
    """Run every job that is due and that nobody else took; their names. One job's fault stops no other."""
    known = discover()
    rows = {run.name: run for run in Run.objects.filter(name__in=known)}
    for name in known.keys() - rows.keys():
        rows[name], _new = Run.objects.get_or_create(name=name, defaults={"next_at": now})
    due = [known[name] for name, run in sorted(rows.items()) if run.next_at <= now]
    return [job.name for job in due if _claim(job, now) and _run(job, now)]


def _claim(job: Job, now: datetime) -> bool:
    free = Q(busy_until=None) | Q(busy_until__lt=now)
    mine = Run.objects.filter(free, name=job.name, next_at__lte=now)
    return bool(mine.update(next_at=now + job.every, last_started=now, busy_until=now + max(BUSY, job.every)))


def _run(job: Job, now: datetime) -> bool:
    error = safely(job.call, now)
    said = f"{type(error).__name__}: {error}" if error else ""
    row = Run.objects.filter(name=job.name, last_started=now)
    row.update(last_ended=clock.now(), last_error=said, busy_until=None)
    return True


def patrol(stop: threading.Event, now: Callable[[], datetime] = clock.now) -> None:
    """Run what is due by this clock until told to stop."""
    while not stop.wait(POLL):
        safely(lambda: tick(now()))


def work_tasks(stop: threading.Event) -> None:
    """Carry out Django's background tasks, one at a time, until told to stop.

    Only where the database keeps them; another backend (Redis) has workers of its own.
    """
    if settings.TASKS["default"]["BACKEND"] != "django_tasks_db.DatabaseBackend":
        return
    while not stop.is_set():
        safely(run_tasks)
        stop.wait(POLL)


def run_tasks(most: int = 20) -> None:
    """Carry out the tasks that wait now, at most so many."""
    from django_tasks_db.management.commands.db_worker import Worker

    Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=most, worker_id=uuid4().hex, excluded_queue_names=[],
    ).run()  # fmt: skip
