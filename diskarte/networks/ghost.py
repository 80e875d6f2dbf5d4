"""Ghost sites, through the Admin API. The first line of a text is the title; a doubt is settled by the address.

Comments are written by members of the site, so answering needs one who speaks for us. What an integration's key may
do was read in the source of Ghost 6.65.0 (core/server/web/api/endpoints/admin/middleware.js), 2026-11-23.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from diskarte.words import (
    MB,
    Ask,
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
)

from ._article import page, slug, split, too_long, untitled
from ._html import plain
from ._moment import moment
from ._thread import EARLY, OwnPost, Part, Stepwise, match
from .base import SERVER, Account, Answer, Api, Complaint, Counts, Field, Lack, NotThere, Token

API = "/ghost/api/admin"
TITLE = 255
LASTS = 300  # seconds a proof is good for; Ghost takes no longer one


class Ghost(Stepwise):
    name = "Ghost"
    docs = "https://docs.ghost.org/admin-api/"
    checked = date(2026, 11, 23)
    base = ""
    colour = "#15171a"
    note = "It publishes on the site and sends no newsletter; comments are answered in the name of one of its members."
    connect = Token(
        fields=(
            Field(SERVER.name, "Site", "The address of the site.", "https://harbour.example"),
            Field("token", "Admin API key", "Settings → Integrations → Add custom integration.", secret=True),
            Field(
                "member",
                "Member who answers",
                "E-mail address of a member of the site. Empty: you answer there yourself.",
                "hello@harbour.example",
                needed=False,
            ),
        ),
    )
    kinds = frozenset({Kind.ARTICLE, Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL})
    limits_from = "https://github.com/TryGhost/Ghost/blob/main/ghost/core/core/server/data/schema/schema.js"
    limits = Limits(text=200_000, images=20, image_bytes=20 * MB, alt_text=191)
    counts = {Metric.REPLIES: "comments"}
    lacks = {
        "read_public": Lack(
            "Reading another site needs a key of that site: follow its RSS feed instead.",
            "https://docs.ghost.org/content-api/",
        ),
        "views": Lack(
            "Ghost shows views to its own staff only, not to a key: they come from its export or by hand.",
            "https://docs.ghost.org/admin-api/",
        ),
        "thread": Lack("An article is one piece: there are no threads.", "https://docs.ghost.org/admin-api/"),
    }

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
        found = [*super().preflight(post, limits), *too_long(split(post.text)[0], TITLE)]
        return found if post.answers or not post.media else [*found, *untitled(post.text)]

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        api.secrets = {"token": given["token"].strip()}
        proof(api.secrets["token"], api.clock())
        site = api.get(f"{API}/site/")
        self.verify(api)
        if given.get("member", "").strip():
            api.secrets["member"] = _member(api, given["member"].strip())
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

    def reply(self, api: Api, post: Post, memo: Memo) -> Sent | Ask:
        """Under the article, under a comment, or under an answer to it («comment/answer»)."""
        if not api.secrets.get("member"):
            return Ask(Told("Answer this on the site yourself: no member was named who answers for you."))
        under, _, answered = post.answers.partition("/")
        asked = {"member_id": api.secrets["member"], "html": page(post.text, ())}
        asked |= {"parent_id": under} if _is_comment(api, under) else {"post_id": under}
        asked |= {"in_reply_to_id": answered} if answered else {}
        told = api.post(f"{API}/comments/", {"comments": [asked]})
        return Sent(f"{under}/{told.need('comments', 0, 'id')}", "")

    def find(self, api: Api, post: Post) -> Sent | None:
        if post.answers:
            return _answer(api, post)
        asked = {"filter": f"slug:{slug(post)}+status:published", "fields": "id,url"}
        told = api.get(f"{API}/posts/", asked).rows("posts")
        return Sent(str(told[0]["id"]), told[0]["url"]) if told else None

    def delete(self, api: Api, remote_id: str) -> None:
        _, _, comment = remote_id.partition("/")
        if comment:
            gone = {"comments": [{"id": comment, "status": "deleted"}]}
            api.put(f"{API}/comments/{comment}/", gone, harmless=True)
        else:
            api.delete(f"{API}/posts/{remote_id}/")

    def measure(self, api: Api, remote_id: str) -> Counts:
        """Comments and the answers to them, as visitors see them."""
        return {Metric.REPLIES: sum(1 for _ in _comments(api, remote_id))}

    def measure_channel(self, api: Api) -> Counts:
        """Members, whether they pay or not."""
        return {Metric.FOLLOWERS: api.get(f"{API}/members/", limit=1).get("meta", "pagination", "total")}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        ours = api.secrets.get("member")
        told = [(one, c) for one, c in _comments(api, remote_id) if not ours or _speaker(c).get("id") != ours]
        found = [
            Reply(one, str(_speaker(c).get("name") or ""), plain(c["html"] or ""), moment(c["created_at"]))
            for one, c in told
        ]
        return sorted(found, key=lambda reply: reply.at)


def _comments(api: Api, article: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every published comment and every answer to one, page after page, with its remote id."""
    number, pages = 1, 1
    while number <= pages:
        told = api.get(f"{API}/comments/post/{article}/", limit=100, page=number, order="created_at asc")
        pages, number = int(told.need("meta", "pagination", "pages")), number + 1
        for one in told.rows("comments"):
            answers = [(f"{one['id']}/{c['id']}", c) for c in one.get("replies") or []]
            yield from ((name, c) for name, c in [(one["id"], one), *answers] if c["status"] == "published")


def _answer(api: Api, post: Post) -> Sent | None:
    """Our own comment with this text, where it would stand; only the last hundred are looked at."""
    under = post.answers.partition("/")[0]
    place = f"{under}/replies" if _is_comment(api, under) else f"post/{under}"
    told = api.get(f"{API}/comments/{place}/", limit=100, order="created_at desc").rows("comments")
    ours = [c for c in told if _speaker(c).get("id") == api.secrets.get("member")]
    since = post.due_at - EARLY if post.due_at else None
    found = [OwnPost(f"{under}/{c['id']}", "", plain(c["html"] or ""), moment(c["created_at"])) for c in ours]
    one = match(post.text, [c for c in found if since is None or c.at >= since], set())
    return Sent(one.remote_id, one.url) if one else None


def _is_comment(api: Api, remote_id: str) -> bool:
    """Articles and comments have ids of one shape."""
    try:
        api.get(f"{API}/comments/{remote_id}/").rows("comments")
    except NotThere:
        return False
    return True


def _speaker(comment: dict[str, Any]) -> dict[str, Any]:
    """Who wrote it; {} when that member was deleted."""
    return comment.get("member") or {}


def _member(api: Api, address: str) -> str:
    quoted = address.replace("\\", "\\\\").replace("'", "\\'")
    found = api.get(f"{API}/members/", filter=f"email:'{quoted}'", fields="id", limit=1).rows("members")
    if not found:
        raise Refused(Told("The site has no member with this address. Add one, or leave the field empty."))
    return str(found[0]["id"])


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
