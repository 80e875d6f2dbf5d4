"""The one place where any error is caught: a loop that serves many must outlive the fault of one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import connection

log = logging.getLogger("diskarte.worker")


def safely(call: Callable[..., Any], *given: Any) -> Exception | None:
    """Run it; whatever it raises is written to the log and handed back. A broken connection is dropped."""
    try:
        call(*given)
    except Exception as error:
        log.exception("%s failed", getattr(call, "__qualname__", call))
        if not connection.in_atomic_block:
            connection.close()
        return error
    return None
