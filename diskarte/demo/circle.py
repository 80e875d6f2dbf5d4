"""The circle, walked for two months: a finding, an accepted change of the plan, posts that follow it, their numbers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.stages.correct import actions as correct
from diskarte.stages.correct.models import Proposal
from diskarte.stages.goals import actions as goals
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan import actions as plan

from . import aims, measured
from .alive import Desk, lived
from .then import then

AGO = timedelta(weeks=8)  # about so long ago the first change was made
LOOK_AHEAD = timedelta(days=3)  # a month is drafted so long before it begins
PAGE_BEGAN, PAGE_GREW = 4700, 11  # followers of the page served by hand, and how many more every week


def decided_at(brand: Brand, now: datetime) -> datetime:
    """When the first change was made: just before the month that began about eight weeks ago."""
    wanted = (now - AGO).astimezone(brand.zone).date()
    firsts = (aims.month_of(wanted), aims.month_of(wanted, 1))
    return aims.morning(brand, min(firsts, key=lambda first: abs((first - wanted).days))) - LOOK_AHEAD


def walked(desk: Desk, decided: datetime, now: datetime) -> Proposal | None:
    """From the first goals to this moment; the proposal that was accepted on the way."""
    who, brand = desk.cast.owner, desk.cast.brand
    today = now.astimezone(brand.zone).date()
    months = list(aims.months(aims.month_of(decided.astimezone(brand.zone).date(), 1), today))
    with then(brand, decided - timedelta(hours=2)):
        year = aims.for_the_year(who, today)
        aims.for_the_month(who, months[0], year, desk.places)
        plan.draft_plan(who, months[0])
    with then(brand, decided):
        accepted = learned(who)
    done = aims.morning(brand, months[0])
    for month in months[1:]:
        done = _turned(desk, month, year, done, now)
    _went_on(desk, done, now)
    return accepted


def learned(who: Who) -> Proposal | None:
    """Look at the history and accept one proposal: about reels, else about another kind, else the first."""
    correct.learn(who)
    waiting = correct.proposals(who)
    kinds = sorted(
        (p for p in waiting if p.finding.factor == "kind"), key=lambda p: p.finding.level != "reel"
    )
    chosen = next(iter([*kinds, *waiting]), None)
    if chosen is None:
        return None
    correct.accept(who, chosen.pk, f"{chosen.finding.sentence} Let us try it.")
    return correct.proposals(who, "accepted")[0]


def _turned(desk: Desk, month: date, year: Goal, done: datetime, now: datetime) -> datetime:
    """From one month to the next: goals set, the month drafted, the old month lived to its end and closed."""
    who, brand = desk.cast.owner, desk.cast.brand
    begins = min(aims.morning(brand, month), now)
    before = begins - LOOK_AHEAD
    _went_on(desk, done, before)
    with then(brand, before):
        aims.for_the_month(who, month, year, desk.places)
        plan.draft_plan(who, month)
    _went_on(desk, before, begins)
    with then(brand, begins):
        aims.closed(who, aims.month_of(month, -1))
    return begins


def _went_on(desk: Desk, since: datetime, until: datetime) -> None:
    """Live through a stretch of time: slots become posts, posts get numbers, followers come."""
    if since >= until:
        return
    lived(desk, since, until)
    measured.read(desk.cast.brand, since, until)
    measured.followers(desk.places.practice, since, until)


def told_by_hand(who: Who, channel: int, since: datetime, until: datetime) -> None:
    """Once a month somebody writes down how many follow the page that no program reads."""
    at, weeks = since, 0
    while at < until:
        goals.tell_number(who, "followers", PAGE_BEGAN + PAGE_GREW * weeks, at.date(), channel, "simulated")
        at, weeks = at + timedelta(weeks=4), weeks + 4
