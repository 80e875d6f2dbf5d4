"""Pinterest: pins on one board. The first line of a text is the title, its first link where the pin leads."""

from __future__ import annotations

import base64
from datetime import date, datetime, timedelta
from typing import Any

from diskarte.words import MB, Failure, Kind, Limits, Media, Metric, Post, Reconnect, Refused, Sent, Told

from ._endings import sentence
from ._moment import moment
from ._oauth import permission
from ._thread import OwnPost, OwnPosts, Part
from .base import CLIENT, Account, Answer, Api, Complaint, Counts, Field, Lack, OAuth2, links

TITLE = 100
TOKEN = "/v5/oauth/token"  # noqa: S105
API = "https://developers.pinterest.com/docs/api/v5/introduction/"
NO_COMMENTS = Lack("No program may read or write comments there: they are answered in the app.", API)
LONGEST = timedelta(days=89)  # analytics reach 90 days back


class Pinterest(OwnPosts):
    name = "Pinterest"
    docs = "https://developers.pinterest.com/docs/api/v5/pins-create/"
    checked = date(2026, 11, 23)
    base = "https://api.pinterest.com"
    colour = "#e60023"
    connect = OAuth2(
        authorize="https://www.pinterest.com/oauth/",
        token=TOKEN,
        scopes=("boards:read", "pins:read", "pins:write", "user_accounts:read"),
        scope_mark=",",
        pkce=False,
        fields=(*CLIENT, Field("board", "Board ID", "Left empty: your first board.", needed=False)),
        help="developers.pinterest.com → My apps.",
    )
    kinds = frozenset({Kind.IMAGE, Kind.CAROUSEL, Kind.VIDEO, Kind.REEL})
    limits_from = "https://developers.pinterest.com/docs/api/v5/pins-create/"
    limits = Limits(
        text=800,
        images=5,
        image_bytes=10 * MB,
        image_types=("image/jpeg", "image/png"),
        videos=1,
        video_bytes=1000 * MB,
        video_types=("video/mp4", "video/quicktime"),
        video_codecs=("h264", "hevc"),
        video_seconds=900,
        alt_text=500,
        needs_media=True,
    )
    counts = {
        Metric.VIEWS: "IMPRESSION",
        Metric.SAVES: "SAVE",
        Metric.CLICKS: "OUTBOUND_CLICK",
        Metric.LIKES: "TOTAL_REACTIONS",
        Metric.REPLIES: "TOTAL_COMMENTS",
    }
    post_link = r"/pin/(\d+)"
    lacks = {
        "read_replies": NO_COMMENTS,
        "reply": NO_COMMENTS,
        "read_public": Lack("Only your own pins can be read.", API),
        "thread": Lack("A pin stands alone: there are no threads.", API),
    }

    def sort(self, answer: Answer) -> Failure | None:
        if answer.status == 403:
            told = {"host": answer.host, "said": sentence(answer)}
            return Reconnect(Told("%(host)s says that a permission is missing%(said)s", **told))
        return None

    def preflight(self, post: Post, limits: Limits | None = None) -> list[Complaint]:
        found = super().preflight(post, limits)
        first = _title(post.text)
        if len(post.text.strip().partition("\n")[0]) > TITLE:
            told = {"limit": TITLE, "title": first}
            what = "The first line becomes the title and is cut after %(limit)s characters."
            found.append(Complaint("title_cut", "text", what, "Shorten it.", told, fatal=False))
        return found

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        asked = {
            "grant_type": "authorization_code",
            "code": given["code"],
            "redirect_uri": given["redirect_uri"],
        }
        api.secrets, expires = permission(api, TOKEN, asked, given)
        me = api.get("/v5/user_account")
        board = given.get("board", "").strip() or api.get("/v5/boards").need("items", 0, "id")
        handle = str(me.need("username"))
        name = str(me.get("business_name") or handle)
        url = f"https://www.pinterest.com/{handle}/"
        return Account(str(board), handle, name, url, dict(api.secrets), expires)

    def refresh(self, api: Api, secrets: dict[str, str]) -> Account:
        asked = {"grant_type": "refresh_token", "refresh_token": secrets["refresh"]}
        fresh, expires = permission(api, TOKEN, asked, secrets)
        return Account(api.identity, "", "", "", fresh, expires)

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        """Pictures travel inside the pin; a video goes first."""
        return [_video(api, m) for m in post.media if m.is_video]

    def waiting(self, api: Api, media: list[Any]) -> float:
        for media_id in media:
            state = api.get(f"/v5/media/{media_id}").get("status")
            if state == "failed":
                raise Refused(Told("%(network)s could not convert the video.", network=self.name))
            if state in {"registered", "processing"}:
                return 5
        return 0

    def send_part(self, api: Api, part: Part) -> Sent:
        places = links(part.text)
        asked: dict[str, Any] = {
            "board_id": api.identity,
            "title": _title(part.text),
            "description": part.text,
            "media_source": _source(part),
        }
        if places:
            asked["link"] = part.text[places[0][0] : places[0][1]]
        if part.files[0].alt:
            asked["alt_text"] = part.files[0].alt
        remote_id = str(api.post("/v5/pins", asked).need("id"))
        return Sent(remote_id, _page(remote_id))

    def own_posts(self, api: Api, since: datetime) -> tuple[list[OwnPost], bool]:
        told = api.get(f"/v5/boards/{api.identity}/pins", page_size=100)
        posts = [
            OwnPost(p["id"], _page(p["id"]), p.get("description") or "", moment(p["created_at"]))
            for p in told.rows("items")
        ]
        return posts, not told.get("bookmark")

    def delete(self, api: Api, remote_id: str) -> None:
        api.delete(f"/v5/pins/{remote_id}")

    def measure(self, api: Api, remote_id: str) -> Counts:
        today = api.clock().date()
        told = api.get(
            f"/v5/pins/{remote_id}/analytics",
            start_date=(today - LONGEST).isoformat(),
            end_date=today.isoformat(),
            metric_types=",".join(self.counts.values()),
        )
        return self.counted(told.get("all", "lifetime_metrics") or {})

    def measure_channel(self, api: Api) -> Counts:
        return {Metric.FOLLOWERS: api.get("/v5/user_account").get("follower_count")}


def _source(part: Part) -> dict[str, Any]:
    if part.media:
        return {"source_type": "video_id", "media_id": part.media[0], "cover_image_key_frame_time": 0}
    pictures = [_picture(m) for m in part.files]
    if len(pictures) == 1:
        return {"source_type": "image_base64", **pictures[0]}
    return {"source_type": "multiple_image_base64", "items": pictures}


def _picture(media: Media) -> dict[str, str]:
    return {"content_type": media.mime, "data": base64.b64encode(media.bytes).decode()}


def _video(api: Api, media: Media) -> str:
    """Register the video, then send it to the place Pinterest names."""
    told = api.post("/v5/media", {"media_type": "video"}, harmless=True)
    fields = {name: str(value) for name, value in (told.get("upload_parameters") or {}).items()}
    api.upload(str(told.need("upload_url")), media, part="file", data=fields)
    return str(told.need("media_id"))


def _title(text: str) -> str:
    return text.strip().partition("\n")[0][:TITLE]


def _page(remote_id: str) -> str:
    return f"https://www.pinterest.com/pin/{remote_id}/"
