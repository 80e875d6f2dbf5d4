"""The practice network's server, inside the process: an httpx transport in place of a wire.

What is posted is really kept, a key is remembered for ever, a deletion is final. The numbers come from a world
with known rules (`science.simulator`) and every answer says so: `"simulated": true`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
from django.conf import settings

from diskarte.core import clock

from .models import PracticePost
from .people import answers_under, counts_of, followers_of

SITE = "http://practice.internal"
LONGEST = 1000
Answer = tuple[int, dict[str, Any]]


@lru_cache(maxsize=1024)
def is_practice(base: str) -> bool:
    """Does this address stay in the house?"""
    url = httpx.URL(base) if base else httpx.URL()
    return url.scheme == "practice" or url.host == httpx.URL(SITE).host


class PracticeTransport(httpx.BaseTransport):
    """Answers like a small social network; `zone` is where its readers live."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self.zone = zone or ZoneInfo("UTC")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        status, body = self._answer(request)
        return httpx.Response(status, json={**body, "simulated": True}, request=request)

    def _answer(self, request: httpx.Request) -> Answer:
        account = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not account:
            return 401, {"error": "Say who you are: Authorization: Bearer <name>"}
        for verb, path, answer in ROUTES:
            found = re.fullmatch(path, request.url.path)
            if found and verb == request.method:
                return answer(self, account, request, *found.groups())
        return 404, {"error": "There is nothing here"}

    def account(self, account: str, request: httpx.Request) -> Answer:
        told = {"id": account, "handle": account, "name": f"{account} (practice)", "url": page_of(account)}
        return 200, {**told, "followers": followers_of(account, clock.now())}

    def publish(self, account: str, request: httpx.Request) -> Answer:
        return self._keep(account, request, None)

    def reply(self, account: str, request: httpx.Request, pk: str) -> Answer:
        post = _one(account, pk)
        return self._keep(account, request, post) if post else _gone()

    def _keep(self, account: str, request: httpx.Request, answers: PracticePost | None) -> Answer:
        given, key = json.loads(request.read() or b"{}"), request.headers.get("Idempotency-Key", "")
        if not key:
            return 422, {"error": "An Idempotency-Key is needed"}
        if not given.get("text") and not given.get("media"):
            return 422, {"error": "A post needs text or media"}
        if len(given.get("text", "")) > LONGEST:
            return 422, {"error": f"The text is longer than {LONGEST} characters"}
        facts = self._facts(given, clock.now()) | {"answers": answers}
        post, _new = PracticePost.objects.get_or_create(account=account, key=key, defaults=facts)
        return 200, _shown(post)

    def _facts(self, given: dict[str, Any], now: datetime) -> dict[str, Any]:
        local = now.astimezone(self.zone)
        names = ("text", "parts", "kind", "media")
        return {name: given[name] for name in names if given.get(name)} | {
            "at": now,
            "weekday": local.weekday(),
            "hour": local.hour + local.minute / 60,
        }

    def read(self, account: str, request: httpx.Request, pk: str) -> Answer:
        post = _one(account, pk)
        return (200, _shown(post) | {"counts": counts_of(post, clock.now())}) if post else _gone()

    def delete(self, account: str, request: httpx.Request, pk: str) -> Answer:
        post = _one(account, pk)
        if post is None:
            return _gone()
        PracticePost.objects.filter(pk=post.pk).update(deleted_at=clock.now())
        return 200, {"id": str(post.pk)}

    def replies(self, account: str, request: httpx.Request, pk: str) -> Answer:
        post = _one(account, pk)
        return (200, {"replies": answers_under(post, clock.now())}) if post else _gone()


Route = Callable[..., Answer]
ROUTES: list[tuple[str, str, Route]] = [
    ("GET", "/account", PracticeTransport.account),
    ("POST", "/posts", PracticeTransport.publish),
    ("GET", r"/posts/(\d+)", PracticeTransport.read),
    ("DELETE", r"/posts/(\d+)", PracticeTransport.delete),
    ("GET", r"/posts/(\d+)/replies", PracticeTransport.replies),
    (
        "POST",
        r"/posts/(\d+)(?:-\d+)?/replies",
        PracticeTransport.reply,
    ),  # also an answer to somebody's answer
]


def _one(account: str, pk: str) -> PracticePost | None:
    return PracticePost.objects.filter(account=account, pk=int(pk), deleted_at=None).first()


def _gone() -> Answer:
    return 404, {"error": "There is no such post"}


def _shown(post: PracticePost) -> dict[str, Any]:
    return {"id": str(post.pk), "url": f"{page_of(post.account)}#post-{post.pk}", "at": post.at.isoformat()}


def page_of(account: str) -> str:
    """Where people of this house can see what was posted on an account."""
    return f"{settings.SITE}/practice/{quote(account)}/"
