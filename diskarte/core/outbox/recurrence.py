"""When something recurs: a part of RFC 5545's RRULE, in local time, so that a clock change never shifts a post. Pure.

A time that a clock change leaves out is taken an hour later, one that it brings twice is taken the first time, as
RFC 5545 (3.3.5) says. Understood: FREQ (DAILY, WEEKLY, MONTHLY, YEARLY), INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, COUNT,
UNTIL (a local day or moment).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from dateutil.rrule import rrulestr

EVERY = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NAMES = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "COUNT", "UNTIL"}
_PART = re.compile(r"[A-Z]+=[A-Z0-9,+-]+")
MOST = 10_000  # turns of one rule that are walked through


def written(
    every: str,
    interval: int = 1,
    days: tuple[str, ...] = (),
    count: int | None = None,
    until: date | None = None,
) -> str:
    """The rule of plain choices; `days` are of WEEKDAYS. Raises ValueError for what no rule can mean."""
    if every not in EVERY or not 1 <= interval <= 99 or (count is not None and not 1 <= count <= 1000):
        raise ValueError("every day, week, month or year, 1 to 99 apart, at most 1000 times")
    if set(days) - set(WEEKDAYS) or (count is not None and until is not None):
        raise ValueError("days are MO to SU, and a rule ends by a count or by a day")
    parts = [f"FREQ={EVERY[every]}", f"INTERVAL={interval}"]
    parts += [f"BYDAY={','.join(d for d in WEEKDAYS if d in days)}"] if days else []
    parts += [f"COUNT={count}"] if count is not None else []
    parts += [f"UNTIL={until:%Y%m%d}T235959"] if until is not None else []
    return ";".join(parts)


def checked(rule: str) -> str:
    """The rule, tidied. Raises ValueError when it says something that is not understood here."""
    tidy = rule.strip().upper().removeprefix("RRULE:").rstrip(";").replace("Z;", ";").removesuffix("Z")
    parts = tidy.split(";")
    names = [part.partition("=")[0] for part in parts]
    if (
        not all(_PART.fullmatch(part) for part in parts)
        or set(names) - _NAMES
        or len(set(names)) < len(names)
    ):
        raise ValueError(f"not understood: {rule[:100]}")
    if {"COUNT", "UNTIL"} <= set(names):
        raise ValueError("a rule ends by a count or by a day")
    if not any(f"FREQ={freq}" in parts for freq in EVERY.values()):
        raise ValueError("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY")
    rrulestr(tidy, dtstart=datetime(2026, 1, 1))
    return tidy


def turns(
    rule: str, start: datetime, zone: tzinfo, after: datetime, until: datetime
) -> Iterator[tuple[str, datetime]]:
    """Every turn after `after` up to `until` (UTC): its local name «2026-12-01T18:00» and its moment in UTC.

    `start` is the first turn, local, without a zone. The name never changes, whatever the zone's rules become.
    """
    for number, local in enumerate(rrulestr(checked(rule), dtstart=start)):
        at = moment(local, zone)
        if at > until or number >= MOST:
            return
        if at > after:
            yield local.strftime("%Y-%m-%dT%H:%M"), at


def moment(local: datetime, zone: tzinfo) -> datetime:
    """The moment a local time means: fold 0 is the first of two, and after a gap the clock that was."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def following(rule: str, start: datetime, zone: tzinfo, now: datetime, n: int = 5) -> list[datetime]:
    """The next turns after `now`, at most `n`, within ten years."""
    found = []
    for _name, at in turns(rule, start, zone, now, now + timedelta(days=3653)):
        found.append(at)
        if len(found) == n:
            break
    return found
