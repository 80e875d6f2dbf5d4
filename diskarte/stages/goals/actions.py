"""Every verb of the stage «goals»."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.core.standing import Need, Standing
from diskarte.words import Metric, Problem

from . import checking as checking  # verbs
from . import outlook, rules, saving, sentences, series, ways
from . import tree as tree  # verbs
from .days import Days
from .models import Goal, Way

Period = Literal["", "month", "year"]
YEAR_OF_POSTS = timedelta(days=365)
MOST_POSTS = 400  # newest posts the ways are read from


@dataclass(frozen=True)
class Pace:
    """Where one goal stands. Numbers are in the goal's metric (a rate in percent); None is «nobody can tell»."""

    goal: Goal
    now: float | None
    target: float
    expected_by_now: float
    chance: float | None  # of reaching the target at today's pace
    low: float | None  # 80 % interval of where it ends at today's pace
    mid: float | None
    high: float | None
    safe_target: float | None  # the target that would have an 80 % chance
    needed_per_day: float | None
    pace_per_day: float | None  # what a day brings now
    state: str  # ahead, on pace, behind, unknown
    period: str  # the goal's days in words
    n: int  # posts behind `now`
    days_left: int
    why: str  # why the chance is unknown, or how far the numbers reach
    unit: str
    days: Days = field(repr=False)

    @property
    def begun(self) -> bool:
        """False before the first day."""
        return self.days_left <= (self.goal.deadline - self.goal.starts).days

    @property
    def wish(self) -> rules.Wish:
        """The goal as the rules see it."""
        return saving.wish(self.goal)


@read(may="goals.see")
def standing(who: Who) -> Standing:
    """Where this stage stands."""
    found = pace(who, coming=True)
    if not found:
        return Standing("empty", missing=gettext_noop("Set the first goal"))
    behind = [p for p in found if p.state == "behind"]
    over = [p for p in found if p.days_left < 0]
    needs = [_late(p) for p in behind[:3]] + [_over(p) for p in over[:3]]
    if any(p.now is None and p.begun for p in found):
        missing = gettext_noop("Let the numbers of your goals arrive")
        return Standing("half", str(len(found)), tuple(needs), missing)
    return Standing("full", str(len(found)), tuple(needs))


@read(may="goals.see")
def goals(who: Who, state: Literal["open", "past", "all"] = "open") -> list[Goal]:
    """Goals by deadline: open ones, those closed, or all."""
    rows = who.own(Goal).select_related("channel", "part_of").order_by("deadline", "pk")
    if state == "all":
        return list(rows)
    return list(rows.filter(state="open") if state == "open" else rows.exclude(state="open"))


@read(may="goals.see")
def goal(who: Who, goal: int) -> Goal:
    """One goal."""
    row: Goal = who.one(Goal, goal)
    return row


@read(may="goals.see")
def pace(who: Who, coming: bool = False) -> list[Pace]:
    """Every open goal that has begun: where it is, where it should be, its chance; `coming`: those ahead too.

    Of the months of a year's goal only the present one.
    """
    now = clock.now()
    today = saving.today(who, now)
    rows = [row for row in _open(who) if row.part_of_id is None or row.starts <= today <= row.deadline]
    rows = [row for row in rows if coming or row.starts <= today]
    days = series.read(who, rows, now)
    return [_pace(row, days[row.pk], today) for row in rows]


@read(may="goals.see")
def forecast(who: Who, goal: int) -> Pace:
    """One goal, open or closed: its pace, the interval of where it ends, and the target with 80 % chance."""
    row = who.own(Goal).select_related("channel").filter(pk=goal).first() or who.one(Goal, goal)
    now = clock.now()
    return _pace(row, series.read(who, [row], now)[row.pk], saving.today(who, now))


@read(may="goals.see")
def check(who: Who, goal: int) -> list[sentences.Said]:
    """The SMART check of a goal: for every letter what is good, what is missing, or why nobody can tell."""
    return hints(forecast(who, goal), saving.today(who, clock.now()))


@read(may="goals.see")
def propose_ways(who: Who, goal: int, a_week: float = 1) -> list[ways.Move]:
    """Moves that could reach the goal, with expected gain, hours and the posts behind the expectation."""
    row = who.one(Goal, goal)
    labels, values = _past_posts(who, row)
    begin = max(row.starts - timedelta(days=1), saving.today(who, clock.now()))
    weeks = max(0, (row.deadline - begin).days) / 7
    return ways.moves(labels, values, weeks, a_week)


@read(may="goals.see")
def parts(who: Who, goal: int) -> list[Pace]:
    """The months of a year's goal with their pace, those over and closed too."""
    now = clock.now()
    today = saving.today(who, now)
    rows = list(who.own(Goal).filter(part_of=goal).select_related("channel").order_by("starts"))
    if not rows:
        who.one(Goal, goal)
    days = series.read(who, [row for row in rows if row.starts <= today], now)
    return [_pace(row, days.get(row.pk, Days()), today) for row in rows]


@read(may="goals.see")
def chosen(who: Who, goal: int) -> list[Way]:
    """The ways that were chosen for one goal."""
    rows = list(who.own(Way).filter(goal=goal).order_by("pk"))
    if not rows:
        who.one(Goal, goal)
    return rows


