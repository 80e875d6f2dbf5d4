"""Verbs that look over all goals at once: contradictions between them, and the brand's health beside competitors."""

from __future__ import annotations

from diskarte.core import clock
from diskarte.core.actions import read
from diskarte.core.people.who import Who

from . import health as beside
from . import saving, sentences, spoken
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


@read(may="goals.see")
def health(who: Who) -> list[beside.Sign]:
    """Followers, engagement, cadence and share of voice beside the competitors' median, network by network."""
    return beside.signs(who, clock.now())


@read(may="goals.see")
def tone_of_voices(who: Who) -> spoken.Spoken:
    """How people speak under our posts: the share of good comments among those with a tone, now and before."""
    return spoken.spoken(who, clock.now())
