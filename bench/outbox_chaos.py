"""Every post once: real worker processes killed with `kill -9` every second or two, on a wire that loses answers.

The fake drops answers after it has committed, answers 502 after it has committed, asks to slow down, lets tokens
expire (X, which renews them) and is slow with pictures. Posts are spread over networks that remember a key
(Mastodon, Discord, VK), that can be asked (Slack, X), and a blind one (Telegram). The kills go on for a while or
until nearly all is out, then the faults end and what is left must settle. Counted at the fake, by text.

A Mastodon account may make 300 calls in 5 minutes: there are enough accounts (one for about 75 posts); the fake's
clock is never moved. Telegram takes one post in 3 seconds a chat: there is a chat for about 5 posts.
The baseline is the usual queue (`bench/_naive.py`) against the same fake with the same faults and kills.
`BENCH_SMALL=1` runs in seconds; `CHAOS_POSTS=2000` chooses another size than 10,000.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench import Row
from bench._workers import ROOT, Ledger, postgres, specfake, until
from tools.postgres import as_owner, programs

SMALL = bool(os.environ.get("BENCH_SMALL"))
POSTS = int(os.environ.get("CHAOS_POSTS", 60 if SMALL else 10_000))
SIDE = 40 if SMALL else 300  # posts in each of the other cases
KILLING = 4 if SMALL else 100  # seconds
QUIET = 240 if SMALL else 600  # seconds for what is left
PACE = (0.5, 1.0) if SMALL else (1.0, 2.0)  # seconds between two kills
SHARES = {"mastodon": 0.3, "discord": 0.2, "vk": 0.15, "slack": 0.15, "x": 0.05, "telegram": 0.15}
EACH = {"mastodon": 75, "discord": 80, "vk": 45, "slack": 50, "x": 100, "telegram": 5}  # posts a channel
AWAY = (psycopg.OperationalError, sqlite3.OperationalError)  # the database is being restarted
PUBLISH = {
    "mastodon": "POST .*/statuses", "discord": "POST .*/messages", "vk": "POST .*/wall.post",
    "slack": "POST .*/chat.postMessage", "x": "POST .*/2/tweets", "telegram": "POST .*/sendMessage",
}  # fmt: skip
LOSSES = ("timeout_after_commit", "error_after_commit", "timeout_before", "rate_limit")


def channels(url: str, run: str, posts: int) -> list[dict[str, Any]]:
    """Accounts on the fake, each with its texts; a text is a post's name here and there."""
    found = []
    for network, share in SHARES.items():
        mine = [f"{run} {network} {n}" for n in range(max(1, round(posts * share)))]
        for n in range(0, len(mine), EACH[network]):
            found.append(
                channel(url, network, f"{run}{n}", len(found) + 1) | {"texts": mine[n : n + EACH[network]]}
            )
    return found


def channel(url: str, network: str, name: str, number: int) -> dict[str, Any]:
    account = str(abs(hash(name)) % 10**9 + number)
    told = {"network": network, "base": f"{url}/{network}", "secrets": {"token": f"{name}-{number}"}}
    identity = {
        "mastodon": account, "discord": f"1/{account}/1000", "vk": f"-{account}",
        "slack": f"T1/C{account}/U1", "x": account, "telegram": f"-100{account}",
    }[network]  # fmt: skip
    if network == "mastodon":
        told["media"] = 15
    if network == "x":
        told["secrets"] |= {"refresh": "again", "client_id": "client"}
    return told | {"identity": identity}


