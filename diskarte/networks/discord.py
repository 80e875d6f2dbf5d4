"""Discord channels, through a bot that may write there."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from diskarte.words import Failure, Metric, Reconnect, Reply, Sent, Told

from ._discord import KINDS, LIMITS, LINK, UNSEEN, message, reactions
from ._endings import sentence
from ._moment import moment
from ._thread import OwnPost, OwnPosts, Part, Threaded
from .base import Account, Answer, Api, Counts, Field, Lack, Token

PAGES = 10
SHUT = {10003, 50001, 50013}  # unknown channel, missing access, missing permissions


class Discord(OwnPosts, Threaded):
    name = "Discord"
    docs = "https://discord.com/developers/docs/resources/message#create-message"
    checked = date(2026, 11, 23)
    base = "https://discord.com"
    colour = "#5865f2"
    connect = Token(
        fields=(
            Field("token", "Bot token", "discord.com/developers → your app → Bot.", secret=True),
            Field(
                "channel", "Channel ID", "Right click on the channel → Copy channel ID.", "123456789012345678"
            ),
        ),
        help="The bot needs: view channel, send messages, attach files, read message history.",
    )
    kinds = KINDS
    limits_from = "https://discord.com/developers/docs/reference#uploading-files"
    limits = LIMITS.with_(per_app=(50, 1.0))  # docs.discord.com: rate limits, global, of one bot
    remembers_key = timedelta(minutes=2)  # «the past few minutes»
    counts = {Metric.LIKES: "reactions"}
    calls_alone = True  # docs.discord.com: rate limits, per route
    post_link = LINK
    lacks = {
        "read_public": Lack(
            "A bot reads only on servers that let it in, so nobody else's channel can be read.",
            "https://discord.com/developers/docs/resources/message#get-channel-messages",
        ),
        "views": UNSEEN,
    }

    def headers(self, api: Api) -> dict[str, str]:
        return {"Authorization": f"Bot {api.secrets['token']}"}

    def sort(self, answer: Answer) -> Failure | None:
        """Whoever let the bot in can put it out, or take the channel away: that is no fault of one post."""
        if answer.get("code") in SHUT:
            return Reconnect(Told("The bot may not post there any more%(said)s", said=sentence(answer)))
        return None

    def verify(self, api: Api) -> None:
        api.get(f"/api/v10/channels/{api.identity.split('/')[1]}").need("id")

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        """The identity is «server/channel/bot»: all three are needed later and none of them changes."""
        api.secrets = {"token": given["token"].strip()}
        me = api.get("/api/v10/users/@me")
        told = api.get(f"/api/v10/channels/{given['channel'].strip()}")
        guild, channel = str(told.get("guild_id") or "@me"), str(told.need("id"))
        name = f"#{told.get('name') or me.need('username')}"
        url = f"https://discord.com/channels/{guild}/{channel}"
        return Account(f"{guild}/{channel}/{me.need('id')}", name, name, url, dict(api.secrets))

    def send_part(self, api: Api, part: Part) -> Sent:
        asked: dict[str, Any] = {"content": part.text, "nonce": nonce(part.key), "enforce_nonce": True}
        if part.answers:
            asked["message_reference"] = {"message_id": part.answers, "fail_if_not_exists": False}
        return _sent(api, api.post(_messages(api), **message(asked, part.files)).need("id"))

    def own_posts(self, api: Api, since: datetime) -> tuple[list[OwnPost], bool]:
        told = api.get(_messages(api), limit=100).rows()
        bot = api.identity.split("/")[2]
        posts = [
            OwnPost(m["id"], _page(api, m["id"]), m["content"], moment(m["timestamp"]))
            for m in told
            if m["author"]["id"] == bot
        ]
        oldest = min((moment(m["timestamp"]) for m in told), default=since)
        return posts, len(told) < 100 or oldest < since

    def delete(self, api: Api, remote_id: str) -> None:
        api.delete(f"{_messages(api)}/{remote_id}")

    def measure(self, api: Api, remote_id: str) -> Counts:
        return {Metric.LIKES: reactions(api.get(f"{_messages(api)}/{remote_id}"))}

    def measure_channel(self, api: Api) -> Counts:
        guild = api.identity.split("/")[0]
        told = api.get(f"/api/v10/guilds/{guild}", with_counts="true")
        return {Metric.FOLLOWERS: told.get("approximate_member_count")}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        """Answers among the next thousand messages of the channel."""
        told, after = [], remote_id
        for _ in range(PAGES):
            page = api.get(_messages(api), after=after, limit=100).rows()
            told += page
            if len(page) < 100:
                break
            after = str(max(int(m["id"]) for m in page))
        bot = api.identity.split("/")[2]
        found = [
            Reply(
                m["id"],
                m["author"]["username"],
                m["content"],
                moment(m["timestamp"]),
                _page(api, m["id"]),
            )
            for m in told
            if (m.get("message_reference") or {}).get("message_id") == remote_id and m["author"]["id"] != bot
        ]
        return sorted(found, key=lambda reply: reply.at)


def nonce(key: str) -> str:
    """Our key in the 25 characters Discord remembers."""
    return hashlib.sha256(key.encode()).hexdigest()[:25]


def _messages(api: Api) -> str:
    return f"/api/v10/channels/{api.identity.split('/')[1]}/messages"


def _page(api: Api, message: str) -> str:
    guild, channel, _ = api.identity.split("/")
    return f"https://discord.com/channels/{guild}/{channel}/{message}"


def _sent(api: Api, message: Any) -> Sent:
    return Sent(str(message), _page(api, str(message)))
