"""A process that has imported everything and waits; at each line on its standard input it does what the line says.

`{"worker": minutes}` forks one worker whose clock is so many minutes wrong, `{"naive": file}` one usual queue, and
`{"channels": …, "due": …}` fills the ledger. The answer is one number: the process's id, or 0. A fork is a process
as any other, with threads, a line to the database and a lock of its own, and `kill -9` ends it; only its imports are
not repeated, which take seconds. It opens no line and starts no thread itself. Its children end with it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any

from bench._chaos_seed import seed  # sets Django up  # isort: skip
from django.core.management import get_commands
from django.db import connections
from django.utils import timezone
from django_tasks_db.management.commands import db_worker  # noqa: F401

from bench import _naive
from diskarte import networks
from diskarte.core import clock
from diskarte.core.jobs import run  # noqa: F401
from diskarte.core.outbox import worker
from diskarte.doors import ground


def child(told: dict[str, Any]) -> None:
    """What a newborn process does until it is ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # what it says belongs to the log, not to the answers
    if "naive" in told:
        _naive.run(told["naive"])
    else:
        wrong = timedelta(minutes=told["worker"])
        if wrong:
            clock.now = lambda: timezone.now() + wrong
            worker.Worker.__init__.__defaults__ = (*worker.Worker.__init__.__defaults__[:-1], clock.now)
        ground.work()


def born(told: dict[str, Any]) -> int:
    """The id of a new process."""
    pid = os.fork()
    if pid:
        return pid
    try:
        child(told)
    finally:
        sys.stderr.flush()
        os._exit(0)


def main() -> None:
    networks.all_networks()
    get_commands()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not kept
    children = []
    print(0, flush=True)
    while line := sys.stdin.readline():
        told = json.loads(line)
        if "channels" in told:
            seed(told)
            connections.close_all()
            print(0, flush=True)
        else:
            children.append(born(told))
            print(children[-1], flush=True)
    for pid in children:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
