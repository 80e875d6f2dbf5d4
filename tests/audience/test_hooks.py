"""The hook bank: advice from results, filters, and the bank as a table in both directions."""

from __future__ import annotations

import csv
import io
import math

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.core.tables import write_csv
from diskarte.stages.audience import actions, hook_table, sheets
from diskarte.stages.audience.models import Hook, Segment, Sheet
from diskarte.stages.audience.rules import hooks as rules
from diskarte.stages.audience.rules.hooks import NONE, Result, Score
from diskarte.stages.goals.models import Goal
from diskarte.words import Problem
from tests.make import NOW, a_member, alice, bob, charlie

from .builders import a_hook, a_post, a_segment

BANK = "/kape-diwata/audience/hooks/"
HEADS = ["Portrait", "Type", "Hook", "Offer", "Language", "Step", "Goal", "State"]


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


# Rules


def test_advice_follows_the_interval_and_rest_wins():
    better, worse, unclear = Score(9, 1.1, 1.3, 1.6), Score(9, 0.4, 0.6, 0.9), Score(2, 0.8, 1.1, 1.5)
    assert [rules.advice(one) for one in (better, worse, unclear, Score())] == [
        "keep",
        "retire",
        "test",
        "test",
    ]
    assert rules.advice(better, resting=True) == "rest"


def test_next_comes_what_may_turn_out_best_one_segment_after_the_other():
    untried = Score(0, 0.6, 1.0, 1.7, 0.5)
    found = [
        ("sure", "A", Score(30, 1.2, 1.4, 1.7)), ("bad", "A", Score(30, 0.4, 0.5, 0.7)),
        ("open", "A", Score(4, 0.9, 1.3, 1.9)), ("new", "A", Score()), ("other", "B", Score(3, 0.7, 1.0, 1.4)),
    ]  # fmt: skip
    assert rules.test_next(found, untried, 9) == ["open", "other", "new"]
    assert rules.test_next(found, untried, 1) == ["open"]
    assert rules.test_next([("a", "A", Score()), ("b", "A", Score()), ("c", "B", Score())], Score(), 3) == [
        "a", "c", "b",
    ]  # fmt: skip


@given(st.floats(0.05, 2), st.floats(0.1, 1.5), st.floats(0.2, 1.5))
def test_the_posts_to_tell_are_the_first_that_leave_out_no_difference(raw, between, within):
    needed = rules.posts_to_tell(raw, between, within)
    r = (between / within) ** 2

    def tells(n):
        keep = n * r / (1 + n * r)
        return keep * raw > 1.6448536 * within * math.sqrt(r / (1 + n * r))

    assert tells(needed + 1)
    assert needed < 2 or not tells(needed - 1)
    assert rules.posts_to_tell(-raw, between, within) == needed


def test_no_difference_is_never_told():
    assert rules.posts_to_tell(0.0, 0.4, 0.9) is None
    assert rules.posts_to_tell(0.5, 0.0, 0.9) is None


def test_a_promising_hook_says_how_many_posts_would_tell():
    usual = [Result("Students", "", "a", n) for n in [80, 120, 95, 110, 60, 150] * 6]
    found = rules.scores([*usual, *(Result("Students", "New", "a", n) for n in (110, 150))])
    assert found["Students", "New"].verdict == "unclear"
    assert 1 <= found["Students", "New"].more <= rules.CHASE
    assert found[NONE].low < 1 < found[NONE].high
    many = rules.scores([*usual, *(Result("Students", "Good", "a", 400 + n) for n in range(30))])
    assert many["Students", "Good"].more is None  # it is told


# Verbs


@pytest.fixture
def bank(db):
    """Two portraits, four hooks: a strong, a weak, one hardly used, one for others nobody tried."""
    who = alice()
    office, students = a_segment(who), a_segment(who, "Students")
    for text, trigger in (("Weak", "loss"), ("Strong", "ease"), ("Young", "proof")):
        a_hook(who, office, text, trigger)
    actions.add_hook(who, students.pk, "identity", "Untried", language="fil")
    for n in range(12):
        a_post(who, n, 100 + n)
        a_post(who, n, 300 + n, "Strong", "Office regulars")
        a_post(who, n, 30 + n, "Weak", "Office regulars")
    a_post(who, 1, 110, "Young", "Office regulars")
    return who


