"""dev.to, and the other communities that run on Forem: articles in Markdown."""

from __future__ import annotations

from datetime import date, datetime

from diskarte.words import Failure, Kind, Limits, Metric, Post, Refused, Reply, Sent, Told

from ._article import too_long
from ._html import plain
from ._moment import moment
from ._thread import OwnPost, OwnPosts, Part, match
from .base import Account, Answer, Api, Complaint, Counts, Field, Lack, PublicPost, Token

TITLE = 128
ACCEPT = "application/vnd.forem.api-v1+json"
LIST, PAGES = 1000, 50


class Twice(Refused):
    """Forem has seen this title in the last five minutes."""


class DevTo(OwnPosts):
    name = "dev.to"
    docs = "https://developers.forem.com/api/v1"
    checked = date(2026, 11, 23)
    base = "https://dev.to"
    colour = "#3b49df"
    note = "The first line of the text becomes the title; the rest is Markdown."
    connect = Token(
        fields=(
            Field("token", "API key", "Settings → Extensions → DEV Community API Keys.", secret=True),
            Field("base", "Community", "Only if yours is another one.", "https://dev.to", needed=False),
        ),
    )
    kinds = frozenset({Kind.ARTICLE, Kind.TEXT, Kind.LINK})
    limits_from = "https://github.com/forem/forem/blob/main/app/models/article.rb"
    limits = Limits(text=100_000, gap_seconds=31)
    counts = {
        Metric.VIEWS: "page_views_count",
        Metric.LIKES: "public_reactions_count",
        Metric.REPLIES: "comments_count",
    }
    lacks = {
        "reply": Lack(
            "A key may read comments and not write any: you are asked to answer there yourself.",
            "https://developers.forem.com/api/v1#tag/comments",
        ),
        "thread": Lack(
            "An article is one piece: there are no threads.",
            "https://developers.forem.com/api/v1#tag/articles",
        ),
        "media": Lack(
            "It takes no files: a picture goes into the Markdown with an address of its own.",
            "https://developers.forem.com/api/v1#tag/articles",
        ),
    }

    def headers(self, api: Api) -> dict[str, str]:
        return {"api-key": api.secrets.get("token", ""), "Accept": ACCEPT}

    def sort(self, answer: Answer) -> Failure | None:
        said = str(answer.get("error") or "")
        if answer.status == 422 and "already been used" in said:
            return Twice(
                Told("%(host)s refuses a title it has seen in the last minutes. Change it.", host=answer.host)
            )
        return None

    def preflight(self, post: Post, limits: Limits | None = None) -> list[Complaint]:
        return [*super().preflight(post, limits), *too_long(split(post.text)[0], TITLE)]

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        api.secrets = {"token": given["token"].strip()}
        me = api.get("/api/users/me")
        handle = str(me.need("username"))
        url = f"{api.base.rstrip('/')}/{handle}"
        return Account(str(me.need("id")), handle, str(me.get("name") or handle), url, dict(api.secrets))

    def verify(self, api: Api) -> None:
        api.get("/api/users/me")

    def send_part(self, api: Api, part: Part) -> Sent:
        title, body = split(part.text)
        article = {"title": title, "body_markdown": body, "published": True}
        try:
            told = api.post("/api/articles", {"article": article})
        except Twice:
            arrived = match(part.text, self.since(api, part.post), set())
            if arrived is None:
                raise
            return Sent(arrived.remote_id, arrived.url)
        return Sent(str(told.need("id")), str(told.need("url")))

    def own_posts(self, api: Api, since: datetime) -> tuple[list[OwnPost], bool]:
        told = api.get("/api/articles/me/published", per_page=LIST).rows()
        posts = [OwnPost(str(a["id"]), a["url"], _whole(a), moment(a["published_at"])) for a in told]
        return posts, len(posts) < LIST

    def delete(self, api: Api, remote_id: str) -> None:
        """Back to a draft: the API cannot do more."""
        api.put(f"/api/articles/{remote_id}", {"article": {"published": False}}, harmless=True)

    def measure(self, api: Api, remote_id: str) -> Counts:
        """From our own list: only there Forem tells the views."""
        told = api.get("/api/articles/me/published", per_page=LIST).rows()
        return self.counted(next((a for a in told if str(a.get("id", "")) == remote_id), {}))

    def measure_channel(self, api: Api) -> Counts:
        """Forem tells no total, so the list is counted; None for more than fifty thousand."""
        for page in range(PAGES):
            found = api.get("/api/followers/users", page=page + 1, per_page=LIST).rows()
            if len(found) < LIST:
                return {Metric.FOLLOWERS: page * LIST + len(found)}
        return {Metric.FOLLOWERS: None}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        found: list[Reply] = []
        waiting = list(api.get("/api/comments", a_id=remote_id).rows())
        while waiting:
            one = waiting.pop()
            waiting += one.get("children") or []
            url = f"{api.base.rstrip('/')}/{one['user']['username']}/comment/{one['id_code']}"
            text, at = plain(one["body_html"]), moment(one["created_at"])
            found.append(Reply(one["id_code"], one["user"]["username"], text, at, url))
        return sorted(found, key=lambda reply: reply.at)

    def read_public(self, api: Api, handle: str) -> list[PublicPost]:
        told = api.get("/api/articles", username=handle.strip().lstrip("@"), per_page=50).rows()
        return [
            PublicPost(
                str(a["id"]),
                a["title"],
                moment(a["published_at"]),
                a["url"],
                self.counted(a),
            )
            for a in told
        ]


def split(text: str) -> tuple[str, str]:
    """Title and body: the first line, without Markdown's «#», and what follows it."""
    first, _, rest = text.strip().partition("\n")
    title = first.lstrip("#").strip()
    return title, rest.strip() or title


def _whole(article: dict[str, str]) -> str:
    """The text as it was written: a single line went out as title and as body."""
    title, body = article["title"], article["body_markdown"]
    return title if body == title else f"{title}\n{body}"
