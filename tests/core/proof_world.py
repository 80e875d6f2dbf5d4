"""A model of everything around the engine: servers that remember, workers that die, clocks that lie, a person.

The engine itself is real: its tables, its moves, its worker's pass, its networks' families. Only three things are
not: the wire ends in `Servers`, time is a number, and every SQL statement and every call passes `touch`, where a
run may crash, lose its database, freeze, or let somebody else go first.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
from django.db import OperationalError, connection

from diskarte import networks
from diskarte.core import clock
from diskarte.core.loop import safely
from diskarte.core.outbox import attempt, channels, durable, leases, machine, patience, wire
from diskarte.core.outbox import queue as lane
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.worker import Worker
from diskarte.core.people.models import Brand
from diskarte.core.secrets import Secrets
from diskarte.networks._thread import OwnPost, OwnPosts, Part, Threaded
from diskarte.networks.base import Account, Api, Token
from diskarte.words import Limits, Media, Post, Sent
from tests import make

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
MEMORY = timedelta(hours=1)
LATE_COMMIT = timedelta(seconds=15)  # a server may carry a call out so long after we gave up
PICTURE = Media("a.png", "image/png", b"png", "a cup")
FINAL = ("sent", "cancelled")
OPEN = ("pk", "state", "fence", "do", "due_at", "lease_until", "channel__state", "after__state")
FRAME = (
    "BEGIN",
    "SAVEPOINT",
    "RELEASE",
    "ROLLBACK",
)  # Django's own; between them and the next line lies nothing


class Crash(BaseException):
    """kill -9: nobody catches it."""


class Keyed(Threaded):
    """The network refuses a repeated key for an hour; it cannot be asked."""

    name, docs, base, colour = "Keyed", "https://model.test", "https://model.test", "#000000"
    connect = Token()
    limits: ClassVar[Limits] = Limits(text=500, images=4, parts=24)
    remembers_key = MEMORY

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        return [api.upload("/media", m).need("id") for m in post.media]

    def waiting(self, api: Api, media: list[Any]) -> float:
        return 5 if any(api.get(f"/media/{one}").status == 206 for one in media) else 0

    def send_part(self, api: Api, part: Part) -> Sent:
        told = api.post("/posts", {"text": part.text, "answers": part.answers}, key=part.key)
        return Sent(told.need("id"), f"https://model.test/{told.need('id')}")

    def refresh(self, api: Api, secrets: dict[str, str]) -> Account:
        told = api.post("/refresh", {"refresh": secrets["refresh"]}, harmless=True)
        names = ("token", "refresh")
        return Account(api.identity, "", "", "", {name: told.need(name) for name in names})


class Found(OwnPosts, Keyed):
    """The network takes everything twice, but shows our posts."""

    remembers_key = timedelta(0)

    def own_posts(self, api: Api, since: datetime) -> tuple[list[OwnPost], bool]:
        told = api.get("/posts").rows("posts")
        return [OwnPost(p["id"], "", p["text"], datetime.fromisoformat(p["at"])) for p in told], True


class Both(Found):
    """It remembers keys and shows our posts, as most do."""

    remembers_key = MEMORY


class Blind(Keyed):
    """It takes everything twice and shows nothing."""

    remembers_key = timedelta(0)
    blind = True


KINDS = {"keyed": Keyed, "found": Found, "both": Both, "blind": Blind}


class Servers:
    """All networks at once: what was committed, by key; tokens; and what goes wrong next."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.posts: list[dict[str, Any]] = []
        self.remembered: dict[str, tuple[str, datetime]] = {}
        self.pending: list[tuple[datetime, httpx.Request, str, str]] = []
        self.faults: list[str] = []
        self.tokens: dict[str, tuple[str, str]] = {}  # identity: token, refresh token
        self.polls = 0
        self.issued = 0

    def __call__(self, request: httpx.Request, channel: Channel) -> httpx.Response:
        self.world.touch("call", request.url.path)
        fault = self.faults.pop(0) if self.faults else ""
        answer = self._faulty(request, channel, fault)
        self.world.exposed = False
        self.world.touch("answer", request.url.path)
        return answer

    def _faulty(self, request: httpx.Request, channel: Channel, fault: str) -> httpx.Response:
        if fault == "unreachable":
            raise httpx.ConnectError("refused")
        if fault == "before":
            raise httpx.ReadTimeout("cut before")
        if fault == "late":
            if request.url.path == "/posts" and request.method == "POST":
                due = self.world.true + LATE_COMMIT
                self.pending.append((due, request, channel.network, channel.identity))
            raise httpx.ReadTimeout("cut; it is still being carried out")
        if fault == "429":
            return httpx.Response(429, json={"error": "slow"}, headers={"Retry-After": "30"})
        if fault == "expired":
            self.issue(channel.identity)
        if fault == "revoked":
            self.issue(channel.identity)
            self.issue(channel.identity)  # its refresh token is worth nothing either
        if fault == "slow":
            self.polls = 3
        answer = self._answer(request, channel)
        if fault == "after":
            raise httpx.ReadTimeout("cut after")
        if fault == "502":
            return httpx.Response(502, text="Bad Gateway")
        return answer

    def issue(self, identity: str) -> tuple[str, str]:
        """New tokens; of the older ones only the newest refresh token before them still works."""
        self.issued += 1
        self.tokens[identity] = (f"token-{self.issued}", f"refresh-{self.issued}")
        return self.tokens[identity]

    def _answer(self, request: httpx.Request, channel: Channel) -> httpx.Response:
        path = request.url.path
        if path == "/refresh":
            return self._refresh(json.loads(request.content)["refresh"], channel.identity)
        if request.headers["Authorization"] != f"Bearer {self.tokens[channel.identity][0]}":
            return httpx.Response(401, json={"error": "token"})
        if path == "/media":
            return httpx.Response(200, json={"id": f"m{self.world.true.timestamp()}"})
        if path.startswith("/media/"):
            self.polls -= self.polls > 0
            return httpx.Response(206 if self.polls else 200, json={})
        if request.method == "GET":
            mine = [p for p in reversed(self.posts) if p["channel"] == channel.identity]
            return httpx.Response(200, json={"posts": mine})
        return self.commit(request, channel.network, channel.identity)

    def _refresh(self, given: str, identity: str) -> httpx.Response:
        newest = int(self.tokens[identity][1].rpartition("-")[2])
        if int(given.rpartition("-")[2]) < newest - 1:
            return httpx.Response(400, json={"error": "invalid_grant"})
        token, refresh = self.issue(identity)
        return httpx.Response(200, json={"token": token, "refresh": refresh})

    def commit(self, request: httpx.Request, network: str, identity: str) -> httpx.Response:
        """Make the post, unless this network remembers its key."""
        body, key = json.loads(request.content), request.headers["Idempotency-Key"]
        known = self.remembered.get(key)
        if KINDS[network].remembers_key and known and self.world.true - known[1] < MEMORY:
            return httpx.Response(200, json={"id": known[0]})
        one = str(len(self.posts) + 1)
        facts = {"id": one, "key": key, "channel": identity, "at": self.world.true.isoformat()}
        self.posts.append(body | facts)
        self.remembered[key] = (one, self.world.true)
        return httpx.Response(200, json={"id": one})

    def catch_up(self) -> None:
        """Carry out what was still being carried out when we had given up."""
        ready = [one for one in self.pending if one[0] <= self.world.true]
        self.pending = [one for one in self.pending if one[0] > self.world.true]
        for _due, request, network, identity in ready:
            self.commit(request, network, identity)

    def keys(self) -> Counter[str]:
        return Counter(post["key"] for post in self.posts)


