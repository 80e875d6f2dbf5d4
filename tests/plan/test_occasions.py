"""The brand's days: hidden, changed, its own, from files; the choice of trade, region and further countries."""

from datetime import date

import pytest

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.given import Upload
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.plan import actions, bank, days, noticing
from diskarte.stages.plan.models import DayChoice, Occasion
from diskarte.words import Problem
from tests.make import NOW, a_brand, a_member, alice, bob, charlie

pytestmark = pytest.mark.django_db
TWELVE = date(2026, 12, 12)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def named(name, who=None, **more):
    return [day for day in days.year_ahead(who or bob(), days=800, **more) if day.key == name]


def test_the_year_ahead_says_when_to_begin():
    black = named("12.12")[0]
    assert (black.starts_by, black.lead_days, black.late) == (date(2026, 11, 28), 14, True)
    assert named("12.12")[1].late is False
    assert not named("Black Friday")[0].late


def test_hidden_for_good_hidden_once_and_undone():
    days.hide_day(bob(), TWELVE, "12.12", every_year=False)
    assert [day.day.year for day in named("12.12")] == [2027, 2028]
    undo(Audit.objects.latest("pk"))
    assert len(named("12.12")) == 3
    days.hide_day(bob(), TWELVE, "12.12")
    assert named("12.12") == []
    assert [row.name for row in days.hidden_days(bob())] == ["12.12"]
    days.hide_day(bob(), TWELVE, "12.12")  # twice is once
    actions.delete_occasion(bob(), Occasion.objects.get().pk)
    assert len(named("12.12")) == 3


