"""Undo: every kind of value goes back to what it was, and nothing is undone over somebody else's change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from diskarte.core import clock
from diskarte.core.outbox.models import Channel
from diskarte.core.people import actions as people
from diskarte.core.people.models import Audit, Membership
from diskarte.core.people.undo import can_undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.automate import actions as automate
from diskarte.stages.brand import actions as brand
from diskarte.stages.brand.models import Canvas, Competitor, Product
from diskarte.stages.channels import actions as channels
from diskarte.stages.engage import actions as engage
from diskarte.stages.goals.models import Goal
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.models import Slot
from diskarte.words import Kind, Problem
from tests.goals.builders import a_goal
from tests.make import NOW, a_member, alice, bob, charlie
from tests.plan.builders import a_channel, a_slot, moment

pytestmark = pytest.mark.django_db
MANILA = ZoneInfo("Asia/Manila")


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def last() -> Audit:
    return Audit.objects.latest("pk")


def undone() -> Audit:
    return people.undo(alice(), last().pk)


def facts(row):
    """What a row says; how often it was changed goes on counting."""
    row.refresh_from_db()
    counted = getattr(row, "untold", frozenset())
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in counted}


MOMENTS = (moment(5, 12), moment(5, 12).astimezone(MANILA), datetime(2026, 12, 5, 4, 0, 0, 7, UTC))


@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_a_moment_goes_back_in_whichever_zone_it_was_given(at):
    row = a_slot(a_channel(), day=10)
    before = facts(row)
    plan.move_slot(alice(), row.pk, at)
    assert facts(row)["at"] == at
    undone()
    assert facts(row) == before


@pytest.mark.parametrize("price", [Decimal("300"), Decimal("300.5"), Decimal("300.00")])
def test_money_goes_back_however_many_noughts_it_was_written_with(price):
    row = brand.add_product(alice(), name="Barako", price=Decimal(250), margin=Decimal("60.5"))
    before = facts(row)
    brand.edit_product(alice(), row.pk, name="Barako", price=price)
    undone()
    assert facts(row) == before


def test_money_just_written_can_be_taken_back():
    brand.add_product(alice(), name="Barako", price=Decimal(250))
    undone()
    assert not Product.objects.exists()


def test_a_day_and_a_number_go_back():
    goal = a_goal(alice(), worth=Decimal(5000))
    before = facts(goal)
    from diskarte.stages.goals import actions as goals

    goals.edit(alice(), goal.pk, "Reach more", "reach", 40000, date(2026, 12, 20))
    assert facts(goal)["deadline"] == date(2026, 12, 20)
    undone()
    assert facts(goal) == before


def test_lists_and_words_go_back():
    brand.edit(alice(), idea="Slow coffee", do_words=["po", "opo"])
    row = Canvas.objects.get()
    before = facts(row)
    brand.edit(alice(), idea="Fast coffee", do_words=["now"])
    undone()
    assert facts(row) == before


def test_what_was_deleted_is_there_again_with_everything_it_had():
    row = a_slot(a_channel(), day=10, title="Open late", reasons=[{"code": "by_hand"}], expected=12.5)
    partner = engage.add_partner(
        alice(), "Ana Reyes", audience=24000, price=Decimal("3000.50"), topics=["food"]
    )
    before = facts(partner)
    engage.delete_partner(alice(), partner.pk)
    undone()
    assert facts(partner) == before
    plan.drop_slot(alice(), row.pk)
    assert facts(row)["state"] == "dropped"
    undone()
    assert (facts(row)["state"], row.reasons, row.expected) == ("open", [{"code": "by_hand"}], 12.5)


def test_a_write_of_many_rows_goes_back_as_one():
    a_channel()
    plan.draft_plan(alice(), date(2027, 1, 1))
    assert Slot.objects.count() == 18
    undone()
    assert not Slot.objects.exists()
    assert plan.draft_plan(alice(), date(2027, 1, 1)).outcome.made == 18


def test_one_changed_row_keeps_all_of_them():
    a_channel()
    plan.draft_plan(alice(), date(2027, 1, 1))
    line, one = last(), Slot.objects.order_by("at").last()
    Slot.objects.filter(pk=one.pk).update(title="Mine")
    with pytest.raises(Problem, match="changed this since") as told:
        people.undo(alice(), line.pk)
    assert told.value.kept == "Nothing was undone."
    assert Slot.objects.count() == 18
    line.refresh_from_db()
    assert line.undone_at is None


def test_undo_of_undo_and_undo_twice():
    row = a_slot(a_channel(), day=10)
    plan.move_slot(alice(), row.pk, moment(5, 12))
    line = last()
    undone()
    with pytest.raises(Problem, match="cannot be undone"):
        people.undo(alice(), line.pk)
    assert last().verb == "people.undo"
    assert can_undo(last())
    undone()
    assert facts(row)["at"] == moment(5, 12)


def test_the_order_matters_the_newer_change_first():
    row = a_slot(a_channel(), day=10)
    plan.move_slot(alice(), row.pk, moment(5, 12))
    first = last()
    plan.move_slot(alice(), row.pk, moment(6, 12))
    second = last()
    with pytest.raises(Problem, match="changed this since"):
        people.undo(alice(), first.pk)
    people.undo(alice(), second.pk)
    people.undo(alice(), first.pk)
    assert facts(row)["at"] == moment(10, 18)


def test_who_may_not_do_it_may_not_undo_it():
    rule = automate.add_rule(alice(), "breakout", "draft_again")
    line = last()
    with pytest.raises(Forbidden):
        people.undo(bob(), line.pk)
    with pytest.raises(Stranger):
        people.undo(charlie(), line.pk)
    with pytest.raises(Stranger):
        people.undo(alice(), 10**9)
    assert facts(rule)["on"]


def test_a_guest_undoes_nothing_even_of_a_stage_they_see():
    row = a_slot(a_channel())
    plan.lock(alice(), row.pk)
    guest = a_member("Gina", "guest")
    with pytest.raises(Forbidden):
        people.undo(guest, last().pk)
    assert facts(row)["locked"]


def test_a_write_that_changed_no_row_cannot_be_undone():
    people.make_token(alice(), "sheets")
    assert not can_undo(last())


def test_roles_and_habits_are_kept_out():
    bob()
    member = Membership.objects.get(person__name="Bob")
    people.set_role(alice(), member.pk, "manager")
    assert not can_undo(last())
    with pytest.raises(Problem, match="cannot be undone"):
        undone()
    assert facts(member)["role"] == "manager"


def test_a_write_too_large_to_be_written_down_is_not_half_undone(monkeypatch):
    from diskarte.core.people import audit

    monkeypatch.setattr(audit, "MOST", 5)
    a_channel()
    plan.draft_plan(alice(), date(2027, 1, 1))
    assert len(last().changes) == 6
    assert last().changes[-1]["more"] >= 13
    assert not can_undo(last())


def test_a_failed_write_leaves_no_line_and_no_row():
    before = Audit.objects.count()
    with pytest.raises(Problem):
        plan.add_slot(alice(), NOW - timedelta(days=1), a_channel().pk, Kind.TEXT)
    assert (Audit.objects.count(), Slot.objects.count()) == (before, 0)


def test_a_verb_inside_a_verb_is_one_line():
    who = alice()
    channel = a_channel()
    before = Audit.objects.count()
    plan.set_cadence(who, channel.pk, 6, ["image", "reel"], [1, 1])
    assert Audit.objects.count() == before + 1
    assert last().verb == "plan.set_cadence"


def test_a_row_that_is_gone_since_is_told():
    brand.add_competitor(alice(), name="Kape Ni Juan")
    line = last()
    Competitor.objects.all().delete()
    with pytest.raises(Problem, match="changed this since"):
        people.undo(alice(), line.pk)


def test_a_row_that_belonged_to_one_that_is_gone_is_told_in_words():
    """SQLite would notice only at the end of the transaction, when nobody can say it in words any more."""
    partner = engage.add_partner(alice(), "Ana Reyes")
    deal = engage.propose_deal(alice(), partner.pk, "Payday giveaway")
    engage.delete_deal(alice(), deal.pk)
    line = last()
    engage.delete_partner(alice(), partner.pk)
    with pytest.raises(Problem, match="changed this since"):
        people.undo(alice(), line.pk)


def test_a_label_that_is_gone_since_is_not_put_back():
    row = a_slot(a_channel(), pillar=plan.add_pillar(alice(), "Beans"))
    plan.edit_slot(alice(), row.pk, row.at, Kind.TEXT)
    line, pillar = last(), plan.pillars(alice())[-1]
    plan.remove_pillar(alice(), pillar.pk)
    with pytest.raises(Problem, match="changed this since"):
        people.undo(alice(), line.pk)
    assert facts(row)["kind"] == "text"


def test_a_row_that_is_back_already_is_told_in_words():
    row = brand.add_competitor(alice(), name="Kape Ni Juan")
    brand.remove_competitor(alice(), row.pk)
    line = last()
    Competitor(pk=row.pk, brand=alice().brand, name="Kape Ni Juan").save()
    with pytest.raises(Problem):
        people.undo(alice(), line.pk)
    assert Competitor.objects.count() == 1


def test_closing_a_goal_goes_back():
    from diskarte.stages.goals import actions as goals

    goal = a_goal(alice())
    goals.close_goal(alice(), goal.pk, "missed", "rain")
    assert Goal.objects.get().state == "missed"
    undone()
    assert Goal.objects.get().state == "open"


def test_a_row_on_which_newer_work_hangs_is_not_taken_back():
    rival = brand.add_competitor(alice(), name="Kanto")
    made = last().pk
    brand.add_snapshot(alice(), rival.pk, "facebook", followers=3200)
    with pytest.raises(Problem, match="made since hangs on «Kanto»"):
        people.undo(alice(), made)
    assert rival.snapshots.count() == 1


def test_a_channel_just_connected_can_be_taken_back_until_something_hangs_on_it():
    channel = channels.connect(alice(), "by_hand", {"handle": "Facebook: kape"}, "Facebook")
    made = last().pk
    assert can_undo(last())
    slot = a_slot(channel)
    with pytest.raises(Problem, match="hangs on «Facebook»"):
        people.undo(alice(), made)
    assert Slot.objects.filter(pk=slot.pk).exists()
    slot.delete()
    people.undo(alice(), made)
    assert not Channel.objects.exists()


def test_a_channel_that_was_removed_does_not_come_back_without_its_secrets():
    channel = channels.connect(alice(), "by_hand", {"handle": "Facebook: kape"}, "Facebook")
    channels.remove(alice(), channel.pk)
    assert not can_undo(last())
