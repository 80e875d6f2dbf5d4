"""Parts that go to the shelf as they were read: the same people, purchases and lists as if all were written anew."""

from __future__ import annotations

import random

import pytest

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.lake.shelves import folder, shelf_of
from diskarte.core.lake.tables import opened
from diskarte.core.tables import write_csv
from diskarte.stages.audience import actions, waiting
from diskarte.stages.audience.columns import LISTS, PEOPLE, PURCHASES, SPENDING
from diskarte.stages.audience.importing import joining, numbering, shape, work
from tests.make import NOW, bob

from .builders import known, people_file

pytestmark = pytest.mark.django_db
HEADS = [
    "Customer ID",
    "Name",
    "E-mail",
    "Mobile No.",
    "Opt in",
    "City",
    "Order Date",
    "Amount",
    "Invoice No",
]


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch, settings):
    settings.DATA = tmp_path
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "intake")
    with clock.at(NOW):
        yield


@pytest.fixture
def laid(monkeypatch) -> list[str]:
    """The tables of which a part went to the shelf as it was."""
    told, real = [], joining._laid

    def watched(t, table, path, count):
        told.append(table)
        return real(t, table, path, count)

    monkeypatch.setattr(joining, "_laid", watched)
    return told


def awkward(seed: int, n: int = 90, first: int = 0) -> Upload:
    """Purchases with everything that goes wrong: the same customer anywhere, with other words or the same, without a
    number, refused rows, cells over two lines, rows the rules must read, a receipt line given twice."""
    rng = random.Random(seed)
    rows = []
    for i in range(n):
        who = first + (rng.randrange(i + 1) if rng.random() < 0.15 else i)
        mail = rng.choice([f"p{who}@example.com"] * 5 + ["", f"Ana <p{who}@example.com>", "nobody@"])
        number = rng.choice([f"C{who}"] * 6 + [""])
        city = rng.choice(["Cebu", "Cebu", "n/a", 'Iloilo\n"City"'])
        line = [number, f"Ana {who}", mail, f"0917 123 {who % 9999:04}", rng.choice(["yes", "no", "", "oo"])]
        rows.append([*line, city, "2026-03-04", rng.choice(["₱120", "free", "1.234,50 €"]), f"A{i}"])
        if rng.random() < 0.1:
            rows.append(rows[-1])
    return Upload("awkward.csv", write_csv(HEADS, rows))


def everything(who):
    """All that is stored, without the numbers people happen to have."""
    with opened(who.brand) as t:
        people = t.of("people", PEOPLE)
        order = f"(SELECT pid, row_number() OVER (ORDER BY pid) AS i FROM {people}) one"
        told = []
        for name, columns in (
            ("people", PEOPLE), ("purchases", PURCHASES), ("lists", LISTS), ("spending", SPENDING)
        ):  # fmt: skip
            what = ", ".join(column for column in columns if column not in ("pid", "intake"))
            told.append(
                t.rows(f"SELECT i, {what} FROM {t.of(name, columns)} JOIN {order} USING (pid) ORDER BY ALL")
            )
        return told


def mails() -> set[str]:
    """The addresses in any file of people on the disk, named by the shelf or not."""
    with opened(bob().brand) as t:
        home = folder(bob().brand.pk)
        return {mail for (mail,) in t.rows(f"SELECT email FROM read_parquet('{home}/**/*people*.parquet')")}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("part", [900, 2500, 10**6])
def test_as_it_was_read_or_written_anew_the_same_is_known(monkeypatch, seed, part, laid):
    monkeypatch.setattr(shape, "PART", part)
    told = []
    for unused in (2, 0):  # with 0 nobody keeps the number of their row, so all is written anew
        monkeypatch.setattr(numbering, "MOST_UNUSED", unused)
        rows = [
            actions.import_people(bob(), awkward(seed)),
            actions.import_people(bob(), awkward(99, first=40)),
        ]
        told.append((everything(bob()), [(r.taken, r.changed, r.bought, r.same, r.reasons) for r in rows]))
        for row in reversed(rows):
            actions.take_back_people(bob(), row.pk)
        assert everything(bob()) == [[], [], [], []]
    assert told[0] == told[1]
    assert told[0][1][0][0] > 30