def names(rows):
    return [str(one.hook) for one in rows]


def test_the_bank_advises_what_to_keep_test_and_let_rest(bank):
    found = actions.hook_bank(bank)
    assert (names(found.keep), names(found.retire)) == (["Strong"], ["Weak"])
    assert sorted(names(found.test)) == ["Untried", "Young"]
    assert (found.every, found.posts) == (4, 25)
    actions.edit_hook(bank, Hook.objects.get(text="Weak").pk, state="resting")
    assert actions.hook_bank(bank).retire == []
    actions.edit_segment(bank, Segment.objects.get(name="Students").pk, state="resting")
    assert names(actions.hook_bank(bank).test) == ["Young"]


def test_the_bank_is_filtered(bank):
    goal = Goal.objects.create(
        brand=bank.brand, sentence="Sell", metric="sales", target=9, starts=NOW, deadline=NOW
    )
    actions.edit_hook(bank, Hook.objects.get(text="Young").pk, goal=goal.pk)
    for asked, wanted in (
        ({"trigger": "loss"}, {"Weak"}), ({"step": "notice"}, {"Untried"}), ({"goal": goal.pk}, {"Young"}),
        ({"advice": "keep"}, {"Strong"}), ({"find": "STR"}, {"Strong"}), ({"find": "nothing"}, set()),
        ({"language": "fil"}, {"Weak", "Strong", "Young", "Untried"}),
        ({"language": "en"}, {"Weak", "Strong", "Young"}),  # what names no language fits every one
        ({"segment": Segment.objects.get(name="Students").pk}, {"Untried"}),
    ):  # fmt: skip
        assert set(names(actions.hook_bank(bank, **asked).rows)) == wanted, asked


def test_a_hook_gets_the_usual_step_of_its_type_unless_told(db):
    row = a_segment(alice())
    assert a_hook(alice(), row).step == "weigh"
    told = actions.add_hook(alice(), row.pk, "ease", "Other", step="return")
    assert told.step == "return"
    assert actions.edit_hook(alice(), told.pk, trigger="savings", step="").step == "buy"
    assert actions.edit_hook(alice(), told.pk, offer="Tea").step == "buy"
    with pytest.raises(Problem, match="500"):
        actions.edit_hook(alice(), told.pk, example="x" * 501)
    with pytest.raises(Problem, match="Klingonish"):
        actions.edit_hook(alice(), told.pk, language="Klingonish")


def test_a_hook_shows_the_posts_that_used_it(bank):
    strong = Hook.objects.get(text="Strong")
    posts = actions.hook_posts(bank, strong.pk)
    assert len(posts) == 5
    assert {post.hook for post in posts} == {"Strong"}
    assert actions.hook_posts(bank, Hook.objects.get(text="Untried").pk) == []


def test_a_portrait_tells_how_posts_for_it_did_and_what_is_open(bank):
    told = actions.segment(bank, Segment.objects.get(name="Office regulars").pk)
    assert told.score.uses == 25
    assert "evidence" in told.unanswered
    actions.edit_segment(bank, told.segment.pk, evidence=["six talks\n40 reviews"])
    told = actions.segment(bank, told.segment.pk)
    assert told.segment.evidence == ["six talks", "40 reviews"]
    assert told.answered == 1
    students = actions.segment(bank, Segment.objects.get(name="Students").pk)
    assert students.score.verdict == "untried"


# As a table


def table(*rows, headers=HEADS, name="hooks.csv"):
    return Upload(name, write_csv(headers, rows))


