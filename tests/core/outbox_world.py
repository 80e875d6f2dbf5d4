"""A small social network on the other side of the wire, and networks that know it in different ways."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, ClassVar

import httpx
import pytest

from diskarte import networks
from diskarte.core.outbox import wire
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.queue import queue
from diskarte.core.secrets import Secrets
from diskarte.networks._thread import Part
from diskarte.networks._thread import Threaded as ThreadFamily
from diskarte.networks.base import Account, Api, Network, NotThere, Token
from diskarte.words import Ask, Limits, Post, Sent, Wait
from tests import make

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
IDS = count(1)


class Server:
    """Keeps posts by id; `breaks` says how the next calls end, `None` meaning well."""

    def __init__(self) -> None:
        self.posts: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.memory = HOUR  # how long a key is remembered; zero: not at all
        self.now = NOW
        self.seen: dict[str, datetime] = {}
        self.token = "good"
        self.breaks: list[Any] = []
        self.calls: list[tuple[str, str]] = []
        self.during: Callable[[], Any] | None = None  # called when the post is there and the answer is not
        self.on_refusal: Callable[[], Any] | None = None  # called before a 401

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls.append((request.method, request.url.path))
        how = self.breaks.pop(0) if self.breaks else None
        if isinstance(how, int):
            return httpx.Response(
                how, json={"error": "no"}, headers={"Retry-After": "90"} if how == 429 else {}
            )
        if how == "down":
            raise httpx.ConnectError("refused")
        if request.headers.get("Authorization") != f"Bearer {self.token}" and request.url.path != "/refresh":
            if self.on_refusal:
                self.on_refusal()
            return httpx.Response(401, json={"error": "token"})
        answer = self._answer(request)
        if self.during:
            self.during()
        if how == "lost":
            raise httpx.ReadTimeout("cut")
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path, body = request.url.path, json.loads(request.content or b"{}")
        if path == "/refresh":
            if body["refresh"] != "again":
                return httpx.Response(400, json={"error": "invalid_grant"})
            self.token = "newer"
            return httpx.Response(200, json={"token": "newer"})
        if request.method == "POST":
            return self._make(request.headers.get("Idempotency-Key", ""), body)
        name = path.rpartition("/")[2]
        found = name if name in self.posts else self.keys.get(name)
        if request.method == "DELETE":
            self.posts.pop(name, None)
            return httpx.Response(200, json={})
        return httpx.Response(200, json={"id": found}) if found else httpx.Response(404, json={})

    def _make(self, key: str, body: dict[str, Any]) -> httpx.Response:
        if key not in self.seen or self.now - self.seen[key] >= self.memory:
            self.keys[key], self.seen[key] = str(len(self.posts) + 1), self.now
            self.posts[self.keys[key]] = body | {"key": key}
        return httpx.Response(200, json={"id": self.keys[key]})

    def copies(self, key: str) -> int:
        """How many posts were made with this key."""
        return sum(post["key"] == key for post in self.posts.values())

    @property
    def texts(self) -> list[str]:
        return [post["text"] for post in self.posts.values()]


class Small(Network):
    """Tells a person nothing more: blind."""

    name, docs, base, colour = "Small", "https://small.test", "https://small.test", "#000000"
    connect = Token()
    limits: ClassVar[Limits] = Limits(text=500, images=4)
    blind = True

    def publish(self, api: Api, post: Post, memo: dict[str, Any]) -> Sent | Wait | Ask:
        told = api.post("/posts", {"text": post.text, "answers": post.answers}, key=post.key)
        return Sent(told.need("id"), f"https://small.test/{told.need('id')}")

    def reply(self, api: Api, post: Post, memo: dict[str, Any]) -> Sent | Wait | Ask:
        return self.publish(api, post, memo)

    def delete(self, api: Api, remote_id: str) -> None:
        api.delete(f"/posts/{remote_id}")


class Remembering(Small):
    blind = False
    remembers_key = HOUR


class Findable(Small):
    blind = False

    def find(self, api: Api, post: Post) -> Sent | None:
        try:
            found = api.get(f"/keys/{post.key}").need("id")
        except NotThere:
            return None
        return Sent(found, f"https://small.test/{found}")


class Threaded(Remembering):
    """One part a call; the memo grows."""

    limits: ClassVar[Limits] = Limits(text=500, images=4, parts=24)

    def publish(self, api: Api, post: Post, memo: dict[str, Any]) -> Sent | Wait | Ask:
        sent = list(memo.get("sent", []))
        text = [post.text, *post.parts][len(sent)]
        told = api.post("/posts", {"text": text}, key=f"{post.key}:{len(sent)}")
        sent.append(told.need("id"))
        if len(sent) <= len(post.parts):
            return Wait({"sent": sent}, 0)
        return Sent(sent[0], f"https://small.test/{sent[0]}", {"parts": sent})


class Family(ThreadFamily):
    """The family's own way of sending threads, on a network nobody can ask."""

    name, docs, base, colour = "Family", "https://small.test", "https://small.test", "#000000"
    connect, limits, blind = Token(), Limits(text=500, images=4, parts=24), True

    def send_part(self, api: Api, part: Part) -> Sent:
        told = api.post("/posts", {"text": part.text, "answers": part.answers}, key=part.key)
        return Sent(told.need("id"), f"https://small.test/{told.need('id')}")


class Renewing(Remembering):
    def refresh(self, api: Api, secrets: dict[str, str]) -> Account:
        told = api.post("/refresh", {"refresh": secrets["refresh"]}, harmless=True)
        return Account("me", "me", "Me", "", {"token": told.need("token")}, NOW + DAY)


class Slow(Small):
    """Allows two an hour and one a minute."""

    limits = Limits(text=500, gap_seconds=60, per_hour=2)


class Mute(Network):
    """Publishes nothing by itself, answers nothing, deletes nothing."""

    name, docs, base, colour = "Mute", "https://mute.test", "https://mute.test", "#000000"
    connect, limits, blind = Token(), Limits(text=500), True

    def publish(self, api: Api, post: Post, memo: dict[str, Any]) -> Ask:
        return Ask("Post it yourself.")


OURS = (Small, Remembering, Findable, Threaded, Family, Renewing, Slow, Mute)
KINDS = {cls.__name__.lower(): cls for cls in OURS}


class World:
    """Brands, channels and deliveries with visible defaults, and the server they talk to."""

    def __init__(self) -> None:
        self.server = Server()

    def channel(self, network: str = "remembering", **facts: Any) -> Channel:
        brand = facts.pop("brand", None) or make.a_brand()
        facts = {
            "secrets": Secrets(token="good"),
            "handle": "@kape",
            "url": "https://small.test/kape",
        } | facts
        identity = facts.pop("identity", f"me-{next(IDS)}")
        return Channel.objects.create(brand=brand, network=network, identity=identity, **facts)

    def delivery(self, channel: Channel | str = "remembering", text: str = "Hello", **facts: Any) -> Delivery:
        if isinstance(channel, str):
            channel = self.channel(channel)
        due_at, content = facts.pop("due_at", NOW), {"text": text, **facts.pop("content", {})}
        return queue(channel.brand, channel, content, due_at, **facts)


def again(delivery: Delivery) -> Delivery:
    """The row as the database has it now, as another worker would read it."""
    return Delivery.objects.select_related("channel__brand", "workspace").get(pk=delivery.pk)


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    here = World()
    for name, cls in KINDS.items():
        monkeypatch.setitem(networks.all_networks(), name, cls())
    monkeypatch.setattr(
        wire, "line", lambda base, channel=None: httpx.Client(transport=httpx.MockTransport(here.server))
    )
    return here
