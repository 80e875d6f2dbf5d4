"""People from files: previewed, taken, refused with reasons, forgotten."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.utils import timezone

from diskarte.core import clock, tables
from diskarte.core.actions import ALL
from diskarte.core.given import Upload
from diskarte.core.people.models import Audit
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.audience import actions, jobs, waiting
from diskarte.stages.audience.importing import shape, work
from diskarte.stages.audience.models import Forgotten, Intake, Receipt
from diskarte.words import Problem
from tests.conftest import shared
from tests.make import NOW, a_member, alice, bob, charlie

from .builders import ANA, BEN, known, people_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch, settings):
    settings.DATA = tmp_path
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "intake")
    with clock.at(NOW):
        yield


def rejected(row):
    content = actions.rejected_people(alice(), row.pk)
    return [told for _n, told in tables.read(Upload("r.csv", content.encode())).rows] if content else []


def test_a_file_is_previewed_before_anything_is_taken():
    shown = actions.preview_people(bob(), people_file(ANA, BEN, ["Cy", "cy@", "", "", "", ""]))
    assert not known(bob())
    assert list(shown.columns) == ["email", "phone", "name", "joined_at", "consent"]
    assert shown.columns["phone"] == "Mobile No."
    assert (shown.good, shown.bad, shown.looked_at, shown.encoding) == (2, 1, 3, "utf-8")
    assert shown.lines[0].person["phone"] == "+639171234567"
    assert shown.lines[2].reason == "«cy@» is not an e-mail address."


def test_after_the_preview_the_good_rows_are_taken_and_the_bad_come_back():
    shown = actions.preview_people(bob(), people_file(ANA, ["=cmd()", "cy@", "", "", "", ""]))
    row = actions.accept_people(bob(), shown.id, consent="yes", consent_from="loyalty form 2026")
    assert (row.taken, row.refused, row.state, row.reasons) == (1, 1, "done", {"email": 1})
    (ana,) = known(bob())
    assert (ana.email, ana.joined_at, ana.facts) == (
        "ana@example.com", date(2026, 3, 4), '{"Favourite drink":"latte"}',
    )  # fmt: skip
    assert (ana.consent, ana.consent_from, ana.source) == ("yes", "loyalty form 2026", "people.csv")
    assert b"'=cmd()" in actions.rejected_people(alice(), row.pk).encode()
    assert rejected(row)[0]["Reason"] == "«cy@» is not an e-mail address."
    with pytest.raises(Problem, match="not waiting"):
        actions.accept_people(bob(), shown.id)


def test_the_rejected_rows_can_be_corrected_and_given_again():
    first = actions.import_people(bob(), people_file(ANA, ["Cy", "cy@", "", "", "", ""]))
    corrected = actions.rejected_people(bob(), first.pk).replace("cy@,", "cy@example.com,")
    second = actions.import_people(bob(), Upload("again.csv", corrected.encode()))
    assert (second.taken, second.refused) == (1, 0)


def test_columns_can_be_said_by_hand():
    file = people_file(["Ana", "ana@example.com"], headers=["x", "y"])
    with pytest.raises(Problem) as problem:
        actions.import_people(bob(), file)
    assert problem.value.field == "columns"
    row = actions.import_people(bob(), file, columns=["email=y", "name=x", "phone="])
    assert (row.taken, row.columns) == (1, {"email": "y", "name": "x"})
    with pytest.raises(Problem, match="no column «z»"):
        actions.import_people(bob(), file, columns=["email=z"])


def test_a_list_without_a_preview_of_its_own_columns_is_looked_at_again():
    shown = actions.preview_people(bob(), people_file(ANA))
    again = actions.look_again(bob(), shown.id, ["email=E-mail Address"])
    assert again.lines[0].person["name"] == ""


def test_the_same_person_twice_is_one_and_later_rows_tell_more():
    row = actions.import_people(
        bob(),
        people_file(
            ["", "ANA@example.com", "", "", "", ""], ANA, ["Ana R.", "", "+63 917 123 4567", "", "", ""]
        ),
    )
    assert (row.taken, row.changed, row.same) == (1, 0, 2)
    (ana,) = known(bob())
    assert (ana.name, ana.phone, ana.consent) == ("Ana R.", "+639171234567", "yes")


def test_given_again_a_file_changes_nothing_and_news_are_counted():
    actions.import_people(bob(), people_file(ANA, BEN))
    again = actions.import_people(bob(), people_file(ANA, ["Benjamin Cruz", *BEN[1:]]))
    assert (again.taken, again.changed, again.same) == (0, 1, 1)
    assert known(bob(), email="ben@example.com")[0].name == "Benjamin Cruz"


def test_an_import_never_turns_a_no_into_a_yes():
    actions.import_people(bob(), people_file([*ANA[:4], "hindi", ""]))
    actions.import_people(bob(), people_file(ANA))
    assert known(bob())[0].consent == "no"


def test_pieces_and_the_whole_agree(monkeypatch):
    monkeypatch.setattr(shape, "PART", 60)
    people = [[f"P{n % 5}", f"p{n % 5}@example.com", "", "", "", ""] for n in range(11)]
    row = actions.import_people(bob(), people_file(*people))
    assert len(known(bob())) == row.taken == 5
    assert row.taken + row.changed + row.same == 11


def test_dates_follow_the_file_and_else_the_country():
    lines = [["A", "a@b.co", "", "13/04/2026", "", ""], ["B", "b@b.co", "", "3/4/2026", "", ""]]
    actions.import_people(bob(), people_file(*lines))
    assert known(bob(), email="b@b.co")[0].joined_at == date(2026, 4, 3)
    actions.import_people(bob(), people_file(["C", "c@b.co", "", "3/4/2026", "", ""]))
    assert known(bob(), email="c@b.co")[0].joined_at == date(
        2026, 3, 4
    )  # the Philippines write the month first


def test_nothing_is_imported_when_no_row_is_good():
    with pytest.raises(Problem) as problem:
        actions.import_people(bob(), people_file(["Ana", "x", "", "", "", ""]))
    assert "Row 2: «x» is not an e-mail address." in problem.value.what
    assert not known(bob())
    with pytest.raises(Problem, match="no row below"):
        actions.import_people(bob(), people_file())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_russian_lists_in_their_encodings(encoding):
    text = "Имя;email\n" + "Иван Петров;ivan@example.com\nАнна Котова;anna@example.com\n"
    row = actions.import_people(
        bob(), Upload("люди.csv", text.encode(encoding)), columns=["email=email", "name=Имя"]
    )
    assert row.taken == 2
    assert known(bob(), name="Иван Петров")


def test_metas_own_sample_is_taken():
    path = shared("data", "audience_upload", "meta_customer_list_sample.csv")
    row = actions.import_people(alice(), Upload(path.name, path=path))
    assert (row.taken, row.same, row.refused) == (
        3,
        2,
        0,
    )  # two pairs of its five people share a customer number
    johnson = known(bob(), email="margaretj@fb.com")[0]
    assert (johnson.name, johnson.phone, johnson.place) == ("Margaret Johnson", "+13238576000", "Los Angeles")
    assert json.loads(johnson.facts)["email 2"] == "johnsonm@fb.com"


def test_an_import_can_be_taken_back():
    first = actions.import_people(bob(), people_file(ANA))
    second = actions.import_people(bob(), people_file(ANA, BEN, name="second.csv"))
    assert actions.take_back_people(bob(), second.pk).removed == 1
    assert known(bob())[0].email == "ana@example.com"
    assert actions.take_back_people(bob(), first.pk).removed == 1


def test_a_waiting_file_is_dropped_by_hand_or_after_a_day(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        shown = actions.preview_people(bob(), people_file(ANA))
        assert actions.standing(bob()).needs[0].values == {"name": "people.csv"}
        actions.drop_people(bob(), shown.id)
    assert not list(waiting.FOLDER.iterdir())
    with clock.at(timezone.now()):  # files carry the real time
        shown = actions.preview_people(bob(), people_file(ANA))
        assert jobs.sweep_waiting(clock.now()) == 0
        assert jobs.sweep_waiting(clock.now() + timedelta(days=2)) == 1
    assert not Intake.objects.exists()
    with pytest.raises(Stranger):
        actions.look_again(bob(), shown.id)


def test_crowd_counts_who_can_be_reached():
    actions.import_people(bob(), people_file(ANA, BEN))
    told = actions.crowd(alice())
    assert (told.people, told.email, told.phone, told.yes, told.unknown, told.forgotten) == (2, 2, 1, 1, 1, 0)
    assert [c.name for c in actions.people(alice(), find="ben")] == ["Ben Cruz"]
    assert len(actions.intakes(alice())) == 1


@pytest.mark.parametrize("given", ["ana@example.com", "Ana <ANA@example.com>", "0917 123 4567"])
def test_a_forgotten_person_is_gone_everywhere_and_stays_out(given):
    twin = ["Ana twin", "ana@", "0917-123-4567", "", "", ""]
    first = actions.import_people(bob(), people_file(ANA, BEN, twin))
    assert actions.forget_person(bob(), given=given).places == {"people": 1, "lists": 1, "refused rows": 1}
    assert rejected(first) == []
    again = actions.import_people(bob(), people_file(ANA, BEN, ["Other", "", "09171234567", "", "", ""]))
    assert (again.taken, again.same, again.reasons) == (0, 1, {"forgotten": 2})
    everything = str([list(model.objects.values()) for model in (Forgotten, Receipt, Audit, Intake)])
    assert "ana@example.com" not in everything
    assert "9171234567" not in everything


def test_forgetting_works_by_row_and_for_somebody_unknown():
    actions.import_people(bob(), people_file(ANA))
    assert actions.forget_person(bob(), contact=known(bob())[0].id).places == {"people": 1, "lists": 1}
    assert actions.forget_person(bob(), given="never@example.com").removed == 0
    with pytest.raises(Problem, match="one row"):
        actions.import_people(bob(), people_file(["N", "never@example.com", "", "", "", ""]))
    with pytest.raises(Problem):
        actions.forget_person(bob())


def test_another_brand_knows_nothing_of_it():
    actions.import_people(bob(), people_file(ANA))
    actions.forget_person(bob(), given="ana@example.com")
    assert actions.import_people(charlie(), people_file(ANA)).taken == 1
    assert actions.crowd(alice()).people == 0


def test_a_forgotten_person_stays_out_when_the_key_is_changed(settings):
    actions.forget_person(bob(), given="ana@example.com")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    assert actions.import_people(bob(), people_file(ANA, BEN)).reasons == {"forgotten": 1}


def test_strangers_and_readers_are_kept_out():
    row = actions.import_people(bob(), people_file(ANA, ["C", "c@", "", "", "", ""]))
    (contact,) = known(bob())
    for verb, given in (
        ("look_again", {"intake": row.pk}),
        ("accept_people", {"intake": row.pk}),
        ("rejected_people", {"intake": row.pk}),
        ("drop_people", {"intake": row.pk}),
        ("take_back_people", {"intake": row.pk}),
        ("forget_person", {"contact": contact.id}),
    ):
        with pytest.raises(Stranger):
            ALL[f"audience.{verb}"].run(charlie(), given)
    with pytest.raises(Forbidden):
        actions.import_people(a_member("Dina", "analyst"), people_file(ANA))


def test_no_half_import_when_a_file_breaks_in_the_middle(monkeypatch):
    monkeypatch.setattr(shape, "PART", 4000)
    good = "".join(f"P{n},p{n}@example.com\n" for n in range(500))
    broken = f'name,email\n{good}"never closed,x@example.com\n' + "y,y@example.com\n" * 20_000
    with pytest.raises(Problem, match="Row 502 cannot be read"):
        actions.import_people(bob(), Upload("people.csv", broken.encode()))
    assert not known(bob())
    assert not Intake.objects.exists()


def test_a_spreadsheet_with_real_dates_and_numbers(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Pangalan", "Selpon", "Petsa ng pagsali", "Pumayag"])
    book.active.append(["Ana", 9171234567, datetime(2026, 3, 4), True])
    book.active.append(["Ben", 9181234567.0, None, False])
    book.save(tmp_path / "suki.xlsx")
    row = actions.import_people(bob(), Upload("suki.xlsx", path=tmp_path / "suki.xlsx"))
    assert (row.taken, row.refused) == (2, 0)
    ana, ben = known(bob())
    assert (ana.phone, ana.joined_at, ana.consent) == ("+639171234567", date(2026, 3, 4), "yes")
    assert (ben.phone, ben.joined_at, ben.consent) == ("+639181234567", None, "no")


def test_a_sea_of_wrong_rows_is_counted_and_the_first_are_kept(monkeypatch):
    monkeypatch.setattr(work, "REJECTED", 3)
    wrong = [[f"W{n}", "x", "", "", "", ""] for n in range(10)]
    row = actions.import_people(bob(), people_file(ANA, *wrong))
    assert (row.taken, row.refused, row.reasons) == (1, 10, {"email": 10})
    assert [told["Row"] for told in rejected(row)] == ["3", "4", "5"]


def test_other_columns_are_kept_unless_they_are_not_wanted():
    actions.import_people(bob(), people_file(ANA), only_known=True)
    assert known(bob())[0].facts == ""
    actions.import_people(bob(), people_file(ANA))
    assert known(bob())[0].facts == '{"Favourite drink":"latte"}'


def test_a_family_with_one_phone_and_a_mailbox_with_two_customers_stay_apart():
    heads = ["customer id", "name", "email", "phone"]
    people = (
        ["1", "Ana", "home@example.com", "09171234567"],
        ["2", "Ben", "home@example.com", "09171234567"],
        ["", "Cy", "cy@example.com", "09171234567"],
        ["", "Cy Reyes", "cy@example.com", ""],
    )
    row = actions.import_people(bob(), people_file(*people, headers=heads))
    assert (row.taken, row.same) == (3, 1)
    assert sorted(one.name for one in known(bob())) == ["Ana", "Ben", "Cy Reyes"]


def test_a_number_learned_later_joins_the_person_known_by_mail():
    actions.import_people(bob(), people_file(["Ana", "ana@example.com"], headers=["name", "email"]))
    actions.import_people(bob(), people_file(["7", "ana@example.com"], headers=["customer no", "email"]))
    actions.import_people(bob(), people_file(["7", "new@example.com"], headers=["customer no", "email"]))
    (ana,) = known(bob())
    assert (ana.external_id, ana.email, ana.name) == ("7", "new@example.com", "Ana")


def test_rows_with_more_cells_than_headers_are_refused_not_guessed():
    content = b"name,email\nAna,ana@example.com\nReyes, Ben,ben@example.com\n"
    row = actions.import_people(bob(), Upload("people.csv", content))
    assert (row.taken, row.reasons) == (1, {"extra": 1})
    assert "more cells than the header" in rejected(row)[0]["Reason"]


def test_the_record_of_writes_names_the_file_and_nobody_in_it():
    actions.import_people(bob(), people_file(ANA, BEN))
    line = Audit.objects.latest("pk")
    assert line.verb == "audience.import_people"
    assert "people.csv" in str(line.given)
    assert "example.com" not in f"{line.given} {line.changes}"


def test_a_refused_row_with_the_address_in_the_middle_of_a_cell_goes_as_well():
    rows = [
        ["Ana", "Ana <ana@example.com>", "12", "", "", ""],
        ["M", "mariana@example.com", "12", "", "", ""],
    ]
    row = actions.import_people(bob(), people_file(ANA, *rows))
    assert [told["Name"] for told in rejected(row)] == ["Ana", "M"]
    actions.forget_person(bob(), given="ana@example.com")
    assert [told["Name"] for told in rejected(row)] == ["M"]


def test_why_an_import_stopped_quotes_nobody_who_is_forgotten():
    shown = actions.preview_people(bob(), people_file(BEN))
    Intake.objects.filter(pk=shown.id).update(
        state="stopped", why="Row 2: «ANA@example.com» cannot be right."
    )
    actions.forget_person(bob(), given="ana@example.com")
    assert Intake.objects.get(pk=shown.id).why == ""
