"""Bluesky, and every server that speaks the AT Protocol.

A repeat cannot make a second post: the record's key is derived from the post's own key, the record is equal
to the last byte at every attempt, and `putRecord` overwrites itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from diskarte.words import (
    Failure,
    Kind,
    Limits,
    Media,
    Memo,
    Metric,
    Post,
    Reconnect,
    Refused,
    Reply,
    Sent,
    Told,
    TryLater,
    Wait,
)

from ._endings import sentence
from ._facets import facets, handles
from ._moment import moment
from .base import Account, Answer, Api, Counts, Field, Lack, Network, NotThere, Password, PublicPost

POSTS = "app.bsky.feed.post"
SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
EARLY_2024 = 1_704_067_200_000_000  # microseconds
GONE = {"ExpiredToken", "InvalidToken", "AccountTakedown", "AccountDeactivated"}


class NoView(TryLater):
    """The server keeps posts but no view of them is attached: no counts, no threads, for now."""


class Bluesky(Network):
    name = "Bluesky"
    docs = "https://docs.bsky.app/docs/api/com-atproto-repo-put-record"
    checked = date(2026, 11, 22)
    base = "https://bsky.social"
    colour = "#1185fe"
    connect = Password(
        fields=(
            *Password().fields,
            Field("base", "Server", "Only if yours is another one.", "https://bsky.social", needed=False),
        ),
        help="Settings → Privacy and security → App passwords.",
    )
    kinds = frozenset({Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL, Kind.VIDEO, Kind.REEL})
    limits_from = "https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky"
    limits = Limits(
        text=300,
        count="graphemes",
        text_bytes=3000,
        images=4,
        image_bytes=2_000_000,
        videos=1,
        video_bytes=300_000_000,  # lexicon app.bsky.embed.video of 2026-08
        video_seconds=600,
        parts=24,
        per_server=(3000, 300.0),  # docs.bsky.app/docs/advanced-guides/rate-limits: per address of ours
    )
    counts = {
        Metric.LIKES: "likeCount",
        Metric.REPLIES: "replyCount",
        Metric.SHARES: "repostCount",
        Metric.SAVES: "bookmarkCount",
    }
    lacks = {
        "views": Lack(
            "Nobody counts there how often a post is seen.",
            "https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/defs.json",
        ),
    }

    def sort(self, answer: Answer) -> Failure | None:
        code = answer.get("error")
        if code in GONE:
            said = sentence(answer)
            return Reconnect(
                Told("%(host)s does not accept the sign-in%(said)s", host=answer.host, said=said)
            )
        if code == "RecordNotFound" or (code == "NotFound" and answer.status == 400):
            return NotThere(
                Told("%(host)s does not have that%(said)s", host=answer.host, said=sentence(answer))
            )
        if not answer.changes and (answer.status in {501, 502} or code == "XRPCNotSupported"):
            why = Told("%(host)s has no view of posts attached just now.", host=answer.host)
            return NoView(why, 900)
        return None

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        handle = given["handle"].strip().lstrip("@")
        name = handle if "." in handle or ":" in handle else f"{handle}.bsky.social"
        asked = {"identifier": name, "password": given["password"]}
        api.secrets = {"password": given["password"]}  # never stored; here it keeps the story clean
        return _account(api.post("/xrpc/com.atproto.server.createSession", asked, harmless=True))

    def refresh(self, api: Api, secrets: dict[str, str]) -> Account:
        proof = {"Authorization": f"Bearer {secrets['refresh']}"}
        return _account(api.post("/xrpc/com.atproto.server.refreshSession", headers=proof, harmless=True))

    def publish(self, api: Api, post: Post, memo: Memo) -> Sent | Wait:
        if "ready" not in memo:
            memo = self._prepared(api, post)
            if post.media or memo["dids"] or not post.due_at:
                return Wait(memo, 0)
        sent = [*memo["sent"], self._put(api, post, memo)]
        if len(sent) <= len(post.parts):
            return Wait({**memo, "sent": sent}, 0)
        return _sent(api, post)

    def reply(self, api: Api, post: Post, memo: Memo) -> Sent | Wait:
        return self.publish(api, post, memo)

    def find(self, api: Api, post: Post) -> Sent | None:
        """Parts go out in order, so the last one stands for all."""
        try:
            _record(api, _uri(api, post, len(post.parts))).need("uri")
        except NotThere:
            return None
        return _sent(api, post)

    def delete(self, api: Api, remote_id: str) -> None:
        repo, collection, rkey = _split(remote_id)
        asked = {"repo": repo, "collection": collection, "rkey": rkey}
        api.post("/xrpc/com.atproto.repo.deleteRecord", asked, harmless=True)

    def measure(self, api: Api, remote_id: str) -> Counts:
        try:
            told = api.get("/xrpc/app.bsky.feed.getPosts", uris=[remote_id])
        except NoView:
            return dict.fromkeys(self.counts)
        return self.counted(told.get("posts", 0) or {})

    def id_of(self, url: str, identity: str) -> str:
        found = re.search(r"/profile/[^/]+/post/([a-z2-7]{13})", url)
        return f"at://{identity}/{POSTS}/{found[1]}" if found else ""

    def measure_channel(self, api: Api) -> Counts:
        try:
            told = api.get("/xrpc/app.bsky.actor.getProfile", actor=api.identity)
        except NoView:
            return {Metric.FOLLOWERS: None}
        return {Metric.FOLLOWERS: told.get("followersCount")}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        told = api.get("/xrpc/app.bsky.feed.getPostThread", uri=remote_id, depth=10, parentHeight=0)
        found = [_reply(p) for p in _below(told.need("thread")) if p["author"]["did"] != api.identity]
        return sorted(found, key=lambda reply: reply.at)

    def read_public(self, api: Api, handle: str) -> list[PublicPost]:
        who = handle.strip().lstrip("@")
        told = api.get("/xrpc/app.bsky.feed.getAuthorFeed", actor=who, limit=50, filter="posts_no_replies")
        return [self._public(one["post"]) for one in told.rows("feed") if "reason" not in one]

    def _public(self, view: dict[str, Any]) -> PublicPost:
        record = view["record"]
        at, page = moment(record["createdAt"]), _page(view["uri"])
        return PublicPost(view["uri"], record["text"], at, page, self.counted(view))

    def _prepared(self, api: Api, post: Post) -> Memo:
        """What a record needs from elsewhere, asked once, so that every attempt writes the same bytes."""
        mentioned = [h for text in (post.text, *post.parts) for h in handles(text)]
        return {
            "ready": True,
            "created": _stamp(post.due_at or api.clock()),
            "dids": {h: did for h in dict.fromkeys(mentioned) if (did := _did(api, h))},
            "blobs": [api.upload("/xrpc/com.atproto.repo.uploadBlob", m).need("blob") for m in post.media],
            "answers": _answers(api, post.answers) if post.answers else None,
            "sent": [],
        }

    def _put(self, api: Api, post: Post, memo: Memo) -> dict[str, str]:
        number = len(memo["sent"])
        _, collection, rkey = _split(_uri(api, post, number))
        asked = {
            "repo": api.identity,
            "collection": collection,
            "rkey": rkey,
            "record": _written(post, memo, number),
        }
        told = api.post("/xrpc/com.atproto.repo.putRecord", asked)
        return {"uri": str(told.need("uri")), "cid": str(told.need("cid"))}


def _written(post: Post, memo: Memo, number: int) -> dict[str, Any]:
    """The record of the post (0) or of a thread's later part, the same at every attempt."""
    text = (post.text, *post.parts)[number]
    created = moment(memo["created"]) + timedelta(milliseconds=number)
    record: dict[str, Any] = {"$type": POSTS, "text": text, "createdAt": _stamp(created)}
    marks = facets(text, memo["dids"])
    if marks:
        record["facets"] = marks
    if post.languages:
        record["langs"] = list(post.languages[:3])
    if memo["blobs"] and number == 0:
        record["embed"] = _embed(post.media, memo["blobs"])
    answers, sent = memo["answers"], memo["sent"]
    if sent:
        record["reply"] = {"root": answers["root"] if answers else sent[0], "parent": sent[-1]}
    elif answers:
        record["reply"] = answers
    return record


