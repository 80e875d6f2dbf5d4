"""A month drafted into rows: history and slots read, the rules asked, and only what changed written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from diskarte.core.people.who import Who
from diskarte.science.calendar import Conflict
from diskarte.science.calendar.shapes import Watch
from diskarte.stages.goals import actions as goals

from . import bank, in_force
from .desk import Desk, desk
from .models import Slot
from .rules import asking, draft, due, hooks, labels, moments, outlook, reasons


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
    conflict: Conflict | None = None  # the smallest set of wishes because of which something found no place
    gain: outlook.Difference | None = None  # against the plan that stood before

    @property
    def touched(self) -> int:
        return self.made + self.moved + self.changed + self.dropped


class Changed(Exception):
    """Somebody changed the month while its draft was being worked out."""


def drafted(
    who: Who, month: date, now: datetime, quick: bool = False, free: frozenset[int] = frozenset(),
    effort: float = draft.EFFORT, watch: Watch | None = None,
) -> Outcome:  # fmt: skip
    """Draft or re-draft one month; `quick` takes the first good plan, `watch` hears of every better one.

    Raises Changed when the month's slots are no longer what they were when the search began.
    """
    on = desk(who, now, in_force.begun(who))
    month = month.replace(day=1)
    rows = {row.pk: row for row in on.around(month)}
    ask = on.ask(month, rows.values(), free)
    found = draft.sketch(ask) if quick else draft.draft(ask, watch, effort)
    why = None if quick else draft.left_over(ask, found)
    with transaction.atomic():
        if watch is not None and _marks(on.around(month)) != _marks(rows.values()):
            raise Changed
        names = {due.mark_of(arc, phase): arc.name for arc in ask.arcs for phase in arc.phases}
        return replace(_written(on, month, rows, found, names), conflict=why, gain=gain_of(ask, found))


def _marks(rows: Iterable[Slot]) -> set[tuple[Any, ...]]:
    """What a person may have changed meanwhile."""
    return {(r.pk, r.at, r.channel_id, r.kind, r.pillar_id, r.locked, r.state, r.version_id) for r in rows}


def standing(had: Iterable[asking.Had]) -> list[outlook.Standing]:
    """Slots as the outlook reads them."""
    return [outlook.Standing(h.line, h.kind, h.pillar, h.day, h.minute) for h in had]


def whole(ask: asking.Ask, found: draft.Draft) -> list[outlook.Standing]:
    """The month ahead after the draft: what it placed and what stayed."""
    stays = [h for h in ask.had if h.stays and not h.gone and ask.inside(h)]
    placed = [outlook.Standing(w.line, w.kind, w.pillar, w.day, w.minute) for w in found.slots]
    return placed + standing(stays)


def before(ask: asking.Ask) -> list[outlook.Standing]:
    """The month ahead as it stands."""
    return standing(h for h in ask.had if not h.gone and ask.inside(h))


def gain_of(ask: asking.Ask, found: draft.Draft) -> outlook.Difference | None:
    """What the new draft is expected to bring against the plan that stood; None without one, or without numbers."""
    if not ask.loose():
        return None
    return outlook.difference(ask.worth, before(ask), whole(ask, found), ask.seed)


def _written(
    on: Desk, month: date, rows: dict[int, Slot], found: draft.Draft, names: dict[str, str]
) -> Outcome:
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
    _labelled(on, month, [row for row, _before, _what in touched], names)
    for row, before, what in touched:
        row.save()
        why = row.reasons[0]["code"] if row.reasons else ""
        changes.append(Change(what, row.pk, before, facts(row), why))
    count = Counter(change.what for change in changes)
    return Outcome(
        month, count["new"], count["moved"], count["changed"], count["dropped"], kept, left(found), dict(found.off_mix),
        found.plan.gap, found.plan.proven, version.number if version else 0, changes,
    )  # fmt: skip


def left(found: draft.Draft) -> list[dict[str, Any]]:
    """What found no place, as plain values."""
    return [
        {
            "channel": u.item.line,
            "kind": u.item.kind,
            "from": u.item.release,
            "reasons": [list(r) for r in u.reasons],
        }
        for u in found.unplaced
    ]


def _put(on: Desk, row: Slot, wanted: draft.Wanted) -> str:
    """Bring the row where the draft wants it; what that was: new, moved, changed, or nothing."""
    at = moments.to_utc(wanted.day, wanted.minute, on.zone_of(wanted.line))
    pillar = on.pillars.get(wanted.pillar)
    what = "new" if row.pk is None else "moved" if row.at != at else ""
    if row.pk is not None and not what and (row.kind, row.pillar_id) != (wanted.kind, pillar and pillar.pk):
        what = "changed"
    if row.pk is not None and row.pillar_id != (pillar and pillar.pk):
        row.topic = row.title = ""
    row.at, row.channel_id, row.kind, row.pillar = at, int(wanted.line), wanted.kind, pillar
    row.trial, row.arc = wanted.trial, wanted.arc
    return what


def facts(row: Slot) -> dict[str, Any]:
    """A slot in a few values, for telling what changed."""
    pillar = row.pillar.name if row.pillar else ""
    return {"at": row.at, "channel": row.channel_id, "kind": row.kind, "pillar": pillar}


def _labelled(on: Desk, month: date, rows: list[Slot], names: dict[str, str]) -> None:
    """Give the touched slots what they still lack, counting what the month's other slots have."""
    fresh = {row.pk for row in rows if row.pk}
    days = moments.days_of(month)
    first = moments.to_utc(days[0].toordinal(), 0, on.brand.zone)
    last = moments.to_utc(days[-1].toordinal() + 1, 0, on.brand.zone)
    others = (
        on.who.own(Slot).filter(at__gte=first, at__lt=last).exclude(state="dropped").exclude(pk__in=fresh)
    )
    every = sorted([*others.select_related("pillar"), *rows], key=lambda row: (row.at, row.channel_id))
    mine = {id(row) for row in rows}
    needs = goal_needs(on.who) if rows else {}
    given = bank.read(on.who, on.settings, on.channels, days[0], days[-1], on.now, len(every), needs)
    told = labels.shared_out([_label(on, row, id(row) not in mine) for row in every], given.bank)
    shares = Counter(row.pillar.name for row in every if row.pillar)
    for row, label in zip(every, told, strict=True):
        if id(row) in mine:
            row.goal_id, row.segment_id, row.hook_id = label.goal, label.segment, label.hook
            row.topic, row.occasion = label.topic, names.get(row.arc, label.occasion)[:120]
            row.title = row.title or row.occasion or label.topic
            share = shares[row.pillar.name] / len(every) if row.pillar else None
            reasoned(on, row, given, share)


