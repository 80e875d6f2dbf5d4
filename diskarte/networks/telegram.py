"""Telegram channels and groups, through a bot that is an administrator there.

The Bot API shows a bot neither its own posts nor their views, so nobody can ask whether a post arrived. What people
write and how they react it tells once, to whoever asks first, and forgets after a day: that is kept in `api.memory`.
Beyond the description, as the server's source has it: update ids of one bot have no holes, and begin anew only after a
week without any (github.com/tdlib/telegram-bot-api, Client.cpp, read 2026-11-23).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

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
    TryLater,
    gettext_noop,
)

from ._telegram import address, news, reactions, roots, under
from ._telegram_doors import shut_out
from ._thread import Part, Threaded
from .base import Account, Answer, Api, Complaint, Counts, Field, Hearing, Lack, NotThere, Token

CAPTION = 1024
PAGE = 100
KEPT, ANEW = timedelta(hours=24), timedelta(days=6)
HEARD = ["message", "edited_message", "message_reaction", "message_reaction_count", "my_chat_member"]
TAKEN = gettext_noop(
    "Another program gets what this bot hears. Give the channel a bot of its own, or switch that program off."
)
LET_IN = gettext_noop("Make the bot an administrator of the discussion group, then try again.")


# Said with a 400, though it is the bot that is not wanted and not the message: github.com/tdlib/telegram-bot-api
SHUT = (
    "chat not found",
    "not enough rights",
    "administrator rights",
    "member list is inaccessible",
    "chat_admin_required",
    "chat_write_forbidden",
    "chat_restricted",
)


class NotLetIn(Reconnect):
    """The bot is known, and may not write in this chat."""


class Telegram(Threaded):
    name = "Telegram"
    docs = "https://core.telegram.org/bots/api#sendmessage"
    checked = date(2026, 11, 23)
    base = "https://api.telegram.org"
    colour = "#26a5e4"
    note = (
        "Comments and reactions are heard from the day of connecting, if the bot is an administrator of the channel"
        " and of its discussion group."
    )
    connect = Token(
        fields=(
            Field("token", "Bot token", "From @BotFather, after /newbot.", "123456:ABC-DEF", secret=True),
            Field(
                "chat",
                "Channel or group",
                "The bot must be an administrator there. A group without a name goes by its number.",
                "@harbour_cafe",
            ),
        ),
        help="Make a bot for this alone: what a bot hears, only one program can read. Let it be an administrator of"
        " the channel and of its discussion group.",
    )
    kinds = frozenset({Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL, Kind.VIDEO, Kind.REEL})
    limits_from = "https://core.telegram.org/bots/api#sending-files"
    limits = Limits(
        text=4096,
        count="utf16",
        images=10,
        image_bytes=10 * MB,
        image_types=("image/jpeg", "image/png", "image/webp"),
        videos=10,
        video_bytes=50 * MB,
        mixed=True,
        parts=24,
        gap_seconds=3,
        per_app=(30, 1.0),  # core.telegram.org/bots/faq: about 30 messages a second from one bot
    )
    blind = True
    counts = {Metric.LIKES: "reactions", Metric.REPLIES: "comments"}
    lacks = {
        "read_public": Lack(
            "A bot reads only where it is a member, so nobody else's channel can be read.",
            "https://core.telegram.org/bots/api#getupdates",
        ),
        "views": Lack(
            "No bot is told how often a post was seen: views come from an export or by hand.",
            "https://core.telegram.org/bots/api#message",
        ),
        "alt_text": Lack(
            "Pictures have no description there: what you write for them stays here.",
            "https://core.telegram.org/bots/api#inputmediaphoto",
        ),
    }

    def ear(self, secrets: dict[str, str]) -> str:
        """The bot's number: it stays the same when the token is renewed."""
        return secrets.get("token", "").partition(":")[0]

    def headers(self, api: Api) -> dict[str, str]:
        """The token stands in the address."""
        return {}

    def sort(self, answer: Answer) -> Failure | None:
        if answer.get("ok") is not False:
            return None
        code, said = answer.get("error_code"), str(answer.get("description") or "no reason told")
        if code == 429:
            why = Told("%(host)s asks us to slow down%(said)s", host=self.name, said=f": {said}.")
            return TryLater(why, float(answer.get("parameters", "retry_after") or 60))
        if code in {401, 404}:
            return Reconnect(
                Told("%(network)s does not know this bot any more: %(said)s.", network=self.name, said=said)
            )
        if code == 409:
            return Refused(Told("%(network)s says no: %(said)s.", network=self.name, said=said)).advising(
                TAKEN
            )
        if code == 403 or (code == 400 and any(word in said.casefold() for word in SHUT)):
            return NotLetIn(Told("The bot may not post there: %(said)s.", said=said))
        if answer.get("parameters", "migrate_to_chat_id"):
            return Reconnect(Told("The group became a supergroup and has a new number: connect it again."))
        if code == 400 and "not found" in said:
            return NotThere(Told("%(network)s says no: %(said)s.", network=self.name, said=said))
        no = Told("%(network)s says no: %(said)s.", network=self.name, said=said)
        return Refused(no) if code == 400 else None

    def preflight(self, post: Post, limits: Limits | None = None) -> list[Complaint]:
        """Under a picture Telegram takes less text."""
        told = limits or self.limits
        found = super().preflight(post, told)
        if not post.media:
            return found
        under = told.with_(text=min(told.text, CAPTION))
        first = super().preflight(replace(post, parts=()), under)
        return [*(c for c in first if c.field == "text"), *(c for c in found if c.field != "text")]

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        api.secrets = {"token": given["token"].strip()}
        me = _call(api, "getMe", harmless=True)
        asked = given["chat"].strip()
        chat = _call(api, "getChat", {"chat_id": asked}, harmless=True)
        member = {"chat_id": chat["id"], "user_id": me["id"]}
        if shut_out(_call(api, "getChatMember", member, harmless=True)):
            raise Refused(
                Told("The bot may not post there: make it an administrator of it, then connect it again.")
            )
        handle = f"@{chat['username']}" if chat.get("username") else asked
        url = f"https://t.me/{chat['username']}" if chat.get("username") else ""
        name = str(chat.get("title") or me["first_name"])
        return Account(str(chat["id"]), handle, name, url, dict(api.secrets))

    def send_part(self, api: Api, part: Part) -> Sent:
        asked: dict[str, Any] = {"chat_id": api.identity}
        if part.answers:
            chat, _, numbers = part.answers.rpartition(
                "/"
            )  # a comment stands in the channel's discussion group
            asked["chat_id"] = chat or api.identity
            alone = part.answers != part.post.answers  # an answer to somebody means nothing by itself
            answered = {"message_id": int(numbers.partition("+")[0]), "allow_sending_without_reply": alone}
            asked["reply_parameters"] = answered  # of an album the first
        try:
            return _sent(_said(api, asked, part))
        except NotLetIn as failure:
            if asked["chat_id"] == api.identity:
                raise
            raise Refused(str(failure)).advising(
                LET_IN
            ) from failure  # the channel itself is as open as before

    def delete(self, api: Api, remote_id: str) -> None:
        chat, _, numbers = remote_id.rpartition("/")
        for number in numbers.split("+"):
            try:
                _call(api, "deleteMessage", {"chat_id": chat, "message_id": int(number)}, harmless=True)
            except NotThere:
                continue

    def id_of(self, url: str, identity: str) -> str:
        found = re.search(r"t\.me/(?:c/)?[^/]+/(\d+)", url)
        return f"{identity}/{found[1]}" if found else ""

    def verify(self, api: Api) -> None:
        """May the bot still post there? Somebody may have put it out, or taken the right from it."""
        asked = {"chat_id": api.identity, "user_id": self.ear(api.secrets)}
        member = api.get(f"/bot{api.secrets['token']}/getChatMember", asked).need("result")
        if why := shut_out(member):
            raise NotLetIn(why)

    def measure_channel(self, api: Api) -> Counts:
        told = _answer(api, "getChatMemberCount", {"chat_id": api.identity}, harmless=True)
        return {Metric.FOLLOWERS: told.get("result")}

    def listen(self, api: Api, cursor: str, heard_at: datetime | None) -> Hearing:
        """The cursor is «last update@when it was read». Asking for the next one makes Telegram forget that one."""
        last, _, read = cursor.partition("@")
        asked = {"limit": PAGE, "allowed_updates": HEARD} | ({"offset": int(last) + 1} if last else {})
        told = _answer(api, "getUpdates", asked, harmless=True).rows("result")
        now = api.clock()
        lost = heard_at is not None and now - heard_at >= KEPT
        if told and last:
            skipped = told[0]["update_id"] != int(last) + 1
            anew = now - datetime.fromtimestamp(int(read), UTC) >= ANEW
            lost = skipped and (lost or not anew)
        if told:
            cursor = f"{told[-1]['update_id']}@{int(now.timestamp())}"
        return Hearing([one for update in told for one in news(update)], cursor, len(told) == PAGE, lost)

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        """What was heard under a post, in the group itself or in the channel's discussion, and not from ourselves."""
        said = {n.what: n for n in under(api.memory, remote_id) if n.kind == "said"}  # an edit comes later
        others = [n for n in said.values() if n.text and n.by != api.identity]
        return sorted((Reply(n.what, n.who, n.text, n.at, n.url) for n in others), key=lambda reply: reply.at)

    def measure(self, api: Api, remote_id: str) -> Counts:
        """What was heard; nothing heard is nought only where everything would have been."""
        kind = _call(api, "getChat", {"chat_id": api.identity}, harmless=True)["type"]
        heard, whole = under(api.memory, remote_id), api.memory.complete(remote_id)
        open_to_us = kind != "channel" or any(n.kind == "thread" for n in heard)
        replies = len({n.what for n in heard if n.kind == "said" and n.by != api.identity})
        return {
            Metric.LIKES: reactions(heard, roots(remote_id), whole, kind),
            Metric.REPLIES: replies if whole and open_to_us else None,
        }


