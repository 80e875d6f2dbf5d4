"""Many slots changed at once, with one undo; and what keeps two people from overwriting each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from diskarte.core import clock
from diskarte.core.actions import write
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.audience.models import Segment
from diskarte.words import Problem

from . import bank, drafting, in_force, placing
from .desk import desk
from .models import DayNote, Pillar, Slot

MOST = 500
FARTHEST = 366
What = Literal["move", "lock", "unlock", "drop", "pillar", "channel", "segment"]
Step = Callable[[Slot], None]


@dataclass(frozen=True)
class Together:
    """How many slots a change reached, and which of them it could not."""

    changed: int
    stayed: list[int]
    said: str


def held(who: Who, slot: int, seen: int | None) -> Slot:
    """The slot, kept from others until the change is written; Problem when it is not as it was `seen`."""
    who.one(Slot, slot)
    row: Slot = who.own(Slot).select_for_update().get(pk=slot)
    if seen is None or row.turn == seen:
        return row
    if row.state == "dropped":
        what = _("Somebody took this post out of the plan meanwhile.")
    else:
        when = date_format(timezone.localtime(row.at, who.brand.zone), "D j M, H:i")  # type: ignore[union-attr]
        what = _("Somebody changed this post meanwhile: it stands on %(when)s, %(channel)s.") % {
            "when": when, "channel": row.channel,
        }  # fmt: skip
    raise Problem(
        what, kept=_("Their change was kept, yours was not made."), do=_("Look at it and try again.")
    )


@write(may="plan.edit", done=gettext_noop("{said}"))
def change_slots(
    who: Who, slots: list[int], what: What, days: int = 0, pillar: int | None = None, channel: int | None = None,
    segment: int | None = None,
) -> Together:  # fmt: skip
    """Move by days, lock, unlock, drop, or give many slots a pillar, channel or segment; one undo takes all back."""
    if not slots or len(slots) > MOST:
        said = _("Choose from 1 to %(n)d posts.") % {"n": MOST}
        raise Problem(said, kept=_("Nothing was changed."), field="slots")
    keys = set(slots)
    rows = list(
        who.own(Slot).filter(pk__in=keys).select_for_update(of=("self",)).select_related("channel", "pillar")
    )
    if len(rows) != len(keys):
        who.one(Slot, next(iter(keys - {row.pk for row in rows})))
    step = _step(who, what, days, {"pillar": pillar, "channel": channel, "segment": segment})
    done, stayed, why = list[Slot](), list[int](), ""
    for row in rows:
        try:
            step(row)
        except Problem as problem:
            stayed, why = [*stayed, row.pk], why or problem.what
        else:
            done.append(row)
    if what not in ("lock", "unlock", "drop"):
        _retold(who, done)
    for row in done:
        row.save()
    return Together(len(done), stayed, _told(len(done), len(stayed), why))


def _step(who: Who, what: What, days: int, given: dict[str, int | None]) -> Step:
    """What happens to each of them; raises Problem at once for what makes no sense for any."""
    if what in ("lock", "unlock"):
        return lambda row: setattr(row, "locked", what == "lock")
    if what == "drop":
        return _drop
    if what == "move":
        if not 0 < abs(days) <= FARTHEST:
            raise Problem(
                _("Say by how many days, such as 7 or -1."), kept=_("Nothing was changed."), field="days"
            )
        return lambda row: _move(who, row, days)
    kind = {"pillar": Pillar, "channel": Channel, "segment": Segment}[what]
    value = who.one(kind, given[what]) if given[what] is not None else None
    if what == "channel":
        if value is None:
            raise Problem(_("Choose a channel."), kept=_("Nothing was changed."), field="channel")
        return lambda row: _rechannel(row, value)
    return lambda row: _give(row, what, value)


def _drop(row: Slot) -> None:
    if row.state == "written":
        raise Problem(_("A post is written for this slot."))
    row.state = "dropped"


def _move(who: Who, row: Slot, days: int) -> None:
    """The same hour on another day, whatever the clocks do between."""
    zone = who.brand.zone  # type: ignore[union-attr]
    at = (row.at.astimezone(zone) + timedelta(days=days)).astimezone(UTC)
    placing.ahead(at, clock.now())
    row.at, row.locked = at, True


def _rechannel(row: Slot, channel: Channel) -> None:
    if row.state == "written":
        raise Problem(_("A post is written for this slot."))
    placing.fits(channel, row.kind)
    row.channel, row.locked = channel, True


def _give(row: Slot, name: str, value: Pillar | Segment | None) -> None:
    setattr(row, name, value)
    row.locked = True


def _retold(who: Who, rows: list[Slot]) -> None:
    """Reasons and expectations of all of them, by one reading of the history."""
    if not rows:
        return
    settings, now = in_force.current(who), clock.now()
    on = desk(who, now, settings)
    days = [row.at.astimezone(on.brand.zone).date() for row in rows]
    given = bank.read(who, settings, on.channels, min(days), max(days), now, 1)
    for row in rows:
        drafting.reasoned(on, row, given)


def _told(done: int, stayed: int, why: str) -> str:
    said = ngettext("%(n)d post is changed.", "%(n)d posts are changed.", done) % {"n": done}
    if stayed:
        left = ngettext("%(n)d stayed as it was: %(why)s", "%(n)d stayed as they were: %(why)s", stayed)
        said += " " + left % {"n": stayed, "why": why}
    return said


@write(may="plan.edit", done=gettext_noop("The note is saved."))
def note_day(who: Who, day: date, text: str = "") -> DayNote | None:
    """Write a few words on a day of the calendar; empty words take the note away."""
    row = who.own(DayNote).filter(day=day).first() or DayNote(brand=who.brand, day=day)
    row.text = text.strip()[:280]
    if row.text:
        row.save()
        return row
    if row.pk:
        row.delete()
    return None
