"""A network inside the product, to learn and to rehearse with: nothing leaves the house."""

from __future__ import annotations

from datetime import date
from typing import Any

from diskarte.words import MB, Kind, Limits, Memo, Metric, Post, Reply, Sent

from ._moment import moment
from .base import FOREVER, Account, Answer, Api, Counts, Field, Lack, Named, Network


class Practice(Network):
    name = "Practice (nothing leaves the house)"
    docs = "docs/networks.md"
    checked = date(2026, 11, 22)
    base = "http://practice.internal"
    colour = "#7a7f87"
    note = "A network inside this program: nobody outside sees the posts, and all its numbers are simulated."
    connect = Named(
        fields=(Field("token", "Name of the practice channel", "Any name you like.", "harbour-cafe"),),
        help=note,
    )
    kinds = frozenset(Kind)
    limits = Limits(
        text=1000, images=10, image_bytes=20 * MB, videos=1, video_bytes=200 * MB, alt_text=1500, parts=20
    )
    remembers_key = FOREVER
    lacks = {"read_public": Lack("Nobody else posts there.")}
    counts = {m: m.value for m in Metric if m not in {Metric.FOLLOWERS, Metric.ENGAGEMENT_RATE}}

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        api.secrets["token"] = given["token"].strip()
        told = api.get("/account")
        handle = str(told.need("handle"))
        url = str(told.get("url") or f"{self.base}/{handle}")
        return Account(str(told.need("id")), handle, str(told.need("name")), url, dict(api.secrets))

    def publish(self, api: Api, post: Post, memo: Memo) -> Sent:
        return _sent(api.post("/posts", _wire(post), key=post.key))

    def reply(self, api: Api, post: Post, memo: Memo) -> Sent:
        return _sent(api.post(f"/posts/{post.answers}/replies", _wire(post), key=post.key))

    def delete(self, api: Api, remote_id: str) -> None:
        api.delete(f"/posts/{remote_id}")

    def measure(self, api: Api, remote_id: str) -> Counts:
        return self.counted(api.get(f"/posts/{remote_id}").get("counts") or {})

    def measure_channel(self, api: Api) -> Counts:
        return {Metric.FOLLOWERS: api.get("/account").get("followers")}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        return [_reply(one) for one in api.get(f"/posts/{remote_id}/replies").rows("replies")]


def _wire(post: Post) -> dict[str, Any]:
    """A post as the practice server takes it: files by name and size, never their bytes."""
    media = [{"name": m.name, "mime": m.mime, "alt": m.alt, "size": len(m.bytes)} for m in post.media]
    return {
        "text": post.text,
        "kind": post.kind.value,
        "media": media,
        "answers": post.answers,
        "parts": list(post.parts),
        "due_at": post.due_at.isoformat() if post.due_at else None,
    }


def _sent(told: Answer) -> Sent:
    return Sent(str(told.need("id")), str(told.need("url")))


def _reply(one: dict[str, Any]) -> Reply:
    return Reply(str(one["id"]), one["author"], one["text"], moment(one["at"]), one.get("url", ""))
