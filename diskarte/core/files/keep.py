"""Taking files in: looked at before they are believed, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from diskarte.core.given import Upload
from diskarte.core.people.models import Brand
from diskarte.words import MB, Problem

from .models import File, path_of
from .sniff import IMAGES, VIDEOS, measured, mime_of

LARGEST = {"image": 50 * MB, "video": 500 * MB, "audio": 100 * MB}
LARGEST_OTHER = 50 * MB
MEDIA = (*IMAGES, *VIDEOS)
RESERVE = 50 * MB  # a full disk stops the database too


def keep(
    brand: Brand, name: str, given: bytes | Upload, *, alt: str = "", accept: tuple[str, ...] = MEDIA
) -> File:
    """The file of these bytes, new or known. Raises Problem: too large, not readable, not accepted, disk full.

    An upload is weighed before it is read: five gigabytes never come into memory.
    """
    name = clean_name(name)
    if isinstance(given, Upload):
        _weigh(name, given.size, max(LARGEST.values()))
    data = given.read() if isinstance(given, Upload) else given
    mime = mime_of(data)
    _check(name, mime, data, accept)
    sha256 = hashlib.sha256(data).hexdigest()
    known = File.objects.filter(brand=brand, sha256=sha256).first()
    if known and known.path.exists():
        return known
    shape = measured(mime, data)
    _store(path_of(sha256), data)
    facts = {"name": name, "mime": mime, "size": len(data), "alt": alt[:2000]}
    facts |= {"width": shape.width, "height": shape.height, "seconds": shape.seconds, "codec": shape.codec}
    file, _new = File.objects.get_or_create(brand=brand, sha256=sha256, defaults=facts)
    return file


def clean_name(name: str) -> str:
    """The last part of a file name, without anything that could lead elsewhere."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip(". ")[:200] or "file"


def _weigh(name: str, size: int, most: int) -> None:
    if size > most:
        raise Problem(
            _("«%(name)s» has %(size)s MB; the most is %(most)s MB.")
            % {"name": name, "size": round(size / MB, 1), "most": most // MB},
            do=_("Make it smaller."),
            field="file",
        )


def _check(name: str, mime: str, data: bytes, accept: tuple[str, ...]) -> None:
    if not data:
        raise Problem(_("«%s» is empty.") % name, do=_("Choose another file."), field="file")
    largest = LARGEST.get(mime.partition("/")[0], LARGEST_OTHER)
    _weigh(name, len(data), largest)
    if mime == "image/svg+xml":
        raise Problem(
            _("«%s» is an SVG, which can carry programs.") % name,
            do=_("Save it as PNG and try again."),
            field="file",
        )
    if mime not in accept:
        raise Problem(
            _("«%(name)s» is %(mime)s, which cannot be used here.")
            % {"name": name, "mime": mime or _("nothing we know")},
            do=_("Use one of: %s.") % ", ".join(sorted(m.partition("/")[2] for m in accept)),
            field="file",
        )


def _store(path: Path, data: bytes) -> None:
    """Written beside its place, forced to the disk, then renamed: a reader sees all of it or nothing."""
    if path.exists() and path.stat().st_size == len(data):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _room_for(len(data), path.parent)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".coming-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as e:
        raise _in_words(e) from e


def _room_for(size: int, folder: Path) -> None:
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize < size + RESERVE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _in_words(error: OSError) -> Problem:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        what = _("The disk is full.")
        return Problem(what, kept=_("Nothing was stored."), do=_("Make room on the server, then try again."))
    what = _("The media folder cannot be written (%s).") % (error.strerror or error)
    return Problem(what, kept=_("Nothing was stored."), do=_("Check its rights on the server."))


def forget(file: File) -> None:
    """Delete a file; the bytes go when no other brand has the same ones."""
    path, sha256 = file.path, file.sha256
    file.delete()

    def remove() -> None:
        if not File.objects.filter(sha256=sha256).exists():
            path.unlink(missing_ok=True)

    transaction.on_commit(remove)


@dataclass(frozen=True)
class Room:
    """How much the media folder holds and how much more fits, in bytes."""

    used: int
    free: int


def room() -> Room:
    """What the media folder holds now."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    disk = os.statvfs(root)
    return Room(sum(p.stat().st_size for p in root.rglob("*") if p.is_file()), disk.f_bavail * disk.f_frsize)
