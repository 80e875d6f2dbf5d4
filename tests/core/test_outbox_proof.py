"""The engine against a world that crashes, lies about the time and loses answers; at most one post per key, none lost.

Two proofs. The sweeps kill or freeze a worker at every single touch of row or wire, one run each, for each kind of
network and shape of post. `Engine` lets Hypothesis mix workers, deaths, pauses, faults, clocks and a person at random:
PARTS tests, which processes share (`-n 2`), of PROOF_RUNS worlds each. Then the engine is broken on purpose, in the
ways engines usually are, and the same checks must notice.
"""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from diskarte.core.outbox import attempt, doubt, leases, machine, worker
from diskarte.core.outbox import queue as lane
from diskarte.core.outbox.models import Delivery
from tests import make
from tests.core import proof_world
from tests.core.proof_world import KINDS, Crash, World

FAULTS = ("before", "after", "late", "502", "429", "expired", "revoked", "unreachable", "slow")
RUNS = int(os.environ.get("PROOF_RUNS", 170))  # of each part
PARTS = 12  # so that several processes share them
PHASES = [Phase.generate, Phase.shrink] if os.environ.get("PROOF_SHRINK") else [Phase.generate]


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def patched(transactional_db, monkeypatch):
    Engine.brand = make.alice().brand
    return monkeypatch


def at_touch(number: int, then: Callable[[str], None]) -> Callable[[str, str], None]:
    """A script that does `then` at one touch, counted from now."""
    left = itertools.count(number, -1)

    def script(what: str, about: str) -> None:
        if next(left) == 0:
            then(what)

    return script


def crash(_what: str) -> None:
    raise Crash


class Engine(RuleBasedStateMachine):
    """Workers, faults, clocks and a person in any order, interleaved at any touch."""

    patch: Any = None
    brand: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.world, self.acts, self.seen = World(self.brand), 0, (-1, -1, -1)
        self.inside = proof_world.installed(self.world, self.patch)
        self.inside.__enter__()

    @initialize(
        made=st.lists(
            st.tuples(st.sampled_from(sorted(KINDS)), st.integers(1, 3), st.booleans(), st.booleans()),
            min_size=1, max_size=2,
        )
    )  # fmt: skip
    def plan(self, made: list[tuple[str, int, bool, bool]]) -> None:
        for kind, parts, media, comment in made:
            self.world.delivery(kind, parts, media, comment)

    @rule(number=st.integers(0, 1))
    def work(self, number: int) -> None:
        self.world.work(number)

    @rule(number=st.integers(0, 1), touch=st.integers(0, 45))
    def work_and_die(self, number: int, touch: int) -> None:
        self.world.work(number, at_touch(touch, crash))

    @rule(number=st.integers(0, 1), touch=st.integers(0, 45), lasts=st.integers(1, 4))
    def work_without_database(self, number: int, touch: int, lasts: int) -> None:
        def script(what: str, _about: str) -> None:
            nonlocal touch
            touch -= 1
            if -lasts <= touch < 0 and what in ("sql", "done"):
                proof_world.broken()

        self.world.work(number, script)

    @rule(
        number=st.integers(0, 1),
        touch=st.integers(0, 45),
        seconds=st.sampled_from([1, 40, 70, 200, 1200]),
        frozen=st.booleans(),
        rounds=st.integers(1, 3),
        then_dies=st.booleans(),
    )
    def work_held_up(
        self, number: int, touch: int, seconds: int, frozen: bool, rounds: int, then_dies: bool
    ) -> None:
        """In the middle of it time passes and the other worker goes on."""

        def meanwhile() -> None:
            for _round in range(rounds):
                self.world.advance(seconds, frozen=frozen)
                self.world.work(1 - number)

        self.world.work(number, at_touch(touch, self._unless_locked(meanwhile, then_dies)))

    @rule(number=st.integers(0, 1), touch=st.integers(0, 45), act=st.integers(0, 4))
    def work_while_a_person_acts(self, number: int, touch: int, act: int) -> None:
        self.world.work(number, at_touch(touch, self._unless_locked(lambda: self.person(act), False)))

    def _unless_locked(self, meanwhile: Callable[[], None], dies: bool) -> Callable[[str], None]:
        """A transaction keeps the others out; outside of one anybody may act."""

        def then(_what: str) -> None:
            if not connection.in_atomic_block:
                self.world.without_script(meanwhile)
            if dies:
                raise Crash

        return then

    @rule(fault=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3))
    def break_the_wire(self, fault: list[str]) -> None:
        self.world.servers.faults += fault

    @rule(seconds=st.sampled_from([5, 30, 70, 150, 700, 3000]))
    def wait(self, seconds: int) -> None:
        self.world.advance(seconds)

    @rule(minutes=st.sampled_from([-10, 10]))
    def clock_jumps(self, minutes: int) -> None:
        if abs(self.world.jumped + timedelta(minutes=minutes)) <= timedelta(minutes=10):
            self.world.jumped += timedelta(minutes=minutes)

    @rule(number=st.integers(0, 1), minutes=st.sampled_from([-10, 0, 10]))
    def clock_is_off(self, number: int, minutes: int) -> None:
        self.world.skews[number] = timedelta(minutes=minutes)

    @rule(act=st.integers(0, 4))
    def person(self, act: int) -> None:
        self.acts += 1
        rows = list(Delivery.objects.order_by("pk"))
        row = rows[act % len(rows)]
        now = self.world.wall()
        match act:
            case 0:
                lane.amend(row, now, due_at=now + timedelta(minutes=5))
            case 1 if row.state in ("queued", "refused", "asked"):
                lane.again(row, now)
            case 2 if row.state in ("queued", "blocked", "refused") and not row.memo and not row.doubt_at:
                machine.cancel(row, now, "not today")
            case 3:
                self.world.reconnect()
            case 4 if row.state == "unknown" and row.do:
                self.world.decide(row)

    @invariant()
    def holds(self) -> None:
        state = (self.world.touches, len(self.world.servers.posts), self.acts)
        if state != self.seen:  # nothing has happened since the last look
            self.seen = state
            self.world.check()

    def teardown(self) -> None:
        try:
            self.world.settle_down()
            self.world.check_end()
        finally:
            self.inside.__exit__(None, None, None)
            proof_world.forget()


