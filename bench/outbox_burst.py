"""Many posts due at the same minute, sent by real worker processes: to the validating fake and to a real server.

1,000 posts go to 40 Mastodon accounts on the fake (25 each: it allows an account 300 calls in 5 minutes, as
Mastodon does), 200 to 10 accounts on the real Bluesky server. The workers already run, their first periodic
jobs are done, and they idle when the moment comes. Lateness is the server's own moment of each post
(`created_at`, or the commit's `rev`) after the moment it was due; posts a second count from that moment to the
last post. The baseline makes the same calls from one process, with as many threads as one worker has, over one httpx
client, and writes nothing down. It runs between the runs of ours; the mean of the two beside a run counts. PostgreSQL
keeps its defaults: it writes to the disk before it says so. The Bluesky server has one core for itself, as one
elsewhere would; the bare loop and ours (workers and PostgreSQL) have the others. Else what is measured is who gets
more of a shared core: `BENCH_SHARED=1` lets all share. `BENCH_SMALL=1` runs in seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from bench import Missing, Row
from bench._workers import Ledger, apart, bluesky, peak, postgres, specfake, until
from diskarte.networks.bluesky import SORTABLE, record_key

BEGAN = time.monotonic()
HEAD_START = timedelta(seconds=4)  # between the last sign of life and the moment everything is due
AT_ONCE = 16  # threads of a worker, and of the bare loop
FAULTS = (Missing, OSError, httpx.HTTPError, subprocess.SubprocessError)
LONGEST = 60  # seconds from the moment everything is due: what takes longer did not finish
RATE, LATENESS, SHARE, PEAK = 50.0, 30.0, 0.9, 300.0  # what we aim at


@dataclass
class Place:
    """A server under test: accounts, the bare calls, and what it holds in the end."""

    name: str
    posts: int
    channels: list[dict[str, Any]]
    url: str

    def calls(self, run: str) -> list[dict[str, Any]]:
        """The same posts as plain calls."""
        many = [self.channels[n % len(self.channels)] for n in range(self.posts)]
        return [self.call(c, f"Bare {run} {n}", f"bare-{run}-{n}") for n, c in enumerate(many)]

    def call(self, channel: dict[str, Any], text: str, key: str) -> dict[str, Any]:
        raise NotImplementedError

    def moments(self, run: str, ledger: Ledger) -> dict[str, list[datetime]]:
        """When the server got each post of a run, by its text."""
        raise NotImplementedError

    def violations(self) -> int:
        return 0


class Fake(Place):
    """Mastodon as the validating fake plays it."""

    def call(self, channel: dict[str, Any], text: str, key: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {channel['secrets']['token']}", "Idempotency-Key": key}
        body = {"status": text, "language": "en"}
        return {"url": f"{channel['base']}/api/v1/statuses", "json": body, "headers": headers}

    def moments(self, run: str, ledger: Ledger) -> dict[str, list[datetime]]:
        told = httpx.get(f"{self.url}/_posts", params={"network": "mastodon"}, timeout=60).json()
        found: dict[str, list[datetime]] = {}
        for post in told:
            if post["text"].startswith(f"{run} "):
                at = datetime.fromtimestamp(post["created_at"], UTC)
                found.setdefault(post["text"], []).append(at)
        return found

    def violations(self) -> int:
        return len(httpx.get(f"{self.url}/_journal", timeout=60).json())


class Real(Place):
    """Bluesky's own server."""

    def call(self, channel: dict[str, Any], text: str, key: str) -> dict[str, Any]:
        now = datetime.now(UTC)
        written = {
            "$type": "app.bsky.feed.post", "text": text, "langs": ["en"],
            "createdAt": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }  # fmt: skip
        asked = {
            "repo": channel["identity"],
            "collection": "app.bsky.feed.post",
            "rkey": record_key(key, now),
        }
        headers = {"Authorization": f"Bearer {channel['secrets']['token']}"}
        url = f"{self.url}/xrpc/com.atproto.repo.putRecord"
        return {"url": url, "json": asked | {"record": written}, "headers": headers}

    def moments(self, run: str, ledger: Ledger) -> dict[str, list[datetime]]:
        """How many there are is asked from the server; when, stands in its answers in our story."""
        at = dict(self._revisions(ledger))
        found: dict[str, list[datetime]] = {}
        for channel in self.channels:
            for record in self._records(channel["identity"]):
                text = record["value"]["text"]
                if text.startswith(f"{run} "):
                    found.setdefault(text, []).append(at[record["uri"]])
        return found

    def _revisions(self, ledger: Ledger) -> Iterator[tuple[str, datetime]]:
        sql = "SELECT d.remote_id, a.exchanges FROM outbox_attempt a JOIN outbox_delivery d ON d.id = a.delivery_id"
        for uri, told in ledger.run(f"{sql} WHERE a.outcome = 'sent'"):
            story = json.loads(told) if isinstance(told, str) else told
            rev = json.loads(story[-1]["body"])["commit"]["rev"]
            micros = 0
            for letter in rev:
                micros = micros << 5 | SORTABLE.index(letter)
            yield uri, datetime.fromtimestamp((micros >> 10) / 1e6, UTC)

    def _records(self, repo: str) -> Iterator[dict[str, Any]]:
        cursor: str | None = ""
        while cursor is not None:
            asked = {"repo": repo, "collection": "app.bsky.feed.post", "limit": 100, "cursor": cursor}
            told = httpx.get(
                f"{self.url}/xrpc/com.atproto.repo.listRecords",
                params={k: v for k, v in asked.items() if v}, timeout=60,
            ).json()  # fmt: skip
            yield from told["records"]
            cursor = told.get("cursor")


