"""Everything a draft of one brand reads, read once: channels, pillars, history, what stands, campaigns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from diskarte.core.outbox.models import Channel
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.stages.audience.models import Segment
from diskarte.stages.channels.models import Budget

from . import campaigns, in_force, neighbours
from .models import Occasion, Pillar, Slot
from .rules import asking, moments, worth
from .rules.settings import Settings

NEWEST = 1200  # posts read


@dataclass
class Desk:
    """One brand's plan at one moment, with settings that may be tried out without being kept."""

    who: Who
    brand: Brand
    channels: list[Channel]
    pillars: dict[str, Pillar]
    settings: Settings
    worth: dict[str, worth.Worth]
    now: datetime

    @property
    def local(self) -> tuple[int, int]:
        return moments.to_local(self.now, self.brand.zone)

    def zone_of(self, channel: int | str) -> tzinfo:
        """The clock of a channel's audience: its own, else the brand's."""
        return in_force.zones(self.settings).get(str(channel)) or self.brand.zone

    def local_of(self, row: Slot) -> tuple[int, int]:
        """Day and minute of a slot on its channel's clock."""
        return moments.to_local(row.at, self.zone_of(row.channel_id))

    def trying(self, settings: Settings) -> Desk:
        """The same with other settings."""
        return replace(self, settings=settings)

    def around(self, month: date) -> list[Slot]:
        """The month's slots and those of the weeks around it, which it must keep its distance from."""
        days = moments.days_of(month)
        first = moments.to_utc(days[0].toordinal() - 7, 0, self.brand.zone)
        last = moments.to_utc(days[-1].toordinal() + 8, 0, self.brand.zone)
        return list(self.who.own(Slot).filter(at__gte=first, at__lt=last).select_related("pillar"))

    def ask(self, month: date, rows: Iterable[Slot], free: frozenset[int] = frozenset()) -> asking.Ask:
        """The month as the rules are asked about it; `free` slots are a first try and move at no cost."""
        month, days = month.replace(day=1), moments.days_of(month)
        return asking.Ask(
            month=month,
            now=self.local,
            settings=self.settings,
            lines=tuple(self._line(channel) for channel in self.channels),
            worth=self.worth,
            had=tuple(self.had(row, row.pk in free) for row in rows),
            our_days=frozenset(_our_days(self.who)),
            seed=self.brand.pk * 1000 + month.toordinal(),
            arcs=campaigns.arcs(self.who, days[0], days[-1]),
            zone=self.brand.zone,
            free=free,
        )

    def _line(self, channel: Channel) -> asking.Line:
        zone = self.zone_of(channel.pk)
        now = moments.to_local(self.now, zone)
        return asking.Line(str(channel.pk), in_force.kinds(channel), zone, now, in_force.per_day(channel))

    def had(self, row: Slot, free: bool = False) -> asking.Had:
        """A slot as the rules see it."""
        day, minute = self.local_of(row)
        kept = row.trial and not free  # a try never moves, once it is more than a first try
        stays = row.locked or kept or row.state == "written" or row.version_id is None
        pillar = row.pillar.name if row.pillar else ""
        gone = row.state == "dropped"
        return asking.Had(row.pk, str(row.channel_id), row.kind, pillar, day, minute, stays, gone, row.arc)


def desk(who: Who, now: datetime, settings: Settings) -> Desk:
    """Read channels, pillars and history. Four queries and one fit for each channel with a history."""
    assert who.brand is not None
    channels = in_force.lines(who)
    pillars = {row.name: row for row in who.own(Pillar)}
    posts = neighbours.ripe_posts(who.brand, now, NEWEST, channels, in_force.zones(settings))
    awake = {
        int(h)
        for hours in who.own(Segment).filter(state="active").values_list("awake", flat=True)
        for h in hours
    }
    kinds = sorted({kind for c in channels for kind in in_force.kinds(c)})
    near = neighbours.common(who.brand, now) if len(posts) < worth.ENOUGH else None
    found = worth.learn(posts, [str(c.pk) for c in channels], kinds, sorted(pillars), awake, near)
    return Desk(who, who.brand, channels, pillars, within(who, settings), found, now)


def within(who: Who, settings: Settings) -> Settings:
    """The settings, their hours and money filled from what the brand said it can put in; its own word wins."""
    names = ("hours_a_week", "money_a_month")
    if all(settings[name] is not None for name in names):
        return settings
    told = who.own(Budget).values(*names).first() or {}
    room = {
        name: float(told[name]) for name in names if settings[name] is None and told.get(name) is not None
    }
    return {**settings, **room}


def _our_days(who: Who) -> Iterable[int]:
    return (day.toordinal() for day in who.own(Occasion).filter(ours=True).values_list("day", flat=True))
