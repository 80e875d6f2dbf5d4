"""What a file is, read from its bytes; the sender's word for it is never asked."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _

from diskarte.words import Problem

IMAGES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/heic")
VIDEOS = ("video/mp4", "video/quicktime", "video/webm")
SOUNDS = ("audio/mpeg", "audio/wav", "audio/mp4", "audio/ogg")
FONTS = ("font/ttf", "font/otf", "font/woff2")
PIXELS = 100_000_000  # more than this is a bomb, not a picture
SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x00\x01\x00\x00\x00", "font/ttf"),
    (b"OTTO", "font/otf"),
    (b"wOF2", "font/woff2"),
)
BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic",
          b"mif1": "image/heic", b"qt  ": "video/quicktime", b"M4A ": "audio/mp4"}  # fmt: skip
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
OFFICE = {"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}  # fmt: skip
SVG = re.compile(rb"^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]", re.S | re.I)


@dataclass(frozen=True)
class Shape:
    """Pixels, length and a video's codec; None for what has none."""

    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    codec: str = ""


def mime_of(data: bytes) -> str:
    """The kind of a file, empty when it is none we know."""
    for sign, mime in SIGNS:
        if data.startswith(sign):
            return mime
    if data[4:8] == b"ftyp":
        return BRANDS.get(data[8:12], "video/mp4")
    if data[:4] == b"RIFF":
        return RIFF.get(data[8:12], "")
    if data[:4] == b"PK\x03\x04":
        return _zipped(data)
    if SVG.match(data.removeprefix(b"\xef\xbb\xbf")[:4096]):
        return "image/svg+xml"
    return _text(data)


def _zipped(data: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return ""
    return next(
        (mime for folder, mime in OFFICE.items() if any(n.startswith(folder) for n in names)),
        "application/zip",
    )


def _text(data: bytes) -> str:
    if b"\x00" in data[:4096]:
        return ""
    try:
        data[:4096].decode("utf-8")
    except UnicodeDecodeError as e:
        if e.start < len(data[:4096]) - 4:
            return ""
    return "text/plain"


def measured(mime: str, data: bytes) -> Shape:
    """The shape of a picture, video or sound. Raises Problem when it cannot be read to its end."""
    if mime.startswith("image/"):
        return _picture(data)
    if mime.startswith(("video/", "audio/")):
        return _film(data)
    return Shape()


def _picture(data: bytes) -> Shape:
    import pyvips

    try:
        image = pyvips.Image.new_from_buffer(data, "", fail_on="truncated", access="sequential")
        if image.width * image.height > PIXELS:
            raise Problem(
                _("The picture has %s million pixels.") % round(image.width * image.height / 1e6),
                do=_("Make it smaller."), field="file",
            )  # fmt: skip
        image.avg()
    except pyvips.Error as e:
        raise _unreadable() from e
    return Shape(image.width, image.height)


def _film(data: bytes) -> Shape:
    import av

    try:
        with av.open(io.BytesIO(data), mode="r") as film:
            seconds = film.duration / av.time_base if film.duration else None
            video = next(iter(film.streams.video), None)
            if video is None and not film.streams.audio:
                raise _unreadable()
            next(film.decode(video=0) if video else film.decode(audio=0))
            if video is None:
                return Shape(seconds=seconds)
            return Shape(video.width, video.height, seconds, video.codec.canonical_name[:20])
    except (av.FFmpegError, StopIteration, ValueError) as e:
        raise _unreadable() from e


def _unreadable() -> Problem:
    return Problem(
        _("The file is damaged or not what its name says."),
        do=_("Open it, save it anew, and try again."),
        field="file",
    )
