"""Deals and messages at the edge: values nobody knows, days taken away, undo of whole deals, how long people wait."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.core.people.models import Audit, Membership
from diskarte.core.people.undo import undo
from diskarte.stages.engage import actions
from diskarte.stages.engage.models import Check, Deal, Partner
from diskarte.stages.engage.rules import Balance, together
from diskarte.stages.engage.views import _long
from diskarte.stages.plan.models import Occasion
from diskarte.words import Problem
from tests.engage.builders import PAYDAY, a_channel, a_deal, a_message, a_partner
from tests.make import NOW, a_brand, alice, bob, charlie

MONEY = st.decimals(0, 10**6, places=2)


@pytest.fixture(autouse=True)
def _at_nine(db):
    with clock.at(NOW):
        yield


@given(MONEY, MONEY)
def test_what_one_side_gains_the_other_loses(give, get):
    ours, theirs = Balance(give, get), Balance(get, give)
    assert ours.net == -theirs.net
    assert ours.fair == theirs.fair
    assert {ours.says, theirs.says} in ({"even"}, {"ours", "theirs"})


@pytest.mark.parametrize(("give", "get"), [(None, Decimal(5)), (Decimal(5), None), (None, None)])
def test_an_unknown_side_is_neither_even_nor_nought(give, get):
    one = Balance(give, get)
    assert (one.net, one.fair, one.says) == (None, None, "unknown")


def test_nothing_for_nothing_is_even():
    assert (Balance(Decimal(0), Decimal(0)).fair, Balance(Decimal(0), Decimal(0)).says) == (None, "even")


@given(st.lists(st.tuples(st.none() | MONEY, st.none() | MONEY), max_size=8))
def test_a_sum_says_how_many_it_leaves_out(sides):
    told, out = together(Balance(*pair) for pair in sides)
    known = [pair for pair in sides if None not in pair]
    assert out == len(sides) - len(known)
    assert told.net == (sum(get - give for give, get in known) if known else None)


@pytest.mark.parametrize("title", ["", "  "])
def test_a_deal_needs_a_name(title):
    with pytest.raises(Problem) as told:
        actions.propose_deal(alice(), a_partner().pk, title)
    assert (told.value.field, Deal.objects.count()) == ("title", 0)


def test_a_deleted_deal_takes_its_day_and_checks_along_and_brings_them_back():
    deal = a_deal(due=PAYDAY)
    actions.move_deal(alice(), deal.pk, "live")
    actions.check_deal(alice(), deal.pk, there=False, note="Not yet")
    actions.delete_deal(alice(), deal.pk)
    assert (Deal.objects.count(), Check.objects.count(), Occasion.objects.count()) == (0, 0, 0)
    undo(Audit.objects.get(verb="engage.delete_deal"))
    deal.refresh_from_db()
    assert (deal.state, deal.due, deal.give_value) == ("live", PAYDAY, Decimal(1750))
    assert Check.objects.get().note == "Not yet"
    assert Occasion.objects.get().day == PAYDAY


def test_a_deal_whose_day_is_taken_away_leaves_the_plan():
    deal = a_deal(due=PAYDAY)
    actions.move_deal(alice(), deal.pk, "agreed")
    assert Occasion.objects.count() == 1
    facts = {"title": deal.title, "give": "beans", "get": "a reel"}
    actions.edit_deal(alice(), deal.pk, whole=True, **facts)
    deal.refresh_from_db()
    assert (deal.due, deal.give_value, Occasion.objects.count()) == (None, None, 0)


def test_editing_a_deal_can_be_undone_with_its_day():
    deal = a_deal(due=PAYDAY)
    actions.move_deal(alice(), deal.pk, "agreed")
    actions.edit_deal(alice(), deal.pk, due=PAYDAY + timedelta(days=3), give_value=Decimal("2000"))
    undo(Audit.objects.get(verb="engage.edit_deal"))
    deal.refresh_from_db()
    assert (deal.due, deal.give_value, Occasion.objects.get().day) == (PAYDAY, Decimal(1750), PAYDAY)


def test_two_brands_may_know_the_same_person():
    a_partner()
    theirs = a_partner(who=charlie())
    assert [card.partner for card in actions.partners(charlie())] == [theirs]
    assert Partner.objects.count() == 2


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (None, ""),
        (timedelta(seconds=50), "1 minute"),
        (timedelta(minutes=25), "25 minutes"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=60), "2 days"),
    ],
)
def test_how_long_in_words(wait, said):
    assert _long(wait) == said


def test_who_left_is_no_colleague_and_gets_no_message():
    who, message = alice(), a_message()
    gone = bob().person
    assert [name for _pk, name in actions.colleagues(who)] == ["Alice", "Bob"]
    gone.is_active = False
    gone.save()
    assert [name for _pk, name in actions.colleagues(who)] == ["Alice"]
    Membership.objects.filter(person=gone).delete()
    from diskarte.core.people.who import Stranger

    with pytest.raises(Stranger):
        actions.assign(who, message.pk, gone.pk)


def test_messages_of_one_channel_and_of_one_brand():
    sky = a_channel("Sky", "bluesky")
    a_message("Here?", remote_id="1")
    mine = a_message("There?", channel=sky, remote_id="2")
    assert [card.id for card in actions.messages(alice(), channel=sky.pk)] == [mine.pk]
    assert len(actions.messages(alice(), limit=1)) == 1
    assert actions.messages(charlie()) == []
    assert actions.inbox_counts(charlie()).open == 0


def test_an_answer_faster_than_the_clock_is_no_time_travel():
    """A network's clock may run ahead of ours."""
    message = a_message(at=NOW + timedelta(minutes=3))
    actions.reply(alice(), message.pk, "Hello")
    assert actions.inbox_counts(alice()).wait == timedelta(0)
    assert a_brand().workspace.approval == "optional"
