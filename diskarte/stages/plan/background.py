"""A draft that stands at once and gets better: a quick plan in the request, the search for the best one behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic

from django.db.models import QuerySet
from django.tasks import task
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.people.who import Who, who_in, worker_of
from diskarte.science.calendar import Progress
from diskarte.words import Problem

from . import drafting, in_force, telling, wording
from .models import Drafting, Slot
from .rules import moments

EFFORT = 12.0  # of the search behind the page; about seconds
AGAIN = 3  # searches, where somebody changes the month meanwhile
HEARD = 0.5  # seconds between two notes of how far it is
FRESH = timedelta(hours=1)
STALE = timedelta(minutes=10)  # a search that says nothing for so long is given up


@dataclass(frozen=True)
class Begun:
    """What stands at once: how many slots, and whether a better plan is being looked for."""

    month: date
    said: str
    made: int


@dataclass(frozen=True)
class Search:
    """How far the search for a month's best plan is; `gap` is what the best possible may be above it."""

    month: date
    state: str  # waiting, working, done, failed
    better: int
    gap: float | None
    said: str
    fresh: bool = False  # ended within the hour

    @property
    def going(self) -> bool:
        return self.state in ("waiting", "working")


@write(may="plan.edit", done=gettext_noop("{said}"))
def begin_draft(who: Who, month: date | None = None) -> Begun:
    """Draft a month: a good plan stands at once, and the best one replaces it as soon as it is found."""
    from . import actions

    wanted = (month or actions.next_month(who)).replace(day=1)
    check(who, wanted)
    free: list[int] = []
    if not rows_of(who, wanted).filter(version__isnull=False).exists():
        outcome = drafting.drafted(who, wanted, clock.now(), quick=True)
        free = [change.slot for change in outcome.changes if change.slot is not None]
    row = who.own(Drafting).filter(month=wanted).first() or Drafting(brand=who.brand, month=wanted)
    row.person = who.person if who.person and who.person.pk else None
    row.state, row.began_at, row.ended_at, row.better, row.gap, row.said = (
        "waiting",
        clock.now(),
        None,
        0,
        None,
        "",
    )
    row.save()
    improve.enqueue(row.pk, free)
    said = _("%(month)s: %(n)d posts stand. A better plan is being looked for.")
    name = wording.month_name(wanted)
    if not free:
        said = _("%(month)s: a better plan is being looked for.")
    return Begun(wanted, said % {"month": name, "n": len(free)}, len(free))


def check(who: Who, month: date) -> None:
    """Raise Problem when there is nothing to draft, or nothing to draft for."""
    assert who.brand is not None
    if moments.days_of(month)[-1] < clock.now().astimezone(who.brand.zone).date():
        raise Problem(_("This month is over."), kept=_("Nothing was drafted."), field="month")
    if not in_force.lines(who):
        what, do = (
            _("There is no channel to plan for."),
            _("Connect one, or add one that you post to by hand."),
        )
        raise Problem(what, kept=_("Nothing was drafted."), do=do)


def rows_of(who: Who, month: date) -> QuerySet[Slot]:
    """The slots of a month, those dropped too."""
    assert who.brand is not None
    days = moments.days_of(month)
    first = moments.to_utc(days[0].toordinal(), 0, who.brand.zone)
    last = moments.to_utc(days[-1].toordinal() + 1, 0, who.brand.zone)
    rows: QuerySet[Slot] = who.own(Slot).filter(at__gte=first, at__lt=last)
    return rows


@task
def improve(drafting_id: int, free: list[int]) -> None:
    """Look for the best plan of a month and put it in the place of the first one."""
    row = Drafting.objects.select_related("brand__workspace", "person").filter(pk=drafting_id).first()
    if row is None or row.state != "waiting":
        return
    who = who_in(row.person, row.brand.slug, "worker") if row.person else worker_of(row.brand)
    finish_draft(who, row.month, free)


@write(may="plan.edit", calls_out=True)
def finish_draft(who: Who, month: date, first_try: list[int] | None = None) -> Search:
    """Look for the best plan of a month that is being drafted; slots of a first try move at no cost."""
    row = who.own(Drafting).filter(month=month.replace(day=1)).first()
    if row is None:
        raise Problem(_("No draft of this month is on its way."), field="month")
    Drafting.objects.filter(pk=row.pk).update(state="working")
    try:
        said, gap = _searched(who, row, frozenset(first_try or ()))
    except drafting.Changed:
        said = _("Somebody was at work on this month, so it stayed as it was.")
        return _ended(row, "failed", said, None)
    return _ended(row, "done", said, gap)


def _searched(who: Who, row: Drafting, free: frozenset[int]) -> tuple[str, float]:
    for left in reversed(range(AGAIN)):
        try:
            done = drafting.drafted(
                who, row.month, clock.now(), free=free, effort=EFFORT, watch=Listener(row.pk)
            )
        except drafting.Changed:
            if not left:
                raise
        else:
            names = {str(c.pk): str(c) for c in in_force.lines(who)}
            return telling.improved(wording.month_name(row.month), done, names, bool(free)), done.gap
    raise drafting.Changed


class Listener:
    """Notes how far a search is, seldom enough to cost nothing."""

    def __init__(self, pk: int) -> None:
        self.pk, self.better, self.last = pk, 0, 0.0

    def __call__(self, progress: Progress) -> None:
        self.better += 1
        if monotonic() - self.last < HEARD:
            return
        self.last = monotonic()
        gap = max(progress.bound - progress.objective, 0.0) / max(abs(progress.objective), 1e-9)
        Drafting.objects.filter(pk=self.pk).update(better=self.better, gap=min(gap, 1.0))


def _ended(row: Drafting, state: str, said: str, gap: float | None) -> Search:
    row.refresh_from_db()
    row.state, row.said, row.gap, row.ended_at = state, said, gap, clock.now()
    row.save()
    return _search(row)


def _search(row: Drafting) -> Search:
    fresh = row.ended_at is not None and row.ended_at > clock.now() - FRESH
    return Search(row.month, row.state, row.better, row.gap, row.said, fresh)


@read(may="plan.see")
def draft_progress(who: Who, month: date) -> Search | None:
    """How far the search for a month's best plan is; nothing when none was begun or it was given up."""
    row = who.own(Drafting).filter(month=month.replace(day=1)).first()
    if row is None or (row.state in ("waiting", "working") and row.began_at < clock.now() - STALE):
        return None
    return _search(row)


@write(may="plan.edit", done=gettext_noop("{said}"))
def clear_month(who: Who, month: date) -> Begun:
    """Take everything out of a month that a draft put there and nobody locked, wrote or changed."""
    gone = list(
        rows_of(who, month).filter(version__isnull=False, state="open", locked=False, at__gt=clock.now())
    )
    for row in gone:
        row.delete()
    for row in who.own(Drafting).filter(month=month.replace(day=1)):
        row.delete()
    values = {"month": wording.month_name(month), "n": len(gone)}
    return Begun(month, _("%(month)s: %(n)d posts taken out of the plan.") % values, -len(gone))
