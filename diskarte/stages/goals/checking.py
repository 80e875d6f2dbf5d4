"""Verbs that look over all goals: contradictions, what closed ones came to, the brand's health beside competitors."""

from __future__ import annotations

from dataclasses import dataclass

from diskarte.core import clock
from diskarte.core.actions import read
from diskarte.core.people.who import Who

from . import health as beside
from . import outlook, saving, sentences, series, spoken
from .models import Goal
from .rules.conflicts import Aim, conflicts


@read(may="goals.see")
def contradictions(who: Who) -> list[sentences.Contradiction]:
    """Open goals that cannot both be meant, each pair in a sentence that says what is wrong."""
    every = {row.pk: row for row in who.own(Goal)}
    wanted = {row.pk for row in every.values() if row.state == "open"}
    rows = {pk: row for pk, row in every.items() if pk in wanted or row.part_of_id in wanted}
    aims = [Aim(row.pk, saving.wish(row), row.channel_id, row.part_of_id) for row in rows.values()]
    found = conflicts(aims)
    return [sentences.contradiction(one, rows[one.one], rows[one.other]) for one in found]


@dataclass(frozen=True)
class Result:
    """A closed goal with the number it came to on its last day, and the posts behind it; None: nobody can tell."""

    goal: Goal
    ended: float | None
    unit: str
    period: str
    n: int


@read(may="goals.see")
def results(who: Who) -> list[Result]:
    """Closed goals with what each came to, the newest first."""
    now = clock.now()
    rows = list(who.own(Goal).exclude(state="open").select_related("channel").order_by("-deadline", "pk"))
    days, today = series.read(who, rows, now), saving.today(who, now)
    return [
        Result(
            row, outlook.look(saving.wish(row), days[row.pk], today).now, sentences.unit(row.metric),
            sentences.period(row.starts, row.deadline), days[row.pk].posts_between(row.starts, row.deadline),
        )
        for row in rows
    ]  # fmt: skip


@read(may="goals.see")
def health(who: Who) -> list[beside.Sign]:
    """Followers, engagement, cadence and share of voice beside the competitors' median, network by network."""
    return beside.signs(who, clock.now())


@read(may="goals.see")
def tone_of_voices(who: Who) -> spoken.Spoken:
    """How people speak under our posts: the share of good comments among those with a tone, now and before."""
    return spoken.spoken(who, clock.now())
