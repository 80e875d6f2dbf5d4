"""The import itself: purchases, parts, resuming, and the quick way beside the slow one."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.lake.shelves import shelf_of
from diskarte.core.lake.tables import opened
from diskarte.core.tables import read_number, write_csv
from diskarte.stages.audience import actions, jobs, people_actions, waiting
from diskarte.stages.audience.columns import PURCHASES
from diskarte.stages.audience.importing import reading, shape, work
from diskarte.stages.audience.importing.plain import judge
from diskarte.stages.audience.importing.shape import Shape
from diskarte.stages.audience.importing.way import Way
from diskarte.stages.audience.models import Intake
from diskarte.stages.audience.rules.people import Unfit
from diskarte.stages.audience.rules.purchases import money
from diskarte.words import Problem
from tests.conftest import shared
from tests.make import NOW, a_brand, alice, bob

from .builders import known, people_file

pytestmark = pytest.mark.django_db
SALES = ["Customer ID", "Order Date", "Total", "Product", "Invoice No"]


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch, settings):
    settings.DATA = tmp_path
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "intake")
    with clock.at(NOW):
        yield


def sales(*rows, headers=SALES) -> Upload:
    return Upload("sales.csv", write_csv(headers, rows))


def bought(who):
    with opened(who.brand) as t:
        return t.rows(
            f"SELECT day, cents, currency, order_no, item FROM {t.of('purchases', PURCHASES)} ORDER BY ALL"
        )


@pytest.mark.parametrize(
    ("text", "cents", "mark"),
    [("₱1,234.50", 123450, "₱"), ("1.234,50 €", 123450, "€"), ("(12)", -1200, ""), ("-3.5", -350, ""),
     ("USD 7", 700, "USD"), ("P99", 9900, "P"), ("1 000", 100000, "")],
)  # fmt: skip
def test_money_as_people_write_it(text, cents, mark):
    assert money(text, read_number) == (cents, mark)


@pytest.mark.parametrize("text", ["free", "", "₱", "1,2,3x", "NaN", "=1+1"])
def test_what_is_no_money_is_refused(text):
    with pytest.raises(Unfit):
        money(text, read_number)


def test_purchases_make_customers_and_lines():
    row = actions.import_people(
        bob(), sales(["7", "2026-03-04", "₱120.50", "Beans", "A1"], ["7", "2026-03-09 10:15", "$2", "Mug", "A2"],
                     ["8", "2026-03-04", "-40", "Beans", "A3"], ["", "2026-03-04", "1", "x", ""],
                     ["9", "soon", "1", "x", ""], ["9", "2026-03-04", "lots", "x", ""])
    )  # fmt: skip
    assert (row.taken, row.bought, row.refused) == (2, 3, 3)
    assert row.reasons == {"nobody": 1, "bought_at": 1, "amount": 1}
    assert bought(bob()) == [
        (date(2026, 3, 4), -4000, "PHP", "A3", "Beans"), (date(2026, 3, 4), 12050, "PHP", "A1", "Beans"),
        (date(2026, 3, 9), 200, "USD", "A2", "Mug"),
    ]  # fmt: skip
    assert actions.crowd(bob()).purchases == 3


def test_the_same_receipt_line_counts_once_and_a_file_given_again_adds_nothing():
    line = ["7", "2026-03-04", "120", "Beans", "A1"]
    assert actions.import_people(bob(), sales(line, line)).bought == 1
    again = actions.import_people(bob(), sales(line, ["7", "2026-03-05", "120", "Beans", "A2"]))
    assert (again.taken, again.bought, again.same) == (0, 1, 1)
    two = ["3", "2026-03-04", "80", "Latte"]
    assert actions.import_people(bob(), sales(two, two, headers=SALES[:4])).bought == 2  # no receipts


def test_price_times_quantity_and_a_column_of_currencies():
    heads = ["email", "date", "unit price", "qty", "currency"]
    actions.import_people(bob(), sales(["a@b.co", "2026-03-04", "2.55", "6", "gbp"], headers=heads))
    assert bought(bob()) == [(date(2026, 3, 4), 1530, "GBP", "", "")]


def test_purchases_can_be_taken_back_and_are_forgotten_with_their_person():
    lines = ["7", "2026-03-04", "120", "Beans", "A1"], ["8", "2026-03-04", "5", "x", ""]
    first = actions.import_people(bob(), sales(*lines))
    assert actions.forget_person(bob(), given="7").places == {
        "people": 1,
        "purchases": 1,
        "lists": 1,
        "spending": 1,
    }
    assert [line[1] for line in bought(bob())] == [500]
    assert actions.take_back_people(bob(), first.pk).removed == 2
    assert actions.crowd(bob()).people == actions.crowd(bob()).purchases == 0


def test_a_killed_import_goes_on_with_the_next_part(monkeypatch):
    monkeypatch.setattr(shape, "PART", 400)
    rows = [[f"P{n}", f"p{n}@example.com", "", "", "", ""] for n in range(60)]
    shown = actions.preview_people(bob(), people_file(*rows))
    real, calls = reading.read_part, []

    def dies(*given):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(work, "read_part", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.accept_people(bob(), shown.id)
    assert not known(bob())
    row = Intake.objects.get()
    assert len(reading.done_parts(waiting.desk_folder(row))) == len(calls) - 1
    count = len(list(shape.parts(waiting.FOLDER / row.path, row.shape["shape"]["start"])))
    row.state = "working"
    row.save()
    people_actions.work_through.func(row.pk)
    assert len(known(bob())) == 60
    row.refresh_from_db()
    assert (row.state, row.taken) == ("done", 60)
    assert len(calls) == 1 + count  # only the part that died was read twice
    assert not waiting.desk_folder(row).exists()


def test_an_import_nobody_is_at_is_taken_up_again(monkeypatch):
    told = []
    monkeypatch.setattr(jobs, "work_through", type("Task", (), {"enqueue": staticmethod(told.append)}))
    shown = actions.preview_people(bob(), people_file(["A", "a@b.co", "", "", "", ""]))
    Intake.objects.filter(pk=shown.id).update(state="working", beat_at=NOW)
    assert jobs.take_up_imports(NOW) == 0
    assert jobs.take_up_imports(NOW + 2 * work.SILENT) == 1
    assert told == [shown.id]


def test_a_large_file_is_worked_through_meanwhile(monkeypatch, settings):
    monkeypatch.setattr(work, "AT_ONCE", 10)
    shown = actions.preview_people(alice(), people_file(["A", "a@b.co", "", "", "", ""]))
    row = actions.accept_people(alice(), shown.id)
    assert row.state == "working"
    people_actions.work_through.func(row.pk)
    assert [one.email for one in known(alice())] == ["a@b.co"]


def test_what_stops_in_the_background_is_told_and_can_go_on(monkeypatch):
    shown = actions.preview_people(bob(), people_file(["A", "a@b.co", "", "", "", ""]))
    row = Intake.objects.get(pk=shown.id)
    row.state, row.way = "working", Way("PH", "PHP", {"email": "E-mail Address"}, False).plain()
    row.save()
    (waiting.FOLDER / row.path).rename(waiting.FOLDER / "away")
    people_actions.work_through.func(row.pk)
    row.refresh_from_db()
    assert row.state == "stopped"
    assert "not waiting" in row.why
    (waiting.FOLDER / "away").rename(waiting.FOLDER / row.path)
    actions.resume_import(bob(), row.pk)
    people_actions.work_through.func(row.pk)
    assert len(known(bob())) == 1
    with pytest.raises(Problem, match="not on its way"):
        actions.resume_import(bob(), row.pk)


def test_a_line_break_in_a_cell_does_not_end_a_row(monkeypatch):
    monkeypatch.setattr(shape, "PART", 50)
    text = "name,email\n" + "".join(f'"Ana\nno. {n}, ""x""",a{n}@example.com\n' for n in range(9))
    row = actions.import_people(bob(), Upload("p.csv", text.encode()))
    assert (row.taken, row.refused) == (9, 0)
    assert {one.name for one in known(bob())} == {f'Ana\nno. {n}, "x"' for n in range(9)}


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_encodings_in_parts(monkeypatch, encoding):
    monkeypatch.setattr(shape, "PART", 300)
    text = "Name;E-mail;Petsa\n" + "".join(
        f"Piña {n};n{n}@example.com;0{1 + n % 9}/25/2026\n" for n in range(40)
    )
    row = actions.import_people(bob(), Upload("p.csv", text.encode(encoding)))
    assert (row.taken, row.refused) == (40, 0)
    assert known(bob())[0].name.startswith("Piña")


