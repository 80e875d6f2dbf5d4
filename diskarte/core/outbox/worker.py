"""The loop that sends. Any number may run, on any number of machines; none of them is needed to remember."""

from __future__ import annotations

import os
import socket
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from django.db import connection

from diskarte.core import clock, logs
from diskarte.core.jobs import run as jobs
from diskarte.core.loop import safely
from diskarte.words import Told as _

from . import leases, watch, wire
from .attempt import attempt, close
from .change import change
from .doubt import settle, unsettled
from .endings import in_doubt
from .machine import mislaid, move, renew, rescue, take
from .models import Beat, Delivery
from .turns import next_due

__all__ = ["Worker", "attempt", "move", "rescue", "settle", "take", "try_one"]

POLL = 0.5  # seconds between looks when there is nothing to do, or less when something is due before
HOUSEKEEPING = timedelta(seconds=10)
ALIVE = timedelta(seconds=60)
FRESH = timedelta(seconds=1)
FAREWELL = 10.0  # seconds a background task gets to end; it is safe to cut
SIDES = (partial(jobs.patrol, now=leases.shared), jobs.work_tasks, watch.patrol)


def try_one(delivery: Delivery, now: datetime) -> None:
    """Attempt it; a fault of ours leaves a doubt, never a stopped worker."""
    error = safely(attempt, delivery, now)
    if error is not None and delivery.state == "sending":
        why = _(
            "A fault of our own program: %(fault)s. It may have been sent before that.",
            fault=type(error).__name__,
        )
        safely(close, delivery, in_doubt(delivery, why), now, now, [])


def beat(owner: str, now: datetime) -> None:
    """A sign of life; those older than a day are forgotten."""
    if not change(Beat, {"owner": owner}, {"at": now}):
        Beat.objects.filter(at__lt=now - timedelta(days=1)).delete()
        Beat.objects.create(owner=owner, at=now, started_at=now)


def alive(now: datetime) -> bool:
    """Has any worker given a sign of life within the last minute?"""
    return Beat.objects.filter(at__gt=now - ALIVE).exists()


