"""Verbs of the channels: connect, renew, check, remove; what a network says arrives as a sentence."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.outbox import wire
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.models import Audit
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.core.plain import plain
from diskarte.stages.channels import actions
from diskarte.stages.channels.models import SignIn
from diskarte.words import Problem
from tests.make import NOW, a_member, alice, bob, charlie

pytestmark = pytest.mark.django_db
PASSWORD = "abcd-efgh-ijkl-mnop"


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


@pytest.fixture
def wired(monkeypatch):
    return Wire(monkeypatch)


class Wire:
    """The wire answers what the test says: `answers[path]` is (status, body); `calls` are kept."""

    def __init__(self, monkeypatch):
        self.answers, self.calls, self.inside = {}, [], wire.line
        monkeypatch.setattr(wire, "line", self.line)

    def line(self, base, channel=None):
        if "practice" in base:
            return self.inside(base, channel)
        return httpx.Client(transport=httpx.MockTransport(self.answer))

    def answer(self, request):
        self.calls.append(request)
        missing = (404, {"error": "NotFound", "message": "nothing here"})
        status, body = self.answers.get(request.url.path, missing)
        return httpx.Response(status, json=body)


def bluesky(wired, did="did:plc:1", status=200):
    body = {"did": did, "handle": "kape.bsky.social", "accessJwt": "token-one", "refreshJwt": "token-two"}
    wrong = {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
    wired.answers["/xrpc/com.atproto.server.createSession"] = (status, body if status == 200 else wrong)
    wired.answers["/xrpc/app.bsky.actor.getProfile"] = (200, {"followersCount": 321})


def connected(who, wired):
    bluesky(wired)
    return actions.connect(who, "bluesky", {"handle": "kape", "password": PASSWORD})


def test_practice_and_by_hand_need_one_click():
    practice = actions.connect(alice(), "practice")
    assert (practice.state, practice.handle, practice.network) == ("ready", "kape-diwata", "practice")
    hand = actions.connect(
        alice(), "by_hand", {"handle": "@kape", "url": "https://facebook.com/kape"}, name="Facebook"
    )
    other = actions.connect(
        alice(), "by_hand", {"handle": "@kape", "url": "https://tiktok.com/@kape"}, name="TikTok"
    )
    assert (hand.name, other.name, Channel.objects.count()) == ("Facebook", "TikTok", 3)
    assert [o.name for o in actions.offers(alice())][:2] == ["by_hand", "practice"]
    assert actions.offer(alice(), "by_hand").channels == 2


def test_a_password_connects_and_is_kept_nowhere(wired):
    row = connected(alice(), wired)
    assert (row.identity, row.handle, row.state) == ("did:plc:1", "kape.bsky.social", "ready")
    assert row.secrets["token"] == "token-one"
    everything = str(
        [plain(row), list(Audit.objects.values()), list(Channel.objects.values()), repr(row.secrets)]
    )
    assert PASSWORD not in everything
    assert "token-one" not in everything


def test_a_wrong_password_is_told_in_words_and_nothing_is_kept(wired):
    bluesky(wired, status=401)
    with pytest.raises(Problem) as problem:
        actions.connect(alice(), "bluesky", {"handle": "kape", "password": PASSWORD})
    assert "Invalid identifier or password" in problem.value.what
    assert "App passwords" in problem.value.do
    assert PASSWORD not in str(problem.value)
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    ("network", "given", "says"),
    [
        ("bluesky", {"handle": "kape"}, "needs «App password»"),
        ("bluesky", {"handle": "kape", "password": "x", "pin": "1"}, "does not ask for «pin»"),
        ("bluesky", {"handle": "kape", "password": "x", "base": "not an address"}, "not the address"),
        ("mastodon", {"base": "example.social"}, "signing in there"),
        ("myspace", {}, "no network"),
    ],
)
def test_what_is_missing_or_wrong_is_said(network, given, says, wired):
    with pytest.raises(Problem, match=says):
        actions.connect(alice(), network, given)
    assert not wired.calls


def test_connecting_the_same_account_again_is_the_same_channel(wired):
    first, again = connected(alice(), wired), connected(alice(), wired)
    assert first.pk == again.pk


def test_reconnecting_takes_new_secrets_and_wakes_what_waited(wired):
    row = connected(alice(), wired)
    Channel.objects.filter(pk=row.pk).update(state="blocked", why="gone", name="Main")
    facts = {
        "workspace": row.brand.workspace,
        "brand": row.brand,
        "channel": row,
        "planned_at": NOW,
        "due_at": NOW,
    }
    delivery = Delivery.objects.create(**facts, state="blocked")
    assert actions.standing(alice()).needs[0].urgency == "fix"
    again = actions.reconnect(alice(), row.pk, {"handle": "kape", "password": PASSWORD})
    delivery.refresh_from_db()
    assert (again.state, again.why, again.name, delivery.state) == ("ready", "", "Main", "queued")


def test_reconnecting_refuses_another_account(wired):
    row = connected(alice(), wired)
    bluesky(wired, did="did:plc:2")
    with pytest.raises(Problem, match="another account"):
        actions.reconnect(alice(), row.pk, {"handle": "tea", "password": PASSWORD})
    assert Channel.objects.get().identity == "did:plc:1"


def test_checking_reads_followers_and_notices_a_lost_permission(wired):
    row = connected(alice(), wired)
    checked = actions.check_channel(alice(), row.pk)
    assert (checked.followers, checked.checked_at, checked.state) == (321, NOW, "ready")
    wired.answers["/xrpc/app.bsky.actor.getProfile"] = (
        400,
        {"error": "ExpiredToken", "message": "Token has expired"},
    )
    lost = actions.check_channel(alice(), row.pk)
    assert (lost.state, lost.followers) == ("blocked", 321)
    assert "Token has expired" in lost.why
    assert actions.channel(alice(), row.pk).says == "blocked"


def test_a_network_that_is_down_changes_nothing(wired):
    row = connected(alice(), wired)
    wired.answers["/xrpc/app.bsky.actor.getProfile"] = (503, {})
    with pytest.raises(Problem, match="fault of its own"):
        actions.check_channel(alice(), row.pk)
    assert Channel.objects.get().state == "ready"


def test_practice_and_by_hand_can_be_checked():
    hand, practice = actions.connect(alice(), "by_hand"), actions.connect(alice(), "practice")
    assert actions.check_channel(alice(), hand.pk).followers is None
    assert actions.check_channel(alice(), practice.pk).followers >= 200


def mastodon(wired):
    wired.answers |= {
        "/api/v1/apps": (200, {"client_id": "the-client", "client_secret": "the-secret"}),
        "/oauth/token": (200, {"access_token": "the-token"}),
        "/api/v1/accounts/verify_credentials": (
            200,
            {"id": "7", "acct": "kape", "display_name": "Kape", "url": "https://example.social/@kape"},
        ),
        "/api/v2/instance": (200, {"configuration": {"statuses": {"max_characters": 1000}}}),
    }


def test_signing_in_on_a_network_goes_there_and_back(wired):
    mastodon(wired)
    away = actions.begin_sign_in(alice(), "mastodon", {"base": "example.social"}, name="Community")
    asked = {n: v[0] for n, v in parse_qs(urlsplit(away.link).query).items()}
    assert away.link.startswith("https://example.social/oauth/authorize?")
    assert (asked["client_id"], asked["code_challenge_method"]) == ("the-client", "S256")
    assert actions.sign_in(alice(), away.pk).link == away.link
    back = {"state": asked["state"], "code": "the-code"}
    assert actions.came_back(alice(), back) == "kape-diwata"
    row = actions.finish_sign_in(alice(), back)
    assert (row.name, row.handle, row.base, row.limits_told) == (
        "Community",
        "kape",
        "https://example.social",
        {"text": 1000},
    )
    sent = next(call for call in wired.calls if call.url.path == "/oauth/token").content.decode()
    assert "the-code" in sent
    assert "code_verifier" in sent
    assert not SignIn.objects.exists()
    told = str([list(Audit.objects.values()), plain(away)])
    assert not any(
        secret in told.replace(away.link, "") for secret in ("the-code", "the-secret", "the-token")
    )


def test_a_no_a_stranger_and_an_old_answer_connect_nothing(wired):
    mastodon(wired)
    away = actions.begin_sign_in(alice(), "mastodon", {"base": "https://example.social"})
    for who in (charlie(), bob_the_manager()):
        with pytest.raises(Stranger):
            actions.finish_sign_in(who, {"state": away.state, "code": "x"})
        with pytest.raises(Stranger):
            actions.came_back(who, {"state": away.state})
    with pytest.raises(Problem, match="access_denied"):
        actions.finish_sign_in(alice(), {"state": away.state, "error": "access_denied"})
    with clock.at(NOW + timedelta(hours=2)), pytest.raises(Problem, match="longer than an hour"):
        actions.finish_sign_in(alice(), {"state": away.state, "code": "x"})
    assert not Channel.objects.exists()


def bob_the_manager():
    return a_member("Mara", "manager")


def test_only_networks_that_sign_in_there_begin_so():
    with pytest.raises(Problem, match="not connected this way"):
        actions.begin_sign_in(alice(), "practice")


def test_a_channel_is_renamed_and_removed_when_nothing_waits():
    row = actions.connect(alice(), "practice")
    assert actions.rename(alice(), row.pk, " Rehearsal ").name == "Rehearsal"
    with pytest.raises(Problem):
        actions.rename(alice(), row.pk, " ")
    facts = {
        "workspace": row.brand.workspace,
        "brand": row.brand,
        "channel": row,
        "planned_at": NOW,
        "due_at": NOW,
    }
    waiting = Delivery.objects.create(**facts)
    assert actions.channels(alice())[0].waiting == 1
    with pytest.raises(Problem, match="One post still waits"):
        actions.remove(alice(), row.pk)
    waiting.delete()
    actions.remove(alice(), row.pk)
    assert actions.channels(alice()) == []


def test_a_permission_that_ends_soon_is_told_unless_it_renews_itself(wired):
    row = connected(alice(), wired)
    Channel.objects.filter(pk=row.pk).update(expires_at=NOW + timedelta(days=2))
    assert actions.channel(alice(), row.pk).says == ""  # this network renews it by itself
    hand = actions.connect(alice(), "practice")
    Channel.objects.filter(pk=hand.pk).update(expires_at=NOW + timedelta(days=2))
    assert actions.channel(alice(), hand.pk).says == "expires"
    Channel.objects.filter(pk=hand.pk).update(expires_at=NOW - timedelta(days=2))
    assert actions.channel(alice(), hand.pk).says == "expired"


def test_the_budget_is_unknown_until_somebody_says_it():
    assert actions.budget(alice()).hours_a_week is None
    row = actions.set_budget(alice(), Decimal("10.5"), None)
    assert (row.hours_a_week, row.money_a_month, row.currency) == (Decimal("10.5"), None, "PHP")
    assert actions.budget(alice()).hours_a_week == Decimal("10.5")
    with pytest.raises(Problem):
        actions.set_budget(alice(), Decimal(-1))


def test_standing_grows():
    assert actions.standing(alice()).state == "empty"
    actions.connect(alice(), "practice")
    assert actions.standing(alice()).state == "half"
    actions.set_budget(alice(), Decimal(10))
    assert (actions.standing(alice()).state, actions.standing(alice()).figure) == ("full", "1")


def test_members_and_strangers():
    row = actions.connect(alice(), "practice")
    assert actions.channels(bob())
    for verb, given in (
        ("connect", {"network": "practice"}),
        ("set_budget", {}),
        ("remove", {"channel": row.pk}),
        ("begin_sign_in", {"network": "mastodon"}),
    ):
        with pytest.raises(Forbidden):
            ALL[f"channels.{verb}"].run(bob(), given)
    for verb, given in (
        ("channel", {}), ("reconnect", {}), ("rename", {"name": "x"}), ("remove", {}), ("check_channel", {}),
    ):  # fmt: skip
        with pytest.raises(Stranger):
            ALL[f"channels.{verb}"].run(charlie(), {"channel": row.pk} | given)
