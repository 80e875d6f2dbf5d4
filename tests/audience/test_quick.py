"""The import's fast way: common shapes need no rules, parts and files change nothing, row numbers stay true."""

from __future__ import annotations

import csv
import io

import duckdb
import pytest

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.lake.models import Shelf
from diskarte.core.lake.shelves import shelf_of
from diskarte.core.lake.tables import Tables, opened
from diskarte.core.tables import write_csv
from diskarte.stages.audience import actions, grouping, waiting
from diskarte.stages.audience.columns import PURCHASES
from diskarte.stages.audience.importing import joining, shape
from diskarte.stages.audience.importing.plain import _mobile_length, judge
from diskarte.stages.audience.importing.shape import Shape
from diskarte.stages.audience.importing.way import Way
from tests.make import NOW, bob

from .builders import known, people_file

pytestmark = pytest.mark.django_db
HEADS = ["Customer ID", "E-mail", "Mobile No.", "City", "Opt in"]


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch, settings):
    settings.DATA = tmp_path
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "intake")
    with clock.at(NOW):
        yield


def sure(tmp_path, name, *texts, country="PH", currency="PHP"):
    """What SQL alone makes of one column of cells, beside a customer number: row → value; the unsure are missing."""
    part = tmp_path / "part.csv"
    columns = ["external_id", "bought_at", name] if name == "amount" else ["external_id", name]
    with part.open("w", newline="") as out:
        csv.writer(out).writerows(
            [f"C{n}", *(["2026-03-04"] if name == "amount" else []), text] for n, text in enumerate(texts)
        )
    way = Way(country, currency, {one: one for one in columns}, False)
    with duckdb.connect() as connection:
        t = Tables(connection, Shelf())
        assert judge(t, part, Shape("utf-8", ",", len(columns)), way, columns, 0) == len(texts)
        shown = {"amount": "cents"}.get(name, name)
        return dict(t.rows(f"SELECT n - 1, {shown} FROM judged"))


def test_phones_in_every_common_shape_need_no_rules(tmp_path):
    told = sure(tmp_path, "phone", "0917 123 4567", "+63 917-123-4567", "(0917) 123.4567", "0063 917 1234567",
                "9171234567", "12", "", "n/a", " 09171234567 ")  # fmt: skip
    mine = "+639171234567"
    assert told == {0: mine, 1: mine, 2: mine, 3: mine, 6: "", 7: "", 8: mine}


def test_phones_of_a_country_whose_numbers_differ_in_length(tmp_path):
    assert _mobile_length("PH") == 10
    assert _mobile_length("DE") == 0
    assert sure(tmp_path, "phone", "0151 23456789", "+49 1512 3456789", country="DE") == {
        0: "+4915123456789", 1: "+4915123456789",
    }  # fmt: skip


def test_sums_in_common_shapes_need_no_rules(tmp_path):
    told = sure(tmp_path, "amount", "₱1,200.50", "-3", "-₱45.5", "120", "$7.25", "1.234,50", "free", "")
    assert told == {0: 120050, 1: -300, 2: -4550, 3: 12000, 4: 725}


def test_a_sum_that_stands_often_needs_no_rules_however_it_is_written(tmp_path):
    told = sure(tmp_path, "amount", "1.234,50 €", "P99", "free", "1.234,50 €", "P99", "free", "P98")
    assert told == {0: 123450, 1: 9900, 3: 123450, 4: 9900}


@pytest.mark.parametrize("word", ["n/a", "N/A", "none", "wala", "-", "#N/A"])
def test_words_for_nothing_are_nothing(tmp_path, word):
    assert sure(tmp_path, "place", word, "Natividad", "Nana") == {0: "", 1: "Natividad", 2: "Nana"}


def test_spaces_around_a_cell_are_no_part_of_it_and_a_guarded_formula_is_left_to_the_rules(tmp_path):
    assert sure(tmp_path, "place", "  Cebu City ", "'=1+1", "Cebu\u00a0") == {0: "Cebu City"}


def everything(who):
    with opened(who.brand) as t:
        lines = t.rows(f"SELECT day, cents, item FROM {t.of('purchases', PURCHASES)} ORDER BY ALL")
    people = sorted((one.external_id, one.email, one.phone, one.place, one.consent) for one in known(who))
    return people, lines


def mixed() -> Upload:
    """Numbers that come again, people without a number linked by e-mail or phone, news that comes later."""
    rows = []
    for n in range(60):
        rows.append(
            [f"C{n % 40}", f"p{n % 40}@example.com" if n % 3 else "", f"0917 123 {n % 40:04}", "", "yes"]
        )
        rows.append(["", f"p{n % 50}@example.com", "", f"City {n}", "no" if n % 7 == 0 else ""])
        rows.append(["", "", f"0917 123 {n % 45:04}", "", ""])
    return Upload("mixed.csv", write_csv(HEADS, rows))


def test_the_number_of_parts_and_files_changes_nothing(monkeypatch):
    first = actions.import_people(bob(), mixed())
    once = everything(bob())
    actions.take_back_people(bob(), first.pk)
    assert everything(bob()) == ([], [])
    monkeypatch.setattr(joining, "AT_ONCE", 10)
    monkeypatch.setattr(shape, "PART", 700)
    again = actions.import_people(bob(), mixed())
    assert len(shelf_of(bob().brand).files["people"]) > 3
    assert everything(bob()) == once
    assert (again.taken, again.refused) == (first.taken, first.refused)
    third = actions.import_people(bob(), mixed())  # everybody is known by now
    assert (third.taken, everything(bob())) == (0, once)


def test_a_refused_row_keeps_its_number_whatever_part_it_lies_in(monkeypatch):
    monkeypatch.setattr(shape, "PART", 300)
    rows = [
        [f"P{n}", f"p{n}@example.com" if n not in (7, 33) else "nobody@", "", "", "", ""] for n in range(40)
    ]
    row = actions.import_people(bob(), people_file(*rows))
    told = csv.DictReader(io.StringIO(actions.rejected_people(bob(), row.pk)))
    assert [line["Row"] for line in told] == ["9", "35"]  # the header is row 1


def test_who_was_forgotten_stays_out_by_the_quick_way_and_by_the_rules():
    heads = ["Customer ID", "E-mail"]
    both = [
        ["1", "ana@example.com"],
        ["2", "ben@example.com"],
        ["3", "Cy <cy@example.com>"],
        ["4", "Di <di@example.com>"],
    ]
    actions.import_people(bob(), Upload("a.csv", write_csv(heads, both)))
    for given in ("ana@example.com", "cy@example.com"):
        actions.forget_person(bob(), given=given)
    row = actions.import_people(bob(), Upload("b.csv", write_csv(heads, [*both, ["5", "eva@example.com"]])))
    assert row.reasons == {"forgotten": 2}
    assert {one.email for one in known(bob())} == {"ben@example.com", "di@example.com", "eva@example.com"}


def test_what_is_remembered_of_the_people_is_never_old():
    rule = ["and:everybody:"]
    actions.import_people(bob(), people_file(["A", "a@b.co", "", "", "yes", ""]))
    assert actions.count_group(bob(), rule).agreed == actions.count_group(bob(), rule).agreed == 1
    actions.import_people(
        bob(), people_file(["A", "a@b.co", "", "", "no", ""], ["B", "b@b.co", "", "", "yes", ""])
    )
    told = actions.count_group(bob(), rule)
    assert (told.found, told.agreed, told.refused) == (2, 1, 1)
    assert len(grouping.LOOKED) <= grouping.KEPT
