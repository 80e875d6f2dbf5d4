"""Ghost sites, through the Admin API. The first line of a text is the title; a doubt is settled by the address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from diskarte.words import (
    MB,
    Failure,
    Kind,
    Limits,
    Media,
    Metric,
    Post,
    Reconnect,
    Refused,
    Reply,
    Sent,
    Told,
)

from ._article import page, slug, split, too_long
from ._html import plain
from ._thread import Part, Stepwise
from .base import SERVER, Account, Answer, Api, Complaint, Counts, Field, Token

API = "/ghost/api/admin"
TITLE = 255
LASTS = 300  # seconds a proof is good for; Ghost takes no longer one


class Ghost(Stepwise):
    name = "Ghost"
    docs = "https://docs.ghost.org/admin-api/"
    checked = date(2026, 11, 23)
    base = ""
    colour = "#15171a"
    note = "It publishes on the site and sends no newsletter; comments are read, answering them is for its members."
    connect = Token(
        fields=(
            Field(SERVER.name, "Site", "The address of the site.", "https://harbour.example"),
            Field("token", "Admin API key", "Settings → Integrations → Add custom integration.", secret=True),
        ),
    )
    kinds = frozenset({Kind.ARTICLE, Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL})
    limits_from = "https://github.com/TryGhost/Ghost/blob/main/ghost/core/core/server/data/schema/schema.js"
    limits = Limits(text=200_000, images=20, image_bytes=20 * MB, alt_text=191)
    counts = {Metric.REPLIES: "comments"}

    def headers(self, api: Api) -> dict[str, str]:
        return {
            "Authorization": f"Ghost {proof(api.secrets['token'], api.clock())}",
            "Accept-Version": "v6.0",
        }

    def sort(self, answer: Answer) -> Failure | None:
        code, said = answer.get("errors", 0, "code"), answer.get("errors", 0, "message")
        if code in {"INVALID_JWT", "UNKNOWN_ADMIN_API_KEY", "INVALID_ADMIN_API_KEY"}:
            return Reconnect(Told("%(host)s does not accept the key: %(said)s.", host=answer.host, said=said))
        if answer.status == 415:
            return Refused(Told("%(host)s does not take this file: %(said)s", host=answer.host, said=said))
        return None

    def preflight(self, post: Post, limits: Limits | None = None) -> list[Complaint]:
        return [*super().preflight(post, limits), *too_long(split(post.text)[0], TITLE)]

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        api.secrets = {"token": given["token"].strip()}
        proof(api.secrets["token"], api.clock())
        site = api.get(f"{API}/site/")
        self.verify(api)
        name, url = str(site.need("site", "title")), str(site.need("site", "url"))
        return Account(
            str(site.need("site", "site_uuid")), urlsplit(url).netloc, name, url, dict(api.secrets)
        )

    def verify(self, api: Api) -> None:
        """The site tells its name to anybody, its posts only to a good key."""
        api.get(f"{API}/posts/", limit=1, fields="id").rows("posts")

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        return [_upload(api, m) for m in post.media]

    def send_part(self, api: Api, part: Part) -> Sent:
        title, body = split(part.text)
        article: dict[str, Any] = {
            "title": title,
            "slug": slug(part.post),
            "html": page(body, part.media[1:]),
            "status": "published",
        }
        if part.media:
            article |= {"feature_image": part.media[0]["src"], "feature_image_alt": part.media[0]["alt"]}
        told = api.post(f"{API}/posts/", {"posts": [article]}, params={"source": "html"})
        return Sent(str(told.need("posts", 0, "id")), str(told.need("posts", 0, "url")))

    def find(self, api: Api, post: Post) -> Sent | None:
        asked = {"filter": f"slug:{slug(post)}+status:published", "fields": "id,url"}
        told = api.get(f"{API}/posts/", asked).rows("posts")
        return Sent(str(told[0]["id"]), told[0]["url"]) if told else None

    def delete(self, api: Api, remote_id: str) -> None:
        api.delete(f"{API}/posts/{remote_id}/")

    def measure(self, api: Api, remote_id: str) -> Counts:
        """Ghost itself counts comments; views are the business of other programs."""
        told = api.get(f"{API}/comments/post/{remote_id}/", limit=1)
        return {Metric.REPLIES: told.get("meta", "pagination", "total")}

    def measure_channel(self, api: Api) -> Counts:
        """Members, whether they pay or not."""
        return {Metric.FOLLOWERS: api.get(f"{API}/members/", limit=1).get("meta", "pagination", "total")}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        told = api.get(f"{API}/comments/post/{remote_id}/", limit=100, order="created_at asc")
        return [
            Reply(
                c["id"],
                str((c.get("member") or {}).get("name") or ""),
                plain(c["html"] or ""),
                datetime.fromisoformat(c["created_at"]),
            )
            for c in told.rows("comments")
        ]


def proof(key: str, now: datetime) -> str:
    """A JWT (HS256) for the next five minutes; the key is «id:secret», the secret in hexadecimal digits."""
    name, _, secret = key.partition(":")
    try:
        signing = bytes.fromhex(secret)
    except ValueError:
        signing = b""
    if not (name and signing):
        raise Refused(Told("That is not an Admin API key: it has two parts with a colon between them."))
    at = int(now.timestamp())
    head = _part({"alg": "HS256", "typ": "JWT", "kid": name})
    body = _part({"iat": at, "exp": at + LASTS, "aud": "/admin/"})
    signature = hmac.new(signing, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{_base64(signature)}"


def _part(told: dict[str, Any]) -> str:
    return _base64(json.dumps(told, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _upload(api: Api, media: Media) -> dict[str, str]:
    told = api.upload(f"{API}/images/upload/", media, part="file")
    return {"src": str(told.need("images", 0, "url")), "alt": media.alt}
