"""A permission is renewed once, by one of many; a clear no keeps the old one, and anything else is not a no."""

import threading
from datetime import timedelta

import httpx
import pytest
from django.db import OperationalError, connection, connections

from diskarte.core.outbox import patience, wire
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.models import Channel
from diskarte.core.secrets import Secrets
from diskarte.words import Reconnect, TryLater
from tests.core.outbox_world import MINUTE, NOW, again

PAGE = {"content-type": "text/html"}


@pytest.fixture
def renewing(world):
    return world.channel("renewing", secrets=Secrets(token="good", refresh="again"), expires_at=NOW + MINUTE)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (httpx.Response(400, json={"error": "invalid_grant"}), Reconnect),
        (httpx.Response(401, json={"error": "invalid_client"}), Reconnect),
        (httpx.Response(302, headers={"location": "https://elsewhere.test/login"}), TryLater),
        (httpx.Response(404, text="not found"), TryLater),
        (httpx.Response(403, text="<html>Are you human?</html>", headers=PAGE), TryLater),
        (httpx.Response(200, text="<html>Welcome to our wireless</html>", headers=PAGE), TryLater),
        (httpx.Response(200, json={"something": "else"}), TryLater),
        (httpx.Response(500, json={}), TryLater),
    ],
)
def test_only_a_clear_no_is_a_disconnect(world, renewing, monkeypatch, answer, failure):
    server = httpx.MockTransport(lambda _request: answer)
    monkeypatch.setattr(wire, "line", lambda base, channel=None: httpx.Client(transport=server))
    with pytest.raises(failure):
        wire.refresh(renewing, NOW)
    row = Channel.objects.get()
    assert (row.secrets, row.version, row.state) == ({"token": "good", "refresh": "again"}, 0, "ready")
    assert row.refreshing_until is None


def test_a_blip_in_the_renewal_sends_the_post_later_and_leaves_the_channel_ready(world, renewing):
    Channel.objects.update(expires_at=NOW - MINUTE)
    world.server.breaks = [503]
    delivery = world.delivery(renewing)
    attempt(again(delivery), NOW)
    row = again(delivery)
    assert (row.state, row.channel.state) == ("queued", "ready")
    assert row.doubt_at is None


def test_a_permission_just_given_gets_a_moment_until_all_their_machines_know_it(world):
    delivery = world.delivery(world.channel("renewing", secrets=Secrets(token="good", refresh="again")))
    world.server.breaks = [401, None, 401]  # the old one is refused, renewed, and the new one refused as well
    attempt(again(delivery), NOW)
    row = again(delivery)
    assert (row.state, row.channel.state, row.doubt_at) == ("queued", "ready", None)
    assert "does not take the permission yet" in row.why
    assert row.due_at >= NOW + timedelta(seconds=20)
    attempt(again(delivery), row.due_at)
    assert (again(delivery).state, world.server.copies(row.key)) == ("sent", 1)


def test_a_permission_that_is_never_taken_is_lost_in_the_end(world):
    delivery = world.delivery(world.channel("renewing", secrets=Secrets(token="good", refresh="again")))
    world.server.breaks = [401, None, 401] * 4
    for _try in range(4):
        attempt(again(delivery), again(delivery).due_at)
    row = again(delivery)
    assert (row.state, row.channel.state, row.tries) == ("blocked", "blocked", 4)
    assert row.channel.why


@pytest.mark.django_db(transaction=True)
def test_new_secrets_survive_a_database_that_is_away_for_a_moment(world, renewing, monkeypatch):
    away = iter([True, True])

    def flaky(execute, sql, params, many, context):
        if "secrets" in sql and sql.startswith("UPDATE") and next(away, False):
            raise OperationalError("the database is restarting")
        return execute(sql, params, many, context)

    monkeypatch.setattr(patience, "PAUSES", (0, 0, 0))
    with connection.execute_wrapper(flaky):
        wire.refresh(renewing, NOW)
    assert Channel.objects.get().secrets["token"] == "newer"
    assert len(world.server.calls) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_threads_one_renews_and_all_go_on(world, renewing):
    """Real threads, each with its own connection, at the same moment."""
    together, ends = threading.Barrier(6), []

    def one():
        channel = Channel.objects.get(pk=renewing.pk)
        together.wait()
        while (end := _end(channel)) is None:
            pass
        ends.append(end)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path for _, path in world.server.calls] == ["/refresh"]
    assert len(ends) == 6
    assert set(ends) <= {"newer", "good"}  # whoever came meanwhile used what still holds
    row = Channel.objects.get()
    assert (row.secrets["token"], row.version, row.refreshing_until) == ("newer", 1, None)


def _end(channel):
    """What a thread got; None when the tests' SQLite in memory, which knows no waiting, was in use."""
    try:
        return wire.current(channel, NOW).secrets["token"]
    except TryLater:
        return "later"
    except OperationalError:
        if connection.vendor != "sqlite":
            raise
        return None
