"""When a post may stand: whole hours of local days outside the quiet ones, and what `prefer` and `avoid` mean there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

LEAD = timedelta(hours=2)  # nobody writes a post in less
FIRST_DAY, DAY = date(1970, 1, 1).toordinal(), 86400  # s


def minutes_of(clock: str) -> int:
    """Minutes since midnight of "21:30"."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def is_quiet(minute: int, quiet: tuple[str, str]) -> bool:
    """Whether this minute of the day lies in the quiet hours, which may go over midnight; equal ends mean none."""
    start, end = minutes_of(quiet[0]), minutes_of(quiet[1])
    return start <= minute < end if start <= end else minute >= start or minute < end


def in_level(level: str, value: int) -> bool:
    """Whether an hour or weekday is meant by "18", "18-21" (up to 21) or "21-5"."""
    if not level.replace("-", "", 1).isdigit():
        return False
    if "-" not in level:
        return int(level) == value
    start, end = (int(part) for part in level.split("-"))
    return start <= value < end if start <= end else value >= start or value < end


def matches(rule: Mapping[str, Any], **facts: Any) -> bool:
    """Whether a rule of `prefer` or `avoid` speaks about these facts, such as hour=18, kind="reel"."""
    factor = rule["factor"]
    if facts.get(factor) is None:
        return False
    if factor in ("hour", "weekday"):
        return in_level(rule["level"], int(facts[factor]))
    return bool(str(facts[factor]).casefold() == rule["level"].casefold())


def avoided(settings: Mapping[str, Any], **facts: Any) -> bool:
    """Whether the settings rule this out."""
    return any(matches(rule, **facts) for rule in settings["avoid"])


def preferred(settings: Mapping[str, Any], **facts: Any) -> float:
    """The product of the weights of every preference that speaks about these facts; 1.0 when none does."""
    weights = [float(rule.get("weight", 1.2)) for rule in settings["prefer"] if matches(rule, **facts)]
    return math.prod(weights)


def free_minutes(settings: Mapping[str, Any], day: date) -> list[int]:
    """The minutes of this local day (whole hours) at which a post may go out."""
    return [hour * 60 for hour in range(24) if not shut_by(settings, day, hour * 60)]


def shut_by(settings: Mapping[str, Any], day: date, minute: int) -> tuple[str, ...]:
    """The names of the rules that let no post out then: "blackout", "quiet", "avoid"."""
    told = {
        "blackout": is_blackout(settings, day),
        "quiet": is_quiet(minute, (settings["quiet"][0], settings["quiet"][1])),
        "avoid": avoided(settings, hour=minute // 60, weekday=day.weekday()),
    }
    return tuple(name for name, shut in told.items() if shut)


def is_blackout(settings: Mapping[str, Any], day: date) -> bool:
    """Whether the brand keeps silent on this day."""
    spans = (text.partition("..") for text in settings.get("blackout", ()))
    return any(first <= day.isoformat() <= (last or first) for first, _dots, last in spans)


def exists(day: int, minute: int, zone: tzinfo) -> bool:
    """Whether the local clock shows this minute at all; a spring change of clocks skips some."""
    local = datetime.combine(date.fromordinal(day), time(minute // 60, minute % 60), zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


def offset(day: int, minute: int, zone: tzinfo) -> int:
    """How many minutes the local clock is ahead of UTC then."""
    local = datetime.combine(date.fromordinal(day), time(minute // 60, minute % 60), zone)
    return int((local.utcoffset() or timedelta()).total_seconds()) // 60


def days_of(month: date) -> list[date]:
    """Every day of the month in which this day lies."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=n) for n in range((after - first).days)]


def weeks_of(days: Iterable[date]) -> list[list[date]]:
    """The same days by calendar week, Monday first; the first and last may be short."""
    weeks: dict[date, list[date]] = {}
    for day in days:
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(day)
    return [weeks[monday] for monday in sorted(weeks)]


class Wall:
    """The local clock of a zone for thousands of moments: seconds since 1970 → ordinal of the local day, its minute."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.days: dict[int, int | None] = {}  # offset of a day of UTC; None: its clocks change

    def __call__(self, seconds: int) -> tuple[int, int]:
        day = seconds // DAY
        if day not in self.days:
            ends = {self._offset(at) for at in (day * DAY, (day + 1) * DAY)}
            self.days[day] = ends.pop() if len(ends) == 1 else None
        offset = self.days[day]
        day, left = divmod(seconds + (self._offset(seconds) if offset is None else offset), DAY)
        return day + FIRST_DAY, left // 60

    def _offset(self, seconds: int) -> int:
        told = datetime.fromtimestamp(seconds, self.zone).utcoffset() or timedelta()
        return int(told.total_seconds())


def to_utc(day: int, minute: int, zone: tzinfo) -> datetime:
    """The moment of a local day (its ordinal) and minute; an hour that a clock change skips moves an hour on."""
    local = datetime.combine(date.fromordinal(day), time(minute // 60, minute % 60), zone)
    return local.astimezone(UTC)


def to_local(at: datetime, zone: tzinfo) -> tuple[int, int]:
    """The ordinal of the local day, and the minute in it."""
    local = at.astimezone(zone)
    return local.date().toordinal(), local.hour * 60 + local.minute
