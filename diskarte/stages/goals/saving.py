"""What is checked before a goal is kept; every objection is a sentence beside its field."""

from __future__ import annotations

import math
from datetime import date, datetime

from django.utils.translation import gettext as _

from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import rules, sentences
from .models import Goal

LONGEST = 365 * 5  # days


def today(who: Who, now: datetime) -> date:
    """The day it is for the brand."""
    assert who.brand is not None
    return now.astimezone(who.brand.zone).date()


def wish(row: Goal) -> rules.Wish:
    """A goal's row as the rules see it."""
    return rules.Wish(
        row.sentence, row.metric, row.target, row.starts, row.deadline, row.baseline, row.period,
        row.worth is not None or row.part_of_id is not None,
    )  # fmt: skip


def checked(sentence: str, metric: str, target: float, starts: date, deadline: date) -> None:
    """Raise Problem for what cannot be a goal at all; what could merely be better is said by the SMART check."""
    if not sentence.strip():
        raise Problem(_("Say in one sentence what must change."), field="sentence")
    if metric not in rules.METRICS:
        raise Problem(_("A goal cannot be about this number."), field="metric")
    if not math.isfinite(target) or target <= 0:
        raise Problem(_("The target must be above zero."), field="target")
    if metric in rules.RATES and target > 100:
        raise Problem(_("A rate is written in percent, at most 100."), field="target")
    if deadline < starts:
        raise Problem(_("The deadline lies before the first day."), field="deadline")
    if (deadline - starts).days > LONGEST:
        raise Problem(_("More than five years ahead nobody can plan."), field="deadline")


def kept(row: Goal) -> Goal:
    """Save and return the row."""
    row.save()
    return row


def removed(row: Goal) -> None:
    """Delete a goal and its ways one by one, so that undo brings all of them back."""
    for way in row.ways.all():
        way.delete()
    row.delete()


def part(year: Goal, first: date, last: date, target: float) -> Goal:
    """One month of a year's goal, kept."""
    row = Goal(brand=year.brand, part_of=year, metric=year.metric, channel=year.channel, period="month")
    row.sentence, row.starts, row.deadline, row.target = (
        sentences.month_goal(year.sentence, first),
        first,
        last,
        target,
    )
    return kept(row)
