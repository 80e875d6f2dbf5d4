"""What the demo's brand wants: one year's goal, its months, and what each month was set and closed for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.stages.goals import actions as goals
from diskarte.stages.goals.models import Goal
from diskarte.words import Metric

from .strategy import Places

TOTAL = 10_000  # followers at the end of the year
STRETCH = 1.25  # a month should bring so much more than the one before
YEAR_BEGAN = 8  # months before this one


@dataclass(frozen=True)
class Aim:
    """One goal of every month: its sentence, what it counts, and to what its target is rounded."""

    sentence: str
    metric: Metric
    step: int
    channel: int | None = None
    part_of: int | None = None
    worth: Decimal | None = None


def month_of(day: date, shift: int = 0) -> date:
    """The first day of the month of `day`, some months later or earlier."""
    months = day.year * 12 + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


def months(first: date, last: date) -> Iterator[date]:
    """First days of all months from one to the other, both included."""
    month = month_of(first)
    while month <= last:
        yield month
        month = month_of(month, 1)


def morning(brand: Brand, day: date) -> datetime:
    """Nine o'clock of a day where the brand is."""
    return datetime.combine(day, time(9), brand.zone)


def for_the_year(who: Who, today: date) -> Goal:
    """Ten thousand followers, from eight months ago to three months ahead."""
    first = month_of(today, -YEAR_BEGAN)
    return goals.set_goal(
        who, f"{TOTAL:,} people follow us by {_last(month_of(first, 11)):%B %Y}", Metric.FOLLOWERS, TOTAL,
        _last(month_of(first, 11)), starts=first, worth=Decimal(240_000), period="year",
    )  # fmt: skip


def for_the_month(who: Who, month: date, year: Goal, places: Places) -> list[Goal]:
    """Reach, clicks to the shop, and the month's part of the year's goal, each from what the month before brought."""
    left = max((year.deadline.year - month.year) * 12 + year.deadline.month - month.month + 1, 1)
    reach = Aim("{target:,.0f} people see us in {month:%B}", Metric.REACH, 10_000, worth=Decimal(60_000))
    clicks = Aim(
        "{target:,.0f} clicks to the bean shop in {month:%B}",
        Metric.CLICKS,
        50,
        places.beans.pk,
        worth=Decimal(45_000),
    )
    follow = Aim("{target:,.0f} followers at the end of {month:%B}", Metric.FOLLOWERS, 50, part_of=year.pk)
    return [
        _set(who, month, reach, lambda before: before * STRETCH),
        _set(who, month, clicks, lambda before: before * STRETCH),
        _set(who, month, follow, lambda before: before + (TOTAL - before) / left),
    ]


def _set(who: Who, month: date, aim: Aim, wanted: Callable[[float], float]) -> Goal:
    """Set the goal, see what it starts from, and ask for more than that."""
    goal = goals.set_goal(
        who, "What the month before brought", aim.metric, 1, _last(month), month, aim.channel, period="month",
        part_of=aim.part_of,
    )  # fmt: skip
    target = max(round(wanted(goal.baseline or 0) / aim.step), 1) * aim.step
    said = aim.sentence.format(target=target, month=month)
    return goals.edit(
        who,
        goal.pk,
        said,
        aim.metric,
        target,
        _last(month),
        month,
        aim.channel,
        worth=aim.worth,
        period="month",
    )


def closed(who: Who, month: date) -> None:
    """Close the goals of a month that is over: reached or missed, as the numbers say."""
    for goal in goals.goals(who):
        if goal.period == "month" and goal.starts == month:
            there = goals.forecast(who, goal.pk).now
            goals.close_goal(
                who, goal.pk, "reached" if there is not None and there >= goal.target else "missed"
            )


def _last(month: date) -> date:
    return month_of(month, 1) - timedelta(days=1)
