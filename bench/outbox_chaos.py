"""Every post once: real worker processes killed with `kill -9` every second or two, on a wire that loses answers.

The fake drops answers after it has committed, answers 502 after it has committed, asks to slow down, lets tokens
expire (X renews them, at a door before the fake: `bench/_door.py`) and is slow with pictures. Posts are spread over
networks that remember a key (Mastodon, Discord, VK), that can be asked (Slack, X), and a blind one (Telegram). The
kills go on until nearly all is out, the faults until two thirds are, then what is left must settle. Counted at the
fake, by text.

A Mastodon account may make 300 calls in 5 minutes: there are enough accounts (one for about 75 posts); the fake's
clock is never moved. X allows an account 100 posts in 15 minutes, and a channel whose allowance is used up waits for
the next: an account has 40. Telegram takes one post in 3 seconds a chat: there is a chat for about 5 posts.
Each case has its own fake and its own workers; three cases run at a time, since most of their time is waiting for
doubts to become old enough. A case in which nothing moves for a minute is ended and says so. A killed worker's
successor is forked from a process that has done its imports (`bench/_nursery.py`).
The baseline is the usual queue (`bench/_naive.py`) against a fake with the same faults and kills.
`BENCH_SMALL=1` takes about two minutes; `CHAOS_POSTS=2000` chooses another size than 10,000, `CHAOS_ONLY=cut,full`
some cases.
"""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench import Row
from bench._chaos import OPEN, PUBLISH, Fleet, Watch, Weather, nursery, weather
from bench._door import door
from bench._workers import Ledger, postgres, specfake, until
from tools.postgres import as_owner, programs

SMALL = bool(os.environ.get("BENCH_SMALL"))
POSTS = int(os.environ.get("CHAOS_POSTS", 60 if SMALL else 10_000))
ONLY = set(filter(None, os.environ.get("CHAOS_ONLY", "").split(",")))
SIDE = 40 if SMALL else 300  # posts in each of the other cases
KILLING = 10 if SMALL else 300  # seconds at most
SETTLING = 240 if SMALL else 420  # seconds at most for what is left
PACE = (0.5, 1.0) if SMALL else (1.0, 2.0)  # seconds between two kills
AT_A_TIME = 6 if SMALL else 3
SHARES = {"mastodon": 0.3, "discord": 0.2, "vk": 0.15, "slack": 0.15, "x": 0.05, "telegram": 0.15}
BLIND = " telegram "
DOORS: dict[str, str] = {}  # before each fake that runs, the one that renews X's permissions
EACH = {"mastodon": 75, "discord": 80, "vk": 45, "slack": 50, "x": 40, "telegram": 5}  # posts a channel


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
    base = f"{DOORS.get(url, url) if network == 'x' else url}/{network}"
    told = {"network": network, "base": base, "secrets": {"token": f"{name}-{number}"}}
    identity = {
        "mastodon": account, "discord": f"1/{account}/1000", "vk": f"-{account}",
        "slack": f"T1/C{account}/U1", "x": account, "telegram": f"-100{account}",
    }[network]  # fmt: skip
    if network == "mastodon":
        told["media"] = 15
    if network == "x":
        told["secrets"] |= {"refresh": f"{name}-{number}", "client_id": "client"}
    return told | {"identity": identity}


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
    early: int | None = None
    left: int = 0  # not at their end when the case was
    needless: int = 0  # shown to a person though their network remembers keys or can be asked

    def rows(self, case: str, naive: Outcome | None = None) -> list[Row]:
        def scaled(value: int) -> float | None:
            return None if naive is None else value * self.posts / naive.posts

        twice, lost = (scaled(naive.twice), scaled(naive.lost)) if naive else (None, None)
        out = self.sent + self.doubtful
        rows = [
            Row(case, "published or shown to a person", "posts", out, None, self.posts, "higher"),
            Row(case, "published twice", "posts", self.twice, twice, 0, "lower"),
            Row(case, "lost", "posts", self.lost, lost, 0, "lower"),
            Row(case, "shown to a person (blind network)", "posts", self.doubtful, None, None, "lower"),
            Row(case, "shown though it can be asked", "posts", self.needless, None, 0, "lower"),
            Row(case, "did not finish", "posts", self.left, None, 0, "lower"),
            Row(case, "workers killed", "", self.kills, None, None, "higher"),
            Row(case, "time in all", "s", self.seconds, None, None, "lower"),
        ]
        early = Row(case, "published before their hour", "posts", self.early, None, 0, "lower")
        return rows if self.early is None else [*rows, early]


