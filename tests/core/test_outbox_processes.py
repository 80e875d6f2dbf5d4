"""Real worker processes on one database: two at once, one killed, one told to stop."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from diskarte.core.outbox.models import Channel
from diskarte.core.outbox.queue import queue
from diskarte.core.secrets import Secrets
from tests import make

N = 60
ROOT = Path(__file__).parent.parent.parent


class Base:
    """The database the processes share: a copy in a file for SQLite, the test's own for PostgreSQL."""

    def __init__(self, folder: Path, key: str) -> None:
        self.file = folder / "diskarte.sqlite3"
        (folder / "secret.key").write_text(key)
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "diskarte.settings",
            "DISKARTE_DATA": str(folder),
            "DISKARTE_WORKER_THREADS": "3",
        }
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.file)) as copy:
                connection.connection.backup(copy)
        else:
            facts = connection.settings_dict
            self.env["DATABASE_URL"] = (
                f"postgresql://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
            )

    def run(self, sql: str, *given: object) -> list[tuple]:
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.file, timeout=20)) as line, line:
                return line.execute(sql.replace("%s", "?"), given).fetchall()
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return cursor.fetchall() if cursor.description else []

    def count(self, where: str) -> int:
        return self.run(f"SELECT count(*) FROM outbox_delivery WHERE {where}")[0][0]

    def until(self, where: str, least: int, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while self.count(where) < least:
            assert time.monotonic() < end, self.run(
                "SELECT state, count(*) FROM outbox_delivery GROUP BY state"
            )
            time.sleep(0.02)

    def worker(self) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, "-m", "diskarte", "worker"], env=self.env, cwd=ROOT)


@pytest.fixture
def base(transactional_db, tmp_path, settings):
    """Many deliveries, due at once, on the practice network, which lives in the same database."""
    brand = make.a_brand()
    secrets = Secrets(token="harbour")
    channel = Channel.objects.create(brand=brand, network="practice", identity="harbour", secrets=secrets)
    for n in range(N):
        queue(brand, channel, {"text": f"Post {n}"}, timezone.now(), key=f"key-{n}")
    return Base(tmp_path, settings.SECRET_KEY)


def test_two_workers_one_killed_and_every_post_once(base):
    killed, other = base.worker(), base.worker()
    try:
        base.until("state = 'sent'", 5)
        killed.kill()
        # what the killed one held is in hand still, or the other found the death already: then it is a doubt
        base.until("state IN ('sent', 'sending', 'unknown')", N)
        other.send_signal(signal.SIGTERM)
        assert other.wait(30) == 0
        in_hand = base.count("state IN ('sending', 'unknown')")
        assert base.count("state = 'sent'") == N - in_hand
        assert in_hand <= 6  # what the killed one held: twice its threads
        for what, of in (("lease_until", "sending"), ("doubt_at", "sending"), ("due_at", "unknown")):
            there = f"state = '{of}' AND {what} IS NOT NULL"
            base.run(f"UPDATE outbox_delivery SET {what} = %s WHERE {there}", _long_ago())
        other = base.worker()
        base.until("state = 'sent'", N)
    finally:
        for process in (killed, other):
            process.kill()
            process.wait()
    assert base.run("SELECT count(*), count(DISTINCT key) FROM practice_practicepost") == [(N, N)]
    assert base.run("SELECT max(fence) FROM outbox_delivery")[0][0] <= 2
    sent = "SELECT delivery_id FROM outbox_attempt WHERE outcome = 'sent' GROUP BY delivery_id HAVING count(*) > 1"
    assert base.run(sent) == []


def _long_ago():
    moment = timezone.now() - timedelta(hours=1)
    return moment if connection.vendor != "sqlite" else moment.strftime("%Y-%m-%d %H:%M:%S")
