"""What a deal is worth and what we write first."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte.stages.engage import rules
from diskarte.stages.engage.rules import Balance

money = st.decimals(0, 1_000_000, places=2)


@pytest.mark.parametrize(
    ("give", "get", "net", "says"),
    [
        ("1000", "1500", "500", "ours"),
        ("1500", "1000", "-500", "theirs"),
        ("1000", "1050", "50", "even"),
        ("0", "0", "0", "even"),
        ("0", "300", "300", "ours"),
        (None, "300", None, "unknown"),
        ("300", None, None, "unknown"),
    ],
)
def test_the_balance_of_a_deal(give, get, net, says):
    balance = Balance(*(None if v is None else Decimal(v) for v in (give, get)))
    assert balance.net == (None if net is None else Decimal(net))
    assert balance.says == says


@given(st.lists(st.tuples(money | st.none(), money | st.none())))
def test_what_nobody_valued_is_left_out_and_counted(pairs):
    total, out = rules.together(Balance(*pair) for pair in pairs)
    known = [(give, get) for give, get in pairs if give is not None and get is not None]
    assert out == len(pairs) - len(known)
    assert total.net == (sum(get - give for give, get in known) if known else None)


def test_the_way_of_a_deal():
    assert [rules.after(s) for s in rules.STATES] == ["contacted", "agreed", "live", "checked", "done", ""]


@pytest.mark.parametrize(
    ("state", "known", "lacks"),
    [
        ("contacted", {}, ""),
        ("agreed", {}, "sides"),
        ("agreed", {"give": "beans", "get": "a post"}, ""),
        ("live", {"give": "beans", "get": "a post"}, "due"),
        ("checked", {"give": "beans", "get": "a post", "due": True}, "proof"),
        ("done", {"give": "beans", "get": "a post", "due": True, "proof": True}, ""),
    ],
)
def test_what_must_be_known_before_it_moves(state, known, lacks):
    assert rules.lacks(state, **({"give": "", "get": "", "due": False, "proof": False} | known)) == lacks


def test_codes_and_names():
    assert rules.slug("Café Ñiño & Ana") == "cafe-nino-ana"
    assert rules.promo_code("Ana Reyes", 7) == "ANA7"
    assert rules.promo_code("日本", 7) == "DEAL7"


def test_the_link_of_a_deal_says_where_people_came_from():
    asked = parse_qs(
        urlsplit(rules.utm("https://kape.ph/menu?x=1&utm_source=old#top", "Ana Reyes", "Payday")).query
    )
    assert asked == {
        "x": ["1"],
        "utm_source": ["ana-reyes"],
        "utm_medium": ["partner"],
        "utm_campaign": ["payday"],
    }
    assert rules.utm("", "Ana", "Payday") == ""


@given(
    st.sampled_from(["https://kape.ph", "https://kape.ph/a?b=c", "https://kape.ph/?e="]), st.text(), st.text()
)
def test_asking_twice_changes_nothing(link, partner, title):
    once = rules.utm(link, partner, title)
    assert rules.utm(once, partner, title) == once


def test_a_letter_leaves_out_what_is_not_known():
    template = "Hi {partner},\n\nwe are {brand}: {sells}.\n\nBest,\n{person}"
    assert (
        rules.filled(template, {"partner": "Ana", "brand": "Kape", "person": "Alice"})
        == "Hi Ana,\n\nBest,\nAlice"
    )
    full = {"partner": "Ana", "brand": "Kape", "sells": "coffee", "person": "Alice"}
    assert "we are Kape: coffee." in rules.filled(template, full)


def test_price_for_a_thousand_people():
    assert rules.per_thousand(Decimal(3000), 24000) == Decimal("125.00")
    assert rules.per_thousand(Decimal(3000), 0) is None
    assert rules.per_thousand(None, 10) is None
