"""X. It refuses a text it saw lately, and shows our own posts: a doubt is settled by looking."""

from __future__ import annotations

import html
from datetime import UTC, date, datetime
from typing import Any

from diskarte.words import MB, Failure, Kind, Limits, Media, Metric, Post, Refused, Reply, Sent, Told

from ._moment import moment
from ._oauth import permission
from ._thread import OwnPost, OwnPosts, Part, Threaded, match
from .base import CLIENT, Account, Answer, Api, Complaint, Counts, NotThere, OAuth2, PublicPost

PIECE = 4 * MB
TOKEN = "/2/oauth2/token"  # noqa: S105
FREE_SECONDS = 140
NUMBERS = {"post.fields": "created_at,public_metrics"}
WRITERS = {"post.fields": "created_at,author_id", "expansions": "author_id", "user.fields": "username"}


class Twice(Refused):
    """X has seen this text lately."""


class X(OwnPosts, Threaded):
    name = "X"
    docs = "https://docs.x.com/x-api/posts/create-post"
    checked = date(2026, 11, 22)
    base = "https://api.x.com"
    colour = "#0f1419"
    note = "Reading numbers and replies needs a paid plan of its API."
    connect = OAuth2(
        authorize="https://x.com/i/oauth2/authorize",
        token=TOKEN,
        scopes=("tweet.read", "tweet.write", "users.read", "media.write", "offline.access"),
        fields=CLIENT,
        help="developer.x.com → your app → Keys and tokens → OAuth 2.0.",
    )
    kinds = frozenset({Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL, Kind.VIDEO, Kind.REEL})
    limits_from = "https://docs.x.com/x-api/media/quickstart/best-practices"
    limits = Limits(
        text=280,
        count="weighted",
        link_length=23,
        bare_links=True,
        images=4,
        image_bytes=5 * MB,
        image_types=("image/jpeg", "image/png", "image/webp"),
        videos=1,
        video_bytes=512 * MB,
        video_codecs=("h264",),
        alt_text=1000,
        parts=24,
    )
    counts = {
        Metric.VIEWS: "impression_count",
        Metric.LIKES: "like_count",
        Metric.REPLIES: "reply_count",
        Metric.SHARES: "retweet_count",
        Metric.SAVES: "bookmark_count",
    }
    calls_alone = True  # docs.x.com/fundamentals/rate-limits: «endpoint-specific»
    post_link = r"/status/(\d+)"

    def sort(self, answer: Answer) -> Failure | None:
        said = str(answer.get("detail") or "")
        if answer.status == 403 and answer.changes and "duplicate content" in said:
            return Twice(
                Told("%(host)s refuses a text it has seen lately. Change a word or two.", host=answer.host)
            )
        if answer.status == 200 and not answer.get("data") and answer.get("errors", 0, "type"):
            gone = "resource-not-found" in str(answer.get("errors", 0, "type"))
            said = str(answer.get("errors", 0, "detail") or "?").rstrip(".")
            why = Told("%(network)s says no: %(said)s.", network=self.name, said=said)
            return NotThere(why) if gone else Refused(why)
        return None

    def preflight(self, post: Post, limits: Limits | None = None) -> list[Complaint]:
        """Paid accounts may post longer videos, and nobody tells us which account is one."""
        found = super().preflight(post, limits)
        if any((one.seconds or 0) > FREE_SECONDS for one in post.media):
            what = "Only paid accounts may post a video of more than %(limit)s seconds there."
            do = "Cut it if yours is none."
            found.append(Complaint("video_long", "media", what, do, {"limit": FREE_SECONDS}, fatal=False))
        return found

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        names = ("code", "redirect_uri", "code_verifier", "client_id")
        asked = {"grant_type": "authorization_code"} | {n: given[n] for n in names if given.get(n)}
        api.secrets, expires = permission(api, TOKEN, asked, given)
        me = api.get("/2/users/me").need("data")
        handle, name = str(me["username"]), str(me["name"])
        return Account(str(me["id"]), handle, name, f"https://x.com/{handle}", dict(api.secrets), expires)

    def refresh(self, api: Api, secrets: dict[str, str]) -> Account:
        asked = {
            "grant_type": "refresh_token",
            "refresh_token": secrets["refresh"],
            "client_id": secrets["client_id"],
        }
        fresh, expires = permission(api, TOKEN, asked, secrets)
        return Account(api.identity, "", "", "", fresh, expires)

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        return [_video(api, m) if m.is_video else _image(api, m) for m in post.media]

    def waiting(self, api: Api, media: list[Any]) -> float:
        for media_id in media:
            told = _processing(api, media_id)
            if told.get("state") == "failed":
                raise Refused(Told("%(network)s could not convert the video.", network=self.name))
            if told.get("state") in {"pending", "in_progress"}:
                return float(told.get("check_after_secs") or 5)
        return 0

    def send_part(self, api: Api, part: Part) -> Sent:
        asked: dict[str, Any] = {"text": part.text} if part.text else {}
        if part.media:
            asked["media"] = {"media_ids": list(part.media)}
        if part.answers:
            asked["reply"] = {"in_reply_to_tweet_id": part.answers}
        try:
            remote_id = str(api.post("/2/tweets", asked).need("data", "id"))
        except Twice:
            arrived = match(part.text, self.since(api, part.post), set())
            if arrived is None:
                raise
            remote_id = arrived.remote_id
        return Sent(remote_id, _page(remote_id))

    def own_posts(self, api: Api, since: datetime) -> tuple[list[OwnPost], bool]:
        told = api.get(
            f"/2/users/{api.identity}/tweets",
            NUMBERS,
            max_results=100,
            start_time=since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        posts = [
            OwnPost(p["id"], _page(p["id"]), html.unescape(p["text"]), moment(p["created_at"]))
            for p in _posts(told)
        ]
        return posts, not told.get("meta", "next_token")

    def delete(self, api: Api, remote_id: str) -> None:
        api.delete(f"/2/tweets/{remote_id}")

    def measure(self, api: Api, remote_id: str) -> Counts:
        return self.counted(api.get(f"/2/tweets/{remote_id}", NUMBERS).get("data", "public_metrics") or {})

    def measure_channel(self, api: Api) -> Counts:
        told = api.get("/2/users/me", {"user.fields": "public_metrics"})
        return {Metric.FOLLOWERS: told.get("data", "public_metrics", "followers_count")}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        """Of the last seven days: X's search does not reach further back."""
        told = api.get(
            "/2/tweets/search/recent", WRITERS, query=f"conversation_id:{remote_id}", max_results=100
        )
        names = {u["id"]: u["username"] for u in told.get("includes", "users") or []}
        others = [p for p in _posts(told) if p["author_id"] != api.identity]
        found = [
            Reply(
                p["id"],
                names.get(p["author_id"], p["author_id"]),
                html.unescape(p["text"]),
                moment(p["created_at"]),
                _page(p["id"]),
            )
            for p in others
        ]
        return sorted(found, key=lambda reply: reply.at)

    def read_public(self, api: Api, handle: str) -> list[PublicPost]:
        who = api.get(f"/2/users/by/username/{handle.strip().lstrip('@')}").need("data", "id")
        told = api.get(f"/2/users/{who}/tweets", NUMBERS, max_results=50, exclude="replies,retweets")
        return [
            PublicPost(
                p["id"],
                html.unescape(p["text"]),
                moment(p["created_at"]),
                _page(p["id"]),
                self.counted(p.get("public_metrics", {})),
            )
            for p in _posts(told)
        ]


def _image(api: Api, media: Media) -> str:
    told = api.upload("/2/media/upload", media, part="media", data={"media_category": "tweet_image"})
    media_id = str(told.need("data", "id"))
    if media.alt:
        asked = {"id": media_id, "metadata": {"alt_text": {"text": media.alt}}}
        api.post("/2/media/metadata", asked, harmless=True)
    return media_id


def _processing(api: Api, media_id: str) -> dict[str, Any]:
    """How far the conversion is; {} for what needs none, about which X has nothing to say."""
    try:
        told = api.get("/2/media/upload", command="STATUS", media_id=media_id)
    except Refused:
        return {}
    return told.get("data", "processing_info") or {}


def _video(api: Api, media: Media) -> str:
    size = len(media.bytes)
    start = {"media_category": "tweet_video", "media_type": media.mime, "total_bytes": size}
    media_id = str(api.post("/2/media/upload/initialize", start, harmless=True).need("data", "id"))
    for number, at in enumerate(range(0, size, PIECE)):
        piece = Media(media.name, media.mime, media.bytes[at : at + PIECE])
        data = {"segment_index": str(number)}
        api.upload(f"/2/media/upload/{media_id}/append", piece, part="media", data=data)
    api.post(f"/2/media/upload/{media_id}/finalize", harmless=True)
    return media_id


def _posts(told: Answer) -> list[dict[str, Any]]:
    """The posts of a list. X leaves `data` out of an empty one, but `meta` always says how many there are."""
    return [] if told.need("meta", "result_count") == 0 else told.rows("data")


def _page(remote_id: str) -> str:
    return f"https://x.com/i/status/{remote_id}"
