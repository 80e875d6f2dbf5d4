"""Forgetting reaches everything that is kept: the whole database and the whole data folder are looked through."""

from __future__ import annotations

from datetime import timedelta

import openpyxl
import pytest
from django.db import connection

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.tables import write_csv
from diskarte.document import actions as document
from diskarte.stages.audience import actions, jobs, people_actions, waiting
from diskarte.stages.audience.importing import shape, work
from diskarte.stages.audience.models import Intake
from diskarte.stages.engage.models import Partner
from tests.make import NOW, alice, bob

from .builders import ANA, BEN, PEOPLE, people_file
from .traces import holding

pytestmark = pytest.mark.django_db
SIGNS = ("ana@example.com", "9171234567", "917 123 4567", "917-123-4567")
HEADS = ["customer id", "name", "email", "phone", "order date", "amount"]


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch, settings):
    settings.DATA = tmp_path
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "intake")
    with clock.at(NOW):
        yield


def csv(*rows, headers=PEOPLE, name="people.csv", encoding="utf-8") -> Upload:
    return Upload(name, write_csv(headers, rows).decode("utf-8-sig").encode(encoding))


def spreadsheet(path, *rows) -> Upload:
    book = openpyxl.Workbook()
    for row in (PEOPLE, *rows):
        book.active.append(row)
    book.save(path)
    return Upload(path.name, path=path)


def lived(tmp_path):
    """A brand in which Ana stands wherever a person can stand."""
    who = alice()
    actions.import_people(who, people_file(ANA, BEN, ["Ana twin", "Ana <ANA@example.com>", "12", "", "", ""]))
    sale = ["7", "Ana Reyes", "ana@example.com", "0917-123-4567", "2026-03-04", "₱120"]
    actions.import_people(who, csv(sale, [*sale[:4], "2026-04-04", "lots"], headers=HEADS, name="sales.csv"))
    members = [["ana@example.com", "Fans"], ["ben@example.com", "Fans"], ["ana@example.com", ""]]
    actions.add_members(who, csv(*members, headers=["member", "community"]))
    actions.build_group(who, "Buyers", ["and:everybody"])
    for encoding in ("utf-8", "utf-16", "cp1251"):
        actions.preview_people(who, csv(BEN, ANA, name=f"{encoding}.csv", encoding=encoding))
    (tmp_path / "given").mkdir()
    actions.preview_people(who, spreadsheet(tmp_path / "given" / "suki.xlsx", BEN, ANA))
    (tmp_path / "given" / "suki.xlsx").unlink()
    actions.preview_people(who, csv(BEN, name="only-ben.csv"))
    document.make(who)
    return who


def test_nothing_that_is_kept_holds_a_forgotten_person(tmp_path, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        who = lived(tmp_path)
    assert len(holding(tmp_path, *SIGNS)) > 6, "she stands in many places before"
    with django_capture_on_commit_callbacks(execute=True):
        told = actions.forget_person(who, given="ana@example.com")
    assert told.places["waiting files"] == 4
    assert told.places["refused rows"] == 3
    assert holding(tmp_path, *SIGNS) == []
    assert holding(tmp_path, "ben@example.com"), "others stay"
    assert [row.name for row in Intake.objects.filter(state="waiting")] == ["only-ben.csv"]
    proof = actions.prove_forgotten(who, "0917 123 4567")
    assert (proof.forgotten, proof.seals_hold, proof.still_known, proof.elsewhere) == (True, True, 0, {})


def test_not_even_the_free_pages_of_the_database_hold_them(tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL overwrites what was deleted when it vacuums")
    who = lived(tmp_path)
    Intake.objects.filter(state="waiting").update(why="Row 2: «ana@example.com» cannot be right.")
    assert b"ana@example.com" in connection.connection.serialize()
    actions.forget_person(who, given="ana@example.com")
    assert b"ana@example.com" not in connection.connection.serialize()


def test_who_is_forgotten_while_a_file_is_joined_is_not_among_its_refused_rows(tmp_path, monkeypatch):
    wrong = [
        ["A", "Ana <ana@example.com>", "12", "", "", ""], ["B", "x@", "0917 123 4567", "", "", ""],
        ["C", "x@", "", "", "", ""],
    ]  # fmt: skip
    actions.import_people(bob(), people_file(ANA))
    for moment in ("join", "place"):
        real = getattr(work, moment)

        def meanwhile(*given, real=real):
            told = real(*given)
            if actions.crowd(bob()).people:
                actions.forget_person(bob(), given="ana@example.com")
            return told

        with monkeypatch.context() as then:
            then.setattr(work, moment, meanwhile)
            row = actions.import_people(bob(), people_file(BEN, *wrong))
        assert actions.rejected_people(bob(), row.pk).count("\n") == 2
        assert [where for where in holding(tmp_path, *SIGNS) if where.startswith("audience")] == []


def test_a_file_given_later_keeps_no_row_of_them_either(tmp_path, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.import_people(bob(), people_file(ANA))
        actions.forget_person(bob(), given="0917 123 4567")
        row = actions.import_people(
            bob(), people_file(BEN, ANA, ["A", "x@", "+63 (917) 123-4567", "", "", ""])
        )
    assert (row.taken, row.refused) == (1, 2)
    assert holding(tmp_path, *SIGNS) == []


def test_an_import_that_stopped_goes_with_them_and_after_a_day_anyway(
    tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(shape, "PART", 400)
    monkeypatch.setattr(work, "join", lambda *given: 1 / 0)
    crowd = [[f"P{n}", f"p{n}@example.com", "", "", "", ""] for n in range(40)]
    rows = [actions.preview_people(bob(), people_file(*some)).id for some in ([*crowd, ANA], crowd)]
    for row in rows:
        with pytest.raises(ZeroDivisionError):
            people_actions.accept_people(bob(), row)
    Intake.objects.update(state="stopped")
    assert len(holding(tmp_path, *SIGNS)) > 1
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.forget_person(bob(), given="ana@example.com").places == {"waiting files": 1}
    assert holding(tmp_path, *SIGNS) == []
    left = Intake.objects.get()
    assert waiting.desk_folder(left).exists()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.sweep_waiting(NOW + timedelta(days=2))
    assert not waiting.desk_folder(left).exists()
    assert holding(tmp_path, "p7@example.com") == []


def test_what_people_wrote_elsewhere_is_named_and_left_to_a_person(web):
    actions.import_people(bob(), people_file(ANA))
    Partner.objects.create(brand=bob().brand, name="Ana Reyes", currency="PHP", contact="0917 123 4567")
    actions.forget_person(bob(), given="ana@example.com")
    assert actions.prove_forgotten(bob(), "0917 123 4567").elsewhere == {"engage": 1}
    page = web.get("/kape-diwata/audience/people/forgotten/", {"given": "0917 123 4567"}).content.decode()
    assert "/kape-diwata/engage/" in page
    assert "somebody wrote" in page