def _embed(media: tuple[Media, ...], blobs: list[Any]) -> dict[str, Any]:
    if media[0].is_video:
        video = {"$type": "app.bsky.embed.video", "video": blobs[0], "alt": media[0].alt}
        return video | _shape(media[0])
    images = [{"image": blob, "alt": one.alt} | _shape(one) for one, blob in zip(media, blobs, strict=True)]
    return {"$type": "app.bsky.embed.images", "images": images}


def _shape(media: Media) -> dict[str, Any]:
    """Width to height, so that readers' apps leave the right room and cut nothing off."""
    if not (media.width and media.height):
        return {}
    return {"aspectRatio": {"width": media.width, "height": media.height}}


def _answers(api: Api, uri: str) -> dict[str, Any]:
    """What a reply must name: the post it answers and the first post of that conversation."""
    told = _record(api, uri)
    parent = {"uri": str(told.need("uri")), "cid": str(told.need("cid"))}
    return {"root": told.get("value", "reply", "root") or parent, "parent": parent}


def _record(api: Api, uri: str) -> Answer:
    repo, collection, rkey = _split(uri)
    return api.get("/xrpc/com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=rkey)


def _did(api: Api, handle: str) -> str | None:
    """Who a handle is; None when nobody answers to it, and the mention then stays plain text."""
    try:
        did = api.get("/xrpc/com.atproto.identity.resolveHandle", handle=handle).need("did")
    except (Refused, NoView):
        return None
    return str(did)


def _account(told: Answer) -> Account:
    did, handle = str(told.need("did")), str(told.need("handle"))
    access = str(told.need("accessJwt"))
    secrets = {"token": access, "refresh": str(told.need("refreshJwt"))}
    return Account(did, handle, handle, f"https://bsky.app/profile/{did}", secrets, _expiry(access))


def _expiry(token: str) -> datetime | None:
    """When a JWT ends; None when it is none. Its signature is the server's business, not ours."""
    try:
        middle = token.split(".")[1]
        return datetime.fromtimestamp(json.loads(base64.urlsafe_b64decode(middle + "=="))["exp"], UTC)
    except (IndexError, ValueError, KeyError, TypeError):
        return None


def _uri(api: Api, post: Post, number: int) -> str:
    return f"at://{api.identity}/{POSTS}/{record_key(post.key, post.due_at, number)}"


def record_key(key: str, due_at: datetime | None, number: int = 0) -> str:
    """A TID made from the post's key: the planned second, 30 bits of its hash, a thread's parts in order.

    Source: atproto.com/specs/tid (53 bits of microseconds, 10 bits of clock, sortable base 32).
    """
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    if due_at:
        micros = int(due_at.timestamp()) * 1_000_000 + digest // 1024 % 1_000_000
    else:
        micros = EARLY_2024 + digest // 1024 % 2**45
    value = (micros + number) << 10 | digest % 1024
    return "".join(SORTABLE[value >> shift & 31] for shift in range(60, -1, -5))


def _split(uri: str) -> tuple[str, str, str]:
    repo, collection, rkey = uri.removeprefix("at://").split("/")
    return repo, collection, rkey


def _page(uri: str) -> str:
    repo, _, rkey = _split(uri)
    return f"https://bsky.app/profile/{repo}/post/{rkey}"


def _sent(api: Api, post: Post) -> Sent:
    first, *later = (_uri(api, post, number) for number in range(len(post.parts) + 1))
    told = {"parts": later, "links": [_page(uri) for uri in later]} if later else {}
    return Sent(first, _page(first), told)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _below(thread: dict[str, Any]) -> list[dict[str, Any]]:
    """Every readable post under the first one; deleted and blocked ones have no `post`."""
    here = [one for one in thread.get("replies") or [] if "post" in one]
    return [post for one in here for post in (one["post"], *_below(one))]


def _reply(view: dict[str, Any]) -> Reply:
    record, author = view["record"], view["author"]
    return Reply(
        view["uri"], author["handle"], record["text"], moment(record["createdAt"]), _page(view["uri"])
    )
