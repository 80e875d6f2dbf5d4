"""The plan as a table and as a calendar: out, in, row by row; days of one's own; limits said in words."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from diskarte.core import clock, tables
from diskarte.core.given import Upload
from diskarte.core.people.models import Brand
from diskarte.stages.plan import actions, taking, wording
from diskarte.stages.plan.models import Occasion, Pillar, Slot
from diskarte.words import Kind, Problem
from tests.make import NOW, a_brand, alice
from tests.plan.builders import a_channel, a_slot

pytestmark = pytest.mark.django_db
HEAD = "date,time,channel,kind,pillar,topic,title,note,occasion,locked"
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def harbour():
    Pillar.objects.create(brand=a_brand(), name="Fun", share=1)
    return a_channel("Harbour", handle="@harbour")


def taken(*rows, head=HEAD, name="plan.csv"):
    return actions.import_slots(alice(), Upload(name, "\n".join((head, *rows)).encode()))


def facts(slot):
    return (slot.at, slot.kind, slot.pillar, slot.topic, slot.title, slot.note, slot.occasion, slot.locked)


def test_what_goes_out_comes_back_the_same(harbour):
    pillar = Pillar.objects.get()
    a_slot(
        harbour,
        day=10,
        hour=18,
        title="Open, «late»",
        note="two\nlines",
        pillar=pillar,
        topic="Beans",
        locked=True,
    )
    a_slot(harbour, day=11, hour=7, kind="reel", occasion="Christmas Day")
    text = actions.export_slots(alice(), *DECEMBER)
    before = [facts(slot) for slot in Slot.objects.order_by("at")]
    Slot.objects.all().delete()
    done = actions.import_slots(alice(), Upload("plan.csv", text.encode()))
    assert (done.made, done.refused, done.file) == (2, [], "")
    assert [facts(slot) for slot in Slot.objects.order_by("at")] == before


TITLES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TITLES)
def test_whatever_a_title_holds_it_survives_a_spreadsheet(harbour, title):
    Slot.objects.all().delete()
    a_slot(harbour, title=title.strip())
    text = actions.export_slots(alice(), *DECEMBER)
    Slot.objects.all().delete()
    actions.import_slots(alice(), Upload("plan.csv", text.encode()))
    assert Slot.objects.get().title == title.strip()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-12-40,,Harbour,,,,,,,", "2026-12-40"),
        ("2026-12-05,25:00,Harbour,,,,,,,", "25:00"),
        ("2026-12-05,noon,Harbour,,,,,,,", "noon"),
        ("2026-12-05,,Nowhere,,,,,,,", "Nowhere"),
        ("2026-12-05,,Harbour,opera,,,,,,", "opera"),
        ("2026-12-05,,Harbour,,Sadness,,,,,", "Sadness"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_and_stops_no_other(harbour, row, why):
    done = taken(row, "2026-12-06,09:30,Harbour,reel,Fun,,,,,yes")
    assert done.made == 1
    assert [r["row"] for r in done.refused] == [2]
    assert why in done.refused[0]["why"]
    back = list(csv.reader(io.StringIO(done.file)))
    assert back[1][1:] == row.split(",")
    slot = Slot.objects.get()
    assert slot.at == datetime(2026, 12, 6, 1, 30, tzinfo=UTC)
    assert (slot.pillar.name, slot.locked) == ("Fun", True)


def test_the_channel_by_its_handle_noon_by_default_and_the_first_kind(harbour):
    taken("2026-12-05,,@HARBOUR,,fun,,,,,")
    slot = Slot.objects.get()
    assert slot.at == datetime(2026, 12, 5, 4, tzinfo=UTC)
    assert slot.pillar.name == "Fun"
    assert slot.kind in set(Kind)


@pytest.mark.parametrize(("country", "day"), [("PH", (3, 4)), ("US", (3, 4)), ("GB", (4, 3)), ("DE", (4, 3))])
def test_a_day_is_read_as_the_brands_country_writes_it(harbour, country, day):
    Brand.objects.update(country=country)
    taken("03/04/2027,,Harbour,,,,,,,")
    at = Slot.objects.get().at
    assert (at.month, at.day) == day


def test_a_spreadsheet_is_as_good_as_csv(harbour):
    from openpyxl import Workbook

    book, box = Workbook(), io.BytesIO()
    book.active.append(["Date", "Time", "Channel"])
    book.active.append(["2026-12-05", "18:30", "Harbour"])
    book.save(box)
    assert actions.import_slots(alice(), Upload("plan.xlsx", box.getvalue())).made == 1


def test_too_many_rows_make_none(harbour, monkeypatch):
    monkeypatch.setattr(taking, "MOST", 2)
    with pytest.raises(Problem, match="more than 2") as told:
        taken(*["2026-12-05,,Harbour,,,,,,,"] * 3)
    assert (told.value.field, Slot.objects.count()) == ("file", 0)


def test_an_import_is_taken_back_as_one(harbour):
    from diskarte.core.people.models import Audit
    from diskarte.core.people.undo import undo

    taken("2026-12-05,,Harbour,,,,,,,", "2026-12-06,,Harbour,,,,,,,")
    undo(Audit.objects.get(verb="plan.import_slots"))
    assert not Slot.objects.exists()


def test_formulas_of_others_are_not_run_by_our_export(harbour):
    a_slot(harbour, title='=HYPERLINK("https://evil.example")')
    (row,) = list(csv.DictReader(io.StringIO(actions.export_slots(alice(), *DECEMBER))))
    assert not row["title"].startswith("=")


def test_the_calendar_has_slots_and_days_of_ones_own(harbour):
    slot = a_slot(harbour, title="Open late", topic="Beans", note="ask Ana", pillar=Pillar.objects.get())
    actions.add_occasion(alice(), date(2027, 1, 15), "Anniversary")
    found = Calendar.from_ical(actions.calendar_feed(alice())).walk("VEVENT")
    events = {str(event["uid"]).split("-")[0]: event for event in found}
    assert set(events) == {"slot", "occasion"}  # public holidays are in everybody's calendar already
    assert events["occasion"].decoded("dtstart") == date(2027, 1, 15)
    assert events["slot"].decoded("dtend") > events["slot"].decoded("dtstart") == slot.at
    assert "Open late" in str(events["slot"]["summary"])
    assert str(events["slot"]["description"]) == "Beans\nask Ana"


def test_a_dropped_slot_is_in_no_table_and_no_calendar(harbour):
    actions.drop_slot(alice(), a_slot(harbour).pk)
    assert actions.slots(alice(), *DECEMBER) == []
    assert "VEVENT" not in actions.calendar_feed(alice())
    assert len(actions.export_slots(alice(), *DECEMBER).splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "holiday"}, "kind"),
        ({"lead_days": -1}, "lead_days"),
        ({"lead_days": 366}, "lead_days"),
    ],
)
def test_a_day_of_ones_own_that_does_not_fit(given, field):
    with pytest.raises(Problem) as told:
        actions.add_occasion(alice(), date(2027, 1, 15), **({"name": "Anniversary"} | given))
    assert told.value.field == field
    assert not Occasion.objects.exists()


def test_a_muted_day_is_muted_once():
    actions.mute_occasion(alice(), date(2026, 12, 12), "12.12")
    with pytest.raises(Problem, match="already"):
        actions.mute_occasion(alice(), date(2026, 12, 12), "12.12")


def test_slots_are_narrowed(harbour):
    terrace = a_channel("Terrace")
    one = a_slot(harbour, day=10, pillar=Pillar.objects.get())
    two = a_slot(terrace, day=11, locked=True)
    who = alice()
    assert actions.slots(who, *DECEMBER, channel=terrace.pk) == [two]
    assert actions.slots(who, *DECEMBER, pillar=one.pillar_id) == [one]
    assert actions.slots(who, *DECEMBER, state="locked") == [two]
    assert actions.slots(who, date(2026, 12, 11), date(2026, 12, 11)) == [two]


def test_a_day_of_the_plan_is_the_brands_day(harbour):
    """01:00 on 1 December in Manila is still November in UTC."""
    early = a_slot(harbour, day=1, hour=1)
    assert early.at.month == 11
    assert actions.slots(alice(), date(2026, 12, 1), date(2026, 12, 1)) == [early]
    assert actions.slots(alice(), date(2026, 11, 1), date(2026, 11, 30)) == []


@pytest.mark.parametrize(("pillar", "share"), [([1], []), ([], []), ([1], [0])])
def test_a_mix_that_is_no_mix_changes_nothing(pillar, share):
    row = actions.add_pillar(alice(), "Beans")
    before = actions.current_settings(alice())
    with pytest.raises(Problem):
        actions.set_mix(alice(), [row.pk for _one in pillar], share)
    assert actions.current_settings(alice()) == before


@pytest.mark.parametrize(
    ("factor", "level", "said"),
    [
        ("weekday", "0", "Monday"),
        ("hour", "18-21", "18:00–21:00"),
        ("hour", "9", "09:00"),
        ("pillar", "Fun", "Fun"),
    ],
)
def test_levels_are_named_as_people_say_them(factor, level, said):
    assert wording.level_name(factor, level) == said


def test_the_file_of_an_export_is_a_table_our_reader_knows(harbour):
    a_slot(harbour)
    table = tables.read(Upload("plan.csv", actions.export_slots(alice(), *DECEMBER).encode()))
    assert list(table.headers) == HEAD.split(",")
    assert len(list(table.rows)) == 1
