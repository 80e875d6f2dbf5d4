"""A first plan stands at once; the best one replaces it behind the page, says how good it is, and respects people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.jobs.run import run_tasks
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import undo
from diskarte.core.people.who import Stranger
from diskarte.stages.plan import actions, background
from diskarte.stages.plan.models import Drafting, Slot
from diskarte.words import Problem
from tests.make import NOW, alice, bob, charlie
from tests.plan.builders import a_channel, a_history, moment, standing_at

pytestmark = pytest.mark.django_db
JANUARY = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def planned():
    return actions.slots(alice(), JANUARY, JANUARY + timedelta(days=30))


def test_a_plan_stands_at_once_and_gets_better():
    a_history(a_channel())
    begun = background.begin_draft(alice(), JANUARY)
    first = [standing_at(row) for row in planned()]
    assert begun.made == len(first) == 18
    assert background.draft_progress(alice(), JANUARY).state == "waiting"
    run_tasks()
    done = background.draft_progress(alice(), JANUARY)
    assert done.state == "done"
    assert "Proven" in done.said or "more than" in done.said
    assert done.gap < 0.01
    assert len(planned()) == 18


def test_the_search_ends_where_a_draft_in_one_go_ends():
    a_history(a_channel())
    background.begin_draft(alice(), JANUARY)
    run_tasks()
    found = sorted(standing_at(row) for row in planned())
    background.clear_month(alice(), JANUARY)
    assert planned() == []
    actions.draft_plan(alice(), JANUARY)
    assert sorted(standing_at(row) for row in planned()) == found


def test_what_a_person_did_meanwhile_stays():
    a_history(a_channel())
    background.begin_draft(alice(), JANUARY)
    moved, dropped = planned()[3], planned()[5]
    actions.move_slot(bob(), moved.pk, moment(6, 13, month=12).replace(year=2027, month=1))
    actions.drop_slot(alice(), dropped.pk)
    run_tasks()
    row = Slot.objects.get(pk=moved.pk)
    assert (row.locked, row.at) == (True, moment(6, 13, month=12).replace(year=2027, month=1))
    assert Slot.objects.get(pk=dropped.pk).state == "dropped"
    assert len(planned()) == 17


def test_a_change_in_the_middle_of_the_search_is_noticed(monkeypatch):
    a_history(a_channel())
    background.begin_draft(alice(), JANUARY)
    told = []

    def somebody_moves(on, month):
        rows = real(on, month)
        if len(told) < 2:
            told.append(rows[0].pk)
            Slot.objects.filter(pk=rows[0].pk).update(note="x", locked=len(told) == 1)
        return rows

    real = background.drafting.Desk.around
    monkeypatch.setattr(background.drafting.Desk, "around", somebody_moves)
    run_tasks()
    assert background.draft_progress(alice(), JANUARY).state == "done"
    assert len(told) == 2


def test_a_month_that_has_a_plan_is_only_made_better():
    a_history(a_channel())
    actions.draft_plan(alice(), JANUARY)
    before = sorted(standing_at(row) for row in planned())
    begun = background.begin_draft(alice(), JANUARY)
    assert begun.made == 0
    assert sorted(standing_at(row) for row in planned()) == before
    run_tasks()
    assert "as good as it gets" in background.draft_progress(alice(), JANUARY).said


def test_the_search_is_one_write_that_can_be_undone():
    a_history(a_channel())
    background.begin_draft(alice(), JANUARY)
    first = sorted(standing_at(row) for row in planned())
    run_tasks()
    line = Audit.objects.filter(verb="plan.finish_draft").get()
    assert line.person.name == "Alice"
    if line.changes:
        undo(line)
    assert sorted(standing_at(row) for row in planned()) == first


def test_nothing_to_draft_is_said_and_strangers_learn_nothing():
    with pytest.raises(Problem, match="no channel"):
        background.begin_draft(alice(), JANUARY)
    a_channel()
    with pytest.raises(Problem, match="over"):
        background.begin_draft(alice(), date(2026, 10, 1))
    assert background.draft_progress(alice(), JANUARY) is None
    with pytest.raises(Problem, match="on its way"):
        background.finish_draft(alice(), JANUARY)
    background.begin_draft(alice(), JANUARY)
    assert background.draft_progress(charlie(), JANUARY) is None
    with pytest.raises(Problem):
        background.finish_draft(charlie(), JANUARY)
    assert Drafting.objects.count() == 1
    with clock.at(NOW + timedelta(minutes=11)):
        assert background.draft_progress(alice(), JANUARY) is None  # nobody works on it


def test_clearing_a_month_leaves_what_people_touched():
    a_channel()
    actions.draft_plan(alice(), JANUARY)
    rows = planned()
    actions.lock(alice(), rows[0].pk)
    told = background.clear_month(alice(), JANUARY)
    assert told.made == -17
    assert [row.pk for row in planned()] == [rows[0].pk]
    undo(Audit.objects.filter(verb="plan.clear_month").get())
    assert len(planned()) == 18
    with pytest.raises(Stranger):
        actions.lock(charlie(), rows[0].pk)
