"""The channels as files: accounts and budget come back, secrets never leave."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.core.outbox import channels as accounts
from diskarte.core.outbox.models import Channel
from diskarte.networks import all_networks
from diskarte.networks.base import Account
from diskarte.stages.channels import actions, files
from diskarte.stages.channels.models import Budget
from tests.make import NOW, a_brand, alice

pytestmark = pytest.mark.django_db
words = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
secret = sorted(set(all_networks()) - {"practice", "by_hand", "own_feed"})
kept = st.lists(st.tuples(st.sampled_from(secret), words, words), max_size=4, unique_by=lambda one: one[:2])
money = st.none() | st.decimals(0, 9999, places=2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept, money, money)
def test_there_and_back(db, rows, hours, pesos):
    here, there = a_brand(), a_brand("second", name="Second")
    Channel.objects.all().delete()
    Budget.objects.all().delete()
    for network, identity, name in rows:
        accounts.keep(here, network, Account(identity, identity, name, "", {"token": "the-secret"}), NOW)
    Budget.objects.create(brand=here, hours_a_week=hours, money_a_month=pesos, currency="PHP")
    told = files.export(here)
    assert "the-secret" not in str(told)
    files.restore(there, told, alice())
    assert files.export(there) == told
    assert all(row.state == "blocked" and not row.secrets for row in Channel.objects.filter(brand=there))


def test_channels_without_secrets_are_ready_at_once():
    actions.connect(alice(), "practice", name="Rehearsal")
    actions.connect(alice(), "by_hand", {"handle": "@kape", "url": "https://facebook.com/kape"}, "Facebook")
    Channel.objects.filter(network="by_hand").update(state="paused")
    actions.set_budget(alice(), Decimal("10.5"))
    told = files.export(a_brand())
    other = a_brand("second", name="Second")
    files.restore(other, told, alice())
    assert files.export(other) == told
    rows = {row.name: row for row in Channel.objects.filter(brand=other)}
    assert (rows["Rehearsal"].state, rows["Facebook"].state) == ("ready", "paused")
    assert rows["Rehearsal"].secrets == {"token": "kape-diwata"}
