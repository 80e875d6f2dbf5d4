"""A network's recorded conversation, replayed: every question must be the expected one, in order.

`wire.json` of a network: `secrets`, `identity`, `base`, and for each ability `steps` and what must come out
(`expect`); `heard`: what `listen` tells was heard before. A step is `ask` ("POST /path"), `tell` ([status, body])
and, where it matters, `send` (fields that must stand in the JSON or form body), `list` (the whole JSON body), `query`
(like `send`), `headers`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import httpx

from diskarte.networks import get
from diskarte.words import Media, Post, Wait

HERE = Path(__file__).parent
POST = Post(key="k-1", text="Hello, harbour", due_at=datetime(2026, 11, 22, 9, tzinfo=UTC))


BOATS = Media("boats.png", "image/png", b"12345", "Boats")


def post_for(name):
    """The post a network is tested with: with a picture where it takes nothing else."""
    return replace(POST, media=(BOATS,)) if get(name).limits.needs_media else POST


def wire(name):
    return json.loads((HERE / name / "wire.json").read_text())


def api_that(name, handler):
    """The network and a line of it that ends in `handler(request) -> httpx.Response`."""
    told = wire(name)
    client = httpx.Client(transport=httpx.MockTransport(handler))
    network = get(name)
    return network.api(client, told.get("secrets"), told.get("base", ""), told.get("identity", ""))


class Shelf:
    """The memory of an engine that heard these news, and nothing else if it is `whole`."""

    def __init__(self, news=(), whole=True):
        self.news, self.whole = list(news), whole

    def about(self, ids):
        return [one for one in self.news if one.about in ids]

    def complete(self, remote_id):
        return self.whole


def heard(name):
    """What a network tells once, as its `listen` reads it."""
    replay = Replay(name, "listen")
    return get(name).listen(replay.api, wire(name)["listen"]["cursor"], None)


class Replay:
    """Answers the steps of one ability in order; `ending` may replace the last answer."""

    def __init__(self, name, ability, ending=None):
        self.steps = list(wire(name)[ability]["steps"])
        self.expect = wire(name)[ability].get("expect")
        self.seen, self.ending = [], ending
        self.api = api_that(name, self.answer)
        if wire(name)[ability].get("heard"):
            self.api.memory = Shelf(heard(name).news)

    def answer(self, request):
        assert len(self.seen) < len(self.steps), f"not expected: {request.method} {request.url}"
        step = self.steps[len(self.seen)]
        self.seen.append(request)
        check(step, request)
        if self.ending and len(self.seen) == len(self.steps):
            return self.ending(request)
        status, body = step["tell"]
        return httpx.Response(status, json=body, headers=step.get("told_headers"))

    @property
    def finished(self):
        return len(self.seen) == len(self.steps)


def check(step, request):
    assert f"{request.method} {request.url.path}" == step["ask"]
    body = sent(request)
    assert step.get("list", body) == body
    for name, value in step.get("send", {}).items():
        assert body.get(name) == value, (name, body)
    for name, value in step.get("query", {}).items():
        assert request.url.params.get(name) == value, (name, request.url)
    for name, value in step.get("headers", {}).items():
        assert request.headers.get(name) == value, (name, request.headers)


def sent(request):
    """The body a network was sent, as one flat dictionary: JSON, a form, or nothing readable."""
    kind = request.headers.get("content-type", "")
    if "json" in kind:
        return json.loads(request.content)
    return dict(parse_qsl(request.content.decode())) if "urlencoded" in kind else {}


def to_the_end(network, api, post=POST, ability="publish"):
    """Call `publish` (or `reply`) until it no longer says Wait, the memo passing through JSON."""
    memo = {}
    for _ in range(40):
        answer = getattr(network, ability)(api, post, memo)
        if not isinstance(answer, Wait):
            return answer
        memo = json.loads(json.dumps(answer.memo))
    raise AssertionError("never finished")
