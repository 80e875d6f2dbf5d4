"""Every verb of the stage «plan»."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Moment, Upload
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.core.standing import Need, Standing
from diskarte.words import Kind, Problem

from . import arguing as arguing
from . import background as background
from . import days as days
from . import drafting, in_force, overview, placing, sheet, telling, together, wording
from .contests import actions as contests  # noqa: F401 - its verbs are this stage's
from .feeding import (
    calendar_feed as calendar_feed,
)
from .feeding import (
    close_feed as close_feed,
)
from .feeding import (
    feed_key as feed_key,
)
from .feeding import (
    feed_text as feed_text,
)
from .feeding import (
    feeds as feeds,
)
from .feeding import (
    open_feed as open_feed,
)
from .ideas import actions as ideas  # noqa: F401
from .models import Occasion, Slot
from .narrowing import Filters
from .placing import take_slot as take_slot
from .promotions import actions as promotions  # noqa: F401
from .rules import moments
from .steering import (
    add_pillar as add_pillar,
)
from .steering import (
    change_settings as change_settings,
)
from .steering import (
    current_settings as current_settings,
)
from .steering import (
    edit_pillar as edit_pillar,
)
from .steering import (
    pillars as pillars,
)
from .steering import (
    remove_pillar as remove_pillar,
)
from .steering import (
    restore_version as restore_version,
)
from .steering import (
    set_cadence as set_cadence,
)
from .steering import (
    set_limits as set_limits,
)
from .steering import (
    set_mix as set_mix,
)
from .steering import (
    set_pillars as set_pillars,
)
from .steering import (
    versions as versions,
)
from .taking import Taken
from .taking import taken as taken

SOON = timedelta(days=3)


@dataclass(frozen=True)
class Explanation:
    """Why a slot stands there: its three largest reasons in words, all of them as data, and what it may bring."""

    slot: int
    why: list[str]
    reasons: list[dict[str, Any]]
    expected: float | None  # engagements; None: nothing to go by
    low: float | None  # 80 % interval
    high: float | None


@dataclass(frozen=True)
class Drafted:
    """What a draft did, in numbers and in one sentence."""

    month: date
    said: str
    outcome: drafting.Outcome


@read(may="plan.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    now = clock.now()
    rows = who.own(Slot).filter(at__gte=now).exclude(state="dropped").order_by("at")
    ahead = list(rows.values_list("at", "state", "pk"))
    if not ahead:
        return Standing("empty", missing=gettext_noop("Draft the first month"))
    soon = [pk for at, state, pk in ahead if at <= now + SOON and state == "open"]
    full = ahead[-1][0] >= now + timedelta(days=14)
    missing = "" if full else gettext_noop("Plan the next two weeks")
    return Standing("full" if full else "half", str(len(ahead)), _unwritten(soon), missing)


def _unwritten(soon: list[int]) -> tuple[Need, ...]:
    """The posts of the next days that nobody has written; the button leads to the first of them."""
    if not soon:
        return ()
    one = gettext_noop("A post of the next three days is not written")
    more = gettext_noop("%(n)s posts of the next three days are not written")
    what = more if len(soon) > 1 else one
    return (Need(what, "plan.slot", {"n": len(soon)}, {"pk": soon[0]}, do=gettext_noop("Write")),)


# The draft


@write(may="plan.edit", done=gettext_noop("{said}"))
def draft_plan(who: Who, month: date | None = None) -> Drafted:
    """Draft a month: slots with time, kind, pillar, segment, hook, goal and reasons; what stands there is kept."""
    now = clock.now()
    wanted = month or next_month(who)
    assert who.brand is not None
    today = now.astimezone(who.brand.zone).date()
    if moments.days_of(wanted)[-1] < today:
        raise Problem(_("This month is over."), kept=_("Nothing was drafted."), field="month")
    if not in_force.lines(who):
        what, do = (
            _("There is no channel to plan for."),
            _("Connect one, or add one that you post to by hand."),
        )
        raise Problem(what, kept=_("Nothing was drafted."), do=do)
    outcome = drafting.drafted(who, wanted, now)
    names = {str(c.pk): str(c) for c in in_force.lines(who)}
    return Drafted(outcome.month, telling.drafted(wording.month_name(outcome.month), outcome, names), outcome)


@write(may="plan.edit", done=gettext_noop("{said}"))
def redraft(who: Who, month: date) -> Drafted:
    """Draft a month again under the settings in force, changing as little as possible; tells what changed and why."""
    return draft_plan(who, month)


@write(may="plan.edit")
def redraft_ahead(who: Who) -> int:
    """Draft every month again that has slots ahead; how many slots were touched."""
    assert who.brand is not None
    rows = who.own(Slot).filter(at__gte=clock.now(), version__isnull=False).exclude(state="dropped")
    months = {at.astimezone(who.brand.zone).date().replace(day=1) for at in rows.values_list("at", flat=True)}
    return sum(drafting.drafted(who, month, clock.now()).touched for month in sorted(months))


def next_month(who: Who) -> date:
    """The first day of the month a person most likely wants to draft: this one before the 20th, else the next."""
    assert who.brand is not None
    today = clock.now().astimezone(who.brand.zone).date()
    return (
        today.replace(day=1) if today.day < 20 else (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    )


# Slots


@read(may="plan.see")
def slots(
    who: Who, start: date, end: date, channel: int | None = None, pillar: int | None = None, state: str | None = None,
    goal: int | None = None, segment: int | None = None,
) -> list[Slot]:  # fmt: skip
    """The slots from one day to another (both included, brand time), soonest first; `goal` counts its parts in."""
    return overview.passing(overview.slots_between(who, start, end), channel, pillar, state, goal, segment)


@read(may="plan.see")
def slot(who: Who, slot: int) -> Slot:
    """One slot."""
    who.one(Slot, slot)
    row: Slot = (
        who.own(Slot).select_related("channel", "pillar", "segment", "hook", "goal", "version").get(pk=slot)
    )
    return row


@read(may="plan.see")
def explain(who: Who, slot: int) -> Explanation:
    """Why a slot stands where it stands: the three largest reasons with their numbers."""
    row: Slot = who.one(Slot, slot)
    why = placing.explained(who, row)
    return Explanation(row.pk, why, row.reasons, row.expected, row.expected_low, row.expected_high)


@read(may="plan.see")
def weigh(who: Who, slot: int) -> dict[str, Any]:
    """What a slot would bring at each hour of the week ("2-18": Tuesday 18:00) against the usual post, and now."""
    return placing.weights(who, who.one(Slot, slot), clock.now())


@write(may="plan.edit", done=gettext_noop("Moved."))
def move_slot(who: Who, slot: int, at: Moment, channel: int | None = None, seen: int | None = None) -> Slot:
    """Move one slot to another time or channel; refused when it has changed since its turn was `seen`."""
    row = together.held(who, slot, seen)
    placing.ahead(at, clock.now())
    if channel is not None and channel != row.channel_id:
        row.channel = who.one(Channel, channel)
        placing.fits(row.channel, row.kind)
    row.at, row.locked = at, True
    placing.retold(who, row, clock.now(), by_hand=True)
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("Added to the plan."))
def add_slot(
    who: Who, at: Moment, channel: int, kind: Kind, pillar: int | None = None, topic: str = "", title: str = "",
    note: str = "", segment: int | None = None, hook: int | None = None, goal: int | None = None,
) -> Slot:  # fmt: skip
    """Put a slot into the plan by hand; a new draft plans around it."""
    row = Slot(brand=who.brand, at=at, channel=who.one(Channel, channel), kind=kind.value, note=note)
    placing.ahead(at, clock.now())
    placing.fits(row.channel, row.kind)
    row.topic, row.title = topic.strip()[:120], title.strip()[:160]
    placing.referred(who, row, {"pillar": pillar, "segment": segment, "hook": hook, "goal": goal})
    placing.retold(who, row, clock.now(), by_hand=True)
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("Saved."))
def edit_slot(
    who: Who, slot: int, at: Moment, kind: Kind, pillar: int | None = None, topic: str = "", title: str = "",
    note: str = "", segment: int | None = None, hook: int | None = None, goal: int | None = None, occasion: str = "",
    seen: int | None = None,
) -> Slot:  # fmt: skip
    """Change what a slot is; a new draft leaves it so. Refused when it has changed since its turn was `seen`."""
    row = together.held(who, slot, seen)
    if at != row.at:
        placing.ahead(at, clock.now())
    row.at, row.kind, row.note, row.locked = at, kind.value, note, True
    placing.fits(row.channel, row.kind)
    row.topic, row.title, row.occasion = topic.strip()[:120], title.strip()[:160], occasion.strip()[:120]
    placing.referred(who, row, {"pillar": pillar, "segment": segment, "hook": hook, "goal": goal})
    placing.retold(who, row, clock.now())
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("Locked: a new draft leaves it where it is."))
def lock(who: Who, slot: int) -> Slot:
    """Keep a slot where it is, whatever a new draft says."""
    return _locked(who, slot, True)


@write(may="plan.edit", done=gettext_noop("Unlocked."))
def unlock(who: Who, slot: int) -> Slot:
    """Let a new draft move a slot again."""
    return _locked(who, slot, False)


def _locked(who: Who, slot: int, locked: bool) -> Slot:
    row: Slot = who.one(Slot, slot)
    row.locked = locked
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("Dropped from the plan."))
def drop_slot(who: Who, slot: int) -> Slot:
    """Take a slot out of the plan; a new draft does not fill its place."""
    row: Slot = who.one(Slot, slot)
    if row.state == "written":
        do = _("Delete or unschedule the post first.")
        raise Problem(_("A post is written for this slot."), kept=_("Nothing was dropped."), do=do)
    row.state = "dropped"
    row.save()
    return row


# The month, days of note, tables and calendars


@read(may="plan.see")
def month(who: Who, month: date) -> overview.Month:
    """One month: mix against target, hours of work, conflicts, days of note, expected result."""
    return overview.month_of(who, month, clock.now())


@read(may="plan.see")
def mix(who: Who, month: date) -> list[overview.Share]:
    """Each pillar's share of a month, now and as its target says."""
    return overview.month_of(who, month, clock.now()).mix


