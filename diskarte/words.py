"""The words of our trade, as values. Everything may import this; this imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

MB = 1024 * 1024
LINK = re.compile(r"https?://\S+")

Memo = dict[str, Any]  # what a network's `publish` has finished so far; JSON only


class Metric(StrEnum):
    """Every number we keep, whatever each network calls it. `None` means «not told», never zero."""

    VIEWS = "views"  # times shown (impressions, plays)
    REACH = "reach"  # different people who saw it
    LIKES = "likes"
    REPLIES = "replies"
    SHARES = "shares"
    SAVES = "saves"
    CLICKS = "clicks"
    ENGAGEMENTS = "engagements"  # the network's own total, where it tells one
    PROFILE_VISITS = "profile_visits"
    NEW_FOLLOWERS = "new_followers"
    VIDEO_SECONDS = "video_seconds"
    FOLLOWERS = "followers"  # of a channel, at a moment
    LEADS = "leads"
    SALES = "sales"
    ENGAGEMENT_RATE = "engagement_rate"  # engagements / views, unless a row names another denominator


class Kind(StrEnum):
    """What a post is made of."""

    TEXT = "text"
    IMAGE = "image"
    CAROUSEL = "carousel"
    REEL = "reel"  # short vertical video
    VIDEO = "video"
    STORY = "story"
    LINK = "link"
    POLL = "poll"
    LIVE = "live"
    ARTICLE = "article"


def gettext_noop(text: str) -> str:
    """Marks a sentence for translation where Django is out of reach; it is translated where it is shown."""
    return text


class Told(str):
    """A sentence read later: an English frame with %(name)s places, and what stands in them.

    Whoever writes it out (`str`, a page, a letter) gets it in the language of that moment; what a network itself
    said stands in a place and stays as it is. `tongue` is lent by the core: alone, everything is English.
    """

    tongue: ClassVar[Callable[[str], str]] = staticmethod(gettext_noop)
    frame: str
    values: dict[str, Any]

    def __new__(cls, frame: str, /, **values: Any) -> Self:
        if isinstance(frame, Told):
            values = {**frame.values, **values}
            frame = frame.frame
        places = {name: v if isinstance(v, int | float | Told) else str(v) for name, v in values.items()}
        spoken = cls.tongue(frame) if frame else ""
        sentence = super().__new__(cls, spoken % places if places else spoken)
        sentence.frame, sentence.values = frame, places
        return sentence

    def __mod__(self, values: Any) -> str:
        return Told(self.frame, **values) if isinstance(values, dict) else str.__mod__(self, values)

    def __str__(self) -> str:
        return self.mapped(lambda part: part)

    def __format__(self, spec: str) -> str:
        return str.__format__(str(self), spec)

    def mapped(self, change: Callable[[str], str]) -> Told:
        """The same sentence with each text that stands in it changed."""
        values = {
            name: v.mapped(change) if isinstance(v, Told) else change(v) if isinstance(v, str) else v
            for name, v in self.values.items()
        }
        return Told(self.frame, **values)


class Failure(Exception):
    """A call to a network that did not end in a yes. Its class says what the caller does next.

    Its sentence is a `Told`. `do`: what a person can do about it, a fixed English sentence, translated where it
    is shown.
    """

    do: str = ""

    def advising(self, do: str) -> Self:
        """The same failure with what a person can do about it."""
        self.do = do
        return self


class TryLater(Failure):
    """Nothing happened. The same call is safe after `seconds`."""

    def __init__(self, why: str, seconds: float = 60) -> None:
        super().__init__(why)
        self.seconds = seconds


class Refused(Failure):
    """Nothing happened and never will, until a person changes the post."""


class Reconnect(Failure):
    """Nothing happened: the channel's permission is gone. A person must connect it again."""


class Unknown(Failure):
    """It may have happened. Look with `find`, or trust the network's memory of the key, before repeating."""


class Problem(Exception):
    """Something a person asked for could not be done: what happened, what was kept, what to do."""

    def __init__(self, what: str, *, kept: str = "", do: str = "", field: str = "") -> None:
        super().__init__(" ".join(part for part in (what, kept, do) if part))
        self.what, self.kept, self.do, self.field = what, kept, do, field


class Misread(ValueError):
    """A row that cannot be read: a sentence with %(name)s places, translated where it is shown, and its values."""

    def __init__(self, what: str, **values: Any) -> None:
        super().__init__(what % values if values else what)
        self.what, self.values = what, values


@dataclass(frozen=True)
class Media:
    """One picture or video, as the engine hands it to a network."""

    name: str
    mime: str  # "image/jpeg"
    bytes: bytes = field(repr=False)
    alt: str = ""
    seconds: float | None = None  # of a video; None: not told
    codec: str = ""  # of a video, "h264"; "": not told
    weight: int | None = None  # bytes, where only they count and the content is not in hand
    width: int | None = None  # pixels; None: not told
    height: int | None = None

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.bytes) if self.weight is None else self.weight


@dataclass(frozen=True)
class Post:
    """One thing to be published once. `parts` are the later posts of a thread, in order."""

    key: str  # made once, stored before the first attempt, never renewed
    text: str
    media: tuple[Media, ...] = ()
    answers: str = ""  # remote id of what this replies to
    parts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT
    due_at: datetime | None = None  # UTC; the moment it was planned for, the same at every attempt


@dataclass(frozen=True)
class Sent:
    """The network has it."""

    remote_id: str
    url: str
    told: dict[str, Any] = field(default_factory=dict)  # ids of thread parts and the like


@dataclass(frozen=True)
class Wait:
    """Not finished: keep `memo`, call `publish` again with it after `seconds`."""

    memo: Memo
    seconds: float = 5


@dataclass(frozen=True)
class Ask:
    """Only a person can do this one: tell them `what`, then wait for the link they paste."""

    what: str


@dataclass(frozen=True)
class Reply:
    """What somebody wrote under a post, as a network tells it."""

    remote_id: str
    author: str
    text: str
    at: datetime  # UTC
    url: str = ""


@dataclass(frozen=True)
class Limits:
    """What a network accepts. `None` is «no limit known», never zero."""

    text: int
    count: str = "characters"  # or "graphemes", "weighted", "utf16": how the network counts text
    text_bytes: int | None = None  # of UTF-8, where a network counts those too
    link_length: int | None = None  # None: a link counts as long as it is
    bare_links: bool = False  # a name such as «harbour.com» counts as a link, too
    images: int = 0
    image_bytes: int | None = None
    image_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/gif")
    videos: int = 0
    video_bytes: int | None = None
    video_types: tuple[str, ...] = ("video/mp4",)
    video_seconds: float | None = None
    video_codecs: tuple[str, ...] = ()  # none named: every one, as far as is known
    mixed: bool = False  # pictures and video may stand in one post
    alt_needed: bool = False
    alt_text: int | None = None
    parts: int = 0  # how many posts a thread may add after the first
    needs_media: bool = False
    per_day: int | None = None
    per_hour: int | None = None
    gap_seconds: float = 0  # shortest pause between two posts on one channel
    per_app: tuple[int, float] | None = (
        None  # calls within seconds, of all channels that share one app or bot
    )
    per_server: tuple[int, float] | None = None  # calls within seconds, of all channels on one server

    def with_(self, **told: Any) -> Limits:
        """The same limits with what this server or account told instead."""
        return replace(self, **told)