def the_fake(url: str, posts: int, accounts: int) -> Place:
    channels = [
        {"network": "mastodon", "identity": str(n), "base": f"{url}/mastodon", "secrets": {"token": f"t{n}"}}
        for n in range(accounts)
    ]
    return Fake("the fake Mastodon", posts, channels, url)


def the_real(told: dict[str, Any], posts: int) -> Place:
    channels = []
    for one in told["accounts"]:
        given = {"identifier": one["handle"], "password": one["password"]}
        url = f"{told['url']}/xrpc/com.atproto.server.createSession"
        session = httpx.post(url, json=given, timeout=60).json()
        secrets = {"token": session["accessJwt"], "refresh": session["refreshJwt"]}
        facts = {"network": "bluesky", "identity": one["did"], "base": told["url"], "secrets": secrets}
        channels.append(facts)
    return Real("the real Bluesky server", posts, channels, told["url"])


@dataclass
class Run:
    """What one run came to: seconds each post was late, posts at the server, refused calls, MB."""

    late: NDArray[np.float64]
    twice: int
    refused: int
    memory: float

    @property
    def rate(self) -> float:
        return (len(self.late) - self.twice) / float(self.late.max())


def burst(place: Place, ledger: Ledger, workers: int, run: str) -> Run:
    """Everything due at one moment; what came of it."""
    ledger.run("DELETE FROM outbox_beat")
    ledger.run("DELETE FROM jobs_run")
    far = datetime.now(UTC) + timedelta(hours=1)
    texts = [f"{run} {n}" for n in range(place.posts)]
    given = {"channels": place.channels, "texts": texts, "due": far.isoformat()}
    ledger.python("-m", "bench._seed", given=given)
    with ledger.workers(workers) as processes:
        until(lambda: ledger.run(IDLE)[0][0], 120, "the end of the first jobs")
        due = datetime.now(UTC) + HEAD_START
        moment = due.strftime("%Y-%m-%d %H:%M:%S.%f") + ("+00" if ledger.url else "")
        ledger.run(f"UPDATE outbox_delivery SET due_at = '{moment}', planned_at = '{moment}'")
        until(lambda: ledger.count(OPEN) == 0, HEAD_START.total_seconds() + LONGEST, "all posts")
        memory = max(map(peak, processes))
    moments = place.moments(run, ledger)
    if len(moments) < place.posts:
        raise Missing(f"{place.posts - len(moments)} posts never came: {ledger.run(STORY)}")
    late = np.array([(at - due).total_seconds() for copies in moments.values() for at in copies])
    return Run(late, len(late) - place.posts, place.violations(), memory)


def case(place: Place, ledger: Ledger, workers: int) -> str:
    where = "PostgreSQL" if ledger.url else "SQLite"
    return f"{place.posts} posts to {place.name}, {where}, {workers} worker{'s' if workers > 1 else ''}"


