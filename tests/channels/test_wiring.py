"""From a form to an account: what is asked, what is tidied, and how a network's failure is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import httpx
import pytest

from diskarte.networks import all_networks
from diskarte.networks.base import Account, ByHand, Named, Network, OAuth2, Password, Token, Webhook
from diskarte.stages.channels import matrix, wiring
from diskarte.words import Limits, Metric, Problem, Reconnect, Refused, TryLater, Unknown


class Harbour(Network):
    name = "Harbour"
    docs = "https://harbour.example/docs"
    checked = date(2026, 11, 22)
    base = "https://harbour.example"
    colour = "#123456"
    connect = Password(help="Settings → Keys.")
    limits = Limits(text=100)

    def sign_in(self, api, given):
        return Account("1", given["handle"], "Harbour café", "", {"token": given["password"]})

    def limits_for(self, api):
        return self.limits.with_(text=500)


def test_a_form_is_trimmed_and_an_address_made_whole():
    class Own(Harbour):
        connect = Password(fields=(*Password().fields, wiring.Field("base", "Server", needed=False)))

    told = wiring.filled(Own(), {"handle": " kape ", "password": "x", "base": "harbour.example/"}, "")
    assert told == {"handle": "kape", "password": "x", "base": "https://harbour.example"}
    assert "base" not in wiring.filled(Own(), {"handle": "kape", "password": "x", "base": " "}, "")


def test_only_forms_without_secrets_are_one_click():
    simple = {name for name, network in all_networks().items() if wiring.one_click(network)}
    assert simple == {"practice", "by_hand", "own_feed"}


@pytest.mark.parametrize(
    ("connect", "kind"),
    [
        (ByHand(), "by_hand"),
        (OAuth2(authorize="/a", token="/t"), "oauth"),
        (Password(), "password"),
        (Webhook(), "webhook"),
        (Token(), "token"),
        (Named(), "name"),
    ],
)
def test_each_way_to_connect_has_its_word(connect, kind):
    class One(Harbour):
        pass

    One.connect = connect
    assert matrix.how(One()) == kind


@pytest.mark.parametrize(
    ("failure", "do"),
    [
        (Reconnect("no such key"), "Settings → Keys."),
        (Refused("not allowed"), "Settings → Keys."),
        (TryLater("busy"), "try again in a few minutes"),
        (Unknown("hung up"), "Try again"),
    ],
)
def test_a_networks_failure_becomes_a_sentence_with_advice(failure, do):
    with pytest.raises(Problem) as problem, wiring.in_words(Harbour()):
        raise failure
    assert problem.value.what == str(failure)
    assert do in problem.value.do
    assert problem.value.kept == "Nothing was changed."


def quiet(monkeypatch):
    line = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(404)))
    monkeypatch.setattr(wiring.wire, "line", lambda base, channel=None: line)


def test_limits_an_account_tells_are_kept_where_they_differ(monkeypatch):
    quiet(monkeypatch)
    account, told = wiring.sign_in(Harbour(), {"handle": "kape", "password": "x"}, "")
    assert (account.identity, told) == ("1", {"text": 500})


def test_limits_that_cannot_be_asked_stop_nobody(monkeypatch):
    class Silent(Harbour):
        def limits_for(self, api):
            raise TryLater("busy")

    quiet(monkeypatch)
    assert wiring.sign_in(Silent(), {"handle": "kape", "password": "x"}, "")[1] == {}


def test_a_line_says_what_a_network_is():
    class Counting(Harbour):
        counts = {Metric.LIKES: "hearts", Metric.VIEWS: "eyes"}
        note = "Numbers come late."

        def measure(self, api, remote_id):
            return {}

    line = matrix.line("harbour", Counting())
    assert line.counts == (Metric.VIEWS, Metric.LIKES)
    assert "measure" in line.can
    assert (line.doubt, line.note) == ("blind", "Numbers come late.")


def test_looking_reads_followers_only_where_they_are_told(monkeypatch, db):
    from diskarte.stages.channels import actions
    from tests.make import alice

    row = actions.connect(alice(), "by_hand", {"handle": "@kape"})
    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert wiring.look(all_networks()["by_hand"], row, now) is None
    assert row.limits_told == {}
