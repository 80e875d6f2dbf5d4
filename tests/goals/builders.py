"""Builders of the stage «goals»: at `NOW` it is 1 December 2026, 09:00 in Manila."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.outbox.models import Channel
from diskarte.core.people.who import Who
from diskarte.stages.goals import actions
from diskarte.stages.goals.models import Goal
from tests.make import NOW

TODAY = date(2026, 12, 1)
LAST = date(2026, 12, 31)


def a_goal(who: Who, sentence: str = "Reach 31,000 people in December", **facts: Any) -> Goal:
    defaults = {"metric": "reach", "target": 31000.0, "deadline": LAST, "starts": TODAY}
    return actions.set_goal(who, sentence, **(defaults | facts))


def a_channel(who: Who, name: str = "1", **facts: Any) -> Channel:
    return Channel.objects.create(
        brand=who.brand, network="practice", identity=name, name=f"Channel {name}", **facts
    )


def a_history(who: Who, days: int = 100, reach: int = 1000, until: datetime = NOW, **facts: Any) -> None:
    """One post on each of the last `days` days before `until`, every one with the same reach."""
    kinds = ("image", "reel", "text", "carousel")
    rows = [
        Publication(
            brand=who.brand, network="practice", remote_id=f"{n}-{facts.get('is_reply', '')}", kind=kinds[n % 4],
            at=until - timedelta(days=n, hours=2), numbers_at=until, **({"reach": reach} | facts),
        )
        for n in range(1, days + 1)
    ]  # fmt: skip
    Publication.objects.bulk_create(rows)


def followers(who: Who, days: int, first: float, a_day: float, channel: Channel | None = None) -> None:
    """A reading of every one of the last `days` days."""
    rows = [
        Reading(
            brand=who.brand, channel=channel, metric="followers", value=first + n * a_day, source="practice",
            at=NOW - timedelta(days=days - 1 - n, hours=1),
        )
        for n in range(days)
    ]  # fmt: skip
    Reading.objects.bulk_create(rows)
