"""The plan keeps to the hours and the money the brand said it can put in, unless the plan itself was told others."""

from decimal import Decimal

import pytest

from diskarte.stages.channels import actions as channels
from diskarte.stages.plan import desk, in_force
from tests.make import alice

pytestmark = pytest.mark.django_db


def test_what_the_brand_can_put_in_is_kept_to():
    who = alice()
    channels.set_budget(who, Decimal("7.5"), Decimal(2000))
    told = desk.within(who, in_force.current(who))
    assert (told["hours_a_week"], told["money_a_month"]) == (7.5, 2000.0)


def test_the_plans_own_word_wins():
    who = alice()
    channels.set_budget(who, Decimal("7.5"))
    told = desk.within(who, in_force.current(who) | {"hours_a_week": 4.0})
    assert (told["hours_a_week"], told["money_a_month"]) == (4.0, None)


def test_what_nobody_said_stays_open():
    who = alice()
    told = desk.within(who, in_force.current(who))
    assert (told["hours_a_week"], told["money_a_month"]) == (None, None)
