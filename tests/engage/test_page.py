"""The pages: what they show, what they ask the database, and what a stranger sees."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from diskarte.stages.engage import actions
from diskarte.stages.engage.models import Deal, Message, Partner
from tests.engage.builders import PAYDAY, a_deal, a_message, a_partner
from tests.make import a_brand, alice, charlie

pytestmark = pytest.mark.django_db
HOME = "/kape-diwata/engage/"
DO = "/kape-diwata/do/engage."
QUERIES = 15


@pytest.fixture
def asked(web, django_assert_max_num_queries):
    """The text of a page; with its answer checked and its queries counted, once the rail is fresh."""

    def get(path: str) -> str:
        web.get(f"{HOME}partners/")
        with django_assert_max_num_queries(QUERIES):
            answer = web.get(path)
        assert answer.status_code == 200, answer.content.decode()[:2000]
        return answer.content.decode()

    return get


def test_an_empty_brand_is_shown_where_to_begin(asked):
    assert "Nobody to work with yet" in asked(HOME)
    assert "No partner yet" in asked(f"{HOME}partners/")
    assert "No partner yet" in asked(f"{HOME}deals/new")
    assert "No message yet" in asked(f"{HOME}inbox/")


def test_the_pipeline_shows_the_balance(asked):
    deal = a_deal(due=PAYDAY)
    actions.move_deal(alice(), deal.pk, "agreed")
    page = asked(HOME)
    assert "Over one valued deal we give ₱1,750 and get ₱3,000." in page
    assert "we gain ₱1,250" in page
    assert "15 Dec" in page


def test_a_deal_page_has_letter_code_and_checks(asked):
    deal = a_deal(due=PAYDAY, link="https://kape.ph")
    actions.move_deal(alice(), deal.pk, "live")
    actions.check_deal(alice(), deal.pk, there=False, note="Not up yet")
    page = asked(f"{HOME}deals/{deal.pk}/")
    assert deal.promo_code in page
    for told in ("Hi Ana Reyes!", "utm_campaign=payday-giveaway", "Not up yet", "Is their post there?"):
        assert told in page


def test_partners_and_one_of_them(asked):
    partner = a_partner(price=Decimal(3000))
    page = asked(f"{HOME}partners/")
    assert "₱125" in page
    assert "24,000" in page
    assert 'value="Ana Reyes"' in asked(f"{HOME}partners/{partner.pk}/")
    assert f'value="{partner.pk}" selected' in asked(f"{HOME}deals/new?partner={partner.pk}")


def test_the_inbox(asked):
    message = a_message("Saan po kayo?")
    actions.reply(alice(), a_message("Masarap!", remote_id="r2").pk, "Salamat")
    actions.assign(alice(), message.pk, alice().person.pk)
    page = asked(f"{HOME}inbox/")
    assert "Saan po kayo?" in page
    assert "Masarap!" not in page
    assert "Salamat" in asked(f"{HOME}inbox/?state=done")
    assert "Saan po kayo?" in asked(f"{HOME}inbox/?state=mine")


def test_many_messages_ask_no_more(asked):
    for number in range(12):
        a_message(f"Message {number}", remote_id=f"r{number}")
    assert "Message 11" in asked(f"{HOME}inbox/")


def test_partner_and_deal_through_their_forms(web):
    form = {"name": "Ana", "kind": "creator", "audience": "24000", "price": "", "topics": "food, mornings"}
    web.post(f"{DO}add_partner", form | {"contact": "", "link": "", "note": "", "next": HOME})
    ana = Partner.objects.get()
    assert (ana.audience, ana.price, ana.topics) == (24000, None, ["food", "mornings"])
    web.post(
        f"{DO}edit_partner", form | {"partner": ana.pk, "whole": "true", "audience": "", "price": "10.50"}
    )
    ana.refresh_from_db()
    assert (ana.audience, ana.price) == (None, Decimal("10.50"))
    deal = {"partner": ana.pk, "title": "Payday", "kind": "barter", "give": "beans", "give_value": ""}
    web.post(f"{DO}propose_deal", deal | {"due": "2026-12-15"})
    row = Deal.objects.get()
    assert (row.give_value, row.due) == (None, PAYDAY)
    web.post(f"{DO}move_deal", {"deal": row.pk, "state": "contacted"})
    assert Deal.objects.get().state == "contacted"


def test_an_answer_through_its_form(web):
    message = a_message()
    web.post(f"{DO}reply", {"message": message.pk, "text": "Sa Maginhawa po!", "next": f"{HOME}inbox/"})
    assert Message.objects.get().state == "done"


def test_a_stranger_finds_no_page(web):
    deal = a_deal()
    stranger = Client()
    stranger.force_login(charlie().person)
    theirs = "/charlies-tea/engage/"
    for path in (HOME, f"{HOME}inbox/", f"{theirs}deals/{deal.pk}/", f"{theirs}partners/{deal.partner_id}/"):
        assert stranger.get(path).status_code == 404
    assert a_brand().name not in stranger.get(theirs).content.decode()