def at_the_fake(url: str, run: str) -> Counter[str]:
    told = httpx.get(f"{url}/_posts", timeout=120).json()
    return Counter(post["text"] for post in told if post["text"].startswith(f"{run} "))


def counted(url: str, run: str, ledger: Ledger, began: float, fleet: Fleet) -> Outcome:
    """Compare the ledger with the fake, text by text."""
    there = at_the_fake(url, run)
    rows = ledger.run('SELECT content, state, "do" FROM outbox_delivery')
    told = [(_text(content), state, bool(do)) for content, state, do in rows]
    mine = [row for row in told if row[0].startswith(f"{run} ")]
    sent = sum(state == "sent" and there[text] > 0 for text, state, _do in mine)
    shown = [text for text, state, do in mine if state in ("unknown", "refused", "lost") and do]
    left = ledger.count(OPEN)
    return Outcome(
        posts=len(mine), sent=sent, doubtful=len(shown), lost=len(mine) - sent - len(shown) - left,
        twice=sum(n - 1 for n in there.values()), seconds=time.monotonic() - began, kills=fleet.kills,
        left=left, needless=sum(BLIND not in text for text in shown),
    )  # fmt: skip


def _text(content: Any) -> str:
    return str((json.loads(content) if isinstance(content, str) else content)["text"])


def settled(url: str, ledger: Ledger, watch: Watch, began: float, fleet: Fleet) -> Outcome:
    """Wait for what is left, then count."""
    end = time.monotonic() + SETTLING
    while watch.left() and time.monotonic() < end and not watch.stalled:
        time.sleep(0.5)
        fleet.tend()
    told = counted(url, watch.run, ledger, began, fleet)
    if watch.left():
        print(f"  {watch.run}: did not finish: {watch.why()}", flush=True)
    return told


def due() -> str:
    return (datetime.now(UTC) - timedelta(seconds=5)).isoformat()


def chaos(
    case: Case, url: str, ledger: Ledger, workers: int, posts: int, killing: float, between: Any = None
) -> Outcome:
    """Seed, kill for a while, then let it settle; `between` happens now and then instead of a kill."""
    with nursery(ledger.env, ledger.folder / "workers.log") as born:
        born.ask(channels=channels(url, case.run, posts), due=due())
        fleet, began = Fleet(born, [{"worker": 0}] * workers), time.monotonic()
        watch = Watch(case.run, ledger)
        fleet.start()
        try:
            with weather(url) as sky:
                _storm(fleet, watch, sky, posts, killing, between)
            return settled(url, ledger, watch, began, fleet)
        finally:
            fleet.end()


def _storm(fleet: Fleet, watch: Watch, sky: Weather, posts: int, killing: float, between: Any) -> None:
    """Only a worker that has begun to send is worth killing: a new one needs a moment to start."""
    end, known, dice = time.monotonic() + killing, 0, random.Random(posts)
    while (left := watch.left()) > posts // 50 and time.monotonic() < end and not watch.stalled:
        time.sleep(dice.uniform(*PACE))
        if left < posts // 3:
            sky.over.set()
        if watch.tried > known:
            known = watch.tried
            between() if between else fleet.kill_one(dice)
            watch.kills = fleet.kills


