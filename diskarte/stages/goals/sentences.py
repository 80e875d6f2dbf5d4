"""Goals in the reader's words: names of numbers, SMART hints, moves, examples."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from diskarte.words import Metric

from . import rules

METRICS = {
    Metric.REACH: gettext_lazy("Reach (added up over posts)"),
    Metric.VIEWS: gettext_lazy("Views"),
    Metric.ENGAGEMENTS: gettext_lazy("Engagements"),
    Metric.CLICKS: gettext_lazy("Clicks"),
    Metric.LIKES: gettext_lazy("Likes"),
    Metric.REPLIES: gettext_lazy("Comments"),
    Metric.SHARES: gettext_lazy("Shares"),
    Metric.SAVES: gettext_lazy("Saves"),
    Metric.NEW_FOLLOWERS: gettext_lazy("New followers from posts"),
    Metric.PROFILE_VISITS: gettext_lazy("Profile visits"),
    Metric.LEADS: gettext_lazy("Leads (people who asked)"),
    Metric.SALES: gettext_lazy("Sales"),
    Metric.FOLLOWERS: gettext_lazy("Followers on the last day"),
    Metric.ENGAGEMENT_RATE: gettext_lazy("Engagements per 100 views"),
}
UNITS = {
    Metric.REACH: gettext_lazy("people reached"),
    Metric.VIEWS: gettext_lazy("views"),
    Metric.ENGAGEMENTS: gettext_lazy("engagements"),
    Metric.CLICKS: gettext_lazy("clicks"),
    Metric.LIKES: gettext_lazy("likes"),
    Metric.REPLIES: gettext_lazy("comments"),
    Metric.SHARES: gettext_lazy("shares"),
    Metric.SAVES: gettext_lazy("saves"),
    Metric.NEW_FOLLOWERS: gettext_lazy("new followers"),
    Metric.PROFILE_VISITS: gettext_lazy("profile visits"),
    Metric.LEADS: gettext_lazy("leads"),
    Metric.SALES: gettext_lazy("sales"),
    Metric.FOLLOWERS: gettext_lazy("followers"),
    Metric.ENGAGEMENT_RATE: gettext_lazy("per 100 views"),
}
HINTS = {
    "vague": gettext_lazy("«%(word)s» is not a number. Say how many, of what, by when."),
    "say_more": gettext_lazy("Say in one sentence what changes and for whom."),
    "clear": gettext_lazy("The sentence says what must change."),
    "never_told": gettext_lazy(
        "This number has never arrived. Connect a channel, import an export, or write it down."
    ),
    "no_baseline": gettext_lazy(
        "Where do you stand today? Without a baseline nobody can tell what a change is."
    ),
    "measured": gettext_lazy("Measured from %(baseline)s."),
    "not_more": gettext_lazy("The target is not above the %(baseline)s you already had."),
    "cannot_tell": gettext_lazy("Nobody can tell yet: a week of numbers is needed, three are better."),
    "steep": gettext_lazy("At today's pace this is unlikely. %(safe)s would have 8 of 10 chances."),
    "easy": gettext_lazy("At today's pace this is nearly certain. Dare more?"),
    "fair": gettext_lazy("Reachable, and not by itself."),
    "worth": gettext_lazy("You said what reaching it is worth."),
    "no_worth": gettext_lazy(
        "What is it worth to the business? A rough amount is enough to weigh effort against it."
    ),
    "past": gettext_lazy("The deadline has passed. Close the goal, or give it a new day."),
    "short": gettext_lazy("%(days)s days are too few to tell work from luck."),
    "long_month": gettext_lazy("%(days)s days are longer than a month: make it a year's goal and split it."),
    "long_year": gettext_lazy("%(days)s days are longer than a year: set the first year's goal."),
    "dated": gettext_lazy("It has a first and a last day."),
}
LETTERS = {
    "S": gettext_lazy("Specific"), "M": gettext_lazy("Measurable"), "A": gettext_lazy("Achievable"),
    "R": gettext_lazy("Relevant"), "T": gettext_lazy("Timed"),
}  # fmt: skip
MOVES = {
    "more_posts": gettext_lazy("More posts of this kind"),
    "contest": gettext_lazy("A contest"),
    "partner": gettext_lazy("A partner with a similar audience"),
    "placement": gettext_lazy("A paid placement"),
    "own": gettext_lazy("Your own idea"),
}
WHY = {
    "never_told": gettext_lazy(
        "This number has never arrived. Connect a channel, import an export, or write it down."
    ),
    "too_little": gettext_lazy(
        "Too little history to tell the chance: a week of numbers is needed, three are better."
    ),
    "short": gettext_lazy("Told from less than three weeks of numbers, so the range is wide."),
    "old": gettext_lazy("The numbers end on %(until)s. Import newer ones."),
}


@dataclass(frozen=True)
class Said:
    """One letter of SMART in words; `state` is good, missing or open."""

    letter: str
    name: str
    state: str
    sentence: str


@dataclass(frozen=True)
class Example:
    """A goal somebody like you might set; its values fill the form."""

    sentence: str
    metric: str
    target: str
    starts: date
    deadline: date
    why: str


def metric_choices() -> list[tuple[str, str]]:
    """Numbers a goal can be about."""
    return [(str(name), str(METRICS[name])) for name in rules.METRICS]


def unit(metric: str) -> str:
    """What is counted, after the number."""
    return str(UNITS[Metric(metric)])


def number(value: float | None) -> str:
    """A number for a sentence; unknown is a dash."""
    if value is None:
        return "–"
    pattern = "#,##0" if abs(value) >= 10 or value == int(value) else "#,##0.0"
    return str(format_decimal(value, pattern, locale=_locale()))


def hint(found: rules.Hint) -> Said:
    """A hint of the SMART check as a sentence."""
    values = {
        name: value if isinstance(value, str) else number(value) for name, value in found.values.items()
    }
    text = str(HINTS[found.code])
    return Said(found.letter, str(LETTERS[found.letter]), found.state, text % values if values else text)


def month(day: date) -> str:
    """The month of a day: «January 2027»."""
    return str(format_date(day, "LLLL y", locale=_locale()))


def month_goal(sentence: str, day: date) -> str:
    """The sentence of one month's part of a year's goal."""
    told = {"sentence": sentence[:270], "month": month(day)}
    return _("%(sentence)s: %(month)s") % told


def move(name: str) -> str:
    """The name of a move; the kind of post is shown beside it."""
    return str(MOVES[name])


def examples(today: date) -> list[Example]:
    """Three goals of a café, with realistic first numbers to change."""
    first = today.replace(day=1)
    last = today.replace(day=monthrange(today.year, today.month)[1])
    year_end = date(today.year + (today.month > 9), 12, 31)
    ends = format_date(year_end, "d MMMM y", locale=_locale())
    return [
        Example(
            _("Reach 40,000 people this month, so that the neighbourhood knows we are open"), Metric.REACH, "40000",
            first, last, _("The widest step: who has never seen you cannot choose you."),
        ),
        Example(
            _("300 people tap through to our menu this month"), Metric.CLICKS, "300", first, last,
            _("Closer to money than reach: they already want to know what you sell."),
        ),
        Example(
            _("10,000 followers by %(day)s") % {"day": ends}, Metric.FOLLOWERS, "10000",
            today, year_end, _("A year's goal: it is split into months, and followed month by month."),
        ),
    ]  # fmt: skip


def period(starts: date, deadline: date) -> str:
    """The days of a goal: «1 December 2026 to 31 December 2026»."""
    return _("%(first)s to %(last)s") % {"first": _day(starts), "last": _day(deadline)}


def why(code: str, until: date | None, starts: date | None = None) -> str:
    """Why the chance is unknown, or that the goal has not begun; empty when nothing is to say."""
    if starts is not None:
        return _("It begins on %(day)s.") % {"day": _day(starts)}
    return str(WHY[code]) % {"until": _day(until) if until else "–"} if code else ""


def measured(span: tuple[date, date], posts: int) -> str:
    """Where a measured baseline comes from."""
    first, last = span
    if first == last:
        return _("read on %(day)s") % {"day": _day(first)}
    told = {"span": period(first, last), "posts": number(posts)}
    return _("measured %(span)s, %(posts)s posts") % told


def _day(day: date) -> str:
    return str(format_date(day, "d MMM y", locale=_locale()))


def _locale() -> str:
    return (get_language() or "en").replace("-", "_")


def whole_brand() -> str:
    """What stands where no channel is chosen."""
    return _("The whole brand")


def finding(found: Any) -> str:
    """One sentence under the chart: where the goal ends at today's pace (an `actions.Pace`)."""
    if found.mid is None:
        return str(found.why)
    told = {name: number(getattr(found, name)) for name in ("low", "mid", "high", "target")} | {
        "unit": found.unit
    }
    if found.days_left < 0:
        return _("It ended at %(mid)s of %(target)s %(unit)s.") % told
    text = _(
        "At today's pace it ends near %(mid)s (%(low)s to %(high)s in 8 of 10 cases); the target is %(target)s."
    )
    return text % told