def test_a_list_of_different_people_is_written_once(monkeypatch, laid):
    monkeypatch.setattr(shape, "PART", 400)
    rows = [[f"P{n}", f"p{n}@example.com" if n != 5 else "nobody@", "", "", "", ""] for n in range(60)]
    row = actions.import_people(bob(), people_file(*rows))
    assert laid
    assert len(laid) == len(shelf_of(bob().brand).files["people"])
    assert (row.taken, row.refused) == (59, 1)
    assert [one.name for one in known(bob())] == [f"P{n}" for n in range(60) if n != 5]  # in the file's order
    assert mails() == {f"p{n}@example.com" for n in range(60) if n != 5}  # a refused row lies in no table


def test_only_parts_with_somebody_twice_are_written_anew(monkeypatch, laid):
    monkeypatch.setattr(shape, "PART", 400)
    rows = [[f"P{n}", f"p{n}@example.com", "", "", "", ""] for n in range(60)]
    actions.import_people(bob(), people_file(*rows, ["P59", "p59@example.com", "0917 123 4567", "", "", ""]))
    assert (
        len(laid) == len(shelf_of(bob().brand).files["people"]) - 2 == 3
    )  # what is left of the last part, and P59
    assert [one.phone for one in known(bob(), name="P59")] == ["+639171234567"]
    assert len(known(bob())) == 60


def test_numbers_somebody_else_took_meanwhile_are_not_given_again(monkeypatch, laid):
    real, once = work.join, []

    def meanwhile(t, source):
        if not once:
            once.append(1)
            actions.import_people(bob(), people_file(["B", "b@b.co", "", "", "", ""], name="other.csv"))
        t.shelf = shelf_of(bob().brand)
        return real(t, source)

    monkeypatch.setattr(work, "join", meanwhile)
    actions.import_people(
        bob(), people_file(["A", "a@b.co", "", "", "", ""], ["C", "c@b.co", "", "", "", ""])
    )
    assert [(one.id, one.name) for one in known(bob())] == [(1, "B"), (2, "A"), (3, "C")]
    assert laid == ["people"]  # only that of the other import


def test_many_lines_of_few_people_use_up_few_numbers(laid):
    lines = [[f"C{n % 3}", "2026-03-04", "120", f"A{n}"] for n in range(40)]
    heads = ["Customer ID", "Order Date", "Amount", "Invoice No"]
    actions.import_people(bob(), Upload("sales.csv", write_csv(heads, lines)))
    assert [one.id for one in known(bob())] == [1, 2, 3]
    assert laid == []


def test_where_numbers_run_out_lines_have_none_of_their_own(monkeypatch):
    monkeypatch.setattr(numbering, "HIGHEST", 30)
    for name in ("A", "B"):
        rows = [[f"{name}{n}", f"{name}{n}@example.com", "", "", "", ""] for n in range(5)]
        actions.import_people(bob(), people_file(*rows, name=f"{name}.csv"))
    assert [one.id for one in known(bob())] == list(range(1, 11))


def test_without_links_a_part_is_copied(monkeypatch):
    def no_links(path, target):
        raise OSError

    monkeypatch.setattr(joining.os, "link", no_links)
    actions.import_people(bob(), people_file(["A", "a@b.co", "", "", "", ""]))
    assert [one.email for one in known(bob())] == ["a@b.co"]


def test_who_is_forgotten_is_in_no_file_a_part_became(monkeypatch, laid, django_capture_on_commit_callbacks):
    monkeypatch.setattr(shape, "PART", 400)
    rows = [[f"P{n}", f"p{n}@example.com", "", "", "", ""] for n in range(40)]
    actions.import_people(bob(), people_file(*rows))
    assert laid
    with django_capture_on_commit_callbacks(execute=True):
        actions.forget_person(bob(), given="p7@example.com")
    assert not waiting.desk_folder(actions.intakes(bob())[0]).exists()
    assert mails() == {f"p{n}@example.com" for n in range(40) if n != 7}