def test_a_public_day_told_otherwise():
    days.choose_days(bob(), "clinic")
    assert named("12.12")[0].fit == "low"
    days.change_day(bob(), TWELVE, "12.12", 40, "high")
    assert {(d.lead_days, d.fit) for d in named("12.12")} == {(40, "high")}
    days.change_day(bob(), TWELVE, "12.12", 3, "", every_year=True)
    assert Occasion.objects.count() == 1
    assert {(d.lead_days, d.fit) for d in named("12.12")} == {(3, "low")}


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: days.hide_day(bob(), TWELVE, "No such day"), "name"),
        (lambda: days.change_day(bob(), TWELVE, "12.12", 400), "lead_days"),
        (lambda: days.add_day(bob(), TWELVE, " "), "name"),
        (lambda: days.add_day(bob(), TWELVE, "Fair", until=date(2026, 12, 1)), "until"),
        (lambda: days.add_day(bob(), TWELVE, "Fair", lead_days=-1), "lead_days"),
        (lambda: days.choose_days(bob(), "pirate"), "trade"),
        (lambda: days.choose_days(bob(), "cafe", "", ["ZZ"]), "further"),
        (lambda: days.choose_days(bob(), "cafe", "", ["DE-ATLANTIS"]), "further"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(call, field):
    with pytest.raises(Problem) as problem:
        call()
    assert problem.value.field == field
    assert problem.value.kept
    assert not Occasion.objects.exists() and not DayChoice.objects.exists()  # noqa: PT018


def test_a_name_of_ones_own_and_a_public_day_of_the_same_name():
    days.add_day(bob(), TWELVE, "12.12")
    with pytest.raises(Problem, match="already"):
        days.add_day(alice(), TWELVE, "12.12")
    with pytest.raises(Problem, match="your own"):
        days.hide_day(bob(), TWELVE, "12.12")


def test_an_anniversary_of_the_29th_of_february():
    row = days.add_day(bob(), date(2028, 2, 29), "Leap", until=date(2028, 3, 1), yearly=True)
    with clock.at(NOW.replace(year=2028, month=1)):
        told = named("Leap")
    assert [(d.day, d.until) for d in told] == [
        (date(2028, 2, 29), date(2028, 3, 1)), (date(2029, 2, 28), date(2029, 3, 1)),
        (date(2030, 2, 28), date(2030, 3, 1)),
    ]  # fmt: skip
    days.edit_day(bob(), row.pk, date(2028, 2, 28), "Leap", yearly=False)
    with clock.at(NOW.replace(year=2028, month=1)):
        assert [d.day for d in named("Leap")] == [date(2028, 2, 28)]


def test_the_trade_decides_what_is_made_for_us():
    everything = len(days.year_ahead(bob()))
    days.choose_days(bob(), "school")
    high = days.year_ahead(bob(), fit="high")
    assert "Teachers' Day" in {day.key for day in high}
    assert "11.11" not in {day.key for day in high}
    assert len(high) < len(days.year_ahead(bob(), fit="some")) < everything


def test_the_fiesta_of_our_city_and_of_others():
    assert named("Sinulog")[0].fit == "low"
    days.choose_days(bob(), "cafe", "cebu")
    assert named("Sinulog")[0].fit == "high"
    assert named("Dinagyang")[0].fit == "low"


def test_customers_in_other_countries():
    days.choose_days(bob(), "cafe", "", ["id", "DE-BY", "ID"])
    assert DayChoice.objects.get().further == ["ID", "DE-BY"]
    assert named("Pancasila Day")[0].country == "ID"
    assert named("Epiphany")[0].country == "DE"


def test_a_region_the_library_knows():
    brand = a_brand()
    brand.country = "DE"
    brand.save()
    assert not named("Epiphany")
    days.choose_days(bob(), "cafe", "BY")
    assert named("Epiphany")[0].place == "Bayern"
    days.choose_days(bob(), "cafe", "Atlantis")  # kept as text; no holiday of it is known
    assert not named("Epiphany")


def test_what_hardly_concerns_us_is_not_spoken_of():
    days.choose_days(bob(), "clinic")
    told = bank._days(bob(), date(2026, 11, 1), date(2026, 11, 30), 200)
    assert "11.11" not in {day.name for day in told}
    assert "World Diabetes Day" in {day.name for day in told}
    assert "Payday" not in {day.name for day in told}


def test_one_page_costs_two_queries(django_assert_num_queries):
    who = bob()
    with django_assert_num_queries(2):
        noticing.seen(who, NOW.date(), date(2027, 12, 1))


# Files

ICS = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
SUMMARY:Coffee fair\r
DTSTART;VALUE=DATE:20270115\r
DTEND;VALUE=DATE:20270118\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:Late show\r
DTSTART:20270120T170000Z\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:Founded\r
DTSTART;VALUE=DATE:20270301\r
RRULE:FREQ=YEARLY\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270301\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_events_of_a_calendar():
    told = days.import_days(bob(), Upload("fair.ics", ICS))
    assert (told.made, told.known, [r["row"] for r in told.refused]) == (3, 0, [4])
    rows = {row.name: row for row in Occasion.objects.all()}
    assert (rows["Coffee fair"].day, rows["Coffee fair"].until) == (date(2027, 1, 15), date(2027, 1, 17))
    assert rows["Late show"].day == date(2027, 1, 21)  # one in the morning in Manila
    assert rows["Founded"].yearly
    assert rows["Founded"].source == "fair.ics"
    assert days.import_days(bob(), Upload("fair.ics", ICS)).known == 3


def test_a_table_of_days_with_its_errors():
    rows = (
        "Petsa,Event,Until,Lead,Yearly\n2027-01-15,Fair,2027-01-17,21,\n2027-02-30,Never,,,\n2027-03-01,,,,\n"
        "2027-03-02,Party,2027-01-01,,\n2027-03-03,Sale,,many,\n2027-03-04,Founded,,,yes\n"
    )
    told = days.import_days(bob(), Upload("days.csv", rows.encode()))
    assert told.made == 2
    assert [r["row"] for r in told.refused] == [3, 4, 5, 6]
    assert "1 more" in told.said
    assert "Row 3" in told.said
    fair = Occasion.objects.get(name="Fair")
    assert (fair.until, fair.lead_days) == (date(2027, 1, 17), 21)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.csv", b"Where,Who\nhere,me\n", "no column"),
        ("x.ics", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nnonsense", "calendar"),
        ("x.pdf", b"%PDF-1.4 ...", "PDF"), ("x.csv", b"", "empty"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_days(name, content, says):
    with pytest.raises(Problem, match=says):
        days.import_days(bob(), Upload(name, content))
    assert not Occasion.objects.exists()


# Rights


def test_strangers_and_guests():
    row = days.add_day(alice(), TWELVE, "Fair")
    with pytest.raises(Stranger):
        ALL["plan.edit_day"].run(charlie(), {"occasion": row.pk, "day": TWELVE, "name": "Mine"})
    assert not named("Fair", charlie())
    guest = a_member("Gina", "guest")
    assert named("Fair", guest)
    for verb in ("choose_days", "hide_day", "change_day", "edit_day", "add_day", "import_days"):
        with pytest.raises(Forbidden):
            ALL[f"plan.{verb}"].run(guest, {})


def test_a_public_day_is_not_edited_as_ones_own():
    row = days.hide_day(bob(), TWELVE, "12.12")
    with pytest.raises(Problem, match="public day"):
        days.edit_day(bob(), row.pk, TWELVE, "Mine")
