"""An intent survives a power cut. SQLite waits for the disk only when it is told to; one wait serves many threads.

The last commits before a power cut may be lost, in order, except those made here. For endings that is harmless:
a delivery is found in doubt and settled. An intent that was lost would be a second post.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

from diskarte.core.loop import safely


@dataclass
class _Write:
    """One thread's wish, and what came of it."""

    call: Callable[[], bool]
    done: bool = False
    result: bool = False
    error: Exception | None = None


_door, _turn = threading.Lock(), threading.Lock()
_waiting: list[_Write] = []


def on_disk(call: Callable[[], bool]) -> bool:
    """What a small write returns, once its commit is on the disk; it may run in another thread of this process.

    Inside a transaction it is as durable as that. Raises what the write, or the commit it shared, raised.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return call()  # PostgreSQL waits for the disk by itself, for many connections at once
    wish = _Write(call)
    with _door:
        _waiting.append(wish)
    with _turn:  # whoever waits here may have been served meanwhile
        if not wish.done:
            with _door:
                batch = _waiting[:]
                _waiting.clear()
            _carry_out(batch)
    if wish.error is not None:
        raise wish.error
    return wish.result


def _carry_out(batch: list[_Write]) -> None:
    error: Exception | None = OperationalError("the thread that wrote it was stopped")
    try:
        error = safely(_together, batch)
    finally:
        for wish in batch:
            wish.done, wish.error = True, error


def _together(batch: list[_Write]) -> None:
    with _waiting_for_the_disk(), transaction.atomic():
        for wish in batch:
            wish.result = wish.call()


@contextmanager
def _waiting_for_the_disk() -> Iterator[None]:
    with connection.cursor() as line:
        line.execute("PRAGMA synchronous=FULL")
        try:
            yield
        finally:
            line.execute("PRAGMA synchronous=NORMAL")
