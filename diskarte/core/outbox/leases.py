"""Who still has a delivery in hand. Clocks differ and jump, so no worker is taken for dead by a clock alone."""

from __future__ import annotations

import fcntl
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from diskarte.core import clock
from diskarte.core.loop import log

from .change import change
from .durable import on_disk
from .models import Delivery
from .question import Question

LEASE = timedelta(minutes=2)
STILL = 60.0  # seconds without a renewal, though one is due every ten
SKEW = timedelta(minutes=15)  # clocks of two machines are not further apart than this
DAY = 86400
ticks, pause = time.monotonic, time.sleep
HELD = Question(  # what every worker has in hand
    lambda: Delivery.objects.filter(state="sending").values_list("pk", "fence", "lease_until", "lease")
)
HOST = socket.gethostname()[:30]


def hold(delivery: Delivery, now: datetime) -> bool:
    """Commit the intent of a call that cannot be taken back; False when somebody else has the delivery by now.

    From here to the end of the attempt `doubt_at` says since when the call may have happened.
    """
    still = {"id": delivery.pk, "state": "sending", "fence": delivery.fence}
    lease = {"lease_until": now + LEASE}
    return on_disk(lambda: bool(change(Delivery, still, lease, empty={"doubt_at": now})))


def drift() -> timedelta:
    """How far this machine's clock is ahead of the database's. SQLite has none of its own: zero."""
    if connection.vendor != "postgresql":
        return timedelta(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return clock.now() - moment


def shared() -> datetime:
    """Now by the database's clock, the same for every process on every machine."""
    return clock.now() - drift()


class Lookout:
    """Sees which workers have died: by their silence for a minute, or at once on the machine where they ran."""

    def __init__(self) -> None:
        self.seen: dict[tuple[int, int, datetime | None], float] = {}
        self.looked = ticks()

    def fallen(self, now: datetime) -> list[int]:
        """Ids of what dead workers had in hand."""
        rows = HELD()
        moment = ticks()
        if moment - self.looked > STILL / 2:
            self.seen = {}  # we were held up, perhaps by a database that held up everybody
        self.looked = moment
        self.seen = {row[:3]: self.seen.get(row[:3], moment) for row in rows}
        return [row[0] for row in rows if self._silent(row[:3], moment, now) or is_dead(row[3])]

    def _silent(self, row: tuple[int, int, datetime | None], moment: float, now: datetime) -> bool:
        until = row[2] or now
        return until < now and (moment - self.seen[row] >= STILL or until < now - SKEW)


def _mark(owner: str) -> Path:
    return Path(settings.DATA) / "workers" / owner.replace(":", "_").replace("/", "_")


@contextmanager
def alive(owner: str) -> Iterator[None]:
    """While inside, a file in the data folder is locked: the system frees it when this process dies, however."""
    mark, file = _mark(owner), None
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        _sweep(mark.parent)
        file = mark.open("w")
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:  # a full disk: then a minute's silence tells it as well
        log.warning("no sign of life can be left in %s", mark.parent)
    try:
        yield
    finally:
        if file is not None:
            mark.unlink(missing_ok=True)
            file.close()


def is_dead(owner: str) -> bool:
    """True when this worker surely ended on this very machine; False also when nobody here can tell."""
    if owner.partition(":")[0] != HOST:
        return False
    try:
        with _mark(owner).open() as file:
            return _free(file.fileno())
    except OSError:
        return False


def _sweep(folder: Path) -> None:
    """Forget marks a day after their workers died."""
    for mark in folder.iterdir():
        if time.time() - mark.stat().st_mtime > DAY:
            with mark.open() as file:
                if _free(file.fileno()):
                    mark.unlink(missing_ok=True)


def _free(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True
