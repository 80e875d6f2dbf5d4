"""A contest from its rules to the proof a stranger checks: Alice owns, Bob edits, Charlie is kept out."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.given import Upload
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import can_undo, undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.science import draw
from diskarte.stages.plan.contests import actions, drawing, laws, rules, taking, verify_draw
from diskarte.stages.plan.contests.models import Contest, Entry
from diskarte.words import Problem
from tests.make import NOW, a_member, alice, bob, charlie

pytestmark = pytest.mark.django_db
OPENS, CLOSES = NOW + timedelta(hours=1), NOW + timedelta(days=7)
LATER = CLOSES + timedelta(hours=2)
BEACON = "5f" * 32


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def a_contest(who=None, **more):
    facts = {
        "name": "Payday giveaway", "prize": "A bag of beans", "how": "Comment your order", "opens": OPENS,
        "closes": CLOSES, "winners": 2, "standby": 1,
    }  # fmt: skip
    return actions.add_contest(who or bob(), **facts | more)


def opened(**more):
    return actions.open_contest(bob(), a_contest(**more).pk)


def closed(names="Ana\nBen\n@Luz\nMaria\nJosé", **more):
    row = opened(**more)
    with clock.at(OPENS + timedelta(hours=1)):
        if names:
            actions.add_entries(bob(), row.pk, names)
    with clock.at(CLOSES + timedelta(minutes=5)):
        return actions.close_contest(bob(), row.pk)


def drawn(**more):
    row = closed(**more)
    with clock.at(LATER):
        return actions.draw_contest(bob(), row.pk, BEACON)


def said(problem):
    return problem.value.what


def test_from_the_rules_to_the_proof(tmp_path):
    row = drawn()
    assert row.state == "drawn"
    assert len(row.drawn) == len(set(row.drawn)) == 3
    facts = actions.contest_proof(alice(), row.pk)
    assert all(good for _says, good in verify_draw.check(facts))
    path = tmp_path / "draw.json"
    path.write_text(json.dumps(facts))
    told = subprocess.run(
        [sys.executable, "-I", str(Path(verify_draw.__file__)), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout
    assert [what for _e, what in drawing.placed(row)] == ["winner", "winner", "standby"]


def test_the_rules_are_written_from_the_answers_and_stay():
    row = opened(worth=1200, contact="hello@kape.ph", permit="DTI-123")
    for word in (
        "A bag of beans",
        "Comment your order",
        "8 December 2026, 09:00",
        "hello@kape.ph",
        "DTI-123",
        "drand",
    ):
        assert word in row.rules
    assert row.commitment == draw.commitment(row.sealed["secret"], row.rules, "2026-12-08T01:00:00Z")
    with pytest.raises(Problem, match="cannot be changed"):
        actions.edit_contest(bob(), row.pk, "Other", "Car", "Dance", OPENS, CLOSES)


def test_a_draft_can_be_changed_with_rules_of_ones_own():
    row = a_contest()
    actions.edit_contest(
        bob(), row.pk, "New name", "Car", "Dance", OPENS, CLOSES, rules_text="Be kind.\r\nDance."
    )
    assert actions.open_contest(bob(), row.pk).rules == "Be kind.\nDance."


def test_the_secret_is_sealed_and_in_no_record():
    row = a_contest()
    secret = row.sealed["secret"]
    told = json.dumps([line.changes for line in Audit.objects.all()])
    assert secret not in told
    assert secret not in str(Contest.objects.filter(pk=row.pk).values_list("secret", "rules").first())


def test_a_published_step_has_no_undo():
    row = drawn()
    lines = {line.verb: line for line in Audit.objects.all()}
    for verb in ("open_contest", "close_contest", "draw_contest"):
        assert not can_undo(lines[f"plan.{verb}"])
    assert can_undo(lines["plan.add_contest"])
    with pytest.raises(Problem, match="changed this since"):
        undo(lines["plan.add_contest"])
    assert Contest.objects.get().secret == row.secret


@pytest.mark.parametrize(
    ("more", "field", "says"),
    [
        ({"closes": OPENS - timedelta(minutes=1)}, "closes", "before it opens"),
        ({"closes": OPENS}, "closes", "before it opens"),
        ({"opens": NOW - timedelta(days=3), "closes": NOW}, "closes", "over already"),
        ({"closes": OPENS + timedelta(days=400)}, "closes", "a year"),
        ({"prize": "  "}, "prize", "needed"), ({"how": ""}, "how", "needed"), ({"name": ""}, "name", "needed"),
        ({"winners": 0}, "winners", "winners"), ({"standby": -1}, "winners", "winners"),
        ({"winners": 501}, "winners", "winners"), ({"worth": -5}, "worth", "nothing or more"),
    ],
)  # fmt: skip
def test_what_makes_no_contest_is_said_in_words(more, field, says):
    with pytest.raises(Problem, match=says) as problem:
        a_contest(**more)
    assert problem.value.field == field
    assert not Contest.objects.exists()


def test_a_draft_whose_time_has_gone_is_not_opened():
    row = a_contest()
    with clock.at(LATER), pytest.raises(Problem, match="over already"):
        actions.open_contest(bob(), row.pk)


# Entries


def entered(row, name="Maria Santos", contact="maria@example.com", at=OPENS + timedelta(hours=1)):
    return actions.enter(row, name, contact, at)


def test_one_ticket_a_person_however_they_write_themselves():
    row = opened()
    first = entered(row)
    again = entered(row, "Maria S.", " MARIA@example.com ")
    assert (first.pk, first.ticket) == (again.pk, again.ticket)
    assert Entry.objects.get().times == 2
    phone = entered(row, "Ben", "+63 917 123-4567")
    assert phone.pk == entered(row, "Ben", "+639171234567").pk


def test_commenters_are_merged_by_name():
    row = opened()
    with clock.at(OPENS + timedelta(hours=1)):
        told = actions.add_entries(bob(), row.pk, "@Jose\u0301\nJOSÉ\nana\n\nAna\n  \nBen")
        assert (told.new, told.again) == (3, 2)
        told = actions.add_entries(alice(), row.pk, "ben\nLuz")
        assert (told.new, told.again) == (1, 1)
    assert [e.name for e in Entry.objects.order_by("pk")] == [
        "@José".replace("é", "e\u0301"),
        "ana",
        "Ben",
        "Luz",
    ]


def test_a_file_of_commenters_with_its_errors():
    row = opened()
    with clock.at(OPENS + timedelta(hours=1)):
        file = Upload("c.csv", "Username,Comment\nana,me!\n,lost\nANA,again\nbén,hi\n".encode())
        told = actions.import_entries(bob(), row.pk, file)
        assert (told.new, told.again) == (2, 1)
        assert [r["row"] for r in told.refused] == [3]
        with pytest.raises(Problem, match="no column") as problem:
            actions.import_entries(bob(), row.pk, Upload("c.csv", b"Comment,Time\nhi,12:00\n"))
    assert problem.value.kept


@pytest.mark.parametrize("contact", ["", "maria", "maria@", "12", "@maria"])
def test_the_form_wants_a_way_to_reach_the_winner(contact):
    row = opened()
    with pytest.raises(Problem, match="e-mail") as problem:
        entered(row, contact=contact)
    assert problem.value.field == "contact"


@pytest.mark.parametrize(
    ("at", "says"),
    [(NOW, "not begun"), (CLOSES, "closed"), (LATER, "closed"), (CLOSES + timedelta(days=9), "closed")],
)
def test_entries_too_early_or_too_late_are_refused(at, says):
    row = opened()
    with pytest.raises(Problem, match=says):
        entered(row, at=at)
    assert not Entry.objects.exists()


def test_entries_after_the_list_is_published_are_refused():
    row = closed()
    for call in (lambda: entered(row), lambda: actions.add_entries(bob(), row.pk, "Nina")):
        with pytest.raises(Problem, match="closed"):
            call()
    entry = Entry.objects.first()
    with pytest.raises(Problem, match="published"):
        actions.disqualify(bob(), entry.pk, "late")


def test_a_contest_without_its_form_takes_none_there():
    with pytest.raises(Problem, match="takes no entries here"):
        entered(opened(by_form=False))


def test_who_is_taken_out_gets_a_reason_and_no_ticket():
    row = opened()
    entry = entered(row)
    with pytest.raises(Problem, match="Say why"):
        actions.disqualify(bob(), entry.pk, " ")
    actions.disqualify(bob(), entry.pk, "employee")
    assert drawing.tickets(row) == []
    assert [e.out for e in actions.entries(bob(), row.pk, out=True)] == ["employee"]
    actions.readmit(bob(), entry.pk)
    assert drawing.tickets(row) == [entry.ticket]


# The list and the draw


def test_no_list_and_no_draw_before_closing():
    row = opened()
    with pytest.raises(Problem, match="still enter"):
        actions.close_contest(bob(), row.pk)
    with clock.at(LATER), pytest.raises(Problem, match="First the contest must be over"):
        actions.draw_contest(bob(), row.pk, BEACON)


def test_the_beacon_is_named_before_it_exists():
    row = closed()
    assert row.beacon_name.startswith("drand quicknet round ")
    ready = drawing.ready_at(row)
    assert timedelta(0) <= ready - row.listed_at - rules.LATER < timedelta(seconds=3)
    with clock.at(row.listed_at + timedelta(minutes=5)), pytest.raises(Problem, match="does not exist yet"):
        actions.draw_contest(bob(), row.pk, BEACON)


def test_a_second_draw_is_refused_and_changes_nothing():
    row = drawn()
    with clock.at(LATER), pytest.raises(Problem, match="second draw"):
        actions.draw_contest(alice(), row.pk, "aa" * 32)
    assert Contest.objects.get().drawn == row.drawn
    with pytest.raises(Problem, match="faster"):
        actions.cancel_contest(alice(), row.pk)


def test_of_two_draws_at_once_one_wins():
    row = closed()
    stale = Contest.objects.get(pk=row.pk)
    with clock.at(LATER):
        actions.draw_contest(bob(), row.pk, BEACON)
    with pytest.raises(Problem, match="faster"):
        drawing.drawn(stale, "aa" * 32, "", LATER)


@pytest.mark.parametrize(
    ("beacon", "proof", "says"),
    [
        ("", "", "missing"),
        ("12 34 56", "", "64 characters"),
        (BEACON, "abc", "signature"),
        (BEACON, "aa" * 48, "sig"),
    ],
)
def test_a_beacon_that_cannot_be_one(beacon, proof, says):
    row = closed()
    with clock.at(LATER), pytest.raises(Problem, match=says):
        actions.draw_contest(bob(), row.pk, beacon, proof)


def test_the_number_of_a_lottery_and_none_at_all():
    row = closed(beacon_kind="lottery", beacon_name="Ultra Lotto 6/58 of 9 December")
    with clock.at(LATER):
        with pytest.raises(Problem, match="digits"):
            actions.draw_contest(bob(), row.pk, "none yet")
        assert actions.draw_contest(bob(), row.pk, "07 12 23 31 45 58").beacon == "07 12 23 31 45 58"
    row = closed(beacon_kind="none", name="Another")
    with clock.at(LATER):
        assert actions.draw_contest(bob(), row.pk, "ignored").beacon == ""
    row.refresh_from_db()
    assert all(good for _says, good in verify_draw.check(drawing.proof(row)))


def test_nobody_entered():
    row = closed(names="")
    with clock.at(LATER), pytest.raises(Problem, match="Nobody entered"):
        actions.draw_contest(bob(), row.pk, BEACON)
    assert Contest.objects.get().state == "closed"
    assert actions.cancel_contest(bob(), row.pk).state == "cancelled"


def test_more_winners_than_people():
    row = drawn(names="Ana\nBen", winners=5)
    assert [what for _e, what in drawing.placed(row)] == ["winner", "winner"]


def test_entries_changed_behind_our_back_stop_the_draw():
    row = closed()
    Entry.objects.filter(name="Ana").delete()
    with clock.at(LATER), pytest.raises(Problem, match="not those of the published list"):
        actions.draw_contest(bob(), row.pk, BEACON)


def test_who_does_not_answer_makes_room_for_the_next():
    row = drawn()
    first = drawing.placed(row)[0][0]
    actions.pass_over(bob(), first.pk, "no answer in seven days")
    assert [what for _e, what in drawing.placed(row)] == ["passed", "winner", "winner"]
    assert all(good for _says, good in verify_draw.check(drawing.proof(Contest.objects.get())))


# Rights, hints, masks

OF_ROWS = {
    "contest": {}, "entries": {}, "open_contest": {}, "cancel_contest": {}, "delete_contest": {}, "close_contest": {},
    "draw_contest": {}, "contest_proof": {}, "add_entries": {"names": "Ana"},
    "edit_contest": {"name": "x", "prize": "x", "how": "x", "opens": OPENS, "closes": CLOSES},
}  # fmt: skip


@pytest.mark.parametrize("verb", OF_ROWS)
def test_a_stranger_reaches_no_contest(verb):
    row = a_contest()
    with pytest.raises(Stranger):
        ALL[f"plan.{verb}"].run(charlie(), {"contest": row.pk} | OF_ROWS[verb])
    assert Contest.objects.get(pk=row.pk).state == "draft"
    assert actions.contests(charlie()) == []


@pytest.mark.parametrize("verb", ["disqualify", "readmit", "pass_over"])
def test_a_stranger_reaches_no_entry(verb):
    row = closed()
    entry = row.entries.first()
    with pytest.raises(Stranger):
        ALL[f"plan.{verb}"].run(
            charlie(), {"entry": entry.pk} | ({} if verb == "readmit" else {"reason": "x"})
        )


def test_a_guest_sees_the_contest_but_no_names():
    row = closed()
    guest = a_member("Gina", "guest")
    assert actions.contest(guest, row.pk).count == 5
    with pytest.raises(Forbidden):
        actions.entries(guest, row.pk)


def test_hints_of_the_law_name_their_source():
    for country in ("PH", "US", "GB", "AU", "RU"):
        assert all(hint.source for hint in laws.hints(country, purchase=True))
    assert any("permit" in h.text for h in laws.hints("PH", purchase=True))
    assert any("excepted" in h.text for h in laws.hints("PH", purchase=False))
    assert not any("excepted" in h.text for h in laws.hints("PH", purchase=True))
    assert any("no facts" in hint.text for hint in laws.hints("KZ", purchase=True))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Maria", "M•••a"), ("@luz", "l•••z"), ("Al", "A•"), ("ana@kape.ph", "a•••a"), ("", "•")],
)
def test_names_are_masked(name, shown):
    assert rules.masked(name) == shown


def test_a_ticket_tells_nothing_without_the_key():
    assert rules.ticket("k", "ana") == rules.ticket("k", "ana") != rules.ticket("l", "ana")
    assert len(rules.ticket("k", "ana")) == 20


def test_a_thousand_people_are_taken_in_few_steps(django_assert_max_num_queries):
    row = opened()
    with django_assert_max_num_queries(6):
        told = taking.by_list(row, enumerate(f"user{n}" for n in range(1000)), "file", OPENS)
    assert told.new == 1000
