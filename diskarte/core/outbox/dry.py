"""A line that says yes to everything and remembers what was asked: which calls would a post make?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from diskarte.networks.base import Answer, Api, Network
from diskarte.words import Failure, Memo, Post, Sent, Wait

STEPS = 25  # a thread of twenty parts and its pictures
NOT_FORESEEN = (Failure, LookupError, TypeError, ValueError, AttributeError)


class Anything:
    """Whatever an answer holds: it can be walked into for ever, and is «…» as a text and 1 as a number."""

    def __getitem__(self, _step: Any) -> Anything:
        return self

    def get(self, *_step: Any) -> Anything:
        return self

    def __str__(self) -> str:
        return "…"

    __repr__ = __str__

    def __int__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        return True


class Yes(Api):
    """Opens nothing; every call is written down and answered with whatever was hoped for."""

    def __init__(self, network: Network, base: str, identity: str) -> None:
        super().__init__(base or network.base, _Secrets(), httpx.Client(), identity, network=network)
        self.calls: list[str] = []

    def _call(self, verb: str, path: str, *, harmless: bool, key: str = "", **more: Any) -> Answer:
        where = urlsplit(path).path if "://" in path else path
        self.calls.append(f"{verb} {where}")
        return Answer(200, {}, Anything(), "", urlsplit(self.base).netloc, not harmless)


class _Secrets(dict[str, str]):
    """Every secret one could ask for; none is real."""

    def __missing__(self, name: str) -> str:
        return "•••"

    def get(self, name: str, default: Any = None) -> Any:
        return "•••"


@dataclass(frozen=True)
class Calls:
    """What would be asked, in order; not `whole` when what comes then depends on the answers."""

    calls: tuple[str, ...]
    whole: bool
    ask: bool = False  # a person would be asked


def calls(network: Network, post: Post, action: str, base: str, identity: str, memo: Memo) -> Calls:
    """The calls of one delivery from where it stands. Opens no connection, whatever the network's file does."""
    api = Yes(network, base, identity)
    try:
        whole, ask = _walk(network, api, post, action, dict(memo))
    except NOT_FORESEEN:
        whole, ask = False, False
    finally:
        api.client.close()
    return Calls(tuple(api.calls), whole, ask)


def _walk(network: Network, api: Yes, post: Post, action: str, memo: Memo) -> tuple[bool, bool]:
    if action == "delete":
        if "delete" not in network.can:
            return True, True
        network.delete(api, post.answers)
        return True, False
    if action != "publish" and "reply" not in network.can:
        return True, True
    for _step in range(STEPS):
        answer = network.publish(api, post, memo) if action == "publish" else network.reply(api, post, memo)
        if not isinstance(answer, Wait):
            return True, not isinstance(answer, Sent)
        if answer.memo == memo:
            return False, False
        memo = answer.memo
    return False, False
