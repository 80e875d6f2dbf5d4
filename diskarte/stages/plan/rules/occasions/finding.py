"""The words rules are written in, and the days they find.

`02-14` a date · `nth 5 sun 2` the second Sunday of May, `nth 5 mon -1` the last Monday · `before 11-23 wed` the
Wednesday before · `easter -47` days from western Easter, `orthodox 0` from the eastern one · `chinese 8 15`,
`hijri 9 1` month and day of those calendars · `hebrew 10` a day counted from 1 Tishri · `diwali` · `after-pentecost`
the last Sunday of May, a week later when it is Pentecost. Any but the feasts of Easter may end in `+4` or `-1`: that
many days later or earlier.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from diskarte.science import almanac

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th weekday (Monday 0) of a month; n = -1 is the last."""
    if n < 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        return after - timedelta(days=(after.weekday() - weekday - 1) % 7 + 1)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def nth_day(year: int, month: int, day: int) -> date:
    """This day of the month, or its last one when the month is shorter."""
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), after - timedelta(days=1))


def easter(year: int, western: bool = True) -> date:
    """Easter Sunday of the western churches, or of the eastern ones (told in today's calendar)."""
    from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN
    from dateutil.easter import easter as of

    return of(year, EASTER_WESTERN if western else EASTER_ORTHODOX)


def before(year: int, month: int, day: int, weekday: int) -> date:
    """The last such weekday before a date."""
    end = date(year, month, day)
    return end - timedelta(days=(end.weekday() - weekday - 1) % 7 + 1)


@cache
def found(rule: str, year: int) -> tuple[date, ...]:
    """The days of a rule in one year, in order; a hijri day may come twice. Raises ValueError for unknown words."""
    words = rule.split()
    shifted = len(words) > 1 and words[-1][0] in "+-" and words[0] not in ("easter", "orthodox")
    shift = int(words.pop()) if shifted else 0
    if words[0] == "nth" and len(words) == 3:  # the last weekday: its -1 was no shift
        words, shift = [*words, str(shift)], 0
    days = _days(words, year)
    return tuple(day + timedelta(days=shift) for day in days)


def _days(words: list[str], year: int) -> list[date]:
    kind, given = words[0], words[1:]
    if kind == "nth":
        return [nth(year, int(given[0]), WEEKDAYS.index(given[1]), int(given[2]))]
    if kind == "before":
        month, day = map(int, given[0].split("-"))
        return [before(year, month, day, WEEKDAYS.index(given[1]))]
    if kind in ("easter", "orthodox"):
        return [easter(year, kind == "easter") + timedelta(days=int(given[0]))]
    if kind == "chinese":
        return [almanac.chinese_months(year)[int(given[0])] + timedelta(days=int(given[1]) - 1)]
    if kind == "hijri":
        return almanac.hijri_days(year, int(given[0]), int(given[1]))
    if kind == "after-pentecost":
        last = nth(year, 5, 6, -1)
        return [last + timedelta(days=7 if last == easter(year) + timedelta(days=49) else 0)]
    if kind == "hebrew":
        return [almanac.rosh_hashanah(year) + timedelta(days=int(given[0]) - 1)]
    if kind == "diwali":
        return [almanac.diwali(year)]
    month, day = map(int, kind.split("-"))
    return [nth_day(year, month, day)]
