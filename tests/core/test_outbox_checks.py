"""Channels are asked a day before they have to post; a line that is down is no lost permission."""

import pytest

from diskarte.core.outbox import checks, watch
from diskarte.core.outbox.jobs import check_channels
from diskarte.core.outbox.models import Alarm, Channel, Checkup
from diskarte.networks.base import Api
from tests import make
from tests.core.outbox_world import DAY, HOUR, KINDS, MINUTE, NOW, Remembering, Renewing

LATER = NOW + 30 * HOUR


class Asking(Remembering):
    """Has a harmless call that needs the permission."""

    def verify(self, api: Api) -> None:
        api.post("/posts/look", harmless=True)


class AskingAnew(Renewing):
    def verify(self, api: Api) -> None:
        api.post("/posts/look", harmless=True)


@pytest.fixture(autouse=True)
def _networks(world, monkeypatch):
    from diskarte import networks

    monkeypatch.setitem(networks.all_networks(), "asking", Asking())
    monkeypatch.setitem(networks.all_networks(), "askinganew", AskingAnew())
    assert "remembering" in KINDS
    make.alice()


def planned(world, at=LATER, **facts):
    channel = world.channel(facts.pop("network", "asking"), **facts)
    return channel, world.delivery(channel, due_at=at)


def test_the_rule():
    day_before, hour_before = LATER - DAY, LATER - HOUR
    assert not checks.wanted([LATER], None, None, day_before - MINUTE)
    assert checks.wanted([LATER], None, None, day_before)
    assert not checks.wanted([LATER], day_before, day_before, hour_before)
    assert not checks.wanted(
        [LATER], None, day_before, hour_before - MINUTE
    )  # it failed: wait for the second look
    assert checks.wanted([LATER], None, day_before, hour_before)
    assert not checks.wanted([LATER], None, hour_before, hour_before + MINUTE)
    assert checks.wanted(
        [LATER, LATER + HOUR], day_before, day_before, LATER
    )  # the next post has a day of its own
    assert not checks.wanted([], None, None, NOW)


def test_a_channel_is_asked_once_a_day_before(world):
    channel, _ = planned(world)
    assert check_channels(NOW) == 0
    assert check_channels(NOW + 7 * HOUR) == 1
    assert check_channels(NOW + 8 * HOUR) == 0
    assert check_channels(LATER - MINUTE) == 0
    row = Checkup.objects.get(channel=channel)
    assert (row.verdict, row.good_at) == ("good", NOW + 7 * HOUR)
    assert watch.troubles(NOW + 8 * HOUR) == []


def test_a_lost_permission_is_told_a_day_before_and_by_whom_it_can_be_mended(world):
    channel, _ = planned(world)
    world.server.token = "another"
    check_channels(NOW + 7 * HOUR)
    channel.refresh_from_db()
    assert channel.state == "blocked"
    (trouble,) = watch.troubles(NOW + 7 * HOUR)
    assert "has lost its permission" in trouble.what
    assert trouble.do.startswith("Connect the channel again")
    assert (trouble.urgency, trouble.delivery, trouble.channel) == ("fix", None, channel)
    assert trouble.url.endswith(f"/kape-diwata/channels/{channel.pk}/")
    assert watch.warn(NOW + 7 * HOUR) == 1
    assert watch.warn(NOW + 8 * HOUR) == 0


def test_a_channel_that_is_let_in_again_goes_on_by_itself(world):
    channel, delivery = planned(world)
    world.server.token = "another"
    check_channels(NOW + 7 * HOUR)
    watch.warn(NOW + 7 * HOUR)
    world.server.token = "good"
    assert check_channels(LATER - HOUR) == 1
    channel.refresh_from_db()
    delivery.refresh_from_db()
    assert (channel.state, channel.why, delivery.state) == ("ready", "", "queued")
    assert watch.warn(LATER - HOUR) == 0
    assert Alarm.objects.get().how == "ready"


@pytest.mark.parametrize("fault", ["down", 429, 500, 503])
def test_a_blip_is_not_a_disconnect(world, fault):
    channel, _ = planned(world)
    world.server.breaks = [fault]
    check_channels(NOW + 7 * HOUR)
    channel.refresh_from_db()
    assert (channel.state, Checkup.objects.get().verdict) == ("ready", "away")
    assert watch.troubles(NOW + 7 * HOUR) == []  # there is a second look
    check_channels(LATER - HOUR)
    assert Checkup.objects.get().verdict == "good"


def test_still_away_an_hour_before_is_told_as_what_it_is(world):
    planned(world)
    world.server.breaks = ["down", "down"]
    check_channels(NOW + 7 * HOUR)
    check_channels(LATER - HOUR)
    (trouble,) = watch.troubles(LATER - HOUR)
    assert "could not be reached" in trouble.what
    assert trouble.urgency == "look"


def test_a_strange_answer_is_told_at_once_and_blocks_nothing(world):
    channel, _ = planned(world)
    world.server.breaks = [422]
    check_channels(NOW + 7 * HOUR)
    channel.refresh_from_db()
    assert channel.state == "ready"
    assert "answers strangely" in watch.troubles(NOW + 7 * HOUR)[0].what


def test_a_permission_that_ends_before_the_post_is_told(world):
    planned(world, expires_at=LATER - MINUTE)
    (trouble,) = watch.troubles(NOW + 7 * HOUR)
    assert "ends before its post" in trouble.what


def test_one_that_renews_itself_is_renewed_on_the_way(world):
    from diskarte.core.secrets import Secrets

    channel, _ = planned(
        world, network="askinganew", expires_at=NOW + 7 * HOUR, secrets=Secrets(token="good", refresh="again")
    )
    check_channels(NOW + 7 * HOUR)
    channel.refresh_from_db()
    assert (channel.secrets["token"], Checkup.objects.get().verdict) == ("newer", "good")


def test_what_cannot_be_asked_or_rests_is_left_alone(world):
    planned(world, network="small")
    planned(world, state="paused")
    assert check_channels(LATER - HOUR) == 0
    assert world.server.calls == []


def test_a_channel_connected_again_meanwhile_is_not_blocked_by_the_old_answer(world):
    channel, _ = planned(world)
    world.server.token = "another"
    world.server.on_refusal = lambda: Channel.objects.filter(pk=channel.pk).update(version=7)
    check_channels(NOW + 7 * HOUR)
    channel.refresh_from_db()
    assert channel.state == "ready"
