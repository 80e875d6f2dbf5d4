"""A family: networks where a thread is posts that answer each other, sent one per call.

A member says how one part is sent (`send_part`) and, if files go first, how (`uploaded`, `waiting`). With
`OwnPosts` it also says how our own latest posts are read; `find` follows from that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import regex

from diskarte.words import LINK, Media, Memo, Post, Sent, Told, Unknown, Wait

from ._length import BARE
from .base import Api, Network

EARLY = timedelta(minutes=15)  # clocks differ, and a person may send a planned post a little sooner
HOST = regex.compile(r"(@\w+)@[\w.-]+\w")
NOT_A_LETTER = regex.compile(r"[^\p{L}\p{N}\p{Extended_Pictographic}]+")


@dataclass(frozen=True)
class Part:
    """One post of a thread, or the only one. `key` differs per part and never changes."""

    number: int
    text: str
    key: str
    answers: str  # remote id, "" for none
    root: str  # remote id of our thread's first post, "" for the first itself
    files: tuple[Media, ...]
    media: tuple[Any, ...]  # what the network called the files when they were uploaded
    post: Post


@dataclass(frozen=True)
class OwnPost:
    """A post of ours, as the network tells it."""

    remote_id: str
    url: str
    text: str
    at: datetime  # UTC


class Stepwise(Network):
    """Publishes files, then the parts of a thread one after the other; the memo holds what is done."""

    def send_part(self, api: Api, part: Part) -> Sent:
        """Send one part: the only call here that cannot be taken back."""
        raise NotImplementedError

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        """Upload the files of a post and return what to call them; JSON only."""
        return []

    def waiting(self, api: Api, media: list[Any]) -> float:
        """Seconds until the network has converted the files, 0 when they are ready."""
        return 0

    def publish(self, api: Api, post: Post, memo: Memo) -> Sent | Wait:
        if "sent" not in memo:
            media = self.uploaded(api, post)
            memo = {"media": media, "sent": []}
            if media:
                return Wait(memo, 0)
        seconds = self.waiting(api, memo["media"]) if not memo["sent"] else 0
        if seconds:
            return Wait(memo, seconds)
        part = _part(post, memo)
        done = self.already(api, part, memo) or self.send_part(api, part)
        sent = [*memo["sent"], [done.remote_id, done.url]]
        if len(sent) <= len(post.parts):
            return Wait({**memo, "sent": sent}, 0)
        return in_one(sent, done)

    def arrived(self, post: Post, memo: Memo, seen: Sent) -> Sent | Wait:
        sent = [*memo.get("sent", []), [seen.remote_id, seen.url]]
        return (
            Wait({"media": [], **memo, "sent": sent}, 0)
            if len(sent) <= len(post.parts)
            else in_one(sent, seen)
        )

    def already(self, api: Api, part: Part, memo: Memo) -> Sent | None:
        """The part, when an earlier attempt got it through without our hearing of it."""
        return None


class OwnPosts(Stepwise):
    """Networks that let us read our own latest posts: a doubt is settled by looking."""

    def own_posts(self, api: Api, since: datetime) -> tuple[list[OwnPost], bool]:
        """Our posts, newest first, and whether the list certainly reaches back to `since`."""
        raise NotImplementedError

    def find(self, api: Api, post: Post) -> Sent | None:
        found: list[list[str]] = []
        seen = self.since(api, post)
        for text in (post.text, *post.parts):
            one = match(text, seen, {remote_id for remote_id, _ in found})
            if one is None:
                return None
            found.append([one.remote_id, one.url])
        return in_one(found, Sent("", ""))

    def already(self, api: Api, part: Part, memo: Memo) -> Sent | None:
        """In a thread, look before each part: `find` speaks of the whole, so a half-sent one resumes here."""
        if not part.post.parts:
            return None
        one = match(part.text, self.since(api, part.post), {remote_id for remote_id, _ in memo["sent"]})
        return Sent(one.remote_id, one.url) if one else None

    def since(self, api: Api, post: Post) -> list[OwnPost]:
        """Our posts since the post was due; Unknown when the network shows too few to tell."""
        since = (post.due_at or api.clock() - timedelta(days=1)) - EARLY
        posts, complete = self.own_posts(api, since)
        if not complete and (not posts or min(p.at for p in posts) > since):
            raise too_few(self.name)
        return [p for p in posts if p.at >= since]


class Threaded(Stepwise):
    """Networks where a reply is a post that names what it answers."""

    def reply(self, api: Api, post: Post, memo: Memo) -> Sent | Wait:
        return self.publish(api, post, memo)


def match(text: str, posts: Iterable[OwnPost], but: set[str]) -> OwnPost | None:
    """The post that says the same, whatever the network did to links, mentions, spaces and markup."""
    wanted = letters(text)
    return next((p for p in posts if p.remote_id not in but and letters(p.text) == wanted), None)


def too_few(network: str) -> Unknown:
    """The failure of looking where not enough is shown."""
    return Unknown(
        Told(
            "%(network)s shows too few of the latest posts to tell whether this one is there.",
            network=network,
        )
    )


def letters(text: str) -> str:
    """What is left of a text that every network keeps: its letters, digits and pictures."""
    kept: str = NOT_A_LETTER.sub("", HOST.sub(r"\1", BARE.sub(" ", LINK.sub(" ", text))))
    return kept.casefold()


def in_one(sent: list[list[str]], last: Sent) -> Sent:
    """The whole thread as one result: the first part's id; of the later ones `parts` (ids) and `links` are told."""
    (remote_id, url), *later = sent
    told = {"parts": [one for one, _ in later], "links": [link for _, link in later]} if later else {}
    return Sent(remote_id, url, last.told | told)


def _part(post: Post, memo: Memo) -> Part:
    number = len(memo["sent"])
    return Part(
        number=number,
        text=(post.text, *post.parts)[number],
        key=f"{post.key}-{number}" if number else post.key,
        answers=next((one for one, _ in reversed(memo["sent"]) if one), post.answers),
        root=memo["sent"][0][0] if number else "",
        files=() if number else post.media,
        media=() if number else tuple(memo["media"]),
        post=post,
    )
