"""Verbs of the tree: what every level must bring so that a goal is reached, and the rates between the levels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.people.who import Who
from diskarte.words import Problem

from . import growing
from .models import Conversion, Goal
from .rules import tree as rules

Step = Literal["reach", "views", "clicks", "leads", "sales"]


@dataclass(frozen=True)
class Tree:
    """The levels of a goal from posts to sales; no levels for a goal that no post leads to (a level, a rate)."""

    goal: Goal
    levels: list[rules.Level]
    weeks: float
    first: date  # the rates were measured from this day on
    posts: int  # posts behind them

    @property
    def missing(self) -> list[rules.Level]:
        """Levels whose rate nobody knows."""
        return [level for level in self.levels if level.edge is not None and level.edge.rate is None]


@read(may="goals.see")
def kpi_tree(who: Who, goal: int) -> Tree:
    """From the goal down to posts and up to sales: what each level must bring, and each rate with its source."""
    assert who.brand is not None
    row: Goal = who.one(Goal, goal)
    found = growing.ground(who, row, clock.now())
    names = rules.chain(row.metric, found.seen)
    weeks = max(1.0, ((row.deadline - row.starts).days + 1) / 7)
    levels = rules.tree(row.metric, row.target, weeks, names, found.edges, found.a_week) if names else []
    return Tree(row, levels, weeks, _day(who, found.first), found.posts)


@write(may="goals.edit", done=gettext_noop("The rate is noted."))
def set_rate(who: Who, step: Step, value: float, source: str = "") -> Conversion:
    """Say how many of one level come with one before it: 0.02 clicks of a person reached, 0.2 sales of a lead."""
    assert who.brand is not None
    if value <= 0:
        raise Problem(_("A rate is above zero."), field="value")
    if step in ("clicks", "leads", "sales") and value > 1:
        raise Problem(_("At most one of each: write 0.2 for two in ten."), field="value")
    row = who.own(Conversion).filter(step=step).first() or Conversion(brand=who.brand, step=step)
    row.value, row.source = value, source.strip()[:200]
    row.save()
    return row


@write(may="goals.edit", done=gettext_noop("Measured again."))
def forget_rate(who: Who, step: Step) -> None:
    """Take back a rate that somebody said; what is measured counts again."""
    for row in who.own(Conversion).filter(step=step):
        row.delete()


def _day(who: Who, at: datetime) -> date:
    return at.astimezone(who.brand.zone).date()  # type: ignore[union-attr]
