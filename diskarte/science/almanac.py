"""When moons are new and where the sun stands: what calendars that follow the sky are computed from.

`new_moon` after Meeus, Astronomical Algorithms (2nd ed. 1998), chapter 49 with the twenty largest terms (within a few
minutes from 1900 to 2100); `sun` after chapter 25, low accuracy (0.01 degrees, a quarter of an hour). The difference of
dynamical and universal time is taken as 70 s, which is enough for a day. Moments are UTC without a zone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from math import cos, radians, sin

EPOCH = datetime(2000, 1, 1, 12)  # JD 2451545.0
MONTH = 29.530588861  # days from new moon to new moon
# factor, power of E, multiples of the sun's anomaly, the moon's anomaly, the moon's argument of latitude
TERMS = (
    (-0.40720, 0, 0, 1, 0), (0.17241, 1, 1, 0, 0), (0.01608, 0, 0, 2, 0), (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0), (-0.00514, 1, 1, 1, 0), (0.00208, 2, 2, 0, 0), (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2), (0.00056, 1, 1, 2, 0), (-0.00042, 0, 0, 3, 0), (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2), (-0.00024, 1, -1, 2, 0), (-0.00007, 0, 2, 1, 0), (0.00004, 0, 0, 2, -2),
    (0.00004, 0, 3, 0, 0), (0.00003, 0, 1, 1, -2), (0.00003, 0, 0, 2, 2), (-0.00003, 0, 1, 1, 2),
)  # fmt: skip


@cache
def new_moon(k: int) -> datetime:
    """The moment of the k-th new moon, counted from 0 on 6 January 2000."""
    t = k / 1236.85
    day = 5.09766 + MONTH * k + 0.00015437 * t**2 - 0.00000015 * t**3 + 0.00000000073 * t**4
    e = 1 - 0.002516 * t - 0.0000074 * t**2
    anomaly = radians(2.5534 + 29.10535670 * k - 0.0000014 * t**2)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3)
    latitude = radians(160.7108 + 390.67050284 * k - 0.0016118 * t**2)
    node = radians(124.7746 - 1.56375588 * k + 0.0020672 * t**2)
    day += sum(f * e**p * sin(a * anomaly + m * moon + n * latitude) for f, p, a, m, n in TERMS)
    return EPOCH + timedelta(days=day - 0.00017 * sin(node), seconds=-70)


def new_moons(first: date, last: date) -> list[datetime]:
    """Every new moon from one day to another (UTC, both included), in order."""
    start = int(((first - EPOCH.date()).days) / MONTH) - 2
    found = (new_moon(start + n) for n in range(int((last - first).days / MONTH) + 5))
    return [moon for moon in found if first <= moon.date() <= last]


def sun(at: datetime) -> float:
    """The sun's apparent longitude in degrees, 0 at the March equinox."""
    t = (at - EPOCH).total_seconds() / 86400 / 36525
    anomaly = radians(357.52911 + 35999.05029 * t)
    centre = (
        (1.914602 - 0.004817 * t) * sin(anomaly) + 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    )
    return (
        280.46646 + 36000.76983 * t + centre - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))
    ) % 360


def when_sun_at(degrees: float, near: datetime) -> datetime:
    """The moment nearest to `near` at which the sun stands at this longitude (within a minute of `sun`)."""
    at = near
    for _step in range(6):
        ahead = (degrees - sun(at) + 180) % 360 - 180
        at += timedelta(days=ahead * 365.2422 / 360 * (1 - 0.0334 * cos(radians(sun(at) - 283))))
    return at


@cache
def chinese_months(year: int) -> dict[int, date]:
    """The first day of each Chinese month (1 to 12, leap months left out) whose year begins in `year`.

    Rules since 1645 (GB/T 33661-2017): a month begins on the day of the new moon in China; the one of the winter
    solstice is the eleventh; of thirteen between two solstices the first without a major term is a leap month.
    """
    told = {**_between_solstices(year)}
    told |= {month: day for month, day in _between_solstices(year + 1).items() if month in (11, 12)}
    return told


def _between_solstices(year: int) -> dict[int, date]:
    """Months 11 and 12 of the year before and 1 to 10 of this one."""
    china = timedelta(hours=8)
    ends = [(when_sun_at(270, datetime(y, 12, 21, 12)) + china).date() for y in (year - 1, year)]
    days = [(moon + china).date() for moon in new_moons(ends[0] - timedelta(35), ends[1] + timedelta(35))]
    first, last = (max(day for day in days if day <= end) for end in ends)
    months = [day for day in days if first <= day <= last]
    terms = [int(sun(datetime(day.year, day.month, day.day) - china) // 30) for day in months]
    leap = (
        next((n for n in range(len(months) - 1) if terms[n] == terms[n + 1]), None)
        if len(months) == 14
        else None
    )
    kept = [day for n, day in enumerate(months[:-1]) if n != leap]
    return dict(zip((11, 12, *range(1, 11)), kept, strict=True))


def rosh_hashanah(year: int) -> date:
    """1 Tishri that falls in a Gregorian year: the mean new moon, put off by the four rules of the Hebrew calendar.

    Reingold & Dershowitz, Calendrical Calculations (4th ed. 2018), section 8.2.
    """
    hebrew = year + 3761

    def elapsed(y: int) -> int:
        months = (235 * y - 234) // 19
        parts = 12084 + 13753 * months
        day = 29 * months + parts // 25920
        return day + 1 if 3 * (day + 1) % 7 < 3 else day

    before, this, after = (elapsed(hebrew + n) for n in (-1, 0, 1))
    late = 2 if after - this == 356 else 1 if this - before == 382 else 0
    return date.fromordinal(this + late - 1373427)


def diwali(year: int) -> date:
    """Lakshmi Puja in India: the evening at which the moon of Kartika is dark, the sun standing in sidereal Libra.

    The dark moon must last till after 18:00 Indian time; sidereal longitudes by the Lahiri ayanamsha, linear in time.
    """
    turn = 23.85 + (year - 2000) * 0.01397
    moons = new_moons(date(year, 10, 10), date(year, 11, 20))
    moon = next(m for m in moons if 180 <= (sun(m) - turn) % 360 < 210) + timedelta(hours=5, minutes=30)
    return moon.date() if moon.hour >= 18 else moon.date() - timedelta(days=1)


def tabular(year: int, month: int, day: int) -> date:
    """A day of the tabular Islamic calendar (30-year cycle, civil epoch of 16 July 622, Julian)."""
    before = (year - 1) * 354 + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2
    return date(622, 7, 19) + timedelta(days=before + day - 1)


def hijri(year: int, month: int, day: int) -> date:
    """A day of the Islamic calendar by the moon: a month begins on the day after the new moon, a day later when that
    is past 14:00 UTC. Against the days kept in Saudi Arabia, Egypt and the Philippines from 1995 to 2044 six of seven
    are exact and the others one day off; what is announced by sight can always differ.
    """
    near = tabular(year, month, 1)
    moon = min(
        new_moons(near - timedelta(10), near + timedelta(10)), key=lambda m: abs((m.date() - near).days + 1)
    )
    return moon.date() + timedelta(days=(1 if moon.hour < 14 else 2) + day - 1)


def hijri_days(year: int, month: int, day: int) -> list[date]:
    """The days of a Gregorian year on which a day of the Islamic calendar falls: one, seldom two."""
    first = int((year - 622) * 365.2425 / 354.36707)
    days = [hijri(y, month, day) for y in range(first, first + 4)]
    return [found for found in days if found.year == year]
