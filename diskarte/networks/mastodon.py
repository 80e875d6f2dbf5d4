"""Mastodon, and the servers that speak its API (GoToSocial, Akkoma, Pixelfed)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import regex

from diskarte.words import MB, Kind, Limits, Memo, Metric, Post, Reply, Sent, Wait

from ._html import plain
from ._moment import moment
from ._thread import OwnPost, OwnPosts, Part, Threaded
from .base import SERVER, Account, Api, Counts, Field, Lack, OAuth2, PublicPost, length

REMOTE = regex.compile(r"(?<!\w)(@\w+)@[\w.-]+\w")
SCOPES = ("read", "write:statuses", "write:media")


class Mastodon(OwnPosts, Threaded):
    name = "Mastodon"
    docs = "https://docs.joinmastodon.org/methods/statuses/"
    checked = date(2026, 11, 22)
    base = ""
    colour = "#6364ff"
    connect = OAuth2(
        authorize="/oauth/authorize",
        token="/oauth/token",  # noqa: S106
        scopes=SCOPES,
        per_server=True,
        register="/api/v1/apps",
        fields=(
            SERVER,
            Field(
                "token",
                "Access token",
                "Instead of signing in there: Preferences → Development → New application.",
                secret=True,
                needed=False,
            ),
        ),
    )
    kinds = frozenset({Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL, Kind.VIDEO, Kind.REEL})
    limits_from = "https://docs.joinmastodon.org/entities/Instance/#configuration"
    limits = Limits(
        text=500,
        count="graphemes",  # app/validators/status_length_validator.rb
        link_length=23,
        images=4,
        image_bytes=16 * MB,
        videos=1,
        video_bytes=99 * MB,
        video_types=("video/mp4", "video/webm", "video/quicktime"),
        alt_text=1500,
        parts=24,
    )
    remembers_key = timedelta(hours=1)
    post_link = r"/(?:@[^/]+|users/[^/]+/statuses|statuses)/(\d+)"
    counts = {
        Metric.LIKES: "favourites_count",
        Metric.SHARES: "reblogs_count",
        Metric.REPLIES: "replies_count",
    }
    lacks = {
        "views": Lack(
            "Nobody counts there how often a post is seen.", "https://docs.joinmastodon.org/entities/Status/"
        ),
    }

    def length(self, text: str, limits: Limits | None = None) -> int:
        """A mention of somebody elsewhere counts without their server."""
        return length(REMOTE.sub(r"\1", text), limits or self.limits)

    def limits_for(self, api: Api) -> Limits:
        """Each server sets its own limits, so ask instead of assuming."""
        told = api.get("/api/v2/instance")
        files = told.get("configuration", "media_attachments") or {}
        texts = told.get("configuration", "statuses") or {}
        asked = {
            "text": texts.get("max_characters"),
            "link_length": texts.get("characters_reserved_per_url"),
            "images": texts.get("max_media_attachments"),
            "image_bytes": files.get("image_size_limit"),
            "video_bytes": files.get("video_size_limit"),
            "alt_text": files.get("description_limit"),
        }
        return self.limits.with_(**{name: value for name, value in asked.items() if value is not None})

    def register(self, api: Api, redirect_uri: str) -> dict[str, str]:
        asked = {"client_name": "Diskarte", "redirect_uris": [redirect_uri], "scopes": " ".join(SCOPES)}
        told = api.post("/api/v1/apps", asked, harmless=True)
        return {name: str(told.need(name)) for name in ("client_id", "client_secret")}

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        token = given.get("token", "").strip()
        if not token:
            names = ("client_id", "client_secret", "code", "redirect_uri", "code_verifier")
            asked = {name: given[name] for name in names if given.get(name)}
            told = api.post("/oauth/token", {"grant_type": "authorization_code", **asked}, harmless=True)
            token = str(told.need("access_token"))
        api.secrets = {"token": token}
        me = api.get("/api/v1/accounts/verify_credentials")
        handle, name = str(me.need("acct")), str(me.get("display_name") or me.need("acct"))
        return Account(str(me.need("id")), handle, name, str(me.need("url")), {"token": token})

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        told = [
            api.upload("/api/v2/media", m, part="file", data={"description": m.alt} if m.alt else None)
            for m in post.media
        ]
        return [str(one.need("id")) for one in told]

    def waiting(self, api: Api, media: list[Any]) -> float:
        return 5 if any(api.get(f"/api/v1/media/{one}").status == 206 for one in media) else 0

    def send_part(self, api: Api, part: Part) -> Sent:
        asked: dict[str, Any] = {"status": part.text}
        if part.media:
            asked["media_ids"] = list(part.media)
        if part.answers:
            asked["in_reply_to_id"] = part.answers
        if part.post.languages:
            asked["language"] = {"fil": "tl"}.get(part.post.languages[0], part.post.languages[0])
        told = api.post("/api/v1/statuses", asked, key=part.key)
        return Sent(str(told.need("id")), str(told.need("url")))

    def reply(self, api: Api, post: Post, memo: Memo) -> Sent | Wait:
        """Who is answered is told of it only when the answer names them."""
        return self.publish(api, self._naming(api, post), memo)

    def find(self, api: Api, post: Post) -> Sent | None:
        return super().find(api, self._naming(api, post) if post.answers else post)

    def _naming(self, api: Api, post: Post) -> Post:
        told = api.get(f"/api/v1/statuses/{post.answers}")
        who, named = str(told.need("account", "acct")), regex.findall(r"@([\w.-]+)", post.text.casefold())
        ours = str(told.need("account", "id")) == api.identity
        known = ours or who.partition("@")[0].casefold() in named
        return post if known else replace(post, text=f"@{who} {post.text}")

    def own_posts(self, api: Api, since: datetime) -> tuple[list[OwnPost], bool]:
        told = api.get(f"/api/v1/accounts/{api.identity}/statuses", exclude_reblogs="true", limit=40).rows()
        posts = [OwnPost(str(s["id"]), s["url"], plain(s["content"]), moment(s["created_at"])) for s in told]
        return posts, len(posts) < 40

    def delete(self, api: Api, remote_id: str) -> None:
        api.delete(f"/api/v1/statuses/{remote_id}")

    def measure(self, api: Api, remote_id: str) -> Counts:
        return self.counted(api.get(f"/api/v1/statuses/{remote_id}").body)

    def measure_channel(self, api: Api) -> Counts:
        return {Metric.FOLLOWERS: api.get("/api/v1/accounts/verify_credentials").get("followers_count")}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        told = api.get(f"/api/v1/statuses/{remote_id}/context").rows("descendants")
        others = [s for s in told if str(s["account"]["id"]) != api.identity]
        return [
            Reply(
                str(s["id"]),
                s["account"]["acct"],
                plain(s["content"]),
                moment(s["created_at"]),
                s["url"] or "",
            )
            for s in others
        ]

    def read_public(self, api: Api, handle: str) -> list[PublicPost]:
        who = api.get("/api/v1/accounts/lookup", acct=handle.strip().lstrip("@")).need("id")
        path = f"/api/v1/accounts/{who}/statuses"
        told = api.get(path, exclude_reblogs="true", exclude_replies="true", limit=40).rows()
        return [
            PublicPost(
                str(s["id"]),
                plain(s["content"]),
                moment(s["created_at"]),
                s["url"] or s["uri"],
                self.counted(s),
            )
            for s in told
        ]
