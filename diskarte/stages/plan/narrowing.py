"""What the plan is narrowed to: channels, pillars, goals, segments, states, kept in the page's address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from diskarte.core.people.who import Who

from .models import Slot

STATES = ("open", "written", "locked")


def whole(text: str | None) -> int | None:
    """A number in an address, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def day_of(text: str | None) -> date | None:
    """A day in an address: 2026-12-01, 2026-12 or a moment; None for anything else."""
    try:
        return datetime.fromisoformat(f"{text}-01" if text and len(text) == 7 else text or "").date()
    except ValueError:
        return None


def moment_of(text: str | None, who: Who) -> datetime | None:
    """A moment in an address, on the brand's clock where it names no zone; None for anything else."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo or who.brand is None else at.replace(tzinfo=who.brand.zone)


@dataclass(frozen=True)
class Filters:
    """What the page is narrowed to: any of the channels and any of the pillars and so on; nothing means all."""

    channel: tuple[int, ...] = ()
    pillar: tuple[int, ...] = ()
    goal: tuple[int, ...] = ()
    segment: tuple[int, ...] = ()
    state: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Any) -> Filters:
        """Read an address; what makes no sense in it is left out."""
        ids = {
            name: tuple(dict.fromkeys(pk for text in _every(given, name) if (pk := whole(text)) is not None))
            for name in ("channel", "pillar", "goal", "segment")
        }
        return cls(**ids, state=tuple(s for s in STATES if s in _every(given, "state")))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """("channel", "3") for everything asked for."""
        return [(f.name, str(value)) for f in fields(self) for value in getattr(self, f.name)]

    @property
    def query(self) -> str:
        """The filters as the end of an address, without a question mark."""
        return urlencode(self.pairs)

    def without(self, name: str, value: str) -> str:
        """The same address without one of them."""
        return urlencode([pair for pair in self.pairs if pair != (name, value)])

    def narrowed(self, rows: QuerySet[Slot]) -> QuerySet[Slot]:
        """The slots that pass; a goal counts its parts in, «locked» is a state of its own."""
        for name in ("channel", "pillar", "segment"):
            if wanted := getattr(self, name):
                rows = rows.filter(**{f"{name}_id__in": wanted})
        if self.goal:
            rows = rows.filter(Q(goal_id__in=self.goal) | Q(goal__part_of_id__in=self.goal))
        if self.state:
            rows = rows.filter(
                Q(state__in=self.state) | (Q(locked=True) if "locked" in self.state else Q(pk=None))
            )
        return rows


@dataclass(frozen=True)
class Narrow:
    """What there is to narrow to."""

    channels: list[Any]
    pillars: list[Any]
    segments: list[tuple[int, str]]
    goals: list[tuple[int, str]]


def _every(given: Any, name: str) -> Sequence[str]:
    """All values of one name in an address, or the one of a plain mapping."""
    if hasattr(given, "getlist"):
        return list(given.getlist(name))
    assert isinstance(given, Mapping)
    return [given[name]] if given.get(name) else []


def state_choices() -> list[tuple[str, str]]:
    """States a person filters by."""
    return [("open", _("Not written")), ("written", _("Written")), ("locked", _("Locked"))]


def offered(filters: Filters, choices: Narrow) -> list[dict[str, Any]]:
    """The small fields of the filter row: what may still be added to each."""
    lists = {
        "channel": (_("Channel"), _("All channels"), [(str(c.pk), str(c)) for c in choices.channels]),
        "pillar": (_("Pillar"), _("All pillars"), [(str(p.pk), p.name) for p in choices.pillars]),
        "segment": (_("For"), _("Everybody"), [(str(pk), name) for pk, name in choices.segments]),
        "goal": (_("Goal"), _("All goals"), [(str(pk), name) for pk, name in choices.goals]),
        "state": (_("State"), _("All states"), state_choices()),
    }
    taken = set(filters.pairs)
    return [
        {
            "name": name,
            "label": label,
            "all": every,
            "options": [o for o in told if (name, o[0]) not in taken],
        }
        for name, (label, every, told) in lists.items()
        if told
    ]


def chips(filters: Filters, choices: Narrow, rest: str) -> list[tuple[str, str]]:
    """What is narrowed to, each with the address that lets go of it."""
    names = {
        "channel": {str(c.pk): str(c) for c in choices.channels},
        "pillar": {str(p.pk): p.name for p in choices.pillars},
        "segment": {str(pk): name for pk, name in choices.segments},
        "goal": {str(pk): name for pk, name in choices.goals}, "state": dict(state_choices()),
    }  # fmt: skip
    told = [
        (names[name].get(value, f"{name} {value}"), filters.without(name, value))
        for name, value in filters.pairs
    ]
    return [(said, f"?{rest}&{query}" if query else f"?{rest}") for said, query in told]