@read(may="goals.see")
def channels(who: Who) -> list[Channel]:
    """Channels a goal can be limited to."""
    return list(who.own(Channel).order_by("network", "name"))


@read(may="goals.see")
def wishes(who: Who) -> list[Way]:
    """The ways that were chosen for open goals: what the plan is asked to make room for."""
    rows = who.own(Way).filter(goal__state="open").select_related("goal")
    return list(rows.order_by("goal__deadline", "pk"))


@write(may="goals.edit", done=gettext_noop("Goal set: {sentence}"))
def set_goal(
    who: Who,
    sentence: str,
    metric: Metric,
    target: float,
    deadline: date,
    starts: date | None = None,
    channel: int | None = None,
    baseline: float | None = None,
    worth: Decimal | None = None,
    period: Period = "",
    part_of: int | None = None,
) -> Goal:
    """Set a goal; without a baseline the number of an equally long time before is taken. Rates are in percent."""
    row = Goal(brand=who.brand, starts=starts or saving.today(who, clock.now()))
    row.part_of = who.one(Goal, part_of) if part_of else None
    _fill(who, row, sentence, metric, target, deadline, channel, baseline, worth, period)
    return saving.kept(row)


@write(may="goals.edit", done=gettext_noop("Saved."))
def edit(
    who: Who,
    goal: int,
    sentence: str,
    metric: Metric,
    target: float,
    deadline: date,
    starts: date | None = None,
    channel: int | None = None,
    baseline: float | None = None,
    worth: Decimal | None = None,
    period: Period = "",
) -> Goal:
    """Change a goal; what is not given becomes open, an open baseline is measured again."""
    row: Goal = who.one(Goal, goal)
    row.starts = starts or row.starts
    _fill(who, row, sentence, metric, target, deadline, channel, baseline, worth, period)
    return saving.kept(row)


@write(may="goals.edit", done=gettext_noop("The year is split into months."))
def split_year(who: Who, goal: int) -> list[Goal]:
    """Make a goal for every month of a long goal, by the seasons of your own history."""
    row: Goal = who.one(Goal, goal)
    if row.part_of_id or row.period != "year":
        raise Problem(_("Only a year's goal can be split."))
    if row.parts.exists():
        raise Problem(_("This goal is split already."), do=_("Remove its months first."))
    factors = rules.season(_month_totals(series.read(who, [row], clock.now())[row.pk], row))
    spans = rules.split(saving.wish(row), factors)
    if len(spans) < 2:
        raise Problem(_("The goal lies within one month."))
    return [saving.part(row, first, last, target) for first, last, target in spans]


@write(may="goals.edit", done=gettext_noop("Goal closed."))
def close_goal(who: Who, goal: int, state: Literal["reached", "missed", "closed"], why: str = "") -> Goal:
    """Close a goal: reached, missed, or no longer wanted; its open months are closed with it."""
    row: Goal = who.one(Goal, goal)
    for each in (row, *row.parts.filter(state="open")):
        each.state, each.why, each.closed_at = state if each is row else "closed", why[:300], clock.now()
        each.save()
    return row


@write(may="goals.edit", done=gettext_noop("The goal is open again."))
def reopen(who: Who, goal: int) -> Goal:
    """Open a closed goal again."""
    row: Goal = who.one(Goal, goal)
    row.state, row.why, row.closed_at = "open", "", None
    return saving.kept(row)


@write(may="goals.edit", done=gettext_noop("Goal removed."))
def remove(who: Who, goal: int) -> None:
    """Remove a goal with its months and chosen ways, as if it had never been set."""
    row: Goal = who.one(Goal, goal)
    for part in row.parts.all():
        saving.removed(part)
    saving.removed(row)


@write(may="goals.edit", done=gettext_noop("Chosen: the plan sees it as a wish."))
def choose_way(
    who: Who,
    goal: int,
    move: Literal["more_posts", "contest", "partner", "placement", "own"],
    kind: str = "",
    a_week: float | None = None,
    hours: float | None = None,
    cost: Decimal | None = None,
    text: str = "",
) -> Way:
    """Choose a way to a goal; for more posts of a kind the expected gain is kept with it."""
    row: Goal = who.one(Goal, goal)
    offered = propose_ways(who, goal, a_week or 1)
    found = next((m for m in offered if m.move == move and m.kind == kind), ways.Move(move, kind, a_week))
    if move == "own" and not text.strip():
        raise Problem(_("Say what you want to do."), field="text")
    way = Way(
        brand=who.brand,
        goal=row,
        move=move,
        kind=kind,
        text=text.strip()[:300],
        a_week=found.a_week,
        cost=cost,
    )
    way.low, way.mid, way.high, way.n = found.low, found.mid, found.high, found.n
    way.hours = found.hours if hours is None else hours
    way.save()
    return way


@write(may="goals.edit", done=gettext_noop("No longer chosen."))
def drop_way(who: Who, way: int) -> None:
    """Take a chosen way back."""
    who.one(Way, way).delete()