def test_the_bank_goes_out_and_comes_back_unchanged(bank):
    text = actions.hooks_table(bank)
    rows = {row["hook"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["Strong"]["posts"] == "12"
    assert float(rows["Strong"]["at least"]) > 0
    assert rows["Untried"]["against usual"] == ""
    again = actions.import_hooks(bank, Upload("bank.csv", text.encode()))
    assert (again.new, again.changed, again.same, again.bad) == (0, 0, 4, 0)
    changed = text.replace("Order by message", "Order by noon")
    assert actions.import_hooks(bank, Upload("bank.csv", changed.encode())).changed == 3
    undo(Audit.objects.latest("pk"))
    assert set(Hook.objects.exclude(offer="").values_list("offer", flat=True)) == {"Order by message"}


def test_words_of_every_language_are_understood(bank):
    told = actions.import_hooks(
        bank,
        table(
            ["students", "Curiosity", "Why\n at three?", "", "Filipino", "Notice us", "", "resting"],
            ["Students", "urgency", "Only today", "Tea", "", "", "", ""],
            headers=["Target", "Uri", "Unang linya", "Alok", "Wika", "Hakbang", "Layunin", "Kalagayan"],
        ),
    )
    assert (told.new, told.bad) == (2, 0)
    row = Hook.objects.get(text="Why at three?")
    assert (row.trigger, row.language, row.step, row.state) == ("curiosity", "fil", "notice", "resting")
    assert Hook.objects.get(text="Only today").step == "buy"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["Nobody", "ease", "A"], "There is no portrait «Nobody»."),
        (["", "ease", "A"], "does not say for whom"),
        (["Students", "magic", "A"], "«magic» is none of: Curiosity"),
        (["Students", "ease", ""], "one line of at most 200"),
        (["Students", "ease", "x" * 201], "one line of at most 200"),
        (["Students", "ease", "A", "y" * 301], "longer than 300"),
        (["Students", "ease", "A", "", "Klingonish"], "not a language we know"),
        (["Students", "ease", "A", "", "", "bought twice"], "is none of: Notice us"),
        (["Students", "ease", "A", "", "", "", "No such goal"], "There is no goal"),
    ],
)
def test_a_wrong_row_comes_back_with_its_reason_and_the_good_ones_stay(bank, row, why):
    good = ["Students", "ease", "=Good formula", "+offer"]
    told = actions.import_hooks(bank, table(good, row, good))
    assert (told.new, told.same, told.bad) == (1, 1, 1)
    assert Hook.objects.get(text="=Good formula").offer == "+offer"
    back = list(csv.reader(io.StringIO(actions.refused_rows(bank, told.sheet))))
    assert len(back) == 2
    assert back[1][:3] == [cell if len(cell) else "" for cell in row[:3]]
    assert why in back[1][-1]
    assert back[1][-2] == "3"
    assert "'=Good formula" in actions.hooks_table(bank)  # a spreadsheet runs nothing of it


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (Upload("x.csv", b"colour,taste\nred,sour\n"), "No column of this file holds hooks"),
        (Upload("x.csv", b"type,hook\nease,A\n"), "does not say for whom"),
        (Upload("x.csv", b""), "empty"),
        (Upload("x.pdf", b"%PDF-1.7"), "not a table"),
        (
            Upload("x.csv", b"portrait,hook\nNobody,A\n"),
            "No row of «x.csv» can be read: There is no portrait",
        ),
    ],
)
def test_a_file_of_something_else_is_refused_whole(bank, file, says):
    with pytest.raises(Problem, match=says):
        actions.import_hooks(bank, file)
    assert not Sheet.objects.exists()


def test_other_encodings_and_a_portrait_for_all_rows(bank):
    text = "hook;type\n¿Niño? Café para llevar;ease\n".encode("cp1252")
    told = actions.import_hooks(bank, Upload("x.csv", text), Segment.objects.get(name="Students").pk)
    assert told.new == 1
    assert Hook.objects.get(text="¿Niño? Café para llevar").segment.name == "Students"


def test_too_many_rows_are_refused(bank, monkeypatch):
    monkeypatch.setattr(hook_table, "MOST", 2)
    with pytest.raises(Problem, match="more than 2 rows"):
        actions.import_hooks(bank, table(*(["Students", "ease", f"A{n}"] for n in range(3))))


