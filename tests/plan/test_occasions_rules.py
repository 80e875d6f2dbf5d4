"""The table of days: every rule in every year, known days by hand, countries, regions, trades."""

from collections import Counter
from datetime import date, timedelta

import pytest

from diskarte.stages.plan.rules import occasions
from diskarte.stages.plan.rules.occasions.day import EVERY
from diskarte.stages.plan.rules.occasions.finding import found

YEARS = range(1990, 2101)


@pytest.mark.parametrize("rule", occasions.RULES, ids=lambda rule: f"{rule.name}: {rule.find}")
def test_every_rule_finds_its_day_in_every_year(rule):
    for year in YEARS:
        days = found(rule.find, year)
        assert 1 <= len(days) <= 2
        assert all(abs(day.year - year) <= (1 if rule.find.split()[-1][0] in "+-" else 0) for day in days)
    assert rule.name
    assert rule.source
    assert rule.kind in occasions.KINDS
    assert 0 < rule.lead_days <= 60
    assert set(rule.high) | set(rule.low) <= {*occasions.TRADES, *EVERY}
    assert not set(rule.high) & set(rule.low)
    assert all(len(code) == 2 and code.isupper() for code in (*rule.countries, *rule.but))


def day_of(name, year, country="PH"):
    return [day.day for day in occasions.occasions(country, year) if day.name == name]


@pytest.mark.parametrize(
    ("name", "country", "days"),
    [
        ("Black Friday", "PH", [date(2024, 11, 29)]), ("Black Friday", "US", [date(2030, 11, 29)]),
        ("Giving Tuesday", "US", [date(2025, 12, 2)]), ("Sinulog", "PH", [date(2026, 1, 18)]),
        ("Dinagyang", "PH", [date(2026, 1, 25)]), ("MassKara", "PH", [date(2026, 10, 25)]),
        ("Giant Lantern Festival", "PH", [date(2026, 12, 19)]), ("Holy Week", "PH", [date(2026, 3, 30)]),
        ("Grandparents' Day", "PH", [date(2026, 9, 13)]), ("Mid-Autumn Festival", "PH", [date(2026, 9, 25)]),
        ("Ramadan begins", "ID", [date(2026, 2, 18)]), ("Diwali", "GB", [date(2026, 11, 8)]),
        ("Orthodox Easter", "RU", [date(2026, 4, 12)]), ("Maslenitsa", "RU", [date(2026, 2, 16)]),
        ("Mother's Day", "FR", [date(2026, 5, 31)]), ("Mother's Day", "FR", [date(2020, 6, 7)]),
        ("Mother's Day", "ID", [date(2026, 12, 22)]), ("Father's Day", "AU", [date(2026, 9, 6)]),
        ("Advent begins", "DE", [date(2026, 11, 29)]), ("Advent begins", "DE", [date(2022, 11, 27)]),
        ("Super Bowl Sunday", "US", [date(2026, 2, 8)]), ("Teachers' Day", "VN", [date(2026, 11, 20)]),
        ("Teacher Appreciation Day", "US", [date(2026, 5, 5)]), ("Chinese New Year's Eve", "PH", [date(2026, 2, 16)]),
        ("Yom Kippur", "US", [date(2025, 10, 2)]), ("Ghost Month begins", "SG", [date(2026, 8, 13)]),
    ],
)  # fmt: skip
def test_days_a_calendar_tells(name, country, days):
    assert day_of(name, days[0].year, country) == days


def test_a_feast_is_told_once_where_it_is_a_public_holiday():
    """The Philippine Eid is proclaimed: the library's day stands, our own by the moon is left out."""
    names = [day.name for day in occasions.occasions("PH", 2026) if "Eid" in day.name]
    assert names == ["Eid al-Fitr", "Eid al-Adha"]
    assert [d.kind for d in occasions.occasions("PH", 2026) if d.name == "Eid al-Fitr"] == ["holiday"]
    assert [d.kind for d in occasions.occasions("DE", 2026) if d.name == "Eid al-Fitr"] == ["faith"]
    new_year = [
        d for d in occasions.occasions("SG", 2026) if "Chinese New Year" in d.name and d.day.day == 17
    ]
    assert len(new_year) == 1


def test_a_country_has_one_mothers_day_a_year():
    for country in (
        "PH",
        "US",
        "GB",
        "IE",
        "FR",
        "SE",
        "TH",
        "RU",
        "MX",
        "PL",
        "ES",
        "NO",
        "ID",
        "EG",
        "DE",
        "ZZ",
    ):
        assert len(day_of("Mother's Day", 2027, country)) <= 1
        assert occasions.mothers_day(country, 2027).year == 2027


