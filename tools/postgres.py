"""Run a command with a PostgreSQL of its own: `tools/postgres.py pytest -m postgres`. It lives in a temporary folder.

The command finds it in DISKARTE_TEST_POSTGRES. Without PostgreSQL on this machine it says so and ends well.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version first."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True
    )
    there = shutil.which("initdb")
    return found[0].parent if found else Path(there).parent if there else None


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def as_owner(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; then it runs as its own person."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def started(folder: Path) -> Iterator[str]:
    """The address of a new, empty database; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="diskarte-pg-") as place:
        if os.geteuid() == 0:
            shutil.chown(place, "postgres")
        data, port = f"{place}/data", free_port()
        quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": place}
        subprocess.run(
            as_owner([str(folder / "initdb"), "-D", data, "-A", "trust", "-U", "diskarte"]), **quiet
        )
        options = f"-p {port} -k {place} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = as_owner([str(folder / "pg_ctl"), "-D", data, "-w", "-l", f"{place}/log"])
        subprocess.run([*control, "-o", options, "start"], **quiet)
        try:
            yield f"postgresql://diskarte@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)


def main() -> int:
    folder = programs()
    if folder is None:
        print("PostgreSQL is not on this machine: its tests are skipped.")
        return 0
    with started(folder) as url:
        env = os.environ | {"DISKARTE_TEST_POSTGRES": url}
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