def test_a_row_that_is_too_wide_is_refused_with_its_number():
    text = "name,email\nA,a@b.co\nB,b@b.co,more,cells\nC,c@b.co\n\nD,d@\n"
    row = actions.import_people(bob(), Upload("p.csv", text.encode()))
    assert (row.taken, row.reasons) == (2, {"extra": 1, "email": 1})
    lines = list(csv.DictReader(io.StringIO(actions.rejected_people(bob(), row.pk))))
    assert "more | cells" in lines[0]["Reason"]
    assert lines[0]["Row"] == "3"


CELLS = st.sampled_from(
    ["ana@example.com", "ANA@Example.com", "ana@", "0917 123 4567", "+63 917-123-4567", "123", "2026-03-04",
     "13/04/2026", "3/4/2026 10:15", "soon", "yes", "hindi", "perhaps", "n/a", "", " x ", "₱1,200.50", "-3", "lots",
     "Tagalog", "fil", "=1+1", "'=1+1", "\u00a0Ana", "C-7", "none", "Ana\tB"]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[CELLS] * 8), min_size=1, max_size=12), st.booleans())
def test_the_quick_way_says_nothing_the_rules_do_not_say(rows, day_first):
    """Each row SQL is sure of is what `rules` make of it; what it is not sure of it leaves alone."""
    import tempfile
    from pathlib import Path

    import duckdb

    from diskarte.core.lake.models import Shelf
    from diskarte.core.lake.tables import Tables

    names = ("external_id", "email", "phone", "joined_at", "language", "consent", "bought_at", "amount")
    way = Way("PH", "PHP", {name: name for name in names}, day_first)
    with tempfile.TemporaryDirectory() as place, duckdb.connect() as connection:
        part = Path(place) / "part.csv"
        with part.open("w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
        t = Tables(connection, Shelf())
        judge(t, part, Shape("utf-8", ",", len(names)), way, list(names), 0)
        facts = "external_id, email, phone, joined_at, language, consent, day, cents, currency"
        told = t.rows(f"SELECT n, {facts} FROM judged")
    for number, *facts in told:
        row = reading._row(list(names), list(rows[number - 1]), "")
        one, line = way.read(row)
        mine = [one.external_id, one.email, one.phone, one.joined_at, one.language, one.consent]
        assert facts == [*mine, line.day, line.cents, line.currency]


def test_two_imports_at_once_do_not_lose_each_other(monkeypatch):
    real, once = work.join, []

    def meanwhile(t, source):
        told = real(t, source)
        if not once:
            once.append(1)
            actions.import_people(bob(), people_file(["B", "b@b.co", "", "", "", ""], name="other.csv"))
        return told

    monkeypatch.setattr(work, "join", meanwhile)
    actions.import_people(bob(), people_file(["A", "a@b.co", "", "", "", ""]))
    assert sorted(one.email for one in known(bob())) == ["a@b.co", "b@b.co"]
    assert len({one.id for one in known(bob())}) == 2


def test_who_is_forgotten_while_a_file_is_read_stays_out(monkeypatch):
    real = work.join

    def meanwhile(t, source):
        told = real(t, source)
        if actions.crowd(bob()).forgotten == 0:
            actions.forget_person(bob(), given="a@b.co")
        return told

    monkeypatch.setattr(work, "join", meanwhile)
    actions.import_people(
        bob(), people_file(["A", "a@b.co", "", "", "", ""], ["B", "b@b.co", "", "", "", ""])
    )
    assert [one.email for one in known(bob())] == ["b@b.co"]
    assert actions.prove_forgotten(bob(), "a@b.co").still_known == 0
    assert actions.lists(bob()) == [("people.csv", 1)]


def test_real_invoice_lines_become_customers(tmp_path):
    path = shared("data", "online_retail", "online_retail.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        text = "".join(line for _n, line in zip(range(20_001), lines, strict=False))
    a_brand(country="GB", currency="GBP")
    row = actions.import_people(alice(), Upload("retail.csv", text.encode()))
    with io.StringIO(text, newline="") as again:
        every = list(csv.DictReader(again))
    numbers = {one["CustomerID"] for one in every if one["CustomerID"]}
    assert row.taken == len(numbers)
    assert row.refused == sum(1 for one in every if not one["CustomerID"])
    assert row.bought + row.same == len(every) - row.refused
    assert shelf_of(alice().brand).rows("spending") <= len(numbers)
    assert connection.vendor  # nothing of it is in the database