def test_a_country_the_library_lacks_keeps_our_own_table():
    assert not occasions.known("ZZ")
    assert occasions.regions("ZZ") == {}
    assert occasions.holiday_name("ZZ", date(2026, 1, 1), "fil") == ""
    assert day_of("Black Friday", 2026, "ZZ") == [date(2026, 11, 27)]


@pytest.mark.parametrize(
    ("country", "day", "name", "source"),
    [
        ("BR", date(2026, 10, 28), "Public Servant's Day", "some take"),
        ("ID", date(2026, 3, 18), "Day of Silence Joint Holiday", "public offices"),
        ("IN", date(2024, 1, 13), "Lohri", "some take"),
    ],
)
def test_days_that_only_some_have_off_are_told_as_such(country, day, name, source):
    (found,) = [d for d in occasions.occasions(country, day.year) if d.day == day and d.name == name]
    assert (found.kind, source in found.source) == ("observance", True)


def test_a_holiday_of_all_is_not_told_again_as_one_of_some():
    told = Counter((d.day, d.name) for d in occasions.occasions("CA", 2026))
    assert max(told.values()) == 1
    (christmas,) = [d for d in occasions.occasions("CA", 2026) if d.name == "Christmas Day"]
    assert christmas.kind == "holiday"


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_days_of_remembrance_stay_on_their_day_where_the_holiday_moves(year):
    assert date(year, 2, 25) in day_of("EDSA People Power Revolution Anniversary", year, "PH")
    assert date(year, 8, 21) in day_of("Ninoy Aquino Day", year, "PH")


def test_regional_holidays_and_unknown_regions():
    assert "Epiphany" in {d.name for d in occasions.occasions("DE", 2026, "BY")}
    assert "Epiphany" not in {d.name for d in occasions.occasions("DE", 2026)}
    place = next(d for d in occasions.occasions("DE", 2026, "BY") if d.name == "Epiphany").place
    assert place == "Bayern" == occasions.regions("DE")["BY"]
    assert occasions.occasions("DE", 2026, "Atlantis") == occasions.occasions("DE", 2026)


def test_several_countries_and_no_day_twice():
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    told = occasions.between("PH", first, last, further=["JP", "DE-BY"])
    names = {(day.name, day.country) for day in told}
    assert {("Showa Day", "JP"), ("Epiphany", "DE"), ("Rizal Day", "PH")} <= names
    assert len({(d.day, d.name) for d in told}) == len(told)
    assert [d.day for d in told] == sorted(d.day for d in told)


def test_the_29th_of_february():
    assert found("02-29", 2028) == (date(2028, 2, 29),)
    assert found("02-29", 2027) == (date(2027, 2, 28),)
    assert occasions.between("PH", date(2028, 2, 29), date(2028, 2, 29)) == [
        day for day in occasions.occasions("PH", 2028) if day.day == date(2028, 2, 29)
    ]


def test_paydays_come_before_the_weekend_in_every_month():
    for year in (2026, 2027, 2028):
        paid = day_of("Payday", year)
        assert len(paid) == 24
        assert all(day.weekday() < 5 for day in paid)
    assert day_of("Payday", 2026, "US") == []


def test_what_a_day_means_to_a_trade():
    friday = next(d for d in occasions.occasions("PH", 2026) if d.name == "Black Friday")
    assert (friday.fit("shop"), friday.fit("clinic"), friday.fit("property"), friday.fit("")) == (
        "high", "low", "some", "some",
    )  # fmt: skip
    ber = next(d for d in occasions.occasions("PH", 2026) if d.name == "The «ber» months begin")
    assert all(ber.fit(trade) == "high" for trade in (*occasions.TRADES, ""))
    assert friday.starts_by == friday.day - timedelta(days=21)


def test_every_trade_has_days_of_its_own_in_the_philippines():
    for trade in occasions.TRADES:
        fits = [day for day in occasions.occasions("PH", 2026) if day.fit(trade) == "high"]
        assert 12 <= len(fits) <= 110, trade


def test_seasons_say_their_last_day():
    undas = next(d for d in occasions.occasions("PH", 2026) if d.name == "Undas")
    assert (undas.day, undas.until) == (date(2026, 10, 31), date(2026, 11, 2))


@pytest.mark.parametrize("words", ["nth 5 someday 2", "elsewhen", "chinese"])
def test_unknown_words_of_a_rule_are_refused(words):
    with pytest.raises((ValueError, IndexError)):
        found(words, 2026)
