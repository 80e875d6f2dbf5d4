"""VK communities. `guid` makes VK answer a repeat with the first post; the wall can be read as well."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from diskarte.words import (
    MB,
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
    Unknown,
)

from ._thread import OwnPost, OwnPosts, Part
from .base import Account, Answer, Api, Counts, Field, Lack, NotThere, PublicPost, Token

VERSION = "5.199"
SIGN_IN = {
    5,
    7,
    17,
    27,
    28,
    203,
}  # token gone, right missing, check needed, community or app key not valid, shut out
SLOW = {6: 1, 9: 3600, 14: 600, 29: 3600}  # too many a second, flood, captcha, day's limit
THEIR_FAULT = {1, 10}


class VK(OwnPosts):
    name = "VK"
    docs = "https://dev.vk.com/method/wall.post"
    checked = date(2026, 11, 23)
    base = "https://api.vk.com"
    colour = "#0077ff"
    connect = Token(
        fields=(
            Field("token", "Access token", "With the rights wall, photos, groups, offline.", secret=True),
            Field("community", "Community", "Its short name or number.", "harbour_cafe"),
        ),
    )
    kinds = frozenset({Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL})
    limits_from = "https://dev.vk.com/method/wall.post"
    limits = Limits(
        text=16_384,
        images=10,
        image_bytes=50 * MB,
        image_types=("image/jpeg", "image/png", "image/gif"),  # dev.vk.com/api/upload/wall-photo
        alt_text=2048,
        per_day=50,
    )
    remembers_key = timedelta(minutes=30)  # VK does not say how long; half of what was seen
    counts = {
        Metric.VIEWS: "views",
        Metric.LIKES: "likes",
        Metric.REPLIES: "comments",
        Metric.SHARES: "reposts",
    }
    post_link = r"wall(-?\d+_\d+)"
    lacks = {
        "thread": Lack(
            "A wall has no threads: a long text stands in one post.", "https://dev.vk.com/method/wall.post"
        )
    }

    def headers(self, api: Api) -> dict[str, str]:
        """The token is a field of each form."""
        return {}

    def sort(self, answer: Answer) -> Failure | None:
        code = answer.get("error", "error_code")
        if answer.status != 200 or code is None:
            return None
        said = str(answer.get("error", "error_msg")).rstrip(".")
        why = Told("%(network)s says no (%(code)s): %(said)s.", network=self.name, code=code, said=said)
        if code in SIGN_IN:
            return Reconnect(why)
        if code in SLOW:
            return TryLater(why, SLOW[code])
        if code in THEIR_FAULT:
            return Unknown(why) if answer.changes else TryLater(why)
        return NotThere(why) if "not found" in said else Refused(why)

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        api.secrets = {"token": given["token"].strip()}
        asked = given["community"].strip().rpartition("/")[2].lstrip("@")
        told = _call(api, "groups.getById", {"group_id": asked})
        group = told.need("response", "groups", 0)
        handle = str(group["screen_name"])
        url = f"https://vk.com/{handle}"
        return Account(f"-{group['id']}", handle, str(group["name"]), url, dict(api.secrets))

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        return [_upload(api, m) for m in post.media]

    def send_part(self, api: Api, part: Part) -> Sent:
        asked = {"owner_id": api.identity, "from_group": "1", "message": part.text, "guid": guid(part.key)}
        if part.media:
            asked["attachments"] = ",".join(part.media)
        told = _call(api, "wall.post", asked, harmless=False)
        return _sent(f"{api.identity}_{told.need('response', 'post_id')}")

    def reply(self, api: Api, post: Post, memo: Memo) -> Sent:
        owner, _, number = post.answers.partition("?")[0].partition("_")
        asked = {"owner_id": owner, "post_id": number, "from_group": api.identity.lstrip("-")}
        if "?reply=" in post.answers:
            asked["reply_to_comment"] = post.answers.partition("?reply=")[2]
        words = {"message": post.text, "guid": guid(post.key)}
        told = _call(api, "wall.createComment", asked | words, harmless=False)
        return _sent(f"{owner}_{number}?reply={told.need('response', 'comment_id')}")

    def own_posts(self, api: Api, since: datetime) -> tuple[list[OwnPost], bool]:
        told = _call(api, "wall.get", {"domain": _wall(api), "count": "100", "filter": "owner"}).rows(
            "response", "items"
        )
        posts = [OwnPost(_id(p), _sent(_id(p)).url, p["text"], _moment(p)) for p in told]
        return posts, len(posts) < 100

    def delete(self, api: Api, remote_id: str) -> None:
        owner, _, number = remote_id.partition("_")
        if "?reply=" in number:
            asked = {"owner_id": owner, "comment_id": number.partition("?reply=")[2]}
            _call(api, "wall.deleteComment", asked)
        else:
            _call(api, "wall.delete", {"owner_id": owner, "post_id": number})

    def measure(self, api: Api, remote_id: str) -> Counts:
        told = _call(api, "wall.getById", {"posts": remote_id}).rows("response", "items")
        if not told:
            raise NotThere(Told("%(host)s does not have that%(said)s", host=self.name, said="."))
        return _counts(self, told[0])

    def measure_channel(self, api: Api) -> Counts:
        told = _call(api, "groups.getById", {"group_id": api.identity.lstrip("-"), "fields": "members_count"})
        return {Metric.FOLLOWERS: told.get("response", "groups", 0, "members_count")}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        """The latest hundred and ten answers to each: older ones were read when they were new."""
        owner, _, number = remote_id.partition("_")
        asked = {"owner_id": owner, "post_id": number, "sort": "desc", "count": "100", "extended": "1"}
        told = _call(api, "wall.getComments", asked | {"thread_items_count": "10"})
        names = {
            p["id"]: f"{p['first_name']} {p['last_name']}" for p in told.get("response", "profiles") or []
        }
        threads = told.rows("response", "items")
        said = [c for first in threads for c in (first, *((first.get("thread") or {}).get("items") or []))]
        others = [c for c in said if str(c.get("from_id")) != api.identity and not c.get("deleted")]
        found = [
            Reply(
                f"{remote_id}?reply={c['id']}",
                names.get(c.get("from_id"), str(c.get("from_id", ""))),
                c["text"],
                _moment(c),
                _sent(f"{remote_id}?reply={c['id']}").url,
            )
            for c in others
        ]
        return sorted(found, key=lambda reply: reply.at)

    def read_public(self, api: Api, handle: str) -> list[PublicPost]:
        who = handle.strip().rpartition("/")[2].lstrip("@")
        told = _call(api, "wall.get", {"domain": who, "count": "50", "filter": "owner"}).rows(
            "response", "items"
        )
        return [PublicPost(_id(p), p["text"], _moment(p), _sent(_id(p)).url, _counts(self, p)) for p in told]


def guid(key: str) -> str:
    """Our key as VK takes it: letters and digits."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _call(api: Api, method: str, asked: dict[str, str], *, harmless: bool = True) -> Answer:
    """Always a POST: so the token stands in no address."""
    form = {**asked, "access_token": api.secrets["token"], "v": VERSION}
    return api.post(f"/method/{method}", data=form, harmless=harmless)


def _wall(api: Api) -> str:
    """The short address every wall has, whatever name it was given besides."""
    return f"club{api.identity[1:]}" if api.identity.startswith("-") else f"id{api.identity}"


def _upload(api: Api, media: Media) -> str:
    group = api.identity.lstrip("-")
    server = _call(api, "photos.getWallUploadServer", {"group_id": group}).need("response", "upload_url")
    told = api.upload(str(server), media, part="photo")
    given = {name: str(told.get(name)) for name in ("server", "photo", "hash") if told.get(name) is not None}
    given |= {"caption": media.alt} if media.alt else {}
    saved = _call(api, "photos.saveWallPhoto", {"group_id": group, **given}).need("response", 0)
    return f"photo{saved['owner_id']}_{saved['id']}"


def _counts(network: VK, post: dict[str, Any]) -> Counts:
    return {metric: (post.get(theirs) or {}).get("count") for metric, theirs in network.counts.items()}


def _id(post: dict[str, Any]) -> str:
    return f"{post['owner_id']}_{post['id']}"


def _sent(remote_id: str) -> Sent:
    return Sent(remote_id, f"https://vk.com/wall{remote_id}")


def _moment(post: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(post["date"], UTC)