def test_who_may_see_and_fill_the_bank(bank):
    assert actions.import_hooks(bob(), table(["Students", "ease", "Bob's"])).new == 1
    sheet = Sheet.objects.get()
    with pytest.raises(Stranger):
        actions.refused_rows(charlie(), sheet.pk)
    with pytest.raises(Stranger):
        actions.hook_posts(charlie(), Hook.objects.first().pk)
    with pytest.raises(Stranger):
        actions.add_hook(charlie(), Segment.objects.first().pk, "ease", "X")
    assert actions.hook_bank(charlie()).rows == []
    with pytest.raises(Forbidden):
        actions.import_hooks(a_member("Gil", "analyst"), table(["Students", "ease", "X"]))


def test_refused_rows_of_members_are_thrown_away_after_a_day(bank):
    told = actions.add_members(bank, Upload("m.csv", b"member,community\na,Fans\nb,\n,Fans\n"))
    assert (told.communities, told.members, told.refused) == (1, 1, 2)
    text = actions.refused_rows(bank, told.sheet)
    assert "The row names no page or community." in text
    assert "The row names nobody." in text
    assert [row.pk for row in actions.sheets_given(bank, "members")] == [told.sheet]
    assert sheets.sweep(NOW) == 0
    assert sheets.sweep(NOW + 2 * sheets.KEPT) == 1
    assert actions.refused_rows(bank, told.sheet) == ""
    assert actions.sheets_given(bank, "members") == []


def test_who_is_forgotten_leaves_refused_rows_too(bank):
    told = actions.add_members(
        bank, Upload("m.csv", b"member,community\nana@b.co,Fans\nana@b.co,\ncy@b.co,\n")
    )
    actions.forget_person(bank, given="ana@b.co")
    text = actions.refused_rows(bank, told.sheet)
    assert "ana@b.co" not in text
    assert "cy@b.co" in text


# Pages


def page(web, address="", status=200):
    answer = web.get(BANK + address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_answers_first_and_filters(web, bank, django_assert_max_num_queries):
    told = page(web)
    assert "«Strong» works best, for Office regulars:" in told
    for head in ("Keep using", "Test next", "Let rest"):
        assert head in told
    with django_assert_max_num_queries(15):
        told = page(web, "?advice=retire&segment=x&goal=99999999999999999999")
    assert "Weak" in told
    assert told.count("Strong") == 1  # in the lead
    assert "No hook of the bank fits" in page(web, "?trigger=story")


def test_hooks_go_in_and_out_on_the_page(web, bank):
    assert "for whom" in page(web, "import/").casefold()
    file = SimpleUploadedFile("bank.csv", b"portrait,hook\nStudents,New one\nNobody,Lost\n")
    given = {"file": file, "next": BANK}
    told = web.post("/kape-diwata/do/audience.import_hooks", given, follow=True).content.decode()
    assert "Hooks of «bank.csv»: 1 new, 0 changed, 0 as they were, 1 rows not taken." in told
    sheet = Sheet.objects.get()
    assert "There is no portrait «Nobody»." in page(web, f"refused/{sheet.pk}.csv")
    assert "Strong" in page(web, "table.csv")
    assert web.get(f"{BANK}refused/{sheet.pk + 9}.csv").status_code == 404


def test_a_hook_is_written_from_the_bank_and_shows_its_posts(web, bank):
    assert "Patterns to fill in" in page(web, "new/")
    row = Segment.objects.get(name="Students")
    web.post("/kape-diwata/do/audience.add_hook",
             {"segment": row.pk, "trigger": "story", "text": "She came in", "step": "", "goal": ""})  # fmt: skip
    assert Hook.objects.get(text="She came in").step == "notice"
    told = page(web, f"{Hook.objects.get(text='Strong').pk}/")
    assert "Where it was used" in told
    assert "engagements" in told
    assert "In no post yet" in page(web, f"{Hook.objects.get(text='Untried').pk}/")


def test_an_empty_bank_says_where_to_begin(web, db):
    assert "The bank is empty" in page(web)