class World:
    """Time, workers, deliveries, the person; and the checks. `true` is nobody's clock: it is what time it is."""

    def __init__(self, brand: Brand | None = None) -> None:
        self.true, self.jumped, self.monotonic = START, timedelta(0), 0.0
        self.servers = Servers(self)
        self.skews: dict[int, timedelta] = defaultdict(timedelta)
        self.workers: dict[int, Worker] = {}
        self.dead: set[str] = set()
        self.acting: list[int] = []  # workers in the middle of something, the innermost last
        self.script: Callable[[str, str], None] | None = None
        self.touches = self.runs = self.crashes = 0
        self.exposed = False  # between the last look at the fence and the answer
        self.denied: set[str] = set()  # keys a person said are not there
        self.brand = brand or make.a_brand()
        self.parts: dict[str, int] = {}  # of each key, how many posts it is

    # time

    def wall(self) -> datetime:
        """What the database's clock shows."""
        return self.true + self.jumped

    def now(self) -> datetime:
        """What the clock of whoever is acting shows."""
        return self.wall() + (self.skews[self.acting[-1]] if self.acting else timedelta(0))

    def advance(self, seconds: float, *, frozen: bool = False) -> None:
        """Time passes; who is in the middle of a call goes on renewing its lease, unless it is frozen."""
        for _step in range(max(1, min(30, int(seconds // 10)))):
            step = seconds / max(1, min(30, int(seconds // 10)))
            self.true += timedelta(seconds=step)
            self.monotonic += step
            self.servers.catch_up()
            for number in self.acting:
                if not frozen or self.exposed:
                    machine.renew(list(self.workers[number].in_hand.values()), self.wall())

    # workers

    def work(self, number: int, script: Callable[[str, str], None] | None = None) -> bool:
        """One pass of a worker, the real one; False when it died in it."""
        if number in self.acting:
            return True
        worker = self.workers.get(number) or self._start(number)
        before, self.script = self.script, script
        exposed, self.exposed = self.exposed, False
        self.acting.append(number)
        self.runs += 1
        try:
            safely(worker._pass, Inline())
        except Crash:
            self.crashes += 1
            self.dead.add(worker.owner)
            del self.workers[number]
            return False
        finally:
            self.acting.pop()
            self.script, self.exposed = before, exposed
        return True

    def _start(self, number: int) -> Worker:
        worker = Worker(3, f"host{number % 2}:{number}:{self.runs}", self.now)
        self.workers[number] = worker
        return worker

    def touch(self, what: str, about: str) -> None:
        """Between any two lines that touch the row or the wire."""
        self.touches += 1
        script = self.script
        if script is not None:
            script(what, about)

    def without_script(self, call: Callable[[], object]) -> None:
        """Somebody else acts meanwhile; the one in the middle of something goes on afterwards.

        Two workers share this process here: who has its turn at the disk keeps the other out, as any lock does.
        """
        if durable._turn.locked():
            return
        before, self.script = self.script, None
        exposed = self.exposed
        try:
            call()
        finally:
            self.script, self.exposed = before, exposed

    # what is to be done, and the person

    def delivery(self, kind: str, parts: int, media: bool, comment: bool) -> Delivery:
        brand = self.brand
        identity = f"{kind}-{len(self.parts)}"
        self.parts[identity] = parts
        token, refresh = self.servers.issue(identity)
        channel = Channel.objects.create(
            brand=brand, network=kind, identity=identity, secrets=Secrets(token=token, refresh=refresh)
        )
        name = f"post {identity}"
        content = {"text": name, "parts": [f"{name} part {n}" for n in range(1, parts)]}
        due = self.wall() + timedelta(seconds=30)
        post = lane.queue(brand, channel, content | ({"media": [1]} if media else {}), due, key=identity)
        if comment:
            words = {"text": f"{name} comment"}
            lane.queue(brand, channel, words, due, action="comment", after=post, key=f"{identity}c")
        return post

    def reconnect(self) -> None:
        """A person connects what has lost its permission."""
        for channel in Channel.objects.filter(state="blocked"):
            token, refresh = self.servers.issue(channel.identity)
            secrets = {"token": token, "refresh": refresh}
            account = Account(channel.identity, "", "", "", secrets)
            channels.keep(channel.brand, channel.network, account, self.wall())

    def decide(self, delivery: Delivery) -> None:
        """A person looks at the channel and says what they see; truthfully, and not before what is cut has ended."""
        if self.servers.pending or self.acting:
            return
        key = delivery.key + (f"-{n}" if (n := len(delivery.memo.get("sent", []))) else "")
        there = self.servers.keys()[key]
        with clock.at(self.wall()):
            if there:
                decided = decide(delivery, True)
            else:
                self.denied.add(key)
                decided = decide(delivery, False)
                row = Delivery.objects.get(pk=delivery.pk)
                decided = decided and lane.again(row, self.wall())
        assert decided

    def attend(self, rows: list[Any]) -> None:
        """A person does what every row that waits for one says."""
        if any(row.channel__state == "blocked" for row in rows):
            self.reconnect()
        for row in rows:
            if row.state == "unknown" and row.do:
                self.decide(Delivery.objects.get(pk=row.pk))
            elif row.state in ("asked", "refused"):
                self.answer(Delivery.objects.get(pk=row.pk))

    def answer(self, row: Delivery) -> None:
        if row.state == "asked" and not row.is_late:
            self.do_by_hand(row)
        else:
            lane.again(row, self.wall())

    def do_by_hand(self, row: Delivery) -> None:
        """A comment under a post whose id nobody knows: a person writes it and says so."""
        self.servers.posts.append(
            {"key": row.key, "text": row.content["text"], "channel": "", "id": "", "at": ""}
        )
        with clock.at(self.wall()):
            decide(row, True)

    def settle_down(self) -> None:
        """Quiet: no more faults; workers run, a person does what is asked. Everything must come to its end."""
        self.servers.faults, self.servers.polls, self.script = [], 0, None
        before: list[Any] = []
        for rounds in range(100):
            rows = list(Delivery.objects.exclude(state__in=FINAL).values_list(*OPEN, named=True))
            if not rows:
                return
            self.attend(rows)
            now_as = [(row.pk, row.state, row.fence) for row in rows]
            self.advance(max(150.0 if now_as == before else 1.0, self._until_something(rows, rounds)))
            before = now_as
            self.work(rounds % 2)

    def _until_something(self, rows: list[Any], rounds: int) -> float:
        """Seconds until the first of these rows is due: nobody looks while nothing can happen."""
        after = (
            leases.SKEW if rounds > 4 else timedelta(0)
        )  # both have looked: what is in hand is a dead one's
        free = [row for row in rows if row.after__state in (None, "sent")] or rows
        moments = [row.lease_until + after if row.lease_until else row.due_at for row in free]
        return (min(moments) - self.wall()).total_seconds() + 1

    # what must always hold

    def check(self) -> None:
        """At most one commit per key, a thread in its order, `sent` only when it is there."""
        keys = self.servers.keys()
        twice = {key: n for key, n in keys.items() if n > 1}
        assert not twice, f"published twice: {twice}"
        with connection.cursor() as cursor:  # after every step of every world: worth a plain question
            cursor.execute('SELECT key, state, why, "do" FROM outbox_delivery')
            rows = cursor.fetchall()
        for key, state, why, do in rows:
            self._check_row(key, state, do or why, keys)
        self._check_order()

    def _check_row(self, key: str, state: str, says: str, keys: Counter[str]) -> None:
        wanted = [key, *(f"{key}-{n}" for n in range(1, self.parts.get(key, 1)))]
        if state == "sent":
            assert all(keys[one] for one in wanted), f"{key} counts as sent but is not there: lost"
        if state in ("asked", "refused", "blocked", "lost"):
            assert says, f"{key} waits for a person and says nothing"

    def _check_order(self) -> None:
        seen: dict[str, int] = defaultdict(int)
        for post in self.servers.posts:
            name, _, number = post["text"].partition(" part ")
            if "comment" not in name:
                assert int(number or 0) == seen[name], f"{post['text']} came out of order"
                seen[name] += 1

    def check_end(self) -> None:
        """After quiet time: nothing is stuck, nothing is lost, and no half thread stands alone."""
        self.check()
        left = Delivery.objects.exclude(state__in=FINAL)
        told = [(d.key, d.state, d.channel.state, d.why, d.do, d.memo, d.due_at - self.wall()) for d in left]
        assert not told, f"stuck: {told}"
        for row in Delivery.objects.filter(state="cancelled"):
            assert not self.servers.keys()[row.key], f"{row.key} was cancelled and is out"


class Inline:
    """A pool whose only thread is this one."""

    def submit(self, work: Callable[..., object], *given: object) -> None:
        work(*given)


def decide(delivery: Delivery, there: bool) -> bool:
    """The verb `resolve` without its door."""
    from diskarte.core.outbox import actions

    who = make.alice()
    actions.resolve(who, delivery.pk, there)
    return True


@contextmanager
def installed(world: World, patch: Any) -> Any:
    """The engine with this world around it."""
    for name, cls in KINDS.items():
        patch.setitem(networks.all_networks(), name, cls())
    patch.setattr(wire, "line", lambda base, channel=None: httpx.Client(transport=_Wire(world, channel)))
    patch.setattr(attempt, "_media", lambda delivery, pk: PICTURE)
    patch.setattr(patience, "PAUSES", (0,) * 6)
    patch.setattr(leases, "ticks", lambda: world.monotonic)
    patch.setattr(leases, "pause", world.advance)
    patch.setattr(leases, "drift", lambda: world.now() - world.wall())
    patch.setattr(leases, "is_dead", lambda owner: owner in world.dead and owner.startswith("host0"))
    with connection.execute_wrapper(_watching(world)):
        yield


class _Wire(httpx.BaseTransport):
    def __init__(self, world: World, channel: Channel) -> None:
        self.world, self.channel = world, channel

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        answer = self.world.servers(request, self.channel)
        answer.request = request
        return answer


def _watching(world: World) -> Callable[..., Any]:
    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not world.acting or sql.startswith(FRAME):
            return execute(sql, params, many, context)
        world.touch("sql", sql)
        told = execute(sql, params, many, context)
        world.exposed = world.exposed or 'COALESCE("doubt_at"' in sql
        world.touch("done", sql)
        return told

    return watch


def forget() -> None:
    """An empty ledger for the next run."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_delivery SET after_id = NULL WHERE after_id IS NOT NULL")
        for name in ("attempt", "step", "beat", "delivery", "channel"):
            cursor.execute(f"DELETE FROM outbox_{name}")


def broken(*_: object) -> None:
    """The database is gone for a moment."""
    raise OperationalError("the database is restarting")