class Weather(threading.Thread):
    """Faults on the wire, some for each network at every moment, until `over` is set."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.over, self.dice = url, threading.Event(), random.Random(1)

    def run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=60) as client:
            while not self.over.wait(0.3):
                client.delete("/_faults")
                for network, match in PUBLISH.items():
                    kind = self.dice.choice(LOSSES)
                    fault = {"network": network, "match": match, "kind": kind, "retry_after": 2}
                    client.post("/_faults", json=fault)
                client.post("/_faults", json={"network": "x", "match": PUBLISH["x"], "kind": "expired_token"})
                slow = {"network": "mastodon", "match": "POST .*/media", "kind": "slow_media", "polls": 2}
                client.post("/_faults", json=slow)
            client.delete("/_faults")


@dataclass
class Fleet:
    """Worker processes; whoever is killed is started again."""

    command: list[str]
    env: dict[str, str]
    size: int
    said: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0

    def start(self) -> None:
        with self.said.open("ab") as said:
            while len(self.running) < self.size:
                self.running.append(
                    subprocess.Popen(self.command, env=self.env, cwd=ROOT, stderr=said, stdout=said)
                )

    def kill_one(self, dice: random.Random) -> None:
        victim = dice.choice(self.running)
        victim.kill()
        victim.wait()
        self.running.remove(victim)
        self.kills += 1
        self.start()

    def end(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass
class Outcome:
    """What a run came to, counted at the fake."""

    posts: int
    sent: int
    twice: int
    lost: int
    doubtful: int
    seconds: float
    kills: int
    early: int = 0

    def rows(self, case: str, naive: Outcome | None = None) -> list[Row]:
        def scaled(value: int | None) -> float | None:
            return None if value is None or naive is None else value * self.posts / naive.posts

        base = {"twice": scaled(naive.twice), "lost": scaled(naive.lost)} if naive else {}
        return [
            Row(
                case,
                "published or shown to a person",
                "posts",
                self.sent + self.doubtful,
                None,
                self.posts,
                "higher",
            ),
            Row(case, "published twice", "posts", self.twice, base.get("twice"), 0, "lower"),
            Row(case, "lost", "posts", self.lost, base.get("lost"), 0, "lower"),
            Row(
                case,
                "doubtful, shown to a person (blind networks)",
                "posts",
                self.doubtful,
                None,
                None,
                "lower",
            ),
            Row(case, "workers killed", "", self.kills, None, None, "higher"),
            Row(case, "time in all", "s", self.seconds, None, None, "lower"),
        ]


def at_the_fake(url: str, run: str) -> Counter[str]:
    told = httpx.get(f"{url}/_posts", timeout=120).json()
    return Counter(post["text"] for post in told if post["text"].startswith(f"{run} "))


def counted(url: str, run: str, ledger: Ledger, began: float, kills: int) -> Outcome:
    """Compare the ledger with the fake, text by text."""
    there = at_the_fake(url, run)
    rows = ledger.run('SELECT content, state, "do" FROM outbox_delivery')
    told = [(_text(content), state, bool(do)) for content, state, do in rows]
    mine = [row for row in told if row[0].startswith(f"{run} ")]
    sent = sum(state == "sent" and there[text] > 0 for text, state, _do in mine)
    shown = sum(state != "sent" and do for _text, state, do in mine)
    return Outcome(
        posts=len(mine), sent=sent, doubtful=shown, lost=len(mine) - sent - shown,
        twice=sum(n - 1 for n in there.values()), seconds=time.monotonic() - began, kills=kills,
    )  # fmt: skip


def _text(content: Any) -> str:
    return str((json.loads(content) if isinstance(content, str) else content)["text"])


def seed(ledger: Ledger, url: str, run: str, posts: int) -> None:
    due = datetime.now(UTC) - timedelta(seconds=5)
    given = {"channels": channels(url, run, posts), "due": due.isoformat()}
    ledger.python("-m", "bench._chaos_seed", given=given)


@contextmanager
def weather(url: str) -> Iterator[Weather]:
    one = Weather(url)
    one.start()
    try:
        yield one
    finally:
        one.over.set()
        one.join()


OPEN = "state IN ('queued', 'sending', 'blocked', 'asked') OR (state = 'unknown' AND \"do\" = '')"


def chaos(
    url: str, ledger: Ledger, workers: int, run: str, posts: int, killing: float, between: Any = None
) -> Outcome:
    """Seed, kill for a while, then let it settle; `between` happens now and then instead of a kill."""
    seed(ledger, url, run, posts)
    dice, began = random.Random(posts), time.monotonic()
    fleet = Fleet(
        [sys.executable, "-m", "diskarte", "worker"], ledger.env, workers, ledger.folder / "workers.log"
    )
    fleet.start()
    try:
        with weather(url):
            until(lambda: ledger.run("SELECT count(*) FROM outbox_beat")[0][0], 60, "workers")
            _storm(fleet, ledger, dice, killing, between, run)
        _settle(ledger, run)
        return counted(url, run, ledger, began, fleet.kills)
    finally:
        fleet.end()


def _storm(fleet: Fleet, ledger: Ledger, dice: random.Random, killing: float, between: Any, run: str) -> None:
    """Only a worker that has begun to send is worth killing: a new one takes a second or more to start."""
    end, shown, known = time.monotonic() + killing, 0.0, -1
    while time.monotonic() < end and left(ledger) > 5:
        time.sleep(dice.uniform(*PACE))
        tried = attempts(ledger)
        if tried > known:
            known = tried
            between() if between else fleet.kill_one(dice)
        if time.monotonic() - shown > 15:
            shown = time.monotonic()
            print(f"  {run}: {left(ledger)} to do, {fleet.kills} workers killed", flush=True)


def attempts(ledger: Ledger) -> int:
    """How many attempts there were so far; -1 while the database is being restarted."""
    try:
        return int(ledger.run("SELECT count(*) FROM outbox_attempt")[0][0])
    except AWAY:
        return -1


def _settle(ledger: Ledger, run: str) -> None:
    end, shown = time.monotonic() + QUIET, 0.0
    while left(ledger) and time.monotonic() < end:
        time.sleep(0.5)
        if time.monotonic() - shown > 15:
            shown = time.monotonic()
            print(f"  {run}: quiet, {left(ledger)} to do", flush=True)


def left(ledger: Ledger) -> int:
    try:
        return ledger.count(OPEN)
    except AWAY:
        return 10**6


def naive(url: str, folder: Path, run: str, posts: int, killing: float) -> Outcome:
    """The usual queue under the same weather and the same kills."""
    file = folder / "naive.sqlite3"
    with closing(sqlite3.connect(file)) as line, line:
        line.execute(
            "CREATE TABLE post (id INTEGER PRIMARY KEY, network, base, identity, secrets, text, state, tries DEFAULT 0)"
        )
        for one in channels(url, run, posts):
            facts = (one["network"], one["base"], one["identity"], json.dumps(one["secrets"]))
            many = [(*facts, text, "queued") for text in one["texts"]]
            line.executemany(
                "INSERT INTO post (network, base, identity, secrets, text, state) VALUES (?, ?, ?, ?, ?, ?)",
                many,
            )
    dice, began = random.Random(posts), time.monotonic()
    env = os.environ | {"DJANGO_SETTINGS_MODULE": ""}
    fleet = Fleet([sys.executable, "-m", "bench._naive", str(file), "4"], env, 1, folder / "naive.log")
    fleet.start()
    try:
        with weather(url):
            end = time.monotonic() + killing
            while time.monotonic() < end and _naive(file, "state IN ('queued', 'sending')"):
                time.sleep(dice.uniform(*PACE))
                fleet.kill_one(dice)
        until(lambda: not _naive(file, "state IN ('queued', 'sending')"), QUIET, "the naive queue")
    finally:
        fleet.end()
    there = at_the_fake(url, run)
    wanted = posts_of(file)
    return Outcome(
        posts=len(wanted), sent=sum(there[text] > 0 for text in wanted), doubtful=0,
        lost=sum(there[text] == 0 for text in wanted), twice=sum(n - 1 for n in there.values()),
        seconds=time.monotonic() - began, kills=fleet.kills,
    )  # fmt: skip


def refused(url: str) -> int:
    """Publishing calls that did not fit a network's description; what periodic jobs ask for besides is not counted."""
    told = httpx.get(f"{url}/_journal", timeout=60).json()
    calls = [f"{one['method']} {one['path']}" for one in told]
    return sum(any(re.search(match, call) for match in PUBLISH.values()) for call in calls)