@write(may="goals.edit", done=gettext_noop("Number noted."))
def tell_number(
    who: Who,
    metric: Literal["followers", "leads", "sales"],
    value: float,
    on: date | None = None,
    channel: int | None = None,
    source: str = "",
) -> Reading:
    """Write down followers, leads or sales of a day that no network tells."""
    assert who.brand is not None
    if value < 0:
        raise Problem(_("A count cannot be below zero."), field="value")
    now = clock.now()
    day = on or saving.today(who, now)
    if day > saving.today(who, now):
        raise Problem(_("This day has not been yet."), field="on")
    at = min(now, datetime.combine(day, time(23, 59), who.brand.zone))
    place = who.one(Channel, channel) if channel else None
    told = source.strip()[:80] or _("written down by hand")
    return Reading.objects.create(
        brand=who.brand, channel=place, metric=metric, value=value, at=at, source=told
    )


def hints(found: Pace, today: date) -> list[sentences.Said]:
    """The SMART check of a goal whose pace is known already."""
    asked = rules.smart(found.wish, today, found.days.told, found.chance, found.safe_target)
    return [sentences.hint(each) for each in asked]


def _open(who: Who) -> list[Goal]:
    return list(who.own(Goal).filter(state="open").select_related("channel").order_by("deadline", "pk"))


def _pace(row: Goal, days: Days, today: date) -> Pace:
    wish = saving.wish(row)
    seen = outlook.look(wish, days, today)
    due = rules.expected(wish, min(today, days.until or today))
    lived = (today - row.starts).days + 1
    return Pace(
        goal=row, now=seen.now, target=row.target, expected_by_now=due, chance=seen.chance,
        low=seen.low, mid=seen.mid, high=seen.high, safe_target=seen.safe,
        needed_per_day=rules.needed_per_day(wish, seen.now, today), pace_per_day=seen.per_day,
        state=rules.state_of(seen.chance, seen.now, due, lived) if lived > 0 else "unknown",
        period=sentences.period(row.starts, row.deadline), n=days.posts_between(row.starts, row.deadline),
        days_left=(row.deadline - today).days, unit=sentences.unit(row.metric),
        why=sentences.why(seen.why, days.until, row.starts if lived <= 0 else None), days=days,
    )  # fmt: skip


def _fill(
    who: Who,
    row: Goal,
    sentence: str,
    metric: Metric,
    target: float,
    deadline: date,
    channel: int | None,
    baseline: float | None,
    worth: Decimal | None,
    period: Period,
) -> None:
    saving.checked(sentence, metric, target, row.starts, deadline)
    row.sentence, row.metric, row.target, row.deadline = sentence.strip()[:300], metric, target, deadline
    row.channel = who.one(Channel, channel) if channel else None
    row.worth, row.period = worth, period or rules.period_of(row.starts, deadline)
    row.baseline, row.baseline_from = baseline, _("told by you") if baseline is not None else ""
    if baseline is None:
        days = series.read(who, [row], clock.now())[row.pk]
        row.baseline, span = outlook.baseline(saving.wish(row), days)
        row.baseline_from = sentences.measured(span, days.posts_between(*span)) if span else ""


def _past_posts(who: Who, row: Goal) -> tuple[list[str], list[float]]:
    """Kind and number of the posts of a year, newest first; nothing for a number that posts do not carry."""
    if row.metric in rules.TOLD or row.metric in rules.RATES:
        return [], []
    posts = who.own(Publication).filter(
        is_reply=False, at__gte=clock.now() - YEAR_OF_POSTS, at__lte=clock.now()
    )
    posts = posts if row.channel_id is None else posts.filter(channel=row.channel_id)
    name = "engaged" if row.metric == Metric.ENGAGEMENTS else row.metric
    known = [(p.kind, getattr(p, name)) for p in posts.order_by("-at")[:MOST_POSTS]]
    return [k for k, v in known if v is not None], [float(v) for _k, v in known if v is not None]


def _month_totals(days: Days, row: Goal) -> dict[tuple[int, int], float]:
    """Totals of whole months before the goal begins; nothing for a level or a rate."""
    if days.first is None or row.metric in rules.STOCKS or row.metric in rules.RATES:
        return {}
    last = min(row.starts - timedelta(days=1), days.until or row.starts)
    whole = [
        (a, b) for a, b in rules.months(days.first, last) if a.day == 1 and (b + timedelta(days=1)).day == 1
    ]
    return {(a.year, a.month): sum(v or 0.0 for v in days.between(a, b)) for a, b in whole}


def _late(found: Pace) -> Need:
    values: dict[str, Any] = {"goal": found.goal.sentence}
    return Need(gettext_noop("Behind pace: %(goal)s"), "goals.goal", values, {"pk": found.goal.pk}, "look",
                gettext_noop("Look"))  # fmt: skip


def _over(found: Pace) -> Need:
    values: dict[str, Any] = {"goal": found.goal.sentence}
    return Need(gettext_noop("The deadline has passed: %(goal)s"), "goals.goal", values, {"pk": found.goal.pk},
                "look", gettext_noop("Close the goal"))  # fmt: skip
