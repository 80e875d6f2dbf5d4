"""Promotions and contests together: as arcs a draft makes room for, and as bands over the days of a calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from diskarte.core.people.who import Who

from .models import Contest, Promotion
from .promotions.rules import arc, as_rows, contest_phases
from .rules.arcs import Arc, within


def arcs(who: Who, first: date, last: date) -> tuple[Arc, ...]:
    """Every promotion in the plan and every open contest with a phase between two days (brand time), in order."""
    assert who.brand is not None
    zone = who.brand.zone
    running = who.own(Promotion).filter(state="on").order_by("pk")
    told = [arc(row.key, row.name, row.phases, row.channels) for row in running]
    for row in who.own(Contest).filter(state__in=("open", "closed")).order_by("pk"):
        days = contest_phases(row.opens.astimezone(zone).date(), row.closes.astimezone(zone).date())
        told.append(arc(f"contest:{row.pk}", row.name, as_rows(days)))
    known = [found for found in told if found is not None]
    wanted = {found.key for found, _phase in within(known, first, last)}
    return tuple(found for found in known if found.key in wanted)


class Band(NamedTuple):
    """The days of one campaign, as a calendar draws them over its weeks."""

    kind: str  # promotion, contest
    pk: int
    name: str
    first: date
    last: date
    draft: bool

    @property
    def url(self) -> str:
        """Its page."""
        return reverse(f"plan.{self.kind}", args=[self.pk])

    def event(self) -> dict[str, Any]:
        """As the calendar wants it; its end is the day after the last one."""
        said = _("%(name)s (not in the plan yet)") % {"name": self.name} if self.draft else self.name
        return {
            "id": f"{self.kind}-{self.pk}", "start": self.first.isoformat(), "title": said, "kind": self.kind,
            "end": (self.last + timedelta(days=1)).isoformat(), "page": True,
            "url": self.url,
        }  # fmt: skip


def bands(who: Who, first: date, last: date) -> list[Band]:
    """The campaigns of these days (brand time) that nobody called off, the longest first. Two queries."""
    assert who.brand is not None
    zone, told = who.brand.zone, []
    offers: QuerySet[Promotion] = who.own(Promotion).exclude(state="cancelled")
    for pk, name, starts, ends, state in offers.filter(starts__lte=last, ends__gte=first).values_list(
        "pk", "name", "starts", "ends", "state"
    ):
        told.append(Band("promotion", pk, name, starts, ends, state == "draft"))
    rows: QuerySet[Contest] = who.own(Contest).exclude(state="cancelled")
    for pk, name, opens, closes, state in rows.values_list("pk", "name", "opens", "closes", "state"):
        closing = closes - timedelta(seconds=1)  # at midnight: the day before is its last
        days = opens.astimezone(zone).date(), closing.astimezone(zone).date()
        if days[0] <= last and days[1] >= first:
            told.append(Band("contest", pk, name, *days, state == "draft"))
    return sorted(told, key=lambda band: (band.first - band.last, band.first, band.name))