def _naive(file: Path, where: str) -> int:
    with closing(sqlite3.connect(file, timeout=20)) as line:
        return int(line.execute(f"SELECT count(*) FROM post WHERE {where}").fetchone()[0])


def posts_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file, timeout=20)) as line:
        return [text for (text,) in line.execute("SELECT text FROM post")]


def restarted(address: str) -> Any:
    """PostgreSQL stopped at once and started again, as after a power cut; a call for `chaos`."""
    with psycopg.connect(address) as line:
        data = line.execute("SHOW data_directory").fetchone()[0]  # type: ignore[index]
    folder = programs()
    command = as_owner(
        [str(folder / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "-l", f"{data}/log", "restart"]
    )
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/tmp")


def full_disk(url: str, folder: Path, run: str) -> Outcome | None:
    """SQLite on a file system of its own that is full after a while; later it gets room. None without the right."""
    place = folder / "full"
    place.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "chaos", place], check=False).returncode
    ):
        return None
    try:
        ledger = Ledger(place)
        seed(ledger, url, run, SIDE)
        used = sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) // 1024
        subprocess.run(["mount", "-o", f"remount,size={used + 220}k", place], check=True)
        began = time.monotonic()
        fleet = Fleet([sys.executable, "-m", "diskarte", "worker"], ledger.env, 1, folder / "full.log")
        fleet.start()
        try:
            until(
                lambda: b"full" in (folder / "full.log").read_bytes() or not left(ledger), 60, "a full disk"
            )
            time.sleep(4)
            subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
            _settle(ledger, run)
            return counted(url, run, ledger, began, 0)
        finally:
            fleet.end()
    finally:
        subprocess.run(["umount", place], check=False)


