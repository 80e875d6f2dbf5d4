"""The usual queue, for comparison: mark «sending», call, mark «sent»; try again on an error; after a restart send again
what was «sending». No lease, no doubt, no key kept from try to try. The same network files make the calls.

The table is `post(id, network, base, identity, secrets, text, state)`.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from uuid import uuid4

import httpx

from diskarte import networks
from diskarte.words import Failure, Post, Wait

TRIES = 5


class Queue:
    """Posts in a table, handed out under a lock."""

    def __init__(self, file: str) -> None:
        self.line, self.lock = sqlite3.connect(file, timeout=20, check_same_thread=False), threading.Lock()
        self.line.execute("UPDATE post SET state = 'queued' WHERE state = 'sending'")
        self.line.commit()

    def take(self) -> tuple | None:
        with self.lock:
            asked = "SELECT id, network, base, identity, secrets, text, tries FROM post WHERE state = 'queued' LIMIT 1"
            row = self.line.execute(asked).fetchone()
            if row:
                self._set("UPDATE post SET state = 'sending' WHERE id = ?", row[0])
            return row

    def mark(self, state: str, row: tuple) -> None:
        with self.lock:
            self._set(f"UPDATE post SET state = '{state}', tries = tries + 1 WHERE id = ?", row[0])

    def _set(self, sql: str, pk: int) -> None:
        self.line.execute(sql, (pk,))
        self.line.commit()


def work(queue: Queue) -> None:
    while row := queue.take():
        _pk, name, base, identity, secrets, text, tries = row
        network = networks.get(name)
        with httpx.Client(timeout=30) as client:
            try:
                api = network.api(client, json.loads(secrets), base, identity)
                memo, answer = {}, Wait({}, 0)
                while isinstance(answer, Wait):
                    answer = network.publish(api, Post(uuid4().hex, text), memo)
                    memo = answer.memo if isinstance(answer, Wait) else memo
                queue.mark("sent", row)
            except Failure:
                queue.mark("queued" if tries + 1 < TRIES else "failed", row)
                time.sleep(0.2)


def run(file: str, number: int = 4) -> None:
    """Work with so many threads until nothing is left."""
    queue = Queue(file)
    threads = [threading.Thread(target=work, args=(queue,)) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
