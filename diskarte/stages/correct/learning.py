"""From the ledger to what the timing model tells about it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from diskarte.core.numbers.models import Publication
from diskarte.stages.plan.models import Slot

from .rules import Told

if TYPE_CHECKING:
    from diskarte.science.timing import Past

NEWEST = 400  # posts learnt from
RIPE = timedelta(days=7)  # younger posts have not got all their numbers
FEWEST = 20  # posts below which nothing is told
FACTORS = {"kind": "type", "pillar": "topic", "weekday": "weekday", "hour": "hour"}


def ripe(rows: QuerySet[Publication], now: datetime) -> list[Publication]:
    """The newest posts that have their numbers, oldest first; answers to others and paid posts are left out."""
    told = rows.filter(is_reply=False, paid=False, at__lt=now - RIPE).order_by("-at")[: 2 * NEWEST]
    return [row for row in told if row.engaged is not None][:NEWEST][::-1]


def learnt(rows: Sequence[Publication], zone: ZoneInfo) -> tuple[list[Told], dict[str, float]]:
    """The levels of every factor with their lifts, and which share each factor holds. Nothing without signal."""
    from diskarte.science.timing import Past, fit

    if len(rows) < FEWEST:
        return [], {}
    gaps = _gaps(rows)
    timing = fit([_past(row, zone, Past, gaps.get(row.pk)) for row in rows])
    if not timing.signal:
        return [], {}
    hourless = all(row.day_only for row in rows)
    told = [
        Told(ours, str(e.level), e.n, e.mean, e.low, e.high, e.chance)
        for ours, theirs in FACTORS.items()
        if not (ours == "hour" and hourless)
        for e in timing.effects(theirs)
        if e.n and str(e.level)
    ]
    ours = {theirs: name for name, theirs in FACTORS.items()}
    return told, {ours.get(name, name): share for name, share in timing.shares().items()}


def _gaps(rows: Sequence[Publication]) -> dict[int, float]:
    """Hours since the post before on the same channel, by the post's id; only where both hours are known."""
    last: dict[tuple[str, int | None], Publication] = {}
    gaps = {}
    for row in rows:
        before = last.get((row.network, row.channel_id))
        if before is not None and not before.day_only and not row.day_only:
            gaps[row.pk] = (row.at - before.at).total_seconds() / 3600
        last[row.network, row.channel_id] = row
    return gaps


def _past(row: Publication, zone: ZoneInfo, past: type[Past], gap: float | None) -> Past:
    at = row.at.astimezone(zone)
    hour = 12.0 if row.day_only else at.hour + at.minute / 60
    return past(
        type=row.kind,
        topic=row.pillar,
        weekday=at.weekday(),
        hour=hour,
        gap=gap,
        y=math.log1p(row.engaged or 0),
    )


def levels_of(slot: Slot, zone: ZoneInfo) -> list[tuple[str, str]]:
    """The (factor, level) pairs of a planned slot, named as findings name them."""
    from diskarte.science.timing import DAYPARTS, daypart

    at = slot.at.astimezone(zone)
    start, end = DAYPARTS[daypart(at.hour + at.minute / 60)]
    pillar = str(slot.pillar) if slot.pillar else ""
    return [
        ("weekday", str(at.weekday())), ("hour", f"{start:02}-{end:02}"), ("kind", slot.kind), ("pillar", pillar),
    ]  # fmt: skip
