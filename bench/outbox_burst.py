"""Many posts due at the same minute, sent by real worker processes: to the validating fake and to a real server.

1,000 posts go to 40 Mastodon accounts on the fake (25 each: it allows an account 300 calls in 5 minutes, as
Mastodon does), 200 to 10 accounts on the real Bluesky server. The workers already run, their first periodic
jobs are done, and they idle when the moment comes. Lateness is the server's own moment of each post
(`created_at`, or the commit's `rev`) after the moment it was due; posts a second count from that moment to the
last post. The baseline makes the same calls from one process over one httpx client and writes nothing down:
with the number of threads that was fastest at first, right before and right after each run; the faster counts.
PostgreSQL keeps its defaults: it writes to the disk before it says so. `BENCH_SMALL=1` runs in seconds.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from bench import Missing, Row
from bench._workers import PATIENCE, Ledger, bluesky, peak, postgres, specfake, until
from diskarte.networks.bluesky import SORTABLE, record_key

HEAD_START = timedelta(seconds=4)  # between the last sign of life and the moment everything is due
AT_ONCE = (2, 4, 8, 16)  # threads of the bare loop; the fastest counts
RATE, LATENESS, SHARE, PEAK = 50.0, 30.0, 90.0, 300.0  # what we aim at


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
        until(
            lambda: ledger.count("state NOT IN ('queued', 'sending')") == place.posts, PATIENCE, "the posts"
        )
        memory = max(map(peak, processes))
    moments = place.moments(run, ledger)
    if len(moments) < place.posts:
        raise Missing(f"{place.posts - len(moments)} posts never came: {ledger.run(STORY)}")
    late = np.array([(at - due).total_seconds() for copies in moments.values() for at in copies])
    return Run(late, len(late) - place.posts, place.violations(), memory)


def told(place: Place, ledger: Ledger, workers: int, ran: Run, baseline: float) -> list[Row]:
    """A run as rows."""
    where = "PostgreSQL" if ledger.url else "SQLite"
    case = f"{place.posts} posts to {place.name}, {where}, {workers} worker{'s' if workers > 1 else ''}"
    real, p50, p99 = isinstance(place, Real), *np.quantile(ran.late, (0.5, 0.99))
    share = 100 * ran.rate / baseline
    return [
        Row(
            case, "posts a second", "1/s", ran.rate, baseline, None if real or workers > 1 else RATE, "higher"
        ),
        Row(case, "of the bare loop", "%", share, 100, SHARE if real else None, "higher"),
        Row(case, "lateness p50", "s", float(p50), None, None, "lower"),
        Row(case, "lateness p99", "s", float(p99), None, LATENESS, "lower"),
        Row(case, "posts made twice", "posts", ran.twice, None, 0, "lower"),
        *([] if real else [Row(case, "calls the fake refused", "calls", ran.refused, None, 0, "lower")]),
        Row(case, "most memory of a worker", "MB", ran.memory, None, PEAK, "lower"),
    ]


IDLE = "SELECT count(*) > 0 AND count(*) = count(last_ended) FROM jobs_run"
STORY = "SELECT state, why, count(*) FROM outbox_delivery GROUP BY state, why"


def bare(place: Place, ledger: Ledger, run: str, at_once: tuple[int, ...]) -> tuple[float, int]:
    """Posts a second of the bare loop, the best of several numbers of threads, and that number."""
    told = []
    for threads in at_once:
        fresh(place)
        calls = place.calls(f"{run} {threads}")
        seconds = float(ledger.python("-m", "bench._bare", given={"threads": threads, "calls": calls}))
        told.append((place.posts / seconds, threads))
    return max(told)


def run() -> list[Row]:
    small = bool(os.environ.get("BENCH_SMALL"))
    posts, accounts, real_posts, people = (30, 6, 10, 2) if small else (1000, 40, 200, 10)
    at_once = (4,) if small else AT_ONCE
    fleets = (1,) if small else (1, 2, 4)
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="diskarte-burst-")))
        address = stack.enter_context(postgres())
        (folder / "lite").mkdir()
        (folder / "big").mkdir()
        ledgers = [(Ledger(folder / "lite"), (1,)), (Ledger(folder / "big", address), fleets)]
        fake = stack.enter_context(specfake())
        places = [the_fake(fake["url"], posts, accounts)]
        places.append(the_real(stack.enter_context(bluesky(people)), real_posts))
        for place in places:
            rows += measured(place, ledgers, at_once)
    return rows


def measured(
    place: Place, ledgers: list[tuple[Ledger, tuple[int, ...]]], at_once: tuple[int, ...]
) -> list[Row]:
    """The bare loop and every fleet against one server, one after the other."""
    rows = []
    _first, threads = bare(place, ledgers[0][0], "warm", at_once)
    for ledger, fleets in ledgers:
        for workers in fleets:
            name = f"{'Pg' if ledger.url else 'Lite'}{workers}"
            before, _same = bare(place, ledger, f"{name} before", (threads,))
            fresh(place)
            ran = burst(place, ledger, workers, name)
            after, _same = bare(place, ledger, f"{name} after", (threads,))
            rows += told(place, ledger, workers, ran, max(before, after))
            print(
                f"  {rows[-1].case}: {ran.rate:.1f}/s; bare, {threads} threads: {before:.1f}, {after:.1f}/s"
            )
    return rows


def fresh(place: Place) -> None:
    """The fake forgets what it counted: each run finds every account with its whole allowance."""
    if isinstance(place, Fake):
        httpx.post(f"{place.url}/_reset", timeout=60)