def naive(case: Case, url: str, folder: Path, posts: int, killing: float) -> Outcome:
    """The usual queue under the same weather and the same kills."""
    file = folder / "naive.sqlite3"
    _line_up(file, channels(url, case.run, posts))
    dice, began = random.Random(posts), time.monotonic()
    todo = "state IN ('queued', 'sending')"
    settings = {"DISKARTE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "diskarte.settings"}
    with nursery(os.environ | settings, folder / "naive.log") as born:
        fleet = Fleet(born, [{"naive": str(file)}])
        fleet.start()
        try:
            with weather(url) as sky:
                end = time.monotonic() + killing
                while time.monotonic() < end and (left := _naive(file, todo)):
                    time.sleep(dice.uniform(*PACE))
                    if left < posts // 3:
                        sky.over.set()
                    fleet.kill_one(dice)
            with_patience = time.monotonic() + SETTLING
            while _naive(file, todo) and time.monotonic() < with_patience:
                time.sleep(0.5)
                fleet.tend()
        finally:
            fleet.end()
    there, wanted = at_the_fake(url, case.run), posts_of(file)
    return Outcome(
        posts=len(wanted), sent=sum(there[text] > 0 for text in wanted), doubtful=0,
        lost=sum(there[text] == 0 for text in wanted), twice=sum(n - 1 for n in there.values()),
        seconds=time.monotonic() - began, kills=fleet.kills,
    )  # fmt: skip


def _line_up(file: Path, given: list[dict[str, Any]]) -> None:
    made = "CREATE TABLE post (id INTEGER PRIMARY KEY, network, base, identity, secrets, text, state, tries DEFAULT 0)"
    put = "INSERT INTO post (network, base, identity, secrets, text, state) VALUES (?, ?, ?, ?, ?, 'queued')"
    with closing(sqlite3.connect(file)) as line, line:
        line.execute(made)
        for one in given:
            facts = (one["network"], one["base"], one["identity"], json.dumps(one["secrets"]))
            line.executemany(put, [(*facts, text) for text in one["texts"]])


def refused(url: str) -> int:
    """Publishing calls that did not fit a network's description; what periodic jobs ask for besides is not counted.

    Nor is a call without a body: its worker was killed between the head of the call and the rest.
    """
    told = httpx.get(f"{url}/_journal", timeout=60).json()
    wrong = [
        one for one in told
        if one["body"] and any(re.search(match, f"{one['method']} {one['path']}") for match in PUBLISH.values())
    ]  # fmt: skip
    for one in wrong[:3]:
        print(f"  refused as wrong: {json.dumps(one)[:300]}", flush=True)
    return len(wrong)


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


def full_disk(case: Case, url: str, place: Path, like: Ledger) -> Outcome | None:
    """SQLite on a file system of its own that is full after a while; later it gets room. None without the right."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "chaos", str(place)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        print(f"  {case.run}: left out, only root may mount a small disk", flush=True)
        return None
    try:
        return _filled(case, url, Ledger(place, like=like), place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def _filled(case: Case, url: str, ledger: Ledger, place: Path) -> Outcome:
    log = place.parent / "full.log"
    with nursery(ledger.env, log) as born:
        born.ask(channels=channels(url, case.run, SIDE), due=due())
        used = sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) // 1024
        subprocess.run(["mount", "-o", f"remount,size={used + 220}k", str(place)], check=True)
        fleet, began, watch = Fleet(born, [{"worker": 0}]), time.monotonic(), Watch(case.run, ledger)
        fleet.start()
        try:
            until(lambda: b"full" in log.read_bytes() or not watch.left(), 120, "a full disk")
            time.sleep(4)
            subprocess.run(["mount", "-o", "remount,size=64m", str(place)], check=True)
            return settled(url, ledger, Watch(case.run, ledger), began, fleet)
        finally:
            fleet.end()


def wrong_clocks(case: Case, url: str, ledger: Ledger) -> Outcome:
    """Two workers, ten minutes ahead and ten behind; half of the posts are due in nine minutes: none may come early."""
    with nursery(ledger.env, ledger.folder / "wrong.log") as born:
        born.ask(channels=channels(url, case.run, SIDE), due=due())
        soon = (datetime.now(UTC) + timedelta(minutes=9)).strftime("%Y-%m-%d %H:%M:%S+00")
        ledger.run(f"UPDATE outbox_delivery SET due_at = '{soon}', planned_at = '{soon}' WHERE id % 2 = 0")
        waiting, began = ledger.count("id % 2 = 0"), time.monotonic()
        watch = Watch(case.run, ledger, f"id % 2 = 1 AND ({OPEN})")
        fleet = Fleet(born, [{"worker": 10}, {"worker": -10}])
        fleet.start()
        try:
            with weather(url):
                _until_sent(watch)
            told = settled(url, ledger, watch, began, fleet)
        finally:
            fleet.end()
        told.early = waiting - ledger.count("id % 2 = 0 AND state = 'queued' AND tries = 0")
        told.posts, told.left = told.posts - waiting, told.left - (waiting - told.early)
        return told


def _until_sent(watch: Watch) -> None:
    """Half of what is due, within the storm's time."""
    begun, end = watch.left(), time.monotonic() + KILLING + 20
    while watch.left() > begun // 2 and time.monotonic() < end:
        time.sleep(0.5)


@dataclass
class Case:
    """One case: its name in the table, what its posts are called, and how it is run."""

    says: str
    run: str
    does: Callable[[Case, str], Outcome | None]
    refused: int = 0
    broke: str = ""
    told: Outcome | None = field(default=None)

    def play(self) -> None:
        """Run it against a fake of its own; whatever goes wrong is a row of the table."""
        if ONLY and self.run.lower() not in ONLY:
            return
        try:
            with specfake() as fake, door(fake["url"]) as DOORS[fake["url"]]:
                self.told = self.does(self, fake["url"])
                self.refused = refused(fake["url"])
        except Exception as error:  # the other cases go on
            self.broke = f"{type(error).__name__}: {error}"[:300]
        print(f"  {self.run}: {self.broke or 'ended'}", flush=True)

    def rows(self, usual: Outcome | None) -> list[Row]:
        if self.broke:
            return [Row(self.says, f"did not finish: {self.broke}", "", 1, None, 0, "lower")]
        return self.told.rows(self.says, usual) if self.told else []


def cases(folder: Path, address: str, other: str) -> list[Case]:
    """All of them; the first two are the long ones. `other` is the PostgreSQL that is stopped again and again."""
    for name in ("lite", "blank", "big", "cut", "wrong", "full", "naive"):
        (folder / name).mkdir()
    lite, big, cut = Ledger(folder / "lite"), Ledger(folder / "big", address), Ledger(folder / "cut", other)
    wrong = Ledger(folder / "wrong", f"{address.rpartition('/')[0]}/wrong", like=big)
    blank = Ledger(folder / "blank", like=lite)  # `lite` is full of posts when this one is wanted
    few = max(40, POSTS // 10)
    return [
        Case(f"{POSTS} posts, SQLite, 1 worker", "Lite", lambda c, u: chaos(c, u, lite, 1, POSTS, KILLING)),
        Case(f"{POSTS} posts, PostgreSQL, 4 workers", "Pg", lambda c, u: chaos(c, u, big, 4, POSTS, KILLING)),
        Case("usual queue", "Naive", lambda c, u: naive(c, u, folder / "naive", few, KILLING / 4)),
        Case(f"{SIDE} posts, PostgreSQL restarted every second or two, 2 workers", "Cut",
             lambda c, u: chaos(c, u, cut, 2, SIDE, min(25, KILLING), restarted(other))),
        Case(f"{SIDE} posts, SQLite on a full disk (tmpfs)", "Full",
             lambda c, u: full_disk(c, u, folder / "full", blank)),
        Case(f"{SIDE // 2} posts, PostgreSQL, two workers whose clocks are 10 minutes ahead and behind", "Wrong",
             lambda c, u: wrong_clocks(c, u, wrong)),
    ]  # fmt: skip


def run() -> list[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="diskarte-chaos-")))
        played = cases(folder, stack.enter_context(postgres()), stack.enter_context(postgres()))
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            list(pool.map(Case.play, played))
    usual = next((case.told for case in played if case.run == "Naive"), None)
    rows = [row for case in played if case.run != "Naive" for row in case.rows(usual)]
    rows += [row for case in played if case.run == "Naive" and case.broke for row in case.rows(None)]
    wrong = sum(case.refused for case in played)
    return [*rows, Row("all runs", "posts the fake refused as wrong", "calls", wrong, None, 0, "lower")]
