"""Heavy work in a process of its own, which ends and gives all its memory back.

Whoever wants it done calls `apart`; the program that does it calls `asked`. They speak JSON, a line for each piece.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

HOME = Path(__file__).parent.parent.parent  # where `-m` finds this package
LIMIT = 240.0  # seconds; then it is stopped
LAST = 2000  # bytes of what it complained of


class Died(RuntimeError):
    """It ended before its work was done; the message holds the last it wrote."""


def apart(module: str, told: Any, limit: float = LIMIT) -> Iterator[Any]:
    """What the program `module` answers to `told`, piece by piece. Raises Died.

    It is given no setting and no secret of ours, and is stopped after `limit` seconds, or when nobody listens any more.
    """
    command = [sys.executable, "-m", module]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 - this program, and a module of ours
            command, cwd=HOME, env=_plain(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        )
        assert child.stdin is not None
        assert child.stdout is not None
        end = threading.Timer(limit, child.kill)
        end.start()
        try:
            with suppress(BrokenPipeError), child.stdin:
                child.stdin.write(json.dumps(told).encode())
            yield from (json.loads(line) for line in child.stdout if line.endswith(b"\n"))
            if code := child.wait():
                raise Died(f"{module} ended with {code}. {_last(said)}")
        finally:
            end.cancel()
            child.kill()
            child.wait()
            child.stdout.close()


def _plain() -> dict[str, str]:
    return {name: v for name, v in os.environ.items() if not name.startswith(("DISKARTE_", "DATABASE_"))}


def _last(said: IO[bytes]) -> str:
    said.seek(max(0, said.seek(0, os.SEEK_END) - LAST))
    return said.read().decode(errors="replace").strip()


def asked() -> tuple[Any, Callable[[Any], None]]:
    """What this program was told, and the way to answer; what else it prints is a complaint."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(piece: Any) -> None:
        out.write(json.dumps(piece) + "\n")
        out.flush()

    return json.load(sys.stdin), answer