def goal_needs(who: Who) -> dict[int, float]:
    """How much more often than its share a goal gets a post: up to twice as often, the less likely it is reached."""
    if "goals.see" not in who.rights:
        return {}
    return {pace.goal.pk: 2 - pace.chance for pace in goals.pace(who) if pace.chance is not None}


def _label(on: Desk, row: Slot, keep: bool) -> labels.Labelled:
    day, _minute = on.local_of(row)
    pillar = row.pillar.name if row.pillar else ""
    return labels.Labelled(
        str(row.channel_id), date.fromordinal(day), pillar, row.goal_id, row.segment_id, row.hook_id, row.topic,
        row.occasion, phase_of(row), keep,
    )  # fmt: skip


def phase_of(row: Slot) -> str:
    """The phase of the campaign a slot belongs to; empty without one."""
    return row.arc.rpartition(" ")[2]


def _hook(row: Slot, given: bank.Given) -> Mapping[str, Any] | None:
    """What speaks for the slot's hook; None without one."""
    hook = given.hooks.get(row.hook_id)
    wanted = labels.wanted_of(row.goal_id, row.segment_id, phase_of(row), given.bank)
    return hooks.why(wanted, hook) if hook else None


def reasoned(on: Desk, row: Slot, given: bank.Given, share: float | None = None) -> None:
    """Write down why the slot stands there and what it may bring."""
    day, minute = on.local_of(row)
    pillar = row.pillar.name if row.pillar else ""
    told = reasons.Facts(
        row.kind, pillar, day, minute, row.trial, row.occasion, given.goal_names.get(row.goal_id, ""),
        given.segment_names.get(row.segment_id, ""), given.awake.get(row.segment_id, ()), share,
        on.settings["pillars"].get(pillar), by_hand=row.version_id is None, phase=phase_of(row), hook=_hook(row, given),
    )  # fmt: skip
    case = reasons.case_of(on.worth.get(str(row.channel_id)), told, on.settings)
    row.reasons = case.reasons
    row.expected, row.expected_low, row.expected_high = (
        case.expected.mid,
        case.expected.low,
        case.expected.high,
    )
