"""Spreadsheets with merged cells, round trips, private feeds of brand and channel, the month on paper."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from openpyxl import Workbook, load_workbook

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.plan import actions, paper, together
from diskarte.stages.plan.models import Feed, Pillar, Slot, Taking
from diskarte.stages.plan.narrowing import Filters
from tests.make import NOW, a_brand, a_member, a_person, alice, charlie
from tests.plan.builders import a_channel, a_slot, moment

pytestmark = pytest.mark.django_db
PAGE = "/kape-diwata/plan/"
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def saved(book):
    box = io.BytesIO()
    book.save(box)
    return Upload("plan.xlsx", box.getvalue())


def facts():
    names = ("at", "channel", "kind", "pillar", "topic", "title", "note", "occasion", "locked")
    return list(Slot.objects.order_by("at").values_list(*names))


def test_merged_cells_count_for_each_of_their_rows_and_it_is_told():
    a_channel("Harbour")
    book = Workbook()
    for row in (["December plan"], ["date", "time", "channel", "title"], ["2026-12-05", "09:00", "Harbour", "One"],
                ["", "18:00", "", "Two"], ["2026-12-06", "09:00", "", "Three"]):  # fmt: skip
        book.active.append(row)
    for merged in ("A1:D1", "A3:A4", "C3:C5"):
        book.active.merge_cells(merged)
    done = actions.import_slots(alice(), saved(book))
    assert (done.made, done.refused) == (3, [])
    assert [(s.title, s.at) for s in Slot.objects.order_by("at")] == [
        ("One", moment(5, 9)), ("Two", moment(5, 18)), ("Three", moment(6, 9)),
    ]  # fmt: skip
    assert "3 merged cells: their value was taken for each of their rows." in Taking.objects.get().notes


def test_a_spreadsheet_goes_out_and_comes_back_the_same_and_twice_makes_nothing_twice():
    channel = a_channel("Harbour")
    pillar = Pillar.objects.create(brand=a_brand(), name="Fun", share=1)
    a_slot(
        channel, day=10, title="=1+1 is «two»", note="two\nlines", pillar=pillar, topic="Beans", locked=True
    )
    a_slot(channel, day=11, hour=0, kind="reel", occasion="Christmas Day")
    before, content = facts(), actions.workbook(alice(), *DECEMBER)
    again = actions.import_slots(alice(), Upload("plan.xlsx", content))
    assert (again.made, again.refused, again.notes) == (0, [], ["stood in the plan already (2)"])
    Slot.objects.all().delete()
    assert actions.import_slots(alice(), Upload("plan.xlsx", content)).made == 2
    assert facts() == before


def test_the_template_offers_what_there_is(web):
    a_channel("Harbour")
    content = web.get(PAGE + "plan.xlsx?template").content
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[1]][:3] == ["date", "time", "channel"]
    assert sheet.max_row == 1
    assert '"Harbour"' in [rule.formula1 for rule in sheet.data_validations.dataValidation]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 not a zip", b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0 old excel"]
)
def test_what_is_no_table_is_said_in_words_and_makes_nothing(web, content):
    a_channel()
    file = io.BytesIO(content)
    file.name = "plan.xlsx"
    answer = web.post("/kape-diwata/do/plan.import_slots", {"file": file}, HTTP_ACCEPT="application/json")
    assert answer.status_code == 422
    assert answer.json()["what"]
    assert not Slot.objects.exists()


def test_a_calendar_program_is_told_the_zone_the_change_and_the_same_name():
    row = a_slot(a_channel(), title="Open late", state="written")
    first = Calendar.from_ical(actions.calendar_feed(alice()))
    actions.move_slot(alice(), row.pk, moment(11, 18))
    told = Calendar.from_ical(actions.calendar_feed(alice()))
    before, after = (c.walk("VEVENT")[0] for c in (first, told))
    assert str(after["uid"]) == str(before["uid"]) == f"slot-{row.pk}@kape-diwata.127.0.0.1"
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstart"].params["TZID"] == "Asia/Manila"
    assert after.decoded("dtstart") == moment(11, 18)
    assert [str(zone["tzid"]) for zone in told.walk("VTIMEZONE")] == ["Asia/Manila"]
    assert str(after["status"]) == "CONFIRMED"
    assert "dtstamp" in after
    assert after.decoded("dtend") > after.decoded("dtstart")


def test_a_feed_over_a_change_of_clocks_has_both_offsets():
    channel = a_channel()
    Brand.objects.update(time_zone="Europe/Berlin")
    for day in (27, 29):
        at = datetime(2027, 3, day, 16 if day < 28 else 15, tzinfo=UTC)
        Slot.objects.create(brand=channel.brand, channel=channel, kind="image", at=at)
    told = Calendar.from_ical(actions.calendar_feed(alice()))
    assert [event.decoded("dtstart").hour for event in told.walk("VEVENT")] == [17, 17]
    assert told.walk("VTIMEZONE")[0].walk("DAYLIGHT")


def test_a_channel_has_an_address_of_its_own_which_closes_alone(client):
    one, two = a_channel(), a_channel("Terrace")
    a_slot(one, title="Here")
    a_slot(two, day=11, title="There")
    whole, own = actions.open_feed(alice())["key"], actions.open_feed(alice(), two.pk)["key"]
    text = client.get(f"{PAGE}feed.ics?key={own}").content.decode()
    assert "There" in text
    assert "Here" not in text
    assert client.get(f"{PAGE}feed.ics?key={whole}").content.decode().count("BEGIN:VEVENT") == 2
    renewed = actions.open_feed(alice(), two.pk)["key"]
    assert client.get(f"{PAGE}feed.ics?key={own}").status_code == 404
    actions.close_feed(alice(), two.pk)
    assert client.get(f"{PAGE}feed.ics?key={renewed}").status_code == 404
    assert client.get(f"{PAGE}feed.ics?key={whole}").status_code == 200
    assert Feed.objects.count() == 1


def test_a_program_that_has_the_calendar_is_not_given_it_again(client):
    row = a_slot(a_channel())
    url = f"{PAGE}feed.ics?key={actions.open_feed(alice())['key']}"
    name = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": name}).status_code == 304
    together.change_slots(alice(), [row.pk], "move", days=1)
    assert client.get(url, headers={"If-None-Match": name}).status_code == 200


def test_the_addresses_are_shown_to_who_may_edit(web):
    channel = a_channel()
    actions.open_feed(alice(), channel.pk)
    text = web.get(PAGE + "subscribe/").content.decode()
    assert "webcal://" in text
    with pytest.raises(Forbidden):
        actions.feeds(a_member("Guest", "guest"))
    with pytest.raises(Stranger):
        actions.open_feed(charlie(), channel.pk)


@pytest.mark.parametrize("shape", ["month", "list"])
def test_the_month_is_printed(web, shape):
    channel = a_channel()
    for n in range(8):
        a_slot(channel, day=10, hour=8 + n, title=f"#strong[{n}] *star* $x$")
    together.note_day(alice(), date(2026, 12, 10), "The shop is closed")
    answer = web.get(f"{PAGE}{shape}.pdf?month=2026-12")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert web.get(f"{PAGE}year.pdf").status_code == 404
    day = paper.told(alice(), date(2026, 12, 1), shape, Filters())["days"][9]
    assert (len(day["posts"]), day["more"], day["note"]) == (8, "2 more", "The shop is closed")
    assert day["posts"][0]["time"] == "08:00"
    assert (
        paper.told(alice(), date(2026, 12, 1), shape, Filters(state=("written",)))["days"][9]["posts"] == []
    )


def test_a_stranger_finds_no_paper_no_table_and_no_file(client):
    a_slot(a_channel())
    row = Taking.objects.create(brand=a_brand(), what="slots", file="secret")
    charlie()
    client.force_login(a_person("Charlie"))
    for path in (
        "month.pdf",
        "plan.xlsx",
        "subscribe/",
        "ideas/",
        "figures",
        f"in/{row.pk}/done/",
        "in/slots/",
    ):
        assert client.get(PAGE + path).status_code == 404
    assert client.get(f"/charlies-tea/plan/in/{row.pk}/rows.csv").status_code == 404