def advice(found: Any) -> str:
    """What a day must bring now, beside what it brings; empty when either is unknown."""
    if found.needed_per_day is None or found.pace_per_day is None or found.days_left <= 0:
        return ""
    told = {"needed": number(found.needed_per_day), "now": number(found.pace_per_day), "unit": found.unit}
    if not found.needed_per_day:
        return _("The target is reached already.")
    return _("Needed from now on: %(needed)s %(unit)s a day; today's pace is %(now)s a day.") % told


CONFLICTS = {
    "twice": gettext_lazy("Both are about %(metric)s in the same days, and want %(one)s and %(other)s."),
    "inside": gettext_lazy(
        "The first wants %(one)s in a part of the time or on one channel, the second only %(other)s in all."
    ),
    "falls": gettext_lazy("%(one)s is wanted first, and later only %(other)s."),
    "channel": gettext_lazy("One channel is to have %(one)s, all channels together only %(other)s."),
    "months": gettext_lazy("The year wants %(one)s, its months together %(other)s."),
}
LEVELS = {
    "posts": gettext_lazy("Posts"), "reach": gettext_lazy("People reached"), "views": gettext_lazy("Views"),
    "clicks": gettext_lazy("Clicks"), "leads": gettext_lazy("Leads"), "sales": gettext_lazy("Sales"),
}  # fmt: skip
EDGES = {
    "reach": gettext_lazy("people reached by a post"),
    "views": gettext_lazy("views of a post"),
    "clicks": gettext_lazy("click for each person reached"),
    "leads": gettext_lazy("ask, of those who clicked"),
    "sales": gettext_lazy("buy, of those who asked"),
}
SIGNS = {
    "followers": gettext_lazy("Followers"), "engagement": gettext_lazy("Engagement of a usual post"),
    "posts_a_week": gettext_lazy("Posts a week"), "share": gettext_lazy("Share of voice"),
}  # fmt: skip