def run(patch: Any, examples: int, steps: int = 12, **more: Any) -> None:
    machine_of = type("Patched", (Engine,), {"patch": patch})
    run_state_machine_as_test(
        machine_of,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            derandomize=False, phases=PHASES, suppress_health_check=list(HealthCheck), **more,
        ),
    )  # fmt: skip


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_happens_nothing_is_published_twice_and_nothing_is_lost(patched, part):
    run(patched, RUNS)


SHAPES = {"post": (1, False, False), "picture and comment": (1, True, True), "thread": (3, True, False)}
Act = Callable[[World], bool]


def live(
    patch: Any, kind: str, shape: tuple[int, bool, bool], act: Act, fault: str = "", wait: float = 0
) -> bool:
    """One delivery, one thing that happens to it, then quiet; what `act` told."""
    world = World(Engine.brand)
    try:
        with proof_world.installed(world, patch):
            world.delivery(kind, *shape)
            world.servers.faults = [*([""] * 2 * shape[1]), fault] if fault else []
            world.advance(60)
            told = act(world)
            world.advance(wait)
            world.settle_down()
            world.check_end()
    finally:
        proof_world.forget()
    return told


def death_at(touch: int) -> Act:
    """A worker dies at a touch, its successor forty touches later, and the next one forty later still."""

    def act(world: World) -> bool:
        return not all([world.work(0, at_touch(touch + 40 * n, crash)) for n in range(3)])

    return act


def pause_at(touch: int) -> Act:
    """A worker freezes at a touch for minutes; another one goes on; then the first wakes up."""

    def act(world: World) -> bool:
        reached = False

        def meanwhile(_what: str) -> None:
            nonlocal reached
            reached = True
            if not connection.in_atomic_block:
                world.without_script(others)

        def others() -> None:
            for _look in range(6):
                world.advance(25, frozen=True)
                world.work(1)

        world.work(0, at_touch(touch, meanwhile))
        return reached

    return act


def sweep(patch: Any, kind: str, what: Callable[[int], Act], fault: str = "", wait: float = 0) -> int:
    """The same at every single touch, one run each, for each shape of post; how many runs."""
    runs = 0
    for shape in SHAPES.values():
        for touch in itertools.count():
            runs += 1
            if not live(patch, kind, shape, what(touch), fault, wait):
                break
    return runs


@pytest.mark.parametrize("fault", ["", "after"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_worker_may_die_at_every_single_line(patched, kind, fault):
    assert sweep(patched, kind, death_at, fault) > 60


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_worker_may_freeze_at_every_single_line(patched, kind):
    for touch in itertools.count():
        if not live(patched, kind, SHAPES["post"], pause_at(touch)):
            break
    assert touch > 30


def no_fence(delivery: Delivery, now: Any) -> bool:
    """A worker that never looks whether the delivery is still its own."""
    Delivery.objects.filter(pk=delivery.pk).update(doubt_at=now)
    return True


def hope(delivery: Delivery, now: Any) -> str:
    """«It probably did not arrive, so once more.»"""
    machine.move(delivery, "queued", now, due_at=now, doubt_at=None)
    return delivery.state


def no_intent(delivery: Delivery, now: Any) -> bool:
    """A worker that calls first and writes afterwards."""
    return Delivery.objects.filter(pk=delivery.pk, state="sending", fence=delivery.fence).exists()


def for_ever(delivery: Delivery, now: Any) -> bool:
    """An engine that believes that a network never forgets a key."""
    return bool(delivery.doubt_at)


BROKEN = {
    "the fence is not looked at before the call": (leases, "hold", no_fence, "found", pause_at, "", 0),
    "what nobody saw end is tried again": (worker, "settle", hope, "blind", death_at, "after", 0),
    "the intent is written after the call": (leases, "hold", no_intent, "blind", death_at, "", 0),
    "the key is trusted for ever": (attempt, "remembered", for_ever, "keyed", death_at, "after", 7200),
}


@pytest.mark.parametrize("how", BROKEN)
def test_an_engine_broken_on_purpose_is_found_out(patched, how):
    where, name, broken, kind, what, fault, wait = BROKEN[how]
    patched.setattr(where, name, broken)
    if name == "remembered":
        patched.setattr(doubt, name, broken)
    with pytest.raises(AssertionError, match=r"published twice|out of order"):
        sweep(patched, kind, what, fault, wait)
