"""WordPress sites, through the REST API every one of them has. The first line of a text is the title.

A post's address is made from its key, so a doubt is settled by asking for that address.
"""

from __future__ import annotations

import base64
import html
from datetime import UTC, date, datetime
from typing import Any

import regex

from diskarte.words import (
    MB,
    Failure,
    Kind,
    Limits,
    Media,
    Memo,
    Metric,
    Post,
    Refused,
    Reply,
    Sent,
    Told,
    Wait,
)

from ._article import page, slug, split, untitled
from ._endings import sentence
from ._html import plain
from ._thread import EARLY, OwnPost, Part, Stepwise, match
from .base import SERVER, Account, Answer, Api, Complaint, Counts, Field, Lack, NotThere, Password, PublicPost

API = "/wp-json/wp/v2"


class WordPress(Stepwise):
    name = "WordPress"
    docs = "https://developer.wordpress.org/rest-api/reference/posts/"
    checked = date(2026, 11, 22)
    base = ""
    colour = "#21759b"
    connect = Password(
        fields=(
            Field(SERVER.name, "Site", "The address of the site.", "https://harbour.example"),
            Field("user", "User name", "One who may publish posts."),
            Field(
                "password", "Application password", "Users → Profile → Application passwords.", secret=True
            ),
        ),
    )
    kinds = frozenset({Kind.ARTICLE, Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL})
    limits = Limits(text=200_000, images=20, image_bytes=20 * MB)
    counts = {Metric.REPLIES: "x-wp-total"}
    post_link = r"[?&]p=(\d+)"  # a pretty address holds no number
    lacks = {
        "measure_channel": Lack(
            "WordPress itself has readers and no followers: a newsletter's or a plugin's numbers are typed in.",
            "https://developer.wordpress.org/rest-api/reference/",
        ),
        "views": Lack(
            "WordPress itself counts no readers: a statistics plugin's numbers are imported or typed in.",
            "https://developer.wordpress.org/rest-api/reference/posts/",
        ),
        "thread": Lack(
            "An article is one piece: there are no threads.",
            "https://developer.wordpress.org/rest-api/reference/posts/",
        ),
    }

    def headers(self, api: Api) -> dict[str, str]:
        pair = f"{api.secrets.get('user', '')}:{api.secrets.get('password', '')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def sort(self, answer: Answer) -> Failure | None:
        code = str(answer.get("code") or "")
        if code == "rest_already_trashed":
            return NotThere(Told("It lies in the bin already."))
        if code.startswith("rest_upload"):  # said with a 500, though nothing is broken there
            told = {"host": answer.host, "said": sentence(answer)}
            return Refused(Told("%(host)s does not take this file%(said)s", **told))
        return None

    def preflight(self, post: Post, limits: Limits | None = None) -> list[Complaint]:
        found = super().preflight(post, limits)
        return found if post.answers or not post.media else [*found, *untitled(post.text)]

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        api.secrets = {"user": given["user"].strip(), "password": given["password"].strip()}
        me = api.get(f"{API}/users/me", context="edit")
        able = me.get("capabilities", "publish_posts")
        if able is False:
            raise Refused(Told("This user may not publish posts there. Choose an author or an editor."))
        handle = str(me.get("username") or api.secrets["user"])
        return Account(str(me.need("id")), handle, str(me.need("name")), api.base, dict(api.secrets))

    def verify(self, api: Api) -> None:
        api.get(f"{API}/users/me", context="edit")

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        return [_upload(api, m) for m in post.media]

    def send_part(self, api: Api, part: Part) -> Sent:
        title, body = split(part.text)
        asked: dict[str, Any] = {
            "title": title,
            "content": page(body, part.media[1:]),
            "slug": slug(part.post),
            "status": "publish",
        }
        if part.media:
            asked["featured_media"] = part.media[0]["id"]
        told = api.post(f"{API}/posts", asked)
        return Sent(str(told.need("id")), str(told.need("link")))

    def reply(self, api: Api, post: Post, memo: Memo) -> Sent | Wait:
        """A comment under the post, or under the comment «post#comment-id»."""
        number, _, comment = post.answers.partition("#comment-")
        asked = {
            "post": int(number),
            "parent": int(comment or 0),
            "content": html.escape(post.text, quote=False),
        }
        told = api.post(f"{API}/comments", asked)
        return Sent(f"{number}#comment-{told.need('id')}", str(told.get("link") or ""))

    def find(self, api: Api, post: Post) -> Sent | None:
        if post.answers:
            return self._comment(api, post)
        told = api.get(f"{API}/posts", slug=slug(post), status="publish").rows()
        return Sent(str(told[0]["id"]), told[0]["link"]) if told else None

    def _comment(self, api: Api, post: Post) -> Sent | None:
        number = post.answers.partition("#")[0]
        asked = {"post": number, "author": api.identity, "per_page": 100, "order": "desc", "status": "all"}
        ours = [
            OwnPost(f"{number}#comment-{c['id']}", c["link"], plain(c["content"]["rendered"]), _moment(c))
            for c in api.get(f"{API}/comments", asked).rows()
        ]
        since = post.due_at - EARLY if post.due_at else None
        one = match(post.text, [c for c in ours if since is None or c.at >= since], set())
        return Sent(one.remote_id, one.url) if one else None

    def delete(self, api: Api, remote_id: str) -> None:
        """Into the site's bin, from where a person can take it back."""
        post, _, comment = remote_id.partition("#comment-")
        api.delete(f"{API}/comments/{comment}" if comment else f"{API}/posts/{post}")

    def measure(self, api: Api, remote_id: str) -> Counts:
        """WordPress itself counts comments only."""
        told = api.get(f"{API}/comments", post=remote_id, per_page=1)
        total = told.headers.get("x-wp-total", "")
        return {Metric.REPLIES: int(total) if total.isdigit() else None}

    def read_public(self, api: Api, handle: str) -> list[PublicPost]:
        """The latest articles of any site that runs on WordPress; `handle` is its address."""
        site = handle.strip().rstrip("/")
        told = api.get(f"{site if '://' in site else f'https://{site}'}{API}/posts", per_page=50).rows()
        return [
            PublicPost(str(p["id"]), plain(p["title"]["rendered"]), _moment(p), p["link"], {}) for p in told
        ]

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        """The latest hundred: older ones were read when they were new."""
        told = api.get(f"{API}/comments", post=remote_id, per_page=100, order="desc").rows()
        return [
            Reply(
                f"{remote_id}#comment-{c['id']}",
                c["author_name"],
                plain(c["content"]["rendered"]),
                _moment(c),
                c["link"],
            )
            for c in reversed(told)
            if str(c.get("author")) != api.identity
        ]


def _upload(api: Api, media: Media) -> dict[str, Any]:
    name = regex.sub(r"[^A-Za-z0-9._-]+", "-", media.name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    told = api.upload(f"{API}/media", media, headers=headers)
    number = told.need("id")
    if media.alt:
        api.post(f"{API}/media/{number}", {"alt_text": media.alt}, harmless=True)
    return {"id": number, "src": str(told.get("source_url") or ""), "alt": media.alt}


def _moment(told: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(told["date_gmt"]).replace(tzinfo=UTC)