MOVED = {
    "better": gettext_lazy("Better than in the 90 days before."),
    "worse": gettext_lazy("Worse than in the 90 days before."),
    "same": gettext_lazy("No difference to speak of from the 90 days before."),
    "unknown": gettext_lazy("The 90 days before hold too few comments to compare with."),
}


def mood(spoken: Any) -> dict[str, Any]:
    """What the page says of a tone: how it moved, its share in percent, and the ends of its interval."""
    ends = {"low": spoken.now.low, "high": spoken.now.high}
    words = {name: "" if end is None else f"{round(end * 100)} %" for name, end in ends.items()}
    return {"moved": MOVED[spoken.verdict], "share": round((spoken.now.share or 0) * 100), **words}


@dataclass(frozen=True)
class Contradiction:
    """Two goals that cannot both be meant, and what is wrong."""

    one: Any  # Goal
    other: Any
    sentence: str


def contradiction(found: Any, one: Any, other: Any) -> Contradiction:
    """A conflict of the rules in words."""
    first, second = found.values
    values = {"metric": str(METRICS[Metric(one.metric)]), "one": number(first), "other": number(second)}
    return Contradiction(one, other, str(CONFLICTS[found.code]) % values)


def tree_says(found: Any) -> str:
    """What the tree of a goal says, in one sentence."""
    posts = next((level for level in found.levels if level.name == "posts"), None)
    if posts is None:
        return ""
    if posts.a_week is None:
        names = ", ".join(str(EDGES[level.name]) for level in found.missing)
        return _("Nobody knows yet: %(names)s. Say it below, or let it be measured.") % {"names": names}
    facts = {"need": number(posts.a_week), "now": number(posts.now_a_week), "total": number(posts.total)}
    if posts.now_a_week is not None and posts.now_a_week >= posts.a_week:
        return _("%(need)s posts a week like yours would do; you make %(now)s.") % facts
    return (
        _(
            "It takes %(total)s posts like yours, %(need)s a week; you make %(now)s. More posts, or better ones."
        )
        % facts
    )
