"""What a network answered is precious: a busy or restarting database gets more than one chance to keep it."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

PAUSES = (0.2, 1.0, 5.0, 10.0, 20.0, 30.0)  # seconds between tries


def patiently(write: Callable[[], bool]) -> bool:
    """What `write` returns, tried for about a minute. Raises what the last try raised; never within a transaction."""
    for pause in (*PAUSES, None):
        try:
            return write()
        except (OperationalError, InterfaceError):
            if pause is None or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
    return False
