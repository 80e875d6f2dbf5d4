"""What a network is to us: some limits, some abilities, and four ways to fail.

A network file holds one class. It never imports Django, never opens a connection of its own and never
sleeps, retries or logs: it is handed an `Api` and answers at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

import httpx

from diskarte.words import Ask, Failure, Kind, Limits, Memo, Metric, Post, Reply, Sent, Told, TryLater, Wait

from ._api import Api
from ._connect import CLIENT, SERVER, ByHand, Connect, Field, Named, OAuth2, Password, Token, Webhook
from ._endings import Answer, NotThere, wait
from ._hearing import Hearing, News
from ._length import length, links
from ._preflight import Complaint, complaints

__all__ = [
    "ABILITIES",
    "CLIENT",
    "FOREVER",
    "SERVER",
    "Account",
    "Answer",
    "Api",
    "ByHand",
    "Complaint",
    "Connect",
    "Counts",
    "Field",
    "Hearing",
    "Lack",
    "Named",
    "Network",
    "News",
    "NotThere",
    "OAuth2",
    "Password",
    "PublicPost",
    "Token",
    "Webhook",
    "length",
    "links",
    "wait",
]

FOREVER = timedelta(days=365 * 100)
Counts = dict[Metric, int | None]
ABILITIES = (
    "register",
    "sign_in",
    "refresh",
    "verify",
    "publish",
    "find",
    "delete",
    "measure",
    "measure_channel",
    "read_replies",
    "reply",
    "read_public",
    "listen",
)
# Nothing is lost when these are tried again. A fault in the middle of the other two is a doubt, for the engine.
GUARDED = {*ABILITIES, "limits_for"} - {"publish", "reply"}


@dataclass(frozen=True)
class Account:
    """Who we are on a network after signing in. `secrets` are stored encrypted and handed back in `Api`."""

    identity: str  # what never changes: an id, a did
    handle: str
    name: str
    url: str
    secrets: dict[str, str] = field(repr=False, hash=False)
    expires_at: datetime | None = None  # UTC; None: does not expire, or nobody told


@dataclass(frozen=True)
class PublicPost:
    """A post anybody may read, with the numbers anybody may see."""

    remote_id: str
    text: str
    at: datetime  # UTC
    url: str
    counts: Counts = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Lack:
    """Something a network does not offer: a sentence for the reader, and where that is written."""

    why: str
    source: str = ""


def _only_failing_our_way(method: Callable[..., Any]) -> Callable[..., Any]:
    """The same ability; an answer of a shape nobody foresaw becomes a failure a caller can act on."""

    @wraps(method)
    def ability(self: Network, api: Api, *given: Any) -> Any:
        try:
            return method(self, api, *given)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            told = {"network": self.name, "fault": api.hide(f"{type(error).__name__}: {error}")}
            why = Told("%(network)s answered in a way we do not understand (%(fault)s).", **told)
            raise TryLater(why, seconds=600) from error

    return ability


def _fine_when_gone(delete: Callable[..., Any]) -> Callable[..., Any]:
    """The same deletion; what is not there any more needs none."""

    @wraps(delete)
    def ability(self: Network, api: Api, remote_id: str) -> None:
        with suppress(NotThere):
            delete(self, api, remote_id)

    return ability


class Network:
    """One network. The declarations are required unless they have a value here; abilities are methods."""

    name: str
    docs: str
    checked: date  # when this file was last compared with `docs`
    connect: Connect
    limits: Limits
    limits_from: str = ""  # where they are written; empty: nobody sets any, and ours keep a post reasonable
    base: str  # the address calls go to, unless the account names its own
    colour: str  # a 3 px edge, "#1185fe"
    kinds: frozenset[Kind] = frozenset({Kind.TEXT, Kind.LINK, Kind.IMAGE})
    note: str = ""  # one sentence a person should read before choosing it
    remembers_key: timedelta = timedelta(0)  # how long the network itself refuses a repeated `Post.key`
    blind: bool = False  # nobody can ask this network whether a post arrived; a person must look
    post_link: str = ""  # what a link to a post looks like: the first group is its remote id
    calls_alone: bool = (
        False  # each kind of call has a limit of its own: a reader's says nothing about posting
    )
    is_feed: bool = False  # nothing is called: what was sent stands in a feed that this program serves
    counts: dict[Metric, str] = {}  # our metric: the network's own name for it
    lacks: dict[
        str, Lack
    ] = {}  # an ability that is no method here, and «thread», «media», «alt_text», «views»: why
    can: frozenset[str] = frozenset()

    def __init_subclass__(cls) -> None:
        """An ability is a method that exists: there is no second list to forget."""
        cls.can = frozenset(a for a in ABILITIES if hasattr(cls, a))
        for ability in GUARDED & set(vars(cls)):
            setattr(cls, ability, _only_failing_our_way(vars(cls)[ability]))
        if "delete" in vars(cls):
            cls.delete = _fine_when_gone(cls.delete)  # type: ignore[method-assign]

    def id_of(self, url: str, identity: str) -> str:
        """The remote id of the post at `url` on the account `identity`; empty where a link does not tell it."""
        found = re.search(self.post_link, url) if self.post_link else None
        return found[1] if found else ""

    def counted(self, told: Mapping[str, Any]) -> Counts:
        """A post's numbers under our names; None for what is not told."""
        return {metric: told.get(theirs) for metric, theirs in self.counts.items()}

    def arrived(self, post: Post, memo: Memo, seen: Sent) -> Sent | Wait:
        """What follows when a person saw the call in doubt done: the whole post, or the rest of a thread."""
        return seen

    def limits_for(self, api: Api) -> Limits:
        """The limits of this account or server, where they can be asked; else the general ones."""
        return self.limits

    def length(self, text: str, limits: Limits | None = None) -> int:
        """How long a text is, counted this network's way."""
        return length(text, limits or self.limits)

    def preflight(self, post: Post, limits: Limits | None = None) -> list[Complaint]:
        """Everything this network would refuse about a post, and hints that it would not."""
        told = limits or self.limits
        return list(complaints(post, told, lambda text: self.length(text, told)))

    def ear(self, secrets: dict[str, str]) -> str:
        """Who hears for these secrets, where a network has `listen`: channels with the same ear share its news."""
        return ""

    def headers(self, api: Api) -> dict[str, str]:
        """What proves who we are, for calls to the base address."""
        token = api.secrets.get("token")
        return {"Authorization": f"Bearer {token}"} if token else {}

    def sort(self, answer: Answer) -> Failure | None:
        """The failure an answer means here, where this network differs from the usual; else None."""
        return None

    def api(
        self, client: httpx.Client, secrets: dict[str, str] | None = None, base: str = "", identity: str = ""
    ) -> Api:
        """A line to this network over the caller's client; `base` when the account has its own server."""
        return Api(base or self.base, dict(secrets or {}), client, identity, network=self)

    if TYPE_CHECKING:  # the abilities' signatures; a network defines those it has, `can` says which

        def register(self, api: Api, redirect_uri: str) -> dict[str, str]:
            """Make an app on this server without a person: `client_id` and `client_secret` for `OAuth2`."""

        def sign_in(self, api: Api, given: dict[str, str]) -> Account:
            """Prove who we are with what the form was given."""

        def refresh(self, api: Api, secrets: dict[str, str]) -> Account:
            """New secrets for old ones, expired or not: one call, so that a renewed token is never lost.

            Handle, name and address may be empty: keep those known. Raises Reconnect when it is too late.
            """

        def verify(self, api: Api) -> None:
            """Use the permission once and change nothing. Raises Reconnect when it is gone.

            Only where `measure_channel` does not prove it already.
            """

        def publish(self, api: Api, post: Post, memo: Memo) -> Sent | Wait | Ask:
            """At most one irreversible call; a `Wait` comes back here with its memo."""

        def find(self, api: Api, post: Post) -> Sent | None:
            """The finished post, or None when it (or a part of its thread) is surely not there."""

        def delete(self, api: Api, remote_id: str) -> None:
            """Take a post away; one that is gone already is fine."""

        def measure(self, api: Api, remote_id: str) -> Counts:
            """A post's numbers now; None for what is not told."""

        def measure_channel(self, api: Api) -> Counts:
            """The account's numbers now."""

        def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
            """What others wrote under a post, oldest first."""

        def reply(self, api: Api, post: Post, memo: Memo) -> Sent | Wait | Ask:
            """Answer `post.answers`; otherwise like `publish`."""

        def read_public(self, api: Api, handle: str) -> list[PublicPost]:
            """Somebody's public posts, newest first."""

        def listen(self, api: Api, cursor: str, heard_at: datetime | None) -> Hearing:
            """What is new since `cursor` ("" at first): told once, to whoever asks first, and not kept for long.

            Asking with a cursor tells the network that everything up to it is stored. `heard_at`: when we last asked.
            """
