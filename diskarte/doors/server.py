"""The process that watches over the web process. It loads neither Django nor a stage, so it stays small."""

from __future__ import annotations

import os
import subprocess
import sys

# glibc keeps a heap for each thread and more and more of what was freed; this took 35 MB more
HEAP = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}


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
    for name, most in HEAP.items():
        os.environ.setdefault(name, most)
    Server(
        "diskarte.doors.asgi:app", address=host, port=int(port), interface=Interfaces.ASGI, workers=1,
        respawn_failed_workers=True, log_level=LogLevels.warning, log_access=False,
    ).serve()  # fmt: skip