class Worker:
    """`run` until told to stop: sends, settles doubts, runs periodic jobs and background tasks, and watches."""

    def __init__(self, threads: int = 8, owner: str = "", now: Callable[[], datetime] = clock.now) -> None:
        self.threads, self.now = threads, now
        self.owner = owner or f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}"
        self.in_hand: dict[int, Delivery] = {}
        self.wake = threading.Event()
        self.housekept: datetime | None = None
        self.lookout, self.ahead_of = leases.Lookout(), timedelta(0)
        self.ahead: list[int] = []  # who is next, as it was up to a second ago
        self.asked: datetime | None = None
        self.found = False  # was there anything to take at the last look
        self.ended = deque[float](maxlen=threads)  # when the latest attempts did
        self.rest = POLL  # seconds until the next look

    def once(self, now: datetime) -> int:
        """Everything that is due at this moment, in this thread; how many attempts. For rehearsals and tests."""
        rescue(now)
        for delivery in unsettled(now):
            safely(settle, delivery, now)
        done = 0
        while taken := take(self.threads, self.owner, now):
            for delivery in taken:
                try_one(delivery, now)
            done += len(taken)
        return done

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; then what is in hand is finished first."""
        sides = [threading.Thread(target=_aside, args=(side, stop), daemon=True) for side in SIDES]
        for thread in sides:
            thread.start()
        with leases.alive(self.owner), ThreadPoolExecutor(self.threads, "sender") as pool:
            safely(_line_up, pool, self.threads)
            while not stop.is_set():
                self.wake.clear()
                safely(self._pass, pool)
                if len(self.in_hand) > self.threads:  # what ended meanwhile is no reason to look again
                    self.wake.clear()
                self.wake.wait(self.rest)
            while self.in_hand:
                self.wake.clear()
                safely(renew, list(self.in_hand.values()), self.moment())
                self.wake.wait(POLL)
        safely(Beat.objects.filter(owner=self.owner).delete)
        for thread in sides:
            thread.join(FAREWELL)
        connection.close()

    def _pass(self, pool: ThreadPoolExecutor) -> None:
        """Keep house now and then; hand out as much work as there are free threads."""
        now = self.moment()
        if self.housekept is None or not timedelta(0) <= now - self.housekept < HOUSEKEEPING:
            self.housekept = now
            self.ahead_of = leases.drift()
            now = self.moment()
            beat(self.owner, now)
            renew(list(self.in_hand.values()), now)
            mislaid(self.owner, list(self.in_hand), now)
            rescue(now, self.lookout)
        if self.asked is None or not timedelta(0) <= now - self.asked < FRESH:  # a clock may jump back
            self.asked = now
            self.ahead.clear()
            for delivery in unsettled(now, self._free()) if self._free() > 0 else ():
                if delivery.pk not in self.in_hand:
                    self._start(pool, settle, delivery)
        self.rest = POLL if self._send(pool, now) else self._get_ready(pool)

    def _send(self, pool: ThreadPoolExecutor, at: datetime) -> bool:
        """Take what is due at a moment, as much as there is room for; False when nothing was found."""
        if self._free() > 0:
            taken = take(self._free(), self.owner, at, self.ahead)
            self.found = bool(taken)
            for delivery in taken:
                self._start(pool, try_one, delivery)
        return self.found

    def _get_ready(self, pool: ThreadPoolExecutor) -> float:
        """Seconds until the next is due; when that is soon, it is in hand already, and its thread waits."""
        now = self.moment()
        seconds = next_due(now, POLL)
        if seconds < POLL:
            self.asked = now
            self.ahead.clear()
            self._send(pool, now + timedelta(seconds=seconds))
        return seconds

    def moment(self) -> datetime:
        """Now by the database's clock: one for all workers, however wrong their machines are."""
        return self.now() - self.ahead_of

    def _free(self) -> int:
        """How many more may be taken: a thread each, and as many as ended within the last second wait for theirs.

        So no thread waits for the database when calls are quick, and no post behind a slow upload.
        """
        lately = sum(moment > leases.ticks() - 1 for moment in list(self.ended))
        return self.threads + lately - len(self.in_hand)

    def _start(self, pool: ThreadPoolExecutor, work: Callable[..., object], delivery: Delivery) -> None:
        self.in_hand[delivery.pk] = delivery
        try:
            pool.submit(self._work, work, delivery)
        except RuntimeError:  # no more threads on this machine: it is not in hand, so it must not be renewed
            del self.in_hand[delivery.pk]
            raise

    def _work(self, work: Callable[..., object], delivery: Delivery) -> None:
        try:
            with logs.about(delivery.pk):
                self._wait_for(delivery)
                safely(work, delivery, self.moment())
        finally:
            self.in_hand.pop(delivery.pk, None)
            self.ended.append(leases.ticks())
            more = self.found and len(self.in_hand) <= self.threads  # several at once cost less
            if more or not self.in_hand:
                self.wake.set()

    def _wait_for(self, delivery: Delivery) -> None:
        """What was taken a moment before its time is sent on time."""
        if delivery.state == "sending" and delivery.last_tried_at:
            early = (delivery.last_tried_at - self.moment()).total_seconds()
            if early > 0:
                leases.pause(min(early, POLL))  # never longer: a clock may have jumped back


def _line_up(pool: ThreadPoolExecutor, threads: int) -> None:
    """Start every thread, each with its line to the database: a minute with many posts finds all of them ready."""
    wire.ready()
    all_here = threading.Barrier(threads)
    for _n in range(threads):
        pool.submit(_stand_by, all_here)


def _stand_by(all_here: threading.Barrier) -> None:
    with suppress(threading.BrokenBarrierError):  # not every thread could be started: the others do
        all_here.wait(FAREWELL)
    safely(connection.ensure_connection)


def _aside(side: Callable[[threading.Event], None], stop: threading.Event) -> None:
    try:
        side(stop)
    finally:
        connection.close()