WRONG = """
import sys
from datetime import timedelta
import django
django.setup()
from diskarte.core import clock
real = clock.now
clock.now = lambda: real() + timedelta(minutes={minutes})
import threading
from diskarte.core.outbox.worker import Worker
Worker(4, now=clock.now).run(threading.Event())
"""


def wrong_clocks(url: str, ledger: Ledger, run: str) -> Outcome:
    """Two workers, ten minutes ahead and ten behind; half of the posts are due only in an hour: none may come early."""
    seed(ledger, url, run, SIDE)
    soon = (datetime.now(UTC) + timedelta(minutes=9)).strftime("%Y-%m-%d %H:%M:%S+00")
    ledger.run(f"UPDATE outbox_delivery SET due_at = '{soon}', planned_at = '{soon}' WHERE id % 2 = 0")
    later = f"due_at >= '{soon}'"
    began, waiting = time.monotonic(), ledger.count(later)
    fleets = [
        Fleet(
            [sys.executable, "-c", WRONG.format(minutes=minutes)], ledger.env, 1, ledger.folder / "wrong.log"
        )
        for minutes in (10, -10)
    ]
    for fleet in fleets:
        fleet.start()
    try:
        with weather(url):
            until(lambda: ledger.count("state = 'sent' AND id % 2 = 1") > SIDE // 4, 120, "posts")
        until(lambda: not ledger.count(f"({OPEN}) AND id % 2 = 1"), QUIET, "the rest")
        early = waiting - ledger.count(f"{later} AND state = 'queued'")
        ledger.run("DELETE FROM outbox_delivery WHERE id % 2 = 0 AND state = 'queued'")
        told = counted(url, run, ledger, began, 0)
        told.early = early
        return told
    finally:
        for fleet in fleets:
            fleet.end()


def run() -> list[Row]:
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="diskarte-chaos-")))
        fake = stack.enter_context(specfake())["url"]
        address = stack.enter_context(postgres())
        (folder / "lite").mkdir()
        (folder / "big").mkdir()
        lite, big = Ledger(folder / "lite"), Ledger(folder / "big", address)
        usual = naive(fake, folder, "Naive", max(40, POSTS // 10), KILLING / 4)
        rows += chaos(fake, lite, 1, "Lite", POSTS, KILLING).rows(f"{POSTS} posts, SQLite, 1 worker", usual)
        rows += chaos(fake, big, 4, "Pg", POSTS, KILLING).rows(f"{POSTS} posts, PostgreSQL, 4 workers", usual)
        big.python("-m", "django", "flush", "--no-input")
        cut = chaos(fake, big, 2, "Cut", SIDE, KILLING / 4, restarted(address))
        rows += cut.rows(f"{SIDE} posts, PostgreSQL restarted every second or two, 2 workers")[:4]
        full = full_disk(fake, folder, "Full")
        rows += full.rows(f"{SIDE} posts, SQLite on a full disk (tmpfs)")[:4] if full else []
        big.python("-m", "django", "flush", "--no-input")
        wrong = wrong_clocks(fake, big, "Wrong")
        case = f"{wrong.posts} posts, PostgreSQL, workers whose clocks are 10 minutes ahead and behind"
        rows += [
            *wrong.rows(case)[:4],
            Row(case, "published before their hour", "posts", wrong.early, None, 0, "lower"),
        ]
        rows.append(
            Row("all runs", "posts the fake refused as wrong", "calls", refused(fake), None, 0, "lower")
        )
    return rows
