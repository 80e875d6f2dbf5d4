"""Real worker processes on a database of their own: what the benches of the outbox stand on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bench import SHARED, Missing
from tools.postgres import as_owner, free_port, programs

ROOT = Path(__file__).parent.parent
PATIENCE = 300  # seconds; the first start of Bluesky downloads and compiles


class Ledger:
    """One installation's database, with the commands that work on it."""

    def __init__(
        self, folder: Path, url: str = "", threads: int | None = None, like: Ledger | None = None
    ) -> None:
        """`like`: an empty ledger of the same kind, copied instead of migrating once more."""
        self.folder, self.url = folder, url
        mine = {k: v for k, v in os.environ.items() if not k.startswith(("DISKARTE", "DATABASE"))}
        self.env = mine | {
            "DJANGO_SETTINGS_MODULE": "diskarte.settings",
            "DISKARTE_DATA": str(folder),
            "DISKARTE_ENV": str(folder / "none"),
            "DISKARTE_ALLOW_LOOPBACK": "true",
            "DATABASE_URL": url,
        }
        if threads:
            self.env["DISKARTE_WORKER_THREADS"] = str(threads)
        if like is None:
            self.python("-m", "diskarte", "migrate")
        elif not url:
            like.run(f"VACUUM INTO '{folder / 'diskarte.sqlite3'}'")
        else:
            like.run(f"CREATE DATABASE {url.rpartition('/')[2]} TEMPLATE {like.url.rpartition('/')[2]}")

    def python(self, *command: str, given: Any = None) -> str:
        """Run one command of ours to its end; `given` reaches it as JSON. What it printed."""
        text = None if given is None else json.dumps(given)
        done = subprocess.run(
            [sys.executable, *command], env=self.env, cwd=ROOT, input=text, capture_output=True, text=True
        )
        if done.returncode:
            raise Missing(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query, read from outside the workers."""
        if not self.url:
            file = self.folder / "diskarte.sqlite3"
            with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as line:
                return line.execute(sql).fetchall()
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as there:
            asked = there.execute(sql)  # type: ignore[call-overload]
            return asked.fetchall() if asked.description else []

    def count(self, where: str) -> int:
        """How many deliveries are like this."""
        return int(self.run(f"SELECT count(*) FROM outbox_delivery WHERE {where}")[0][0])

    @contextmanager
    def workers(self, number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
        """So many `diskarte worker` processes, each with a first sign of life; ended gently afterwards."""
        said = (self.folder / "workers.log").open("ab")
        command = [sys.executable, "-m", "diskarte", "worker"]
        started = [subprocess.Popen(command, env=self.env, cwd=ROOT, stderr=said) for _ in range(number)]
        try:
            until(lambda: self.run("SELECT count(*) FROM outbox_beat")[0][0] >= number, 60, "workers")
            yield started
        finally:
            for process in started:
                process.send_signal(signal.SIGTERM)
            for process in started:
                process.wait(60)
            said.close()


def until(there: Any, seconds: float, what: str) -> None:
    """Wait for something to be so; Missing when it does not come."""
    end = time.monotonic() + seconds
    while not there():
        if time.monotonic() > end:
            raise Missing(f"{what}: not there after {seconds:.0f} s")
        time.sleep(0.1)


def peak(process: subprocess.Popen[bytes]) -> float:
    """The most memory a process ever held, MB."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own that writes to the disk before it says so."""
    folder = programs()
    if folder is None:
        raise Missing("PostgreSQL is not on this machine")
    with tempfile.TemporaryDirectory(prefix="diskarte-pg-") as place:
        if os.geteuid() == 0:
            shutil.chown(place, "postgres")
        port, data = free_port(), f"{place}/data"
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "check": True, "cwd": place}
        subprocess.run(
            as_owner([str(folder / "initdb"), "-D", data, "-N", "-A", "trust", "-U", "diskarte"]), **quiet
        )
        control = as_owner([str(folder / "pg_ctl"), "-D", data, "-w", "-l", f"{place}/log"])
        subprocess.run(
            [
                *control,
                "-o",
                f"-p {port} -k {place} -c listen_addresses=127.0.0.1 -c max_connections=400",
                "start",
            ],
            **quiet,
        )
        try:
            yield f"postgresql://diskarte@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)


@contextmanager
def apart() -> Iterator[set[int]]:
    """The core a server has to itself while the block runs; we, and all we start, have the others.

    So a server on this machine is as far away as one elsewhere: it is slowed by calls, not by what else the caller
    does. With a single core there is nothing to divide.
    """
    cores = os.sched_getaffinity(0)
    theirs = {min(cores)}
    os.sched_setaffinity(0, cores - theirs or cores)
    try:
        yield theirs
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def server(
    *command: str | Path, cores: set[int] | None = None, **environment: str
) -> Iterator[dict[str, Any]]:
    """A server of the shared folder, on some cores only if wished; what it said when it was ready."""
    if not SHARED.joinpath("servers").exists():
        raise Missing("the shared servers are not there: set DISKARTE_SHARED")
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=os.environ | environment, start_new_session=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
    )  # fmt: skip
    try:
        said = process.stdout.readline() if process.stdout else ""
        if not said:
            raise Missing(f"{command[0]} {command[1]} did not start")
        yield json.loads(said)
    finally:
        process.terminate()
        process.wait(30)


def specfake() -> Any:
    """The fake that checks every request; a context that tells its address."""
    script, specs = SHARED / "servers/specfake.py", SHARED / "specs"
    return server(sys.executable, "-B", script, "--port", "0", "--specs", specs)


def bluesky(accounts: int, cores: set[int] | None = None) -> Any:
    """The real Bluesky server with so many accounts; a context that tells address and accounts."""
    names = ",".join(f"person{n}" for n in range(accounts))
    ports = {"PDS_PORT": str(free_port()), "PLC_PORT": str(free_port())}
    return server("sh", SHARED / "servers/bluesky/start.sh", "pds", cores=cores, ACCOUNTS=names, **ports)
