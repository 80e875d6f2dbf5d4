"""What Telegram tells a bot, as news, and what they say of one post. Pure: updates and news in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from ._hearing import Memory, News

FILES = frozenset(
    ["photo", "video", "voice", "video_note", "document", "audio", "animation", "sticker", "poll", "location"]
)


def roots(remote_id: str) -> list[str]:
    chat, _, numbers = remote_id.rpartition("/")
    return [f"{chat}/{number}" for number in numbers.split("+")]


def under(memory: Memory, remote_id: str) -> list[News]:
    """What was heard about a post, about its thread in the discussion group, and about answers to answers."""
    found: list[News] = []
    asked: set[str] = set()
    waiting = set(roots(remote_id))
    while waiting:
        told = memory.about(waiting)
        found, asked = [*found, *told], asked | waiting
        waiting = {n.what for n in told if n.kind in {"said", "thread"}} - asked
    return found


def reactions(heard: Iterable[News], roots: list[str], whole: bool, kind: str) -> int | None:
    """A channel tells all reactions together, so the last word counts; a group tells each person's."""
    told = [n for n in heard if n.about in roots]
    together = {n.about: n.amount or 0 for n in told if n.kind == "reactions"}
    each = {(n.about, n.by): n.amount or 0 for n in told if n.kind == "reaction"}
    if together or (each and whole):
        return sum(together.values()) + sum(n for (about, _), n in each.items() if about not in together)
    return 0 if whole and kind == "channel" else None


def news(update: dict[str, Any]) -> list[News]:
    """What an update means to us; one of a shape nobody foresaw means nothing, and holds nothing up."""
    with suppress(LookupError, TypeError, ValueError, AttributeError):
        number = int(update["update_id"])
        if message := update.get("message") or update.get("edited_message"):
            return _said(number, message)
        if one := update.get("my_chat_member"):
            return [News(number, str(one["chat"]["id"]), "door", _at(one))]
        if one := update.get("message_reaction_count"):
            amount = sum(int(r["total_count"]) for r in one["reactions"])
            return [News(number, _id(one), "reactions", _at(one), amount=amount)]
        if one := update.get("message_reaction"):
            by = str((one.get("user") or one["actor_chat"])["id"])
            return [News(number, _id(one), "reaction", _at(one), by=by, amount=len(one["new_reaction"]))]
    return []


def _said(number: int, message: dict[str, Any]) -> list[News]:
    """A channel's post that arrives in its discussion group opens a thread; answers name what they answer."""
    if message.get("is_automatic_forward"):
        return [_thread(number, message)]
    answered = message.get("reply_to_message") or {}
    topic = message.get("is_topic_message")
    root = (not topic and message.get("message_thread_id")) or answered.get("message_id")
    text = message.get("text") or message.get("caption") or ("📎" if FILES & message.keys() else "")
    chat, speaker = message["chat"]["id"], message.get("sender_chat") or message["from"]
    if not root or not text or speaker["id"] == chat:  # an administrator without a name speaks as the group
        return []
    name = speaker.get("title") or speaker.get("username") or _full(speaker)
    url = address(str(chat), message["chat"].get("username"), message["message_id"])
    by = str(speaker["id"])
    said = News(number, f"{chat}/{root}", "said", _at(message), _id(message), by, name, text, url)
    return [_thread(number, answered), said] if answered.get("is_automatic_forward") else [said]


def _thread(number: int, copy: dict[str, Any]) -> News:
    origin = copy["forward_origin"]
    return News(number, f"{origin['chat']['id']}/{origin['message_id']}", "thread", _at(copy), what=_id(copy))


def _id(told: dict[str, Any]) -> str:
    return f"{told['chat']['id']}/{told['message_id']}"


def _at(told: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(told["date"], UTC)


def _full(person: dict[str, Any]) -> str:
    return " ".join(part for part in (person.get("first_name"), person.get("last_name")) if part)


def address(chat: str, public: str | None, number: int | str) -> str:
    """Where a message is seen; a group without a name that is no supergroup has no addresses."""
    place = public or (f"c/{chat.removeprefix('-100')}" if chat.startswith("-100") else "")
    return f"https://t.me/{place}/{number}" if place else ""
