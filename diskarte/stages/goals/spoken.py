"""How people speak under our posts, as far as their words show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from diskarte.core.outbox import heard
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Who
from diskarte.science import mood
from diskarte.science.tone import tone

OLD = timedelta(days=90)
FEW = 5  # comments with a tone below which no share is told
SHOWN = 2  # comments of each tone that are shown


@dataclass(frozen=True)
class Spoken:
    """How people speak under our posts: now and in the 90 days before; `verdict` better, worse, same, unknown.

    `good` and `bad` are the newest examples of each; the competitors' tone is not known, as nobody reads theirs.
    """

    now: mood.Mood
    before: mood.Mood
    comments: int
    verdict: str
    good: tuple[heard.Comment, ...]
    bad: tuple[heard.Comment, ...]

    @property
    def enough(self) -> bool:
        """Whether the share may be told."""
        return self.now.felt >= FEW


def spoken(who: Who, now: datetime) -> Spoken:
    """The tone of the comments under our posts in the last 90 days, beside the 90 days before."""
    assert who.brand is not None
    posts = who.own(Delivery).filter(state="sent", action="publish", sent_at__gt=now - 3 * OLD)
    told = heard.comments(who.brand, list(posts.values_list("pk", flat=True)), now - 2 * OLD, now)
    told = [one for one in told if one.text.strip()]
    recent = [one for one in told if one.at >= now - OLD]
    first = mood.mood([one.text for one in told if one.at < now - OLD])
    second = mood.mood([one.text for one in recent])
    verdict = mood.changed(first, second) if min(first.felt, second.felt) >= FEW else "unknown"
    good, bad = (
        tuple({one.text: one for one in recent if tone(one.text) == name}.values())[: -SHOWN - 1 : -1]
        for name in ("good", "bad")
    )
    return Spoken(second, first, len(recent), verdict, good, bad)
