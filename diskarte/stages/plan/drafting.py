"""A month drafted into rows: history and slots read, the rules asked, and only what changed written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.stages.audience.models import Segment

from . import bank, in_force, neighbours
from .models import Occasion, Pillar, Slot
from .rules import draft, labels, moments, reasons, worth
from .rules.settings import Settings

NEWEST = 1200  # posts read


@dataclass(frozen=True)
class Change:
    """What became of one slot: new, moved, changed or dropped; before and after in words of data."""

    what: str
    slot: int | None
    before: dict[str, Any]
    after: dict[str, Any]
    why: str = ""  # code of the reason that weighs most


@dataclass(frozen=True)
class Outcome:
    """What a draft did to a month."""

    month: date
    made: int
    moved: int
    changed: int
    dropped: int
    kept: int
    unplaced: list[dict[str, Any]]  # {"channel", "kind", "reasons": [[code, places], ...]}
    off_mix: dict[str, int]
    gap: float  # how far the best possible plan may be above this one, as a fraction
    proven: bool
    version: int
    changes: list[Change] = field(default_factory=list)

    @property
    def touched(self) -> int:
        return self.made + self.moved + self.changed + self.dropped


@dataclass
class Desk:
    """Everything a draft of one brand reads, read once."""

    who: Who
    brand: Brand
    channels: list[Channel]
    pillars: dict[str, Pillar]
    settings: Settings
    worth: dict[str, worth.Worth]
    now: datetime

    @property
    def local(self) -> tuple[int, int]:
        return moments.to_local(self.now, self.brand.zone)


def desk(who: Who, now: datetime, settings: Settings) -> Desk:
    """Read channels, pillars and history. Four queries and one fit for each channel with a history."""
    assert who.brand is not None
    channels = in_force.lines(who)
    pillars = {row.name: row for row in who.own(Pillar)}
    posts = neighbours.ripe_posts(who.brand, now, NEWEST, channels)
    awake = {int(h) for hours in who.own(Segment).filter(state="active").values_list("awake", flat=True) for h in hours}
    kinds = sorted({kind for c in channels for kind in in_force.kinds(c)})
    near = neighbours.common(who.brand, now) if len(posts) < worth.ENOUGH else None
    found = worth.learn(posts, [str(c.pk) for c in channels], kinds, sorted(pillars), awake, near)
    return Desk(who, who.brand, channels, pillars, settings, found, now)


def drafted(who: Who, month: date, now: datetime) -> Outcome:
    """Draft or re-draft one month."""
    on = desk(who, now, in_force.begun(who))
    month = month.replace(day=1)
    rows = {row.pk: row for row in _around(on, month)}
    ask = draft.Ask(
        month=month,
        now=on.local,
        settings=on.settings,
        lines=tuple(draft.Line(str(c.pk), in_force.kinds(c)) for c in on.channels),
        worth=on.worth,
        had=tuple(_had(on, row) for row in rows.values()),
        our_days=frozenset(_our_days(who)),
        seed=on.brand.pk * 1000 + month.toordinal(),
    )
    found = draft.draft(ask)
    return _written(on, month, rows, found)


def _around(on: Desk, month: date) -> list[Slot]:
    days = moments.days_of(month)
    first = moments.to_utc(days[0].toordinal() - 7, 0, on.brand.zone)
    last = moments.to_utc(days[-1].toordinal() + 8, 0, on.brand.zone)
    return list(on.who.own(Slot).filter(at__gte=first, at__lt=last).select_related("pillar"))


def _our_days(who: Who) -> Iterable[int]:
    return (day.toordinal() for day in who.own(Occasion).filter(ours=True).values_list("day", flat=True))


def _had(on: Desk, row: Slot) -> draft.Had:
    day, minute = moments.to_local(row.at, on.brand.zone)
    stays = row.locked or row.trial or row.state == "written" or row.version_id is None
    pillar = row.pillar.name if row.pillar else ""
    return draft.Had(row.pk, str(row.channel_id), row.kind, pillar, day, minute, stays, row.state == "dropped")


def _written(on: Desk, month: date, rows: dict[int, Slot], found: draft.Draft) -> Outcome:
    """Put the draft into rows: kept slots keep their labels, new and changed ones get reasons and expectations."""
    version = in_force.newest(on.who)
    touched: list[tuple[Slot, dict[str, Any], str]] = []
    kept = 0
    for wanted in found.slots:
        row = rows[wanted.was.id] if wanted.was else Slot(brand=on.brand, version=version)
        before = facts(row) if wanted.was else {}
        what = _put(on, row, wanted)
        if what:
            row.version = version
            touched.append((row, before, what))
        else:
            kept += 1
    gone = [rows[had.id] for had in found.dropped]
    changes = [Change("dropped", row.pk, facts(row), {}) for row in gone]
    for row in gone:
        row.delete()
    _labelled(on, month, [row for row, _before, _what in touched])
    for row, before, what in touched:
        row.save()
        why = row.reasons[0]["code"] if row.reasons else ""
        changes.append(Change(what, row.pk, before, facts(row), why))
    count = Counter(change.what for change in changes)
    left = [
        {"channel": u.item.line, "kind": u.item.kind, "from": u.item.release, "reasons": [list(r) for r in u.reasons]}
        for u in found.unplaced
    ]
    return Outcome(
        month, count["new"], count["moved"], count["changed"], count["dropped"], kept, left, dict(found.off_mix),
        found.plan.gap, found.plan.proven, version.number if version else 0, changes,
    )  # fmt: skip


def _put(on: Desk, row: Slot, wanted: draft.Wanted) -> str:
    """Bring the row where the draft wants it; what that was: new, moved, changed, or nothing."""
    at = moments.to_utc(wanted.day, wanted.minute, on.brand.zone)
    pillar = on.pillars.get(wanted.pillar)
    what = "new" if row.pk is None else "moved" if row.at != at else ""
    if row.pk is not None and not what and (row.kind, row.pillar_id) != (wanted.kind, pillar and pillar.pk):
        what = "changed"
    if row.pk is not None and row.pillar_id != (pillar and pillar.pk):
        row.topic = row.title = ""
    row.at, row.channel_id, row.kind, row.pillar, row.trial = at, int(wanted.line), wanted.kind, pillar, wanted.trial
    return what


def facts(row: Slot) -> dict[str, Any]:
    """A slot in a few values, for telling what changed."""
    pillar = row.pillar.name if row.pillar else ""
    return {"at": row.at, "channel": row.channel_id, "kind": row.kind, "pillar": pillar}


def _labelled(on: Desk, month: date, rows: list[Slot]) -> None:
    """Give the touched slots what they still lack, counting what the month's other slots have."""
    fresh = {row.pk for row in rows if row.pk}
    days = moments.days_of(month)
    first = moments.to_utc(days[0].toordinal(), 0, on.brand.zone)
    last = moments.to_utc(days[-1].toordinal() + 1, 0, on.brand.zone)
    others = on.who.own(Slot).filter(at__gte=first, at__lt=last).exclude(state="dropped").exclude(pk__in=fresh)
    every = sorted([*others.select_related("pillar"), *rows], key=lambda row: (row.at, row.channel_id))
    mine = {id(row) for row in rows}
    given = bank.read(on.who, on.settings, on.channels, days[0], days[-1], on.now, len(every))
    told = labels.shared_out([_label(on, row, id(row) not in mine) for row in every], given.bank)
    shares = Counter(row.pillar.name for row in every if row.pillar)
    for row, label in zip(every, told, strict=True):
        if id(row) in mine:
            row.goal_id, row.segment_id, row.hook_id = label.goal, label.segment, label.hook
            row.topic, row.occasion = label.topic, label.occasion
            row.title = row.title or label.occasion or label.topic
            share = shares[row.pillar.name] / len(every) if row.pillar else None
            reasoned(on, row, given, share)


def _label(on: Desk, row: Slot, keep: bool) -> labels.Labelled:
    day, _minute = moments.to_local(row.at, on.brand.zone)
    pillar = row.pillar.name if row.pillar else ""
    return labels.Labelled(
        str(row.channel_id), date.fromordinal(day), pillar, row.goal_id, row.segment_id, row.hook_id, row.topic,
        row.occasion, keep,
    )  # fmt: skip


def reasoned(on: Desk, row: Slot, given: bank.Given, share: float | None = None) -> None:
    """Write down why the slot stands there and what it may bring."""
    day, minute = moments.to_local(row.at, on.brand.zone)
    pillar = row.pillar.name if row.pillar else ""
    told = reasons.Facts(
        row.kind, pillar, day, minute, row.trial, row.occasion, given.goal_names.get(row.goal_id, ""),
        given.segment_names.get(row.segment_id, ""), given.awake.get(row.segment_id, ()), share,
        on.settings["pillars"].get(pillar), by_hand=row.version_id is None,
    )  # fmt: skip
    case = reasons.case_of(on.worth.get(str(row.channel_id)), told, on.settings)
    row.reasons = case.reasons
    row.expected, row.expected_low, row.expected_high = case.expected.mid, case.expected.low, case.expected.high

