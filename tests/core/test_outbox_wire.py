"""A channel's line: which client, and permission renewed by one caller only."""

import httpx
import pytest

from diskarte.core import fetch
from diskarte.core.outbox import endings, jobs, wire
from diskarte.core.outbox.attempt import attempt, block
from diskarte.core.outbox.models import Channel
from diskarte.core.practice.transport import PracticeTransport
from diskarte.core.secrets import Secrets
from diskarte.words import TryLater
from tests.core.outbox_world import DAY, HOUR, MINUTE, NOW, again


@pytest.fixture
def renewing(world):
    return world.channel("renewing", secrets=Secrets(token="good", refresh="again"), expires_at=NOW + MINUTE)


def test_permission_about_to_end_is_renewed_first(world, renewing):
    delivery = world.delivery(renewing)
    attempt(delivery, NOW)
    row = again(delivery)
    assert row.state == "sent"
    assert row.channel.secrets == {"token": "newer", "refresh": "again"}
    assert (row.channel.version, row.channel.expires_at) == (1, NOW + DAY)
    assert [path for _, path in world.server.calls] == ["/refresh", "/posts"]


def test_permission_refused_in_the_call_is_renewed_once_and_the_call_repeated(world, renewing):
    Channel.objects.update(expires_at=None)
    world.server.token = "rotated away"
    delivery = world.delivery(renewing)
    attempt(again(delivery), NOW)
    assert again(delivery).state == "sent"
    assert [path for _, path in world.server.calls] == ["/posts", "/refresh", "/posts"]


def test_only_one_of_two_renews(world, renewing):
    twin = Channel.objects.get()
    wire.refresh(renewing, NOW)
    wire.refresh(twin, NOW)
    assert twin.secrets["token"] == "newer"
    assert len(world.server.calls) == 1


def test_while_somebody_renews_others_wait(world, renewing):
    Channel.objects.update(refreshing_until=NOW + MINUTE)
    with pytest.raises(TryLater) as told:
        wire.refresh(renewing, NOW)
    assert told.value.seconds == 5
    assert world.server.calls == []
    wire.refresh(renewing, NOW + 2 * MINUTE)  # that somebody died
    assert Channel.objects.get().version == 1


def test_a_refused_renewal_never_wipes_the_old_permission(world, renewing):
    Channel.objects.update(secrets={"token": "good", "refresh": "stale"})
    delivery = world.delivery(renewing)
    attempt(again(delivery), NOW)
    row = again(delivery)
    assert (row.state, row.channel.state) == ("blocked", "blocked")
    assert row.channel.secrets == {"token": "good", "refresh": "stale"}
    assert row.channel.refreshing_until is None


def test_a_renewal_that_cannot_be_made_now_uses_what_still_holds(world, renewing):
    world.server.breaks = ["down"]
    delivery = world.delivery(renewing)
    attempt(delivery, NOW)
    assert again(delivery).state == "sent"


def test_with_nothing_left_that_holds_it_goes_later(world, renewing):
    Channel.objects.update(expires_at=NOW - MINUTE)
    world.server.breaks = ["down"]
    delivery = world.delivery(renewing)
    attempt(again(delivery), NOW)
    row = again(delivery)
    assert (row.state, row.channel.state) == ("queued", "ready")
    assert row.channel.secrets["token"] == "good"


def test_secrets_that_no_key_opens_ask_for_a_new_connection(world, settings):
    delivery = world.delivery()
    settings.SECRET_KEY = "another installation's key"
    attempt(again(delivery), NOW)
    row = again(delivery)
    assert row.state == "blocked"
    assert "key" in row.why


def test_the_practice_network_stays_in_the_house_and_all_else_is_guarded(db):
    for base in ("http://practice.internal", "practice://kape"):
        assert isinstance(wire.line(base)._transport, PracticeTransport)
    outside = wire.line("https://example.com")
    assert isinstance(outside._transport, fetch.Transport)
    assert outside._transport is wire.line("https://example.org")._transport


def test_cookies_of_one_account_never_reach_another(monkeypatch):
    heard = []

    def server(request):
        heard.append(request.headers.get("cookie"))
        return httpx.Response(200, headers=[("Set-Cookie", "who=me; Path=/"), ("Set-Cookie", "b=2")])

    monkeypatch.setattr(wire.line("https://small.test"), "_transport", httpx.MockTransport(server))
    first, second = (wire.line("https://small.test") for _ in range(2))
    first.get("https://small.test/")
    assert not first.cookies
    second.get("https://small.test/again")
    assert heard == [None, None]


def test_a_channels_own_server_is_used(world):
    channel = world.channel(base="https://own.test", identity="x")
    api = wire.api_for(channel)
    assert (api.base, api.identity, api.secrets) == ("https://own.test", "x", {"token": "good"})


def test_long_lived_permissions_are_renewed_in_time_once_a_day(world, renewing):
    Channel.objects.update(expires_at=NOW + 3 * DAY)
    assert jobs.keep_permissions(NOW) == 1
    assert jobs.keep_permissions(NOW + HOUR) == 0
    assert Channel.objects.get().version == 1


def test_a_renewal_refused_in_time_blocks_before_a_post_does(world, renewing):
    Channel.objects.update(secrets={"token": "good", "refresh": "stale"})
    jobs.keep_permissions(NOW)
    assert Channel.objects.get().state == "blocked"


def test_old_exchanges_are_forgotten_and_outcomes_kept(world):
    delivery = world.delivery()
    attempt(delivery, NOW)
    assert jobs.forget_exchanges(NOW + DAY) == 0
    assert jobs.forget_exchanges(NOW + 91 * DAY) == 1
    row = delivery.attempts.get()
    assert (row.exchanges, row.outcome) == ([], "sent")


def test_an_old_permission_never_blocks_a_channel_that_was_connected_again(world):
    delivery = world.delivery()
    stale = again(delivery).channel
    Channel.objects.update(version=7)
    assert not block(stale, "gone")
    assert Channel.objects.get().state == "ready"
    ending = endings.once_more(delivery, "gone", NOW)
    assert (ending.state, ending.facts["due_at"]) == ("queued", NOW)
    assert block(Channel.objects.get(), "gone")


def test_a_resting_channel_stays_resting_when_its_permission_is_lost(world):
    channel = world.channel(state="paused")
    assert not block(channel, "gone")
    assert Channel.objects.get().state == "paused"
