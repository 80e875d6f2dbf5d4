"""What a post is, who may send it, and what would be wrong with it. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from diskarte.words import LINK

LIVE = frozenset({"queued", "sending"})  # the engine has it in hand
STUCK = frozenset({"asked", "blocked", "unknown", "refused", "lost"})  # a person must say something
STATES = ("draft", "changes", "waiting", "approved", "scheduled", "needs_you", "sent")
CLOSING = ".,;:!?…)\"'»"
OPEN = frozenset({"draft", "changes", "waiting", "approved"})  # nothing of it is in the outbox


@dataclass(frozen=True)
class Standing:
    """Whether a post may go out now; `why` is a code: "", ask_first, waiting, changed."""

    may: bool
    why: str = ""


def state_of(step: str, comment: str, deliveries: Iterable[str]) -> str:
    """One of STATES: what the worst of a post's deliveries says, else how far its approval is.

    Cancelled deliveries do not count: a post taken back is a draft (or approved) again.
    """
    found = set(deliveries) - {"cancelled"}
    if found & STUCK:
        return "needs_you"
    if found & LIVE:
        return "scheduled"
    if found:
        return "sent"
    if step == "review":
        return "waiting"
    if step == "approved":
        return "approved"
    return "changes" if comment else "draft"


def may_go(policy: str, step: str, version: int, approved: int | None) -> Standing:
    """May it be scheduled under the workspace's approval `policy` (none, optional, required)?

    Required: only the very version somebody agreed to. Optional: unless somebody is asked just now.
    """
    if policy == "required":
        if step == "review":
            return Standing(False, "waiting")
        if approved is None or step != "approved":
            return Standing(False, "ask_first")
        return Standing(True) if approved == version else Standing(False, "changed")
    if policy == "optional" and step == "review":
        return Standing(False, "waiting")
    return Standing(True)


def said(text: str, link: str) -> str:
    """The text as it goes out: with the post's link at its end unless it stands there already."""
    text = text.strip()
    if not link or any(found == link or found.rstrip(CLOSING) == link for found in LINK.findall(text)):
        return text
    return f"{text}\n\n{link}" if text else link


def lines(text: str) -> str:
    """The text with plain line ends: forms send two characters where a writer made one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def called(title: str, text: str, limit: int = 60) -> str:
    """What we call a post in lists: its title, else its first words, at most `limit` characters."""
    words = title.strip() or " ".join(text.split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def thread(text: str) -> list[str]:
    """The posts of a thread, written in one field with a line of three or more dashes between them."""
    parts: list[list[str]] = [[]]
    for line in lines(text).split("\n"):
        if len(line.strip()) >= 3 and set(line.strip()) == {"-"}:
            parts.append([])
        else:
            parts[-1].append(line)
    return [part for block in parts if (part := "\n".join(block).strip())]


def as_thread(parts: Sequence[str]) -> str:
    """The inverse of `thread`, for the field."""
    return "\n---\n".join(parts)


def kind_of(mimes: Sequence[str], text: str, chosen: str) -> str:
    """What a post is made of: what a person chose, unless its media plainly say otherwise."""
    if not mimes:
        alone = LINK.fullmatch(text.strip()) is not None
        return "link" if alone else chosen if chosen in ("link", "poll", "live", "article") else "text"
    if any(mime.startswith("video/") for mime in mimes):
        return chosen if chosen in ("reel", "video", "story", "live") else "video"
    if len(mimes) > 1:
        return "carousel"
    return chosen if chosen in ("story", "article") else "image"
