"""A post as each of its channels would take it: text, length counted the network's way, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from diskarte import networks
from diskarte.core.files.models import File
from diskarte.core.outbox.models import Channel
from diskarte.core.outbox.pace import limits_of
from diskarte.networks.base import Complaint
from diskarte.words import Kind, Media
from diskarte.words import Post as Words

from . import rules
from .models import Post, Variant

WANTS = {"image": "image", "carousel": "image", "reel": "video", "video": "video", "story": "media"}


@dataclass(frozen=True)
class Trouble:
    """One thing wrong with a post on a channel. `fatal`: the network would refuse it."""

    what: str
    do: str
    fatal: bool
    field: str = ""


@dataclass(frozen=True)
class Look:
    """One channel's version. `length` and `limit` are in the network's own count; `left` may be negative."""

    channel: int
    name: str
    handle: str
    network: str
    text: str
    own: str | None  # the text written for this channel only; None: the post's own
    length: int
    limit: int
    troubles: list[Trouble]
    media: list[dict[str, Any]] = field(default_factory=list)
    comment: str = ""
    kind: str = "text"

    @property
    def left(self) -> int:
        return self.limit - self.length

    @property
    def over(self) -> int:
        """How many characters too many; 0 when it fits."""
        return max(0, -self.left)

    @property
    def wrong(self) -> int:
        """How many things the network would refuse."""
        return sum(one.fatal for one in self.troubles)


def looks(post: Post, variants: Sequence[Variant], files: Sequence[File]) -> list[Look]:
    """One look for each variant, in order. Rows as they are in hand: nothing is read from the database."""
    return [_look(post, variant, files) for variant in variants]


def _look(post: Post, variant: Variant, files: Sequence[File]) -> Look:
    channel = variant.channel
    network, limits = networks.get(channel.network), limits_of(channel)
    words = words_of(post, variant, files)
    found = [_told(c) for c in network.preflight(words, limits)] + _hints(post, channel, files)
    return Look(
        channel.pk, str(channel), channel.handle, channel.network, words.text, variant.text,
        network.length(words.text, limits), limits.text, sorted(found, key=lambda t: not t.fatal),
        [shown(file) for file in files], post.first_comment, words.kind.value,
    )  # fmt: skip


def words_of(post: Post, variant: Variant, files: Sequence[File]) -> Words:
    """The post in our words for one channel. Its media come without their bytes: only what is known of them counts."""
    text = rules.said(post.text if variant.text is None else variant.text, post.link)
    media = tuple(Media(f.name, f.mime, b"", f.alt, f.seconds, f.codec, f.size) for f in files)
    kind = rules.kind_of([f.mime for f in files], text, post.kind)
    return Words("look", text, media, parts=tuple(post.parts), kind=Kind(kind))


def content_of(
    post: Post, variant: Variant, files: Sequence[File], languages: Sequence[str]
) -> dict[str, Any]:
    """What a delivery carries: plain values, enough to send it without looking at the post again."""
    words = words_of(post, variant, files)
    spoken = [post.language] if post.language else list(languages[:1])
    return {
        "text": words.text,
        "parts": list(words.parts),
        "media": [file.pk for file in files],
        "languages": spoken,
        "kind": words.kind.value,
    }


def shown(file: File) -> dict[str, Any]:
    """A file as a preview shows it."""
    return {"file": file.pk, "name": file.name, "alt": file.alt, "video": file.is_video, "mime": file.mime}


def _told(complaint: Complaint) -> Trouble:
    values = complaint.values
    return Trouble(_(complaint.what) % values, _(complaint.do) % values, complaint.fatal, complaint.field)


def _hints(post: Post, channel: Channel, files: Sequence[File]) -> list[Trouble]:
    """What is not about the post's words: the channel's state, a kind that has no media yet or is not known there."""
    found = []
    if channel.state == "blocked":
        what = _("%(channel)s has lost its permission.") % {"channel": channel}
        found.append(Trouble(what, _("Connect it again; until then the post waits."), False, "channel"))
    wanted = WANTS.get(post.kind, "")
    have = {"video" if f.is_video else "image" for f in files}
    if wanted and wanted not in have and not (wanted == "media" and have):
        noun = {"image": _("a picture"), "video": _("a video"), "media": _("a picture or a video")}[wanted]
        what = _("It was planned with %(media)s, and there is none yet.") % {"media": noun}
        found.append(Trouble(what, _("Add it, or change the type."), False, "media"))
    if post.kind not in networks.get(channel.network).kinds:
        what = _("This network does not know posts of the type «%(kind)s».") % {"kind": post.kind}
        found.append(Trouble(what, _("It goes out as what it is made of."), False, "kind"))
    return found
