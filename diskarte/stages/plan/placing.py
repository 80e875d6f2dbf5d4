"""One slot changed by a person: checked, moved, made, edited; its reasons and expectation told anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _

from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.goals.models import Goal
from diskarte.words import Problem

from . import bank, drafting, in_force, wording
from .desk import desk
from .models import Pillar, Slot


@dataclass(frozen=True)
class Choices:
    """What a slot can be given; `kinds` are those each channel takes."""

    channels: list[Channel]
    kinds: dict[int, tuple[str, ...]]
    pillars: list[Pillar]
    segments: list[Segment]
    hooks: list[Hook]
    goals: list[Goal]


def choices(who: Who) -> Choices:
    """Everything the forms offer. Five queries."""
    channels = in_force.lines(who)
    return Choices(
        channels, {c.pk: in_force.kinds(c) for c in channels}, list(who.own(Pillar)),
        list(who.own(Segment).filter(state="active").order_by("name")),
        list(who.own(Hook).filter(state="active").order_by("text")),
        list(who.own(Goal).filter(state="open").order_by("deadline")),
    )  # fmt: skip


def whom_and_why(who: Who) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The segments and goals in force, each with its name. One query."""
    segments = who.own(Segment).filter(state="active").values_list(Value("segment"), "pk", "name")
    goals = who.own(Goal).filter(state="open").order_by().values_list(Value("goal"), "pk", "sentence")
    rows = sorted(segments.order_by().union(goals, all=True), key=lambda row: str(row[2]).casefold())
    told = [[(pk, str(name)) for what, pk, name in rows if what == wanted] for wanted in ("segment", "goal")]
    return told[0], told[1]


REFERENCES: dict[str, Any] = {"pillar": Pillar, "segment": Segment, "hook": Hook, "goal": Goal}


def fits(channel: Channel, kind: str) -> None:
    """Raise Problem when the channel's network takes no posts of this kind."""
    if kind not in in_force.kinds(channel):
        said = _("%(channel)s takes no %(kind)s.") % {"channel": channel, "kind": wording.kind_name(kind)}
        raise Problem(
            said, kept=_("Nothing was changed."), do=_("Choose another kind or channel."), field="kind"
        )


def ahead(at: datetime, now: datetime) -> None:
    """Raise Problem for a moment that has passed."""
    if at <= now:
        raise Problem(_("This moment has passed."), kept=_("Nothing was changed."), field="at")


def referred(who: Who, slot: Slot, given: dict[str, int | None]) -> None:
    """Set pillar, segment, hook and goal by their ids; somebody else's is a Stranger, None takes it away."""
    for name, pk in given.items():
        setattr(slot, name, who.one(REFERENCES[name], pk) if pk is not None else None)


def retold(who: Who, slot: Slot, now: datetime, by_hand: bool = False) -> None:
    """Reasons and expectation of a slot that a person has placed or changed."""
    settings = in_force.current(who)
    on = desk(who, now, settings)
    day = slot.at.astimezone(on.brand.zone).date()
    given = bank.read(who, settings, on.channels, day, day, now, 1)
    drafting.reasoned(on, slot, given)
    if by_hand and not any(row["code"] == "by_hand" for row in slot.reasons):
        slot.reasons = [{"code": "by_hand", "values": {}, "size": 2.0}, *slot.reasons]


def weights(who: Who, slot: Slot, now: datetime) -> dict[str, Any]:
    """What the slot would be worth at every free hour of a week, and where it stands: factors against the usual."""
    on = desk(who, now, in_force.current(who))
    worth = on.worth.get(str(slot.channel_id))
    if worth is None or not worth.model.signal:
        return {"now": None, "hours": {}}
    pillar = slot.pillar.name if slot.pillar else ""
    monday = on.local_of(slot)[0]
    monday -= (monday + 6) % 7
    hours = [(day, hour) for day in range(7) for hour in range(24)]
    candidates = [worth.candidate(slot.kind, pillar, monday + day, hour * 60) for day, hour in hours]
    lifts = worth.model.compare(candidates)
    told = {f"{d + 1}-{h}": round(lift.mean, 4) for (d, h), lift in zip(hours, lifts, strict=True)}
    day, minute = on.local_of(slot)
    return {"now": told[f"{(day + 6) % 7 + 1}-{minute // 60}"], "hours": told}


def take_slot(slot: Slot, written: bool) -> None:
    """A post was written for the slot, or is no more; what somebody dropped stays dropped."""
    state = "written" if written else "open"
    if slot.state not in ("dropped", state):
        slot.state = state
        slot.save()


def explained(who: Who, slot: Slot) -> list[str]:
    """The three largest reasons in words, and why it has its hook."""
    first, rest = slot.reasons[:3], slot.reasons[3:]
    return [wording.reason(row) for row in [*first, *(row for row in rest if row["code"] == "hook")]]
