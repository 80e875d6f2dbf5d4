"""Partners, deals and checks survive the way through files."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.stages.engage import actions, files
from diskarte.stages.engage.models import Check, Deal, Partner
from diskarte.stages.engage.rules import lines
from diskarte.stages.plan.models import Occasion
from tests.engage.builders import PAYDAY, a_deal, a_partner
from tests.make import a_brand, alice

pytestmark = pytest.mark.django_db
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
money = st.none() | st.decimals(0, 10**9, places=2)
deals = st.fixed_dictionaries(
    {"give": text, "get": text, "note": text, "give_value": money, "get_value": money}
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text, st.none() | st.integers(0, 10**9), st.lists(deals, max_size=3))
def test_there_and_back(note, audience, told):
    Partner.objects.all().delete()
    partner = a_partner("Ana, the «first»", note=note, audience=audience, topics=["food", "slow mornings"])
    for number, one in enumerate(told):
        a_deal(f"Deal {number}", partner=partner, **one)
    before = files.export(a_brand())
    Partner.objects.all().delete()
    files.restore(a_brand(), before, alice())
    assert files.export(a_brand()) == before
    again = Partner.objects.get()
    assert (again.note, again.audience, again.topics) == (
        lines(note).strip(),
        audience,
        ["food", "slow mornings"],
    )
    assert [d.give_value for d in Deal.objects.order_by("pk")] == [one["give_value"] for one in told]


def test_state_proof_checks_and_the_day_in_the_plan_come_along():
    deal = a_deal(due=PAYDAY, give_value=Decimal("1.50"))
    actions.move_deal(alice(), deal.pk, "live")
    actions.check_deal(alice(), deal.pk, there=True, url="https://x.ph/1", note="On top")
    before = files.export(a_brand())
    Partner.objects.all().delete()
    files.restore(a_brand(), before, alice())
    again, check = Deal.objects.get(), Check.objects.get()
    assert (again.state, again.due, again.give_value, again.promo_code) == (
        "checked", PAYDAY, Decimal("1.50"), deal.promo_code)  # fmt: skip
    assert (again.occasion, check.there, check.note) == (Occasion.objects.get(), True, "On top")


def test_an_empty_brand_has_no_files():
    assert files.export(a_brand()) == {}
