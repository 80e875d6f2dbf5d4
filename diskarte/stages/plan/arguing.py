"""Verbs that argue with a plan: why not there, why not at all, what a wish costs, which of two plans is better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Moment
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.words import Kind, Problem

from . import background, drafting, in_force, telling, wording
from .desk import Desk, desk
from .models import Slot, Version
from .rules import asking, draft, moments, outlook
from .rules import instead as rules_instead
from .rules import settings as rules_settings


@dataclass(frozen=True)
class Answer:
    """Why not there instead: the rules in its way in words, what it would bring against the slot (90 % interval)."""

    slot: int
    allowed: bool
    said: list[str]
    lift: float | None
    low: float | None
    high: float | None
    chance: float | None
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Left:
    """What found no place in a month, which wishes exclude each other, and what would be enough."""

    month: date
    left: int
    said: str
    claims: list[str]
    ways: list[str]


@dataclass(frozen=True)
class Side:
    """One of two plans: what it may bring (80 % interval), what it takes, what it is made of."""

    name: str
    posts: int
    expected: float | None
    low: float | None
    high: float | None
    telling: int  # posts with numbers behind them
    hours: float
    cost: float
    kinds: dict[str, int]
    mix: dict[str, int]
    channels: dict[str, int]
    left: int  # posts without a place
    gap: float | None  # how far the best possible may be above it; None for a plan that stands


@dataclass(frozen=True)
class Compared:
    """Two plans side by side; `gain` is what the second is expected to bring against the first."""

    month: date
    first: Side
    second: Side
    gain: outlook.Difference | None
    hours: float
    cost: float
    only_first: int  # posts that only the first has at that moment
    only_second: int
    said: str


@read(may="plan.see")
def why_not(
    who: Who, slot: int, at: Moment | None = None, channel: int | None = None, kind: Kind | None = None
) -> Answer:
    """Why a slot is not at another time, on another channel or of another kind: what forbids it, what it would lose."""
    row: Slot = who.one(Slot, slot)
    on = desk(who, clock.now(), in_force.current(who))
    chosen = who.one(Channel, channel).pk if channel is not None else row.channel_id
    moved = at or row.at
    day, minute = moments.to_local(moved, on.zone_of(chosen))
    had = on.had(row)
    other = replace(had, line=str(chosen), kind=(kind or Kind(row.kind)).value, day=day, minute=minute)
    if other == had:
        raise Problem(
            _("This is what the slot is already."), do=_("Name another time, channel or kind."), field="at"
        )
    month = date.fromordinal(day).replace(day=1)
    found = rules_instead.instead(on.ask(month, on.around(month)), had, other)
    said = [telling.forbidden(rule.code, rule.values) for rule in found.rules]
    if (
        found.lift is not None
        and found.low is not None
        and found.high is not None
        and found.chance is not None
    ):
        said.append(telling.lost(found.lift, found.low, found.high, found.chance))
    elif not said:
        said.append(_("Nothing forbids it, and nobody can tell yet which is better."))
    return Answer(
        row.pk,
        not found.rules,
        said,
        found.lift,
        found.low,
        found.high,
        found.chance,
        found.before,
        found.after,
    )


@read(may="plan.see")
def why_left(who: Who, month: date) -> Left:
    """Why some posts of a month find no place: the smallest set of wishes that exclude each other, and the ways out."""
    on = desk(who, clock.now(), in_force.current(who))
    ask = on.ask(month, on.around(month))
    found = draft.draft(ask)
    names = {str(c.pk): str(c) for c in on.channels}
    if not found.unplaced:
        return Left(ask.month, 0, _("Everything has its place."), [], [])
    why = draft.left_over(ask, found)
    rows = drafting.left(found)
    return Left(
        ask.month, len(rows), telling.left(rows, why, names), telling.claims(why, names) if why else [],
        [telling.way(way, names) for way in why.ways] if why else [],
    )  # fmt: skip


@read(may="plan.see")
def price_wish(who: Who, month: date, channel: int, kind: Kind, more: float = 1) -> Compared:
    """What more (or, below zero, fewer) posts of a kind a week on a channel would bring, and what they would take."""
    return compare_plans(who, month, second=wish(who, channel, kind, more))


@write(may="plan.edit", done=gettext_noop("{said}"))
def make_wish(
    who: Who, channel: int, kind: Kind, more: float = 1, month: date | None = None
) -> dict[str, Any]:
    """Wish for more (below zero: fewer) posts of a kind a week on a channel; a month that is named is drafted again."""
    patch, row = wish(who, channel, kind, more), who.one(Channel, channel)
    why = _("%(kind)s: %(more)s a week on %(channel)s.") % {
        "kind": wording.kind_name(kind.value), "more": f"{more:+.4g}".replace("-", "−"), "channel": row,
    }  # fmt: skip
    version = in_force.changed(who, patch, why, {}, "wish")
    said = _("Your wish is in force: version %(number)d.") % {"number": version.number}
    drafted = background.begin_draft(who, month).said if month else ""
    return {"version": version.pk, "number": version.number, "said": f"{said} {drafted}".strip()}


def wish(who: Who, channel: int, kind: Kind, more: float) -> dict[str, Any]:
    """The patch of the settings that gives a channel so many more posts of a kind a week. Raises Problem."""
    row: Channel = who.one(Channel, channel)
    if kind.value not in in_force.kinds(row):
        said = _("%(channel)s takes no %(kind)s.") % {"channel": row, "kind": wording.kind_name(kind.value)}
        raise Problem(said, do=_("Choose another kind or channel."), field="kind")
    known = in_force.current(who)["channels"].get(str(row.pk))
    before = known or rules_settings.first_channel(in_force.kinds(row))
    whole = sum(before["kinds"].values()) or 1.0
    now = {name: before["a_week"] * weight / whole for name, weight in before["kinds"].items()}
    after = {**now, kind.value: max(now.get(kind.value, 0.0) + more, 0.0)}
    return {"channels": {str(row.pk): {"a_week": min(sum(after.values()), rules_settings.LARGEST_A_WEEK),
                                       "kinds": {n: round(v, 4) for n, v in after.items()}}}}  # fmt: skip


@read(may="plan.see")
def compare_plans(
    who: Who, month: date, first: dict[str, Any] | None = None, second: dict[str, Any] | None = None,
    first_version: int | None = None, second_version: int | None = None,
) -> Compared:  # fmt: skip
    """Two plans of a month side by side, each a patch of the settings in force or of a version; nothing is changed."""
    on = desk(who, clock.now(), in_force.current(who))
    sides = [_side(on, month, *told) for told in ((first, first_version), (second, second_version))]
    a, b = (side for side, _slots in sides)
    before, after = (slots for _side, slots in sides)
    gain = outlook.difference(on.worth, before, after, on.brand.pk)
    shared = sum((Counter(before) & Counter(after)).values())
    hours, cost = b.hours - a.hours, b.cost - a.cost
    said = telling.price(gain, hours, cost, b.left - a.left)
    return Compared(
        month.replace(day=1), a, b, gain, hours, cost, len(before) - shared, len(after) - shared, said
    )


def _side(
    on: Desk, month: date, patch: dict[str, Any] | None, version: int | None
) -> tuple[Side, list[outlook.Standing]]:
    """A month as it would be drafted under these settings."""
    settings = rules_settings.checked(on.who.one(Version, version).settings) if version else on.settings
    settings = {**settings, "channels": {**on.settings["channels"], **settings["channels"]}}
    tried = on.trying(in_force.tried(settings, patch or {}))
    ask = tried.ask(month, tried.around(month))
    if moments.days_of(month)[-1].toordinal() < ask.now[0]:
        raise Problem(_("This month is over."), field="month")
    found = draft.draft(ask)
    slots = drafting.whole(ask, found)
    return _told(on, ask, found, slots, _name(patch, version)), slots


def _name(patch: dict[str, Any] | None, version: int | None) -> str:
    if version:
        return _("Another version")
    return _("With the wish") if patch else _("Settings in force")


def _told(
    on: Desk, ask: asking.Ask, found: draft.Draft, slots: Sequence[outlook.Standing], name: str
) -> Side:
    told = outlook.outlook(on.worth, slots, on.brand.pk)
    names = {str(c.pk): str(c) for c in on.channels}
    return Side(
        name, len(slots), told.mid, told.low, told.high, told.telling, sum(ask.hours(s.kind) for s in slots),
        sum(ask.cost(s.kind) for s in slots), dict(Counter(wording.kind_name(s.kind) for s in slots)),
        dict(Counter(s.pillar for s in slots)), dict(Counter(names.get(s.line, s.line) for s in slots)),
        len(found.unplaced), found.plan.gap,
    )  # fmt: skip
