"""What the cases of `outbox_chaos` share: workers that are killed, a wire that loses answers, patience that ends."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench import Missing
from bench._workers import ROOT, Ledger

AWAY = (psycopg.OperationalError, sqlite3.OperationalError)  # the database is being restarted, or busy
OPEN = "state IN ('queued', 'sending', 'blocked', 'asked') OR (state = 'unknown' AND \"do\" = '')"
STALL = 60.0  # seconds without any progress although something was due: the case is ended
PUBLISH = {
    "mastodon": "POST .*/statuses", "discord": "POST .*/messages", "vk": "POST .*/wall.post",
    "slack": "POST .*/chat.postMessage", "x": "POST .*/2/tweets", "telegram": "POST .*/sendMessage",
}  # fmt: skip
LOSSES = ("timeout_after_commit", "error_after_commit", "timeout_before", "rate_limit")


class Nursery:
    """A process that makes workers at once, because it has imported everything before (`bench/_nursery.py`)."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self.said = log.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench._nursery"], env=env, cwd=ROOT, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said,
        )  # fmt: skip
        self._answer()

    def ask(self, **told: Any) -> int:
        """Do it; the new process's id, or 0."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> int:
        assert self.process.stdout
        said = self.process.stdout.readline()
        if not said:
            raise Missing(f"the nursery ended: {Path(self.said.name).read_text()[-1500:]}")
        return int(said)

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.said.close()


@contextmanager
def nursery(env: dict[str, str], log: Path) -> Iterator[Nursery]:
    one = Nursery(env, log)
    try:
        yield one
    finally:
        one.end()


@dataclass
class Fleet:
    """So many processes; whoever is killed, or ends by itself, is followed by another."""

    nursery: Nursery
    orders: list[dict[str, Any]]  # one for each process
    running: dict[int, dict[str, Any]] = field(default_factory=dict)
    kills: int = 0
    fell: int = 0  # ended by themselves

    def start(self) -> None:
        for order in self.orders:
            self._bear(order)

    def _bear(self, order: dict[str, Any]) -> None:
        self.running[self.nursery.ask(**order)] = order

    def kill_one(self, dice: random.Random) -> None:
        self.tend()
        victim = dice.choice(list(self.running))
        os.kill(victim, signal.SIGKILL)
        self._gone(victim, 20)
        self.kills += 1
        self._bear(self.running.pop(victim))

    def tend(self) -> None:
        """Whoever is not there any more gets a successor."""
        for pid in [pid for pid in self.running if self._gone(pid, 0)]:
            self.fell += 1
            self._bear(self.running.pop(pid))

    def end(self) -> None:
        """Told to stop, and killed if they do not within half a minute."""
        for pid in self.running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        for pid in self.running:
            if not self._gone(pid, 30):
                os.kill(pid, signal.SIGKILL)

    def _gone(self, pid: int, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while Path(f"/proc/{pid}").exists():
            if time.monotonic() >= end:
                return False
            time.sleep(0.01)
        return True


class Weather(threading.Thread):
    """Faults on the wire, some for each network at every moment, until `over` is set."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.over, self.dice = url, threading.Event(), random.Random(1)

    def run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=60) as client:
            while not self.over.wait(0.5):
                with suppress(httpx.HTTPError):  # a busy fake: at the next round
                    self._round(client)
            client.delete("/_faults")

    def _round(self, client: httpx.Client) -> None:
        client.delete("/_faults")
        for network, match in PUBLISH.items():
            kind = self.dice.choice(LOSSES)
            client.post("/_faults", json={"network": network, "match": match, "kind": kind, "retry_after": 2})
        client.post("/_faults", json={"network": "x", "match": PUBLISH["x"], "kind": "expired_token"})
        slow = {"network": "mastodon", "match": "POST .*/media", "kind": "slow_media", "polls": 2}
        client.post("/_faults", json=slow)


@contextmanager
def weather(url: str) -> Iterator[Weather]:
    one = Weather(url)
    one.start()
    try:
        yield one
    finally:
        one.over.set()
        one.join()


class Watch:
    """Prints progress, and sees when there is none: nothing changes for a minute although something is due."""

    def __init__(self, run: str, ledger: Ledger, which: str = OPEN) -> None:
        self.run, self.ledger, self.which = run, ledger, f"({which})"
        self.there = f"d.id IN (SELECT id FROM outbox_delivery WHERE {which})"
        self.known: tuple[int, int] | None = None
        self.since = self.shown = time.monotonic()
        self.kills = 0

    def left(self) -> int:
        """How many are not at their end; counts as a look. A million while the database is away."""
        try:
            left = self.ledger.count(self.which)
            tried = int(self.ledger.run("SELECT count(*) FROM outbox_attempt")[0][0])
            wait = self._until_due() if left and (left, tried) == self.known else 0.0
        except AWAY:
            return 10**6
        if (left, tried) != self.known or wait > 0:
            self.known, self.since = (left, tried), time.monotonic() + wait
        if time.monotonic() - self.shown > 15:
            self.shown = time.monotonic()
            print(f"  {self.run}: {left} to do, {tried} attempts, {self.kills} workers killed", flush=True)
        return left

    @property
    def tried(self) -> int:
        """Attempts at the last look."""
        return self.known[1] if self.known else 0

    @property
    def stalled(self) -> bool:
        return time.monotonic() - self.since > STALL

    def _until_due(self) -> float:
        """Seconds until the first of what is left may be tried again; 0 when it may now."""
        rows = self.ledger.run(
            "SELECT d.due_at, c.free_at, c.closed_until FROM outbox_delivery d "
            f"JOIN outbox_channel c ON c.id = d.channel_id WHERE {self.there} LIMIT 200"
        )
        moments = [max(_moment(value) for value in row if value) for row in rows]
        return max(0.0, (min(moments) - datetime.now(UTC)).total_seconds()) if moments else 0.0

    def why(self) -> str:
        """What is left, for the one who looks for the reason."""
        rows = self.ledger.run(
            "SELECT count(*), d.state, c.network, c.state, d.why, min(d.due_at), max(d.due_at), max(d.tries)"
            " FROM outbox_delivery d JOIN outbox_channel c ON c.id = d.channel_id"
            f" WHERE {self.there} GROUP BY d.state, c.network, c.state, d.why ORDER BY 1 DESC LIMIT 20"
        )
        return "".join("\n    " + " ".join(map(str, row)) for row in rows)


def _moment(told: Any) -> datetime:
    moment = datetime.fromisoformat(told) if isinstance(told, str) else told
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