def _answer(api: Api, method: str, asked: Any = None, **more: Any) -> Answer:
    return api.post(f"/bot{api.secrets['token']}/{method}", asked, **more)


def _call(api: Api, method: str, asked: Any = None, **more: Any) -> Any:
    return _answer(api, method, asked, **more).need("result")


def _form(asked: dict[str, Any]) -> dict[str, str]:
    """The same fields for a form that carries files: everything but text as JSON."""
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in asked.items()}


def _said(api: Api, asked: dict[str, Any], part: Part) -> Answer:
    if not part.files:
        return _answer(api, "sendMessage", asked | {"text": part.text})
    if len(part.files) == 1:
        return _single(api, asked, part.files[0], part.text)
    return _album(api, asked, part.files, part.text)


def _single(api: Api, asked: dict[str, Any], media: Media, text: str) -> Answer:
    kind = "video" if media.is_video else "photo"
    files = {kind: (media.name, media.bytes, media.mime)}
    return _answer(api, f"send{kind.title()}", data=_form(asked | {"caption": text}), files=files)


def _album(api: Api, asked: dict[str, Any], media: tuple[Media, ...], text: str) -> Answer:
    """Several files as one album; its text stands under the first."""
    names = [f"file{number}" for number in range(len(media))]
    items = [
        {"type": "video" if m.is_video else "photo", "media": f"attach://{name}"}
        for name, m in zip(names, media, strict=True)
    ]
    items[0]["caption"] = text
    files = {name: (m.name, m.bytes, m.mime) for name, m in zip(names, media, strict=True)}
    return _answer(api, "sendMediaGroup", data=_form(asked | {"media": items}), files=files)


def _sent(told: Answer) -> Sent:
    """«chat/message», an album «chat/first+second»: deleting needs every message of it."""
    result = told.need("result")
    more = [("result", n) for n in range(1, len(result))] if isinstance(result, list) else []
    first: tuple[str | int, ...] = ("result", 0) if isinstance(result, list) else ("result",)
    numbers = [str(told.need(*path, "message_id")) for path in (first, *more)]
    chat = str(told.need(*first, "chat", "id"))
    url = address(chat, told.get(*first, "chat", "username"), numbers[0])
    return Sent(f"{chat}/{'+'.join(numbers)}", url)
