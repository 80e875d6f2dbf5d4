"""The process that watches over the web process. It loads neither Django nor a stage, so it stays small."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from contextlib import suppress

ARENAS, TRIM = -8, -1  # names of mallopt(3)


def serve(worker: bool = True) -> None:
    """Migrate, say how to come in, then serve pages; with `worker` the web process also sends and measures."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from diskarte.settings import BIND

    ready = subprocess.run([sys.executable, "-m", "diskarte", "migrate", "--welcome"], check=False)
    if ready.returncode:
        raise SystemExit(ready.returncode)
    host, _colon, port = BIND.rpartition(":")
    os.environ["DISKARTE_WITH_WORKER"] = "1" if worker else ""
    _give_back()
    Server(
        "diskarte.doors.asgi:app", address=host, port=int(port), interface=Interfaces.ASGI, workers=1,
        respawn_failed_workers=True, log_level=LogLevels.warning, log_access=False,
    ).serve()  # fmt: skip


def _give_back() -> None:
    """glibc keeps a heap for each thread and ever more of what was freed: 35 MB in a web process with its worker."""
    with suppress(OSError, AttributeError):  # another C library has ways of its own
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(ARENAS, 2)
        mallopt(TRIM, 128 * 1024)
