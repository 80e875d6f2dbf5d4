"""Slack channels, through a bot that was invited there."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import regex

from diskarte.words import (
    MB,
    Failure,
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

from ._thread import EARLY, OwnPost, Part, Threaded, in_one, match, too_few
from .base import Account, Answer, Api, Counts, Field, Lack, NotThere, Token

SHORT = regex.compile(r"<([^>|]+)(?:\|[^>]*)?>")
SIGN_IN = {
    "access_denied",
    "account_inactive",
    "channel_not_found",
    "invalid_auth",
    "is_archived",
    "missing_scope",
    "no_permission",
    "not_authed",
    "not_in_channel",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
}
SECTION = 3000  # characters of one block: docs.slack.dev/reference/block-kit/blocks/section-block
THEIR_FAULT = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}


class Slack(Threaded):
    name = "Slack"
    docs = "https://docs.slack.dev/reference/methods/chat.postMessage"
    checked = date(2026, 11, 23)
    base = "https://slack.com"
    colour = "#611f69"
    connect = Token(
        fields=(
            Field("token", "Bot token", "api.slack.com/apps → OAuth & Permissions.", "xoxb-…", secret=True),
            Field("channel", "Channel ID", "Channel details → About; invite the bot first.", "C0123456789"),
        ),
        help="Scopes: chat:write, files:write, files:read, channels:history, channels:read, reactions:read.",
    )
    limits_from = "https://docs.slack.dev/reference/methods/chat.postMessage#truncating"
    limits = Limits(  # descriptions: files.getUploadURLExternal, error alt_txt_too_large
        text=4000,
        images=10,
        image_bytes=20 * MB,
        image_types=("image/jpeg", "image/png", "image/gif"),  # docs.slack.dev: slack file object
        alt_text=1000,
        alt_needed=True,
        parts=24,
        gap_seconds=1,
    )
    counts = {Metric.LIKES: "reactions", Metric.REPLIES: "reply_count"}
    lacks = {
        "read_public": Lack(
            "A bot reads only in its own workspace, so nobody else's channel can be read.",
            "https://docs.slack.dev/reference/methods/conversations.history",
        ),
        "views": Lack(
            "No bot is told how many have read a message.",
            "https://docs.slack.dev/reference/methods/reactions.get",
        ),
    }

    def sort(self, answer: Answer) -> Failure | None:
        code = answer.get("error")
        if answer.status != 200 or answer.get("ok") is not False:
            return None
        why = Told("%(network)s says no: %(said)s.", network=self.name, said=str(code).replace("_", " "))
        if code in SIGN_IN:
            return Reconnect(why)
        if code in {"ratelimited", "rate_limited"}:
            return TryLater(why, 60)
        if code in THEIR_FAULT:
            return Unknown(why) if answer.changes else TryLater(why)
        return NotThere(why) if code in {"message_not_found", "thread_not_found"} else Refused(why)

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        """The identity is «workspace/channel/bot»: all three are needed later and none of them changes."""
        api.secrets = {"token": given["token"].strip()}
        me = api.post("/api/auth.test", harmless=True)
        told = api.get("/api/conversations.info", channel=given["channel"].strip())
        channel, name = str(told.need("channel", "id")), f"#{told.need('channel', 'name')}"
        url = f"{me.need('url')}archives/{channel}"
        return Account(
            f"{me.need('team_id')}/{channel}/{me.need('user_id')}", name, name, url, dict(api.secrets)
        )

    def verify(self, api: Api) -> None:
        """Is the bot still in the channel, and the channel still in use?"""
        told = api.get("/api/conversations.info", channel=api.identity.split("/")[1])
        if told.get("channel", "is_archived") or told.get("channel", "is_member") is False:
            raise Reconnect(
                Told("The bot is not in that channel any more, or it was archived: invite the bot again.")
            )

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        return [_upload(api, m) for m in post.media]

    def waiting(self, api: Api, media: list[Any]) -> float:
        """A picture may be shown once Slack knows what kind of file it is."""
        told = (api.get("/api/files.info", file=one["id"]) for one in media)
        return 2 if any(one.get("file", "mimetype") == "" for one in told) else 0

    def send_part(self, api: Api, part: Part) -> Sent:
        channel = api.identity.split("/")[1]
        text = _escaped(part.text)
        asked: dict[str, Any] = {"channel": channel, "text": text}
        if part.media:
            asked["blocks"] = _blocks(part.text, part.media)
        if (
            thread := part.post.answers or part.root
        ):  # Slack wants the first message of a thread, not the last
            asked["thread_ts"] = thread
        return _sent(api, str(api.post("/api/chat.postMessage", asked).need("ts")))

    def find(self, api: Api, post: Post) -> Sent | None:
        found: list[list[str]] = []
        for text in (post.text, *post.parts):
            one = self._seen(api, post, text, found)
            if one is None:
                return None
            found.append([one.remote_id, _page(api, one.remote_id)])
        return in_one(found, Sent("", ""))

    def already(self, api: Api, part: Part, memo: Memo) -> Sent | None:
        """In a thread, look before each part: `find` speaks of the whole, so a half-sent one resumes here."""
        one = self._seen(api, part.post, part.text, memo["sent"]) if part.post.parts else None
        return _sent(api, one.remote_id) if one else None

    def _seen(self, api: Api, post: Post, text: str, before: list[list[str]]) -> OwnPost | None:
        """Our message with this text: in the channel or, after the first, in its thread. Unknown: too few are shown."""
        since = (post.due_at or api.clock() - timedelta(days=1)) - EARLY
        _, channel, bot = api.identity.split("/")
        asked = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": 200}
        thread = post.answers or (before[0][0] if before else "")
        way, more = ("replies", {"ts": thread}) if thread else ("history", {})
        told = api.get(f"/api/conversations.{way}", asked | more)
        ours = [
            OwnPost(m["ts"], "", _plain(m["text"]), _moment(m))
            for m in told.rows("messages")
            if _moment(m) >= since and m.get("user") == bot
        ]
        one = match(text, ours, {remote_id for remote_id, _ in before})
        if one is None and told.get("has_more"):
            raise too_few(self.name)
        return one

    def delete(self, api: Api, remote_id: str) -> None:
        asked = {"channel": api.identity.split("/")[1], "ts": remote_id}
        api.post("/api/chat.delete", asked, harmless=True)

    def measure(self, api: Api, remote_id: str) -> Counts:
        """All reactions together. A message without any has no such field, and that is a true zero."""
        told = api.get("/api/reactions.get", channel=api.identity.split("/")[1], timestamp=remote_id)
        message = told.need("message")
        numbers = [one.get("count") for one in message.get("reactions") or []]
        likes = None if None in numbers else sum(numbers)
        return {Metric.LIKES: likes, Metric.REPLIES: _answers(api, remote_id)}

    def id_of(self, url: str, identity: str) -> str:
        found = re.search(r"(?:/archives/[^/]+/p|[?&]message_ts=)(\d+)\.?(\d{6})", url)
        return f"{found[1]}.{found[2]}" if found else ""

    def measure_channel(self, api: Api) -> Counts:
        channel = api.identity.split("/")[1]
        told = api.get("/api/conversations.info", channel=channel, include_num_members="true")
        return {Metric.FOLLOWERS: told.get("channel", "num_members")}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        """Two thousand at most: a thread is told oldest first."""
        _, channel, bot = api.identity.split("/")
        others, asked = [], {"channel": channel, "ts": remote_id, "limit": 200}
        for _page_of_them in range(10):
            told = api.get("/api/conversations.replies", asked)
            others += [m for m in told.rows("messages") if m["ts"] != remote_id and m.get("user") != bot]
            if not (cursor := told.get("response_metadata", "next_cursor")):
                break
            asked |= {"cursor": cursor}
        return [
            Reply(m["ts"], str(m.get("user", "")), _plain(m["text"]), _moment(m), _page(api, m["ts"]))
            for m in others
        ]


def _answers(api: Api, ts: str) -> int | None:
    """How many messages the thread under this one has. Without a thread it has no such field: a true zero."""
    asked = {
        "channel": api.identity.split("/")[1],
        "oldest": ts,
        "latest": ts,
        "inclusive": "true",
        "limit": 1,
    }
    told = api.get("/api/conversations.history", asked).rows("messages")
    first: dict[str, Any] = next((m for m in told if m["ts"] == ts), {"thread_ts": ts})
    return first.get("reply_count") if "thread_ts" in first else 0


def _upload(api: Api, media: Media) -> dict[str, str]:
    """A file nobody sees until a message shows it."""
    asked = {"filename": media.name, "length": str(len(media.bytes))}
    asked |= {"alt_txt": media.alt} if media.alt else {}
    told = api.post("/api/files.getUploadURLExternal", data=asked, harmless=True)
    file_id = str(told.need("file_id"))
    api.upload(str(told.need("upload_url")), media, part="file")
    api.post("/api/files.completeUploadExternal", {"files": [{"id": file_id}]}, harmless=True)
    return {"id": file_id, "alt": media.alt or media.name}


def _blocks(text: str, media: tuple[Any, ...]) -> list[dict[str, Any]]:
    pictures = [{"type": "image", "slack_file": {"id": m["id"]}, "alt_text": m["alt"]} for m in media]
    words = [{"type": "section", "text": {"type": "mrkdwn", "text": piece}} for piece in sections(text)]
    return [*words, *pictures]


def sections(text: str) -> list[str]:
    """The whole text, escaped, in pieces that one block takes each; cut between words where there are any."""
    pieces, rest = [], text
    while rest.strip():
        most = _fitting(rest)
        gap = max(rest.rfind("\n", 0, most), rest.rfind(" ", 0, most)) + 1
        cut = most if most == len(rest) else gap or most
        pieces.append(_escaped(rest[:cut]))
        rest = rest[cut:]
    return pieces


def _fitting(text: str) -> int:
    """How many letters from its beginning fit into one block once they are escaped."""
    ends = accumulate(len(_escaped(letter)) for letter in text[:SECTION])
    return sum(end <= SECTION for end in ends)


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _plain(text: str) -> str:
    """Slack writes links and people in angle brackets and escapes the rest."""
    return html.unescape(SHORT.sub(r"\1", text))


def _moment(message: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(float(message["ts"]), UTC)


def _page(api: Api, ts: str) -> str:
    team, channel, _ = api.identity.split("/")
    return f"https://slack.com/app_redirect?team={team}&channel={channel}&message_ts={ts}"


def _sent(api: Api, ts: str) -> Sent:
    return Sent(ts, _page(api, ts))
