"""Small tables somebody gave us: what became of them, and the rows that come back with their reasons."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from diskarte.core import clock, tables
from diskarte.core.people.who import Who

from .models import Sheet

KEPT = timedelta(days=1)  # rows of members hold ids
Bad = tuple[int, Mapping[str, str], str]  # number in the file, the row, why it was not taken
MOST_BAD = 20_000


def keep(
    who: Who, what: str, name: str, told: dict[str, int], headers: Sequence[str], bad: Sequence[Bad]
) -> Sheet:
    """Note a table that was read, with its refused rows (the first 20,000)."""
    packed = tables.packed_rejected(headers, bad[:MOST_BAD]) if bad else b""
    row = Sheet(brand=who.brand, what=what, name=name[:200], told=told, refused=packed, made_at=clock.now())
    row.save()
    return row


def refused(row: Sheet) -> str:
    """The refused rows as CSV."""
    return gzip.decompress(bytes(row.refused)).decode("utf-8-sig") if row.refused else ""


def sweep(now: datetime) -> int:
    """Throw away refused rows of members a day later; of how many tables."""
    old = Sheet.objects.filter(what="members", made_at__lt=now - KEPT).exclude(refused=b"")
    return old.update(refused=b"")
