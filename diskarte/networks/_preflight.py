"""Everything a network would refuse, said before it does. Pure: a post and limits in, complaints out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from diskarte.words import MB, Limits, Media, Post


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with a post. `what` and `do` are English with %(named)s places, for translation.

    `fatal` False is a hint: the network would take the post. `field`: `text`, `parts.N`, `media`, `media.N`.
    """

    code: str
    field: str
    what: str
    do: str
    values: dict[str, Any] = default(default_factory=dict, hash=False)
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.what % self.values} {self.do % self.values}".strip()


def complaints(post: Post, limits: Limits, count: Callable[[str], int]) -> Iterator[Complaint]:
    """All complaints about a post, texts first, then media, then hints."""
    yield from _texts(post, limits, count)
    yield from _amounts(post, limits)
    for number, media in enumerate(post.media, 1):
        yield from _one(media, number, limits)


def _texts(post: Post, limits: Limits, count: Callable[[str], int]) -> Iterator[Complaint]:
    if not (post.text.strip() or post.media):
        yield Complaint("empty", "text", "The post is empty.", "Write a text or add a picture.")
    for number, text in enumerate((post.text, *post.parts)):
        place = f"parts.{number}" if number else "text"
        over = count(text) - limits.text
        if over > 0:
            told = {"over": over, "limit": limits.text, "length": limits.text + over}
            what = "The text is %(over)s characters too long (%(length)s of %(limit)s)."
            yield Complaint("text_too_long", place, what, "Shorten it or continue in a thread.", told)
        size = len(text.encode("utf-8", "replace"))
        if over <= 0 and limits.text_bytes is not None and size > limits.text_bytes:
            told = {"have": size, "limit": limits.text_bytes}
            what = "The text takes %(have)s bytes; at most %(limit)s are possible (emoji take many)."
            yield Complaint("text_too_heavy", place, what, "Shorten it or continue in a thread.", told)
        if number and not text.strip():
            what = "Part %(number)s of the thread is empty."
            yield Complaint("part_empty", place, what, "Write it or remove it.", {"number": number})
    if len(post.parts) > limits.parts:
        told = {"have": len(post.parts), "limit": limits.parts}
        what = "The thread has %(have)s further parts; at most %(limit)s are possible."
        yield Complaint("too_many_parts", "parts", what, "Join or remove parts.", told)


def _amounts(post: Post, limits: Limits) -> Iterator[Complaint]:
    videos = sum(m.is_video for m in post.media)
    images = len(post.media) - videos
    if limits.needs_media and not post.media:
        yield Complaint("needs_media", "media", "A post here needs a picture or a video.", "Add one.")
    if videos and images and not limits.mixed:
        what = "Pictures and video do not go into one post."
        yield Complaint("mixed_media", "media", what, "Choose pictures or the video.")
    most = max(limits.images, limits.videos)
    if limits.mixed and len(post.media) > most and images <= limits.images and videos <= limits.videos:
        what = "There are %(have)s files; at most %(limit)s are possible."
        yield Complaint(
            "too_many_files", "media", what, "Remove some.", {"have": len(post.media), "limit": most}
        )
    if images > limits.images:
        told = {"have": images, "limit": limits.images}
        what = "There are %(have)s pictures; at most %(limit)s are possible."
        yield Complaint("too_many_images", "media", what, "Remove some.", told)
    if videos > limits.videos:
        told = {"have": videos, "limit": limits.videos}
        what = "There are %(have)s videos; at most %(limit)s are possible."
        yield Complaint("too_many_videos", "media", what, "Remove some.", told)


def _one(media: Media, number: int, limits: Limits) -> Iterator[Complaint]:
    place, told = f"media.{number}", {"name": media.name, "mime": media.mime}
    types = limits.video_types if media.is_video else limits.image_types
    if media.mime not in types:
        accepted = ", ".join(t.split("/")[-1].upper() for t in types)
        what = "%(name)s is %(mime)s, which is not accepted."
        yield Complaint("wrong_type", place, what, "Use %(accepted)s.", told | {"accepted": accepted})
    most = limits.video_bytes if media.is_video else limits.image_bytes
    if most is not None and media.size > most:
        size = {"size": f"{media.size / MB:.1f}", "limit": f"{most / MB:.1f}"}
        what = "%(name)s has %(size)s MB; at most %(limit)s MB are possible."
        yield Complaint("too_big", place, what, "Make it smaller.", told | size)
    if limits.alt_text is not None and len(media.alt) > limits.alt_text:
        what = "The description of %(name)s is longer than %(limit)s characters."
        yield Complaint("alt_too_long", place, what, "Shorten it.", told | {"limit": limits.alt_text})
    if not media.alt.strip():
        what = "%(name)s has no description for people who cannot see it."
        do = "Describe it in a sentence."
        yield Complaint("alt_missing", place, what, do, told, fatal=limits.alt_needed)
    if media.is_video:
        yield from _film(media, place, limits)


def _film(media: Media, place: str, limits: Limits) -> Iterator[Complaint]:
    """Length and codec, where the file told them."""
    told = {"name": media.name, "codec": media.codec.upper()}
    if media.codec and limits.video_codecs and media.codec not in limits.video_codecs:
        accepted = ", ".join(codec.upper() for codec in limits.video_codecs)
        what = "%(name)s is written in %(codec)s, which is not accepted."
        do = "Export it again as %(accepted)s."
        yield Complaint("wrong_codec", place, what, do, told | {"accepted": accepted})
    if (
        media.seconds is not None
        and limits.video_seconds is not None
        and media.seconds > limits.video_seconds
    ):
        lasts = {"seconds": round(media.seconds), "limit": round(limits.video_seconds)}
        what = "%(name)s lasts %(seconds)s seconds; at most %(limit)s are possible."
        yield Complaint("video_too_long", place, what, "Cut it.", told | lasts)