def told(name: str, real: bool, one: bool, ran: Run, baseline: float) -> list[Row]:
    """A run as rows. `one`: a single worker, whose rate is what we aim at."""
    p50, p99 = np.quantile(ran.late, (0.5, 0.99))
    rate, share = None if real or not one else RATE, SHARE if real else None
    return [
        Row(name, "posts a second", "1/s", ran.rate, baseline, rate, "higher"),
        Row(name, "of the bare loop's rate", "ratio", ran.rate / baseline, 1, share, "higher"),
        Row(name, "lateness p50", "s", float(p50), None, None, "lower"),
        Row(name, "lateness p99", "s", float(p99), None, LATENESS, "lower"),
        Row(name, "posts made twice", "posts", ran.twice, None, 0, "lower"),
        *([] if real else [Row(name, "calls the fake refused", "calls", ran.refused, None, 0, "lower")]),
        Row(name, "most memory of a worker", "MB", ran.memory, None, PEAK, "lower"),
    ]


IDLE = "SELECT count(*) > 0 AND count(*) = count(last_ended) FROM jobs_run"
OPEN = "state IN ('queued', 'sending')"
STORY = "SELECT state, why, count(*) FROM outbox_delivery GROUP BY state, why"


def bare(place: Place, ledger: Ledger, run: str) -> float:
    """Posts a second of the bare loop."""
    fresh(place)
    given = {"threads": AT_ONCE, "calls": place.calls(run)}
    rate = place.posts / float(ledger.python("-m", "bench._bare", given=given))
    say(f"bare loop, {AT_ONCE} threads, {place.posts} posts to {place.name}: {rate:.1f}/s")
    return rate


def say(what: str) -> None:
    """A line while it runs: the seconds so far, what came, and how busy the machine is."""
    print(f"  {time.monotonic() - BEGAN:5.0f} s  {what}; load {os.getloadavg()[0]:.1f}", flush=True)


def run() -> list[Row]:
    small = bool(os.environ.get("BENCH_SMALL"))
    posts, accounts, real_posts, people = (30, 6, 10, 2) if small else (1000, 40, 200, 10)
    fleets = (1,) if small else (1, 2, 4)

    def fake() -> list[Row]:
        with specfake() as told:
            return on_both(the_fake(told["url"], posts, accounts), fleets)

    def real() -> list[Row]:
        with (
            nullcontext() if os.environ.get("BENCH_SHARED") else apart() as cores,
            bluesky(people, cores) as told,
        ):
            return on_both(the_real(told, real_posts), fleets)

    return part("the fake", fake) + part("Bluesky", real)


def on_both(place: Place, fleets: tuple[int, ...]) -> list[Row]:
    """One worker on SQLite, and every fleet on a PostgreSQL of its own."""
    with tempfile.TemporaryDirectory(prefix="diskarte-burst-") as folder, postgres() as address:
        for name in ("lite", "big"):
            Path(folder, name).mkdir()
        lite, big = Ledger(Path(folder, "lite"), "", AT_ONCE), Ledger(Path(folder, "big"), address, AT_ONCE)
        return measured(place, [(lite, 1), *((big, workers) for workers in fleets)])


def part(name: str, measure: Callable[[], list[Row]]) -> list[Row]:
    """What a part came to; one that cannot run here is a row that says so, and the others still run."""
    try:
        return measure()
    except FAULTS as why:
        say(f"{name} did not run: {why}")
        return [Row(f"{name}: did not run", "parts", "", 0, None, 1, "higher")]


def measured(place: Place, runs: list[tuple[Ledger, int]]) -> list[Row]:
    """Every fleet against one server, one after the other, the bare loop before, between and after them."""
    rows = []
    bare(place, runs[0][0], "warm")
    before = bare(place, runs[0][0], "first")
    for ledger, workers in runs:
        name, real = case(place, ledger, workers), isinstance(place, Real)
        short = f"{'Pg' if ledger.url else 'Lite'}{workers}"
        fresh(place)
        try:
            ran = burst(place, ledger, workers, short)
        except FAULTS as why:
            say(f"{name} did not finish: {why}")
            came = ledger.count("state = 'sent'")
            rows.append(
                Row(f"{name}: did not finish", "posts sent", "posts", came, None, place.posts, "higher")
            )
            continue
        say(f"{name}: {ran.rate:.1f}/s")
        after = bare(place, ledger, short)
        rows += told(name, real, workers == 1, ran, (before + after) / 2)
        before = after
    return rows


def fresh(place: Place) -> None:
    """The fake forgets what it counted: each run finds every account with its whole allowance."""
    if isinstance(place, Fake):
        httpx.post(f"{place.url}/_reset", timeout=60)
