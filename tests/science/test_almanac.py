from datetime import UTC, date, datetime, timedelta

import pytest

from diskarte.science import almanac


@pytest.mark.parametrize(
    ("k", "moment"),
    [
        (-283, datetime(1977, 2, 18, 3, 37)),
        (306, datetime(2024, 10, 2, 18, 49)),
        (0, datetime(2000, 1, 6, 18, 14)),
    ],
)  # Meeus, example 49.a; two new moons as every almanac tells them
def test_new_moons_as_almanacs_tell_them(k, moment):
    assert abs(almanac.new_moon(k) - moment) < timedelta(minutes=3)


def test_the_sun_of_meeus_example_25a():
    assert almanac.sun(datetime(1992, 10, 13)) == pytest.approx(199.907, abs=0.01)


@pytest.mark.parametrize(
    ("degrees", "moment"),
    [
        (270, datetime(2025, 12, 21, 15, 3)),
        (0, datetime(2026, 3, 20, 14, 46)),
        (180, datetime(2026, 9, 23, 0, 5)),
    ],
)
def test_solstice_and_equinoxes(degrees, moment):
    found = almanac.when_sun_at(degrees, moment + timedelta(days=2))
    assert abs(found - moment) < timedelta(minutes=20)


def test_the_chinese_calendar_of_another_author():
    from holidays.calendars import _ChineseLunisolar

    other = _ChineseLunisolar()
    for year in range(1990, 2100):
        months = almanac.chinese_months(year)
        assert months[1] == other.lunar_new_year_date(year)[0]
        assert months[5] + timedelta(days=4) == other.dragon_boat_date(year)[0]
        assert months[8] + timedelta(days=14) == other.mid_autumn_date(year)[0]


def test_the_year_of_two_confusing_leap_months():
    """2033 has its leap month after the eleventh, not after the seventh as old almanacs said."""
    assert almanac.chinese_months(2033)[8] == date(2033, 8, 25)
    assert almanac.chinese_months(2034)[1] == date(2034, 2, 19)


def test_the_tabular_islamic_calendar():
    assert almanac.tabular(1, 1, 1) == date(622, 7, 19)  # Gregorian; 16 July in the Julian calendar
    assert almanac.tabular(1445, 9, 1) == date(2024, 3, 11)


@pytest.mark.parametrize(
    ("month", "day", "kept"),
    [
        (9, 1, date(2025, 3, 1)),
        (10, 1, date(2024, 4, 10)),
        (10, 1, date(2026, 3, 20)),
        (12, 10, date(2025, 6, 6)),
    ],
)
def test_the_islamic_days_of_these_years(month, day, kept):
    assert almanac.hijri_days(kept.year, month, day) == [kept]


def test_every_year_has_its_ramadan_and_one_in_33_has_two():
    twice = [year for year in range(1990, 2101) if len(almanac.hijri_days(year, 9, 1)) == 2]
    assert twice == [1997, 2030, 2063, 2095]
    assert all(almanac.hijri_days(year, 9, 1) for year in range(1990, 2101))


@pytest.mark.parametrize(
    ("year", "day"), [(2022, (10, 24)), (2023, (11, 12)), (2024, (11, 1)), (2025, (10, 20)), (2026, (11, 8))]
)
def test_diwali(year, day):
    assert almanac.diwali(year) == date(year, *day)


def test_the_hebrew_new_year_against_the_library():
    import holidays

    for year in range(1990, 2101):
        days = holidays.country_holidays("IL", years=year, language="en_US").get_named("Rosh Hashanah")
        assert almanac.rosh_hashanah(year) == min(days)


def test_moments_carry_no_zone():
    assert almanac.new_moon(0).tzinfo is None
    assert almanac.new_moon(0).replace(tzinfo=UTC).year == 2000