@read(may="plan.see")
def occasions(who: Who, start: date, end: date) -> list[overview.Noted]:
    """Holidays, commercial days and the brand's own days, from one day to another."""
    return overview.noted(who, start, end)


@write(may="plan.edit", done=gettext_noop("{name} is in the plan."))
def add_occasion(who: Who, day: date, name: str, kind: str = "event", lead_days: int = 7) -> Occasion:
    """Add a day of the brand's own: an event, a promotion, a contest."""
    name = name.strip()[:120]
    if not name:
        raise Problem(_("The day needs a name."), field="name")
    if kind not in ("event", "promotion", "contest"):
        raise Problem(_("A day of your own is an event, a promotion or a contest."), field="kind")
    if not 0 <= lead_days <= 365:
        raise Problem(_("Posts can speak of a day from 0 to 365 days before it."), field="lead_days")
    if who.own(Occasion).filter(day=day, name=name).exists():
        raise Problem(_("This day stands in the plan already."), field="name")
    row = Occasion(
        brand=who.brand, day=day, name=name, kind=kind, lead_days=lead_days, source=_("added by hand")
    )
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("Removed."))
def delete_occasion(who: Who, occasion: int) -> None:
    """Remove a day of the brand's own."""
    who.one(Occasion, occasion).delete()


