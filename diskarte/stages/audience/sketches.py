"""Communities and lists as sketches: made from a file of members, compared with each other, cleaned of a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.people.who import Who
from diskarte.science.sketch import Bottom, Hashes
from diskarte.science.sketch import bottom as sketch
from diskarte.words import Problem

from .models import Sketch
from .sheets import Bad


def salt() -> str:
    """What is put before every id, so that nobody without the installation's key can try ids out."""
    return hashlib.sha256(b"sketch:" + settings.SECRET_KEY.encode()).hexdigest()


def hashed(ids: Iterable[str]) -> Hashes:
    """64-bit hashes of ids, by the installation's salt; ids are compared in small letters."""
    key = salt().encode()
    told = (
        hashlib.blake2b(one.strip().casefold().encode(), digest_size=8, key=key[:64]).digest() for one in ids
    )
    return np.frombuffer(b"".join(told), dtype="<u8").astype(np.uint64)


def bottom(row: Sketch) -> Bottom:
    """A stored sketch as a value."""
    return Bottom(np.frombuffer(bytes(row.hashes), dtype="<u8").astype(np.uint64), row.members)


def clean_sketches(who: Who, values: set[str]) -> int:
    """Take a person's hashes out of every sketch they are kept in; how many."""
    gone = 0
    wanted = hashed(values)
    for row in who.own(Sketch):
        kept = bottom(row).hashes
        hits = np.isin(kept, wanted)
        if hits.any():
            gone += int(hits.sum())
            row.hashes, row.members = kept[~hits].astype("<u8").tobytes(), row.members - int(hits.sum())
            row.save()
    return gone


COLUMNS = {
    "member": (
        "user",
        "user id",
        "userid",
        "id",
        "follower",
        "subscriber",
        "e-mail",
        "email",
        "phone",
        "miyembro",
    ),
    "community": ("group", "channel", "page", "list", "community id", "place", "name", "komunidad"),
}


def read(
    found: tables.Table, columns: dict[str, str], only: str, most: int
) -> tuple[dict[str, Bottom], list[Bad]]:
    """Community → its sketch, from rows of members, and the rows that name nobody or no community.

    `only` is the community of rows that name none; beyond `most` communities the file is refused.
    """
    ids: dict[str, list[str]] = {}
    bad: list[Bad] = []
    for number, row in found.rows:
        name = (row.get(columns.get("community", ""), "") or only)[:120]
        member = row[columns["member"]]
        if not member or not name:
            why = _("The row names no page or community.") if member else _("The row names nobody.")
            bad.append((number, row, why))
            continue
        ids.setdefault(name, []).append(member)
        if len(ids) > most:
            raise Problem(
                _("The file names more than %(n)s communities.") % {"n": most},
                do=_("Keep those you want to compare."),
            )
    return {name: sketch(hashed(members)) for name, members in ids.items()}, bad
