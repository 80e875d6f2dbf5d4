"""Bringing the house up: migrations, the way in, the worker."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError

from diskarte.core.people.keys import owner_link


def migrate() -> None:
    """Bring the database to this version. Says in words when the database cannot be reached."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as e:
        raise SystemExit(
            f"The database cannot be reached ({str(e).strip()}). Nothing was changed. "
            "Start it, or correct DATABASE_URL, and try again."
        ) from None


def say_welcome() -> None:
    """Where the site is and, while nobody is in, the link that makes the owner."""
    link = owner_link()
    print(f"Diskarte is at {settings.SITE}/", flush=True)
    if link:
        print(f"Open this link once to become the owner: {settings.SITE}{link}", flush=True)


def start_worker(stop: threading.Event | None = None) -> tuple[threading.Event, threading.Thread]:
    """The worker as a thread of this process; set the event to end it."""
    from diskarte.core.outbox.worker import Worker

    stop = stop or threading.Event()
    thread = threading.Thread(
        target=Worker(settings.WORKER_THREADS).run, args=(stop,), name="worker", daemon=True
    )
    thread.start()
    return stop, thread


def start_watch() -> tuple[threading.Event, threading.Thread]:
    """The watchdog alone: a web process without a worker still sees when no worker works."""
    from diskarte.core.outbox import watch

    stop = threading.Event()
    thread = threading.Thread(target=watch.patrol, args=(stop,), name="watch", daemon=True)
    thread.start()
    return stop, thread


def work() -> None:
    """Run one worker until it is told to stop; what it holds is finished first."""
    stop = threading.Event()

    def end(*_signal: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    _stop, thread = start_worker(stop)  # after the handlers: told to stop at once, it still ends gently
    while thread.is_alive():
        thread.join(1)
    if not stop.is_set():
        raise SystemExit("The worker ended by itself: the log says why. Start it again.")
