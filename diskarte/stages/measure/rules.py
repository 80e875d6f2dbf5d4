"""Pure decisions about numbers: how a row of an export is read, merged and summed up."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from diskarte.words import Kind, Metric, Misread
from diskarte.words import gettext_noop as _

Row = Mapping[str, str]
NOTHING = frozenset({"", "-", "–", "na", "n/a", "null", "none", "undefined", "--"})
THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u202f ](?=\d{3}(?:\D|$))")
AGES = (1, 3, 24, 72, 168, 672)  # hours after which a post is read; afterwards every 30 days


@dataclass(frozen=True)
class Read:
    """One row of an export in our words. `at` is UTC; counts hold only what was told."""

    remote_id: str
    url: str
    text: str
    at: datetime
    kind: Kind
    is_reply: bool
    counts: Mapping[Metric, int]
    network: str = ""
    day_only: bool = False


@dataclass
class Report:
    """What a file held: `rows` read, of which `new`, `updated` and `same` posts, `replies` among them, `bad` rows."""

    export: str = ""
    rows: int = 0
    new: int = 0
    updated: int = 0
    same: int = 0
    twice: int = 0  # the same post again in this file
    replies: int = 0
    bad: int = 0
    first: str | None = None  # ISO moments of the earliest and latest post
    last: str | None = None
    has_hour: bool = True
    metrics: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)  # columns that were not understood
    warnings: list[str] = field(default_factory=list)
    sample: list[dict[str, Any]] = field(default_factory=list)

    def note(self, row: Read) -> None:
        """Count one readable row."""
        self.rows += 1
        self.replies += row.is_reply
        moment = row.at.isoformat()
        self.first = min(self.first or moment, moment)
        self.last = max(self.last or moment, moment)
        if len(self.sample) < 5:
            counts = {metric.value: n for metric, n in row.counts.items()}
            self.sample.append(
                {"at": moment, "text": row.text[:120], "kind": row.kind.value, "counts": counts}
            )


def count(text: str) -> int | None:
    """«2633.0», «15,000», «1 234» as a whole number; None for «-», «NA» or nothing. Raises Misread."""
    text = text.strip()
    if text.lower() in NOTHING:
        return None
    try:
        value = float(THOUSANDS.sub("", text))
    except ValueError:
        raise Misread(_("«%(text)s» is not a number"), text=text) from None
    if not math.isfinite(value) or value < 0 or value != int(value):
        raise Misread(_("«%(text)s» is not a count"), text=text)
    return int(value)


def moment(text: str, formats: Iterable[str], zone: tzinfo) -> datetime:
    """The moment a text means, in UTC; without an offset it is in `zone`. Raises Misread."""
    text = " ".join(text.split())
    for form in formats:
        try:
            told = datetime.strptime(text, form)
        except ValueError:
            continue
        return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(UTC)
    if not text:
        raise Misread(_("the date is missing"))
    raise Misread(_("«%(text)s» is not a date this export uses"), text=text)


def cell(row: Row, header: str) -> str:
    """A cell by its header without regard to case; empty when there is no such column."""
    if not header:
        return ""
    if header in row:
        return row[header]
    low = header.lower()
    return next((value for name, value in row.items() if name.strip().lower() == low), "")


def read_row(export: Any, row: Row, zone: tzinfo) -> Read:
    """One row by the description of its export. Raises Misread with the reason."""
    text = cell(row, export.text)
    at = moment(cell(row, export.at), export.formats, UTC if export.utc else zone)
    url = cell(row, export.url)
    remote_id = cell(row, export.id).strip() or url or _made_id(text, at)
    if export.id and "e+" in remote_id.lower():
        raise Misread(_("the id «%(id)s» was rounded by a spreadsheet; export the file again"), id=remote_id)
    counts = {metric: value for metric, value in _counts(export, row) if value is not None}
    answers = bool(export.reply_mark) and text.startswith(export.reply_mark)
    network = export.network or cell(row, "network").strip().lower()
    return Read(
        remote_id, url, text, at, _kind(export, row, text), answers, counts, network, not export.has_hour
    )


def _counts(export: Any, row: Row) -> Iterable[tuple[Metric, int | None]]:
    for metric, headers in export.counts.items():
        found = next((value for value in (cell(row, header) for header in headers) if value), "")
        yield metric, count(found)


def _kind(export: Any, row: Row, text: str) -> Kind:
    told = cell(row, export.kind).strip().lower()
    if told in export.kinds:
        return Kind(export.kinds[told])
    if export.media:
        seen = cell(row, export.media)
        if seen and (count(seen) or 0) > 0:
            return Kind.IMAGE
    return Kind.LINK if re.search(r"https?://", text) else Kind.TEXT


def _made_id(text: str, at: datetime) -> str:
    """An id for a row without one: the same text at the same moment is the same post."""
    return "row-" + hashlib.sha256(f"{at.isoformat()}|{text}".encode()).hexdigest()[:24]


def merged(old: Mapping[str, int | None], new: Mapping[Metric, int]) -> dict[str, int]:
    """The counts that change: totals of a post's life only grow, so the larger of two exports is the later truth."""
    return {m.value: n for m, n in new.items() if (known := old.get(m.value)) is None or n > known}


def ignored(export: Any, headers: Sequence[str]) -> list[str]:
    """The columns of a file that its description does not use."""
    used = {export.id, export.url, export.text, export.at, export.kind, export.media, "network"}
    used |= {header for names in export.counts.values() for header in names}
    low = {name.lower() for name in used if name}
    return [header for header in headers if header.strip().lower() not in low]


def due_ages(published: datetime, last_read: datetime | None, now: datetime) -> bool:
    """Whether a post's numbers are to be read now: after 1, 3, 24, 72, 168, 672 hours, then every 30 days."""
    age = now - published
    steps = [timedelta(hours=h) for h in AGES]
    months = int(age / timedelta(days=30))
    steps += [timedelta(days=30 * n) for n in range(1, months + 1)]
    passed = max((step for step in steps if step <= age), default=None)
    return passed is not None and (last_read is None or last_read < published + passed)


@dataclass(frozen=True)
class Total:
    """A sum over posts: `value` is None when nobody told the metric; `n` posts told it, `of` were there."""

    metric: str
    value: int | None
    n: int
    of: int
    before: int | None = None  # the same over the period before

    @property
    def change(self) -> float | None:
        """Growth over the period before, as a fraction."""
        return self.value / self.before - 1 if self.value is not None and self.before else None


def total(metric: str, values: Sequence[int | None], before: Sequence[int | None]) -> Total:
    """Sum what was told; unknown stays unknown."""
    known, earlier = [v for v in values if v is not None], [v for v in before if v is not None]
    return Total(
        metric, sum(known) if known else None, len(known), len(values), sum(earlier) if earlier else None
    )


@dataclass(frozen=True)
class Level:
    """How one kind, pillar, weekday or hour does: `value` per post, shrunk, with its 90 % interval."""

    name: str
    n: int
    value: float
    low: float
    high: float


def most_common(values: Iterable[str], limit: int = 12) -> list[str]:
    """The names that occur most, the empty one left out."""
    return [name for name, _n in Counter(v for v in values if v).most_common(limit)]