@write(may="plan.edit", done=gettext_noop("It will not be mentioned again."))
def mute_occasion(who: Who, day: date, name: str) -> Occasion:
    """Leave a public or commercial day out of this brand's plan."""
    row = Occasion(brand=who.brand, day=day, name=name[:120], kind="muted", ours=False, muted=True)
    if who.own(Occasion).filter(day=day, name=row.name).exists():
        raise Problem(_("It is left out already."))
    row.save()
    return row


@read(may="plan.see")
def export_slots(who: Who, start: date, end: date) -> str:
    """The slots as CSV: date, time, channel, kind, pillar, topic, title, note, occasion, locked."""
    return sheet.written(who, overview.slots_between(who, start, end))


def workbook(who: Who, start: date, end: date) -> bytes:
    """The slots as a spreadsheet with lists to choose from; with no days between, the template."""
    who.must("plan.see")
    return sheet.workbook(who, overview.slots_between(who, start, end) if start <= end else [])


def print_month(who: Who, month: date, shape: str, filters: Filters) -> bytes:
    """A month as PDF: "month" is one sheet, landscape; "list" is a line for each post."""
    from . import paper

    who.must("plan.see")
    return paper.printed(who, month, shape, filters)


@write(may="plan.edit", done=gettext_noop("{made} slots are in the plan."))
def import_slots(who: Who, file: Upload) -> Taken:
    """Put slots from a CSV or XLSX into the plan; rows that make no sense are told one by one."""
    return sheet.read(who, file)


@read(may="plan.see")
def choices(who: Who) -> placing.Choices:
    """What a slot can be given: channels with the kinds they take, pillars, segments, hooks, goals."""
    return placing.choices(who)
