"""From a clean clone to the first useful page, the memory of `diskarte up` with the demo, and `diskarte --help`.

The download cache is warm. The peers' figure is not measured here: they need containers.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench import Row

REPO = Path(__file__).parent.parent
PATIENCE = 300  # seconds


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as place:
        clone = Path(place) / "diskarte"
        subprocess.run(["git", "clone", "-q", str(REPO), str(clone)], check=True)
        began = time.perf_counter()
        with demo(clone) as (process, address):
            first_page(address)
            seconds = time.perf_counter() - began
            time.sleep(10)  # the worker has had its first rounds
            for _round in range(3):
                first_page(address)
            memory = megabytes(process)
        helps = help_seconds(clone)
    return [
        Row("clean clone to the first useful page", "time", "s", seconds, None, 60, "lower"),
        Row("diskarte up with the demo, web and worker", "RSS", "MB", memory, None, 300, "lower"),
        Row("diskarte --help, median of 7", "time", "s", helps, None, 0.5, "lower"),
    ]


@contextmanager
def demo(clone: Path) -> Iterator[tuple[psutil.Process, str]]:
    """`make demo` as a newcomer types it, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    env = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("DISKARTE", "DJANGO", "VIRTUAL_ENV", "PYTHON"))
    }
    env |= {"DISKARTE_BIND": f"127.0.0.1:{port}", "DISKARTE_SITE": address}
    process = subprocess.Popen(["make", "-s", "demo"], cwd=clone, env=env, start_new_session=True)
    try:
        yield psutil.Process(process.pid), address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def first_page(address: str) -> str:
    """The compass, as soon as it is there."""
    until = time.monotonic() + PATIENCE
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    while time.monotonic() < until:
        try:
            with opener.open(address, timeout=20) as answer:
                text = answer.read().decode()
            if "Kape Diwata" in text:
                return text
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the demo did not come up")


def megabytes(process: psutil.Process) -> float:
    """Memory of the server's processes; make and its shell are left out."""
    children = process.children(recursive=True)
    family = [p for p in children if "diskarte" in " ".join(p.cmdline()) and "python" in p.name()]
    return sum(p.memory_info().rss for p in family) / 1e6


def help_seconds(clone: Path) -> float:
    """Median wall time of the help page."""
    command = [str(clone / ".venv/bin/python"), "-m", "diskarte", "--help"]
    times = []
    for _round in range(7):
        began = time.perf_counter()
        subprocess.run(command, cwd=clone, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)
