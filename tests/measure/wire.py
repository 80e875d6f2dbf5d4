"""A small network on the other side of the wire that tells numbers, or fails as networks do."""

from __future__ import annotations

from typing import Any, ClassVar

import httpx
import pytest

from diskarte import networks
from diskarte.core.outbox import wire
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.outbox.queue import queue
from diskarte.core.secrets import Secrets
from diskarte.networks.base import Api, Counts, Network, Token
from diskarte.words import Limits, Metric, Post, Sent
from tests.make import NOW, a_brand


class Silent(Network):
    """Publishes, and tells no numbers."""

    name, docs, base, colour = "Silent", "https://telling.test", "https://telling.test", "#000000"
    connect, limits, blind = Token(), Limits(text=500), True

    def publish(self, api: Api, post: Post, memo: dict[str, Any]) -> Sent:
        return Sent(
            str(api.post("/posts", {"text": post.text}, key=post.key).need("id")), "https://telling.test/1"
        )


class Telling(Silent):
    """Tells views and likes; saves are not among its numbers; `odd` is a metric nobody keeps of a post."""

    name = "Telling"
    metrics: ClassVar = {
        Metric.VIEWS: "views",
        Metric.LIKES: "likes",
        Metric.SAVES: "saves",
        Metric.FOLLOWERS: "odd",
    }

    def measure(self, api: Api, remote_id: str) -> Counts:
        told = api.get(f"/posts/{remote_id}")
        return {metric: told.get(theirs) for metric, theirs in self.metrics.items()}

    def measure_channel(self, api: Api) -> Counts:
        told = api.get("/account")
        return {Metric.FOLLOWERS: told.get("followers"), Metric.REACH: told.get("reach")}


class Server:
    """Numbers by path; a number in `fails` is the status the next call of that path ends with."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}
        self.fails: dict[str, int | str] = {}
        self.calls: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.calls.append(path)
        how = self.fails.get(path)
        if how == "down":
            raise httpx.ConnectError("refused")
        if isinstance(how, int):
            return httpx.Response(how, json={"error": "no"})
        return (
            httpx.Response(200, json=self.told[path]) if path in self.told else httpx.Response(404, json={})
        )


@pytest.fixture
def server(db: None, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The two networks are known, and every line leads to the server."""
    here = Server()
    for one in (Silent, Telling):
        monkeypatch.setitem(networks.all_networks(), one.name.lower(), one())
    transport = httpx.MockTransport(here)
    monkeypatch.setattr(wire, "line", lambda base, channel=None: httpx.Client(transport=transport))
    return here


def a_channel(network: str = "telling", identity: str = "me", **facts: Any) -> Channel:
    found = {"brand": a_brand(), "network": network, "identity": identity, "secrets": Secrets(token="good")}
    return Channel.objects.create(**found | facts)


def a_sent(channel: Channel, remote_id: str = "p1", **facts: Any) -> Delivery:
    """A delivery the engine has sent at NOW."""
    row = queue(
        channel.brand, channel, {"text": "Open at 6", "kind": "image"}, NOW, origin=facts.pop("origin", "")
    )
    told = {
        "state": "sent",
        "sent_at": NOW,
        "remote_id": remote_id,
        "url": f"https://telling.test/{remote_id}",
    }
    Delivery.objects.filter(pk=row.pk).update(**told | facts)
    row.refresh_from_db()
    return row
