"""Pure decisions: how a row of a bulk upload is read, and what makes a rule fire."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from diskarte.words import Kind, Misread
from diskarte.words import gettext_noop as _

WHEN = ("breakout", "trouble", "behind")
THEN = ("mail", "draft_again")
COLUMNS = ("date", "time", "channel", "text", "kind", "title", "pillar", "topic", "link", "first comment")
NO_CHANNEL = _("there is no channel «%(name)s»; yours are: %(known)s")
NO_PILLAR = _("there is no pillar «%(name)s»; yours are: %(known)s")
FORMATS = (
    "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d %I:%M %p",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One post of a bulk upload. `at` is UTC or None for a draft without a time."""

    text: str
    at: datetime | None
    channels: tuple[int, ...]
    kind: Kind | None = None
    title: str = ""
    pillar: int | None = None
    topic: str = ""
    link: str = ""
    first_comment: str = ""
    labels: Mapping[str, Any] = field(default_factory=dict)


def line(
    row: Mapping[str, str], zone: tzinfo, channels: Mapping[str, int], pillars: Mapping[str, int]
) -> Line:
    """Read one row; names of channels and pillars are matched without case. Raises Misread."""
    cells = {name.strip().lower().replace("_", " "): value.strip() for name, value in row.items()}
    text = cells.get("text", "")
    if not text:
        raise Misread(_("the text is missing"))
    return Line(
        text=text, at=_at(cells.get("date", ""), cells.get("time", ""), zone),
        channels=_channels(cells.get("channel", "") or cells.get("channels", ""), channels),
        kind=_kind(cells.get("kind", "")), title=cells.get("title", "")[:200],
        pillar=_named(cells.get("pillar", ""), pillars, NO_PILLAR), topic=cells.get("topic", ""),
        link=_link(cells.get("link", "")), first_comment=cells.get("first comment", ""),
    )  # fmt: skip


def _at(day: str, clock: str, zone: tzinfo) -> datetime | None:
    if not day:
        return None
    text = f"{day} {clock}".strip() if clock else day
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone).astimezone(UTC)
        except ValueError:
            continue
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise Misread(_("«%(text)s» has no time of day"), text=text)
    raise Misread(_("«%(text)s» is not a date and time such as 2026-12-01 18:00"), text=text)


def _channels(text: str, known: Mapping[str, int]) -> tuple[int, ...]:
    names = [name.strip() for name in re.split(r"[;|,]", text) if name.strip()]
    return tuple(dict.fromkeys(_found(name, known, NO_CHANNEL) for name in names))


def _found(name: str, known: Mapping[str, int], what: str) -> int:
    low = {key.casefold(): pk for key, pk in known.items()}
    if name.casefold() not in low:
        raise Misread(what, name=name, known=", ".join(known) or "–")
    return low[name.casefold()]


def _named(name: str, known: Mapping[str, int], what: str) -> int | None:
    return _found(name, known, what) if name else None


def _kind(text: str) -> Kind | None:
    if not text:
        return None
    if text.lower() not in set(Kind):
        raise Misread(
            _("«%(text)s» is not a kind of post; use one of %(kinds)s"), text=text, kinds=", ".join(Kind)
        )
    return Kind(text.lower())


def _link(text: str) -> str:
    if text and not re.match(r"https?://\S+$", text):
        raise Misread(_("«%(text)s» is not a web address"), text=text)
    return text


def breakouts(posts: Sequence[tuple[int, int]], usual: float | None, times: float) -> list[int]:
    """The ids of posts, given as (id, engagements), that reached `times` the usual post."""
    return [pk for pk, engaged in posts if usual and engaged >= times * usual]
