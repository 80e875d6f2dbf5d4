"""What was sent becomes a publication with its labels; publications are read as they age; a failure changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from diskarte.core import clock
from diskarte.core.numbers.models import Publication, Reading
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.who import Forbidden, worker_of
from diskarte.core.secrets import Secrets
from diskarte.stages.audience.models import Hook, Segment
from diskarte.stages.measure import actions, jobs, readings
from diskarte.stages.publish import actions as publish
from tests.goals.builders import a_goal
from tests.make import NOW, a_brand, alice, bob, charlie
from tests.measure.wire import a_channel, a_sent
from tests.publish.builders import a_slot

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def channel(server):
    return a_channel()


def keep(now=NOW):
    return readings.keep_sent(Delivery.objects.all(), now)


def a_publication(channel, remote_id="p1", at=NOW, **facts):
    return Publication.objects.create(
        brand=channel.brand, channel=channel, network=channel.network, remote_id=remote_id, at=at, **facts
    )


def test_a_sent_post_is_kept_once(channel):
    sent = a_sent(channel)
    assert (keep(), keep()) == (1, 0)
    row = Publication.objects.get()
    assert (row.network, row.remote_id, row.url, row.at) == ("telling", "p1", sent.url, NOW)
    assert (row.text, row.kind, row.channel, row.source) == ("Open at 6", "image", channel, "telling")
    assert (row.views, row.likes, row.numbers_at) == (None, None, None)  # unknown, not nought


@pytest.mark.parametrize(
    "facts",
    [{"state": "queued"}, {"state": "refused"}, {"state": "unknown"}, {"remote_id": ""}, {"action": "reply"}],
)
def test_what_is_not_out_there_or_is_no_post_is_not_kept(channel, facts):
    a_sent(channel, **facts)
    assert keep() == 0
    assert not Publication.objects.exists()


def test_a_post_that_an_export_told_already_is_not_kept_twice(channel):
    a_publication(channel, likes=5, origin="import:1")
    a_sent(channel)
    assert keep() == 0
    assert Publication.objects.get().likes == 5


def test_the_same_id_on_another_brand_or_network_is_another_post(channel):
    a_sent(channel)
    a_sent(a_channel(brand=charlie().brand))
    a_sent(a_channel("silent"))
    assert keep() == 3
    assert sorted(Publication.objects.values_list("brand__slug", "network")) == [
        ("charlies-tea", "telling"), ("kape-diwata", "silent"), ("kape-diwata", "telling"),
    ]  # fmt: skip


def test_every_label_of_the_post_travels_with_it(channel):
    who, brand = alice(), a_brand()
    segment = Segment.objects.create(brand=brand, name="Students")
    hook = Hook.objects.create(brand=brand, segment=segment, trigger="curiosity", text="Why? " * 30)
    goal = a_goal(who)
    slot = a_slot(channel=channel, kind="reel", topic="Beans", segment=segment, hook=hook, goal=goal)
    post = publish.write(who, text="Slowly", slot=slot.pk)
    a_sent(channel, origin=f"publish.post:{post.pk}")
    keep()
    row = Publication.objects.get()
    assert (row.kind, row.pillar, row.topic, row.segment) == ("reel", "Useful", "Beans", "Students")
    assert (row.goal, row.slot, row.origin) == (goal.pk, slot.pk, f"publish.post:{post.pk}")
    assert len(row.hook) == 80
    assert row.hook.startswith("Why?")


def test_a_post_deleted_meanwhile_leaves_a_publication_without_labels(channel):
    a_sent(channel, origin="publish.post:999999")
    assert keep() == 1
    assert (Publication.objects.get().pillar, Publication.objects.get().kind) == ("", "image")


def test_who_asks_keeps_only_their_own_posts(channel):
    a_sent(channel)
    a_sent(a_channel(brand=charlie().brand))
    actions.read_numbers(alice())
    assert [p.brand for p in Publication.objects.all()] == [channel.brand]


def test_numbers_and_their_readings(channel, server):
    row = a_publication(channel, saves=7)
    server.told["/posts/p1"] = {"views": 100, "likes": 0, "odd": 3}
    assert readings.read_posts(channel, NOW + 2 * HOUR) == 1
    row.refresh_from_db()
    assert (row.views, row.likes) == (100, 0)  # nought is a number
    assert row.saves == 7  # what is not told stays as it was known
    assert (row.numbers_at, row.source) == (NOW + 2 * HOUR, "telling")
    told = {r.metric: (r.value, r.publication, r.at) for r in Reading.objects.all()}
    assert told == {"views": (100, row, NOW + 2 * HOUR), "likes": (0, row, NOW + 2 * HOUR)}


def test_a_post_is_asked_about_at_its_ages_and_not_between(channel, server):
    a_publication(channel)
    server.told["/posts/p1"] = {"views": 1}
    asked = [hour for hour in range(0, 200) if readings.read_posts(channel, NOW + hour * HOUR)]
    assert asked == [1, 3, 24, 72, 168]


def test_the_worker_was_away_one_reading_makes_up_for_it(channel, server):
    a_publication(channel)
    server.told["/posts/p1"] = {"views": 1}
    assert readings.read_posts(channel, NOW + 100 * HOUR) == 1
    assert readings.read_posts(channel, NOW + 101 * HOUR) == 0
    assert Reading.objects.count() == 1


def test_very_old_posts_are_left_in_peace(channel, server):
    a_publication(channel, at=NOW - timedelta(days=401))
    assert readings.read_posts(channel, NOW) == 0
    assert server.calls == []


@pytest.mark.parametrize("how", [500, 503, 429, 401, 403, 404, "down"])
def test_a_failing_network_leaves_the_numbers_alone_and_is_asked_again(channel, server, how):
    row = a_publication(channel, views=50, likes=5)
    server.told["/posts/p1"] = {"views": 100, "likes": 9}
    server.fails["/posts/p1"] = how
    assert readings.read_posts(channel, NOW + 2 * HOUR) == 0
    row.refresh_from_db()
    assert (row.views, row.likes, row.numbers_at) == (50, 5, None)
    assert not Reading.objects.exists()
    server.fails.clear()
    assert readings.read_posts(channel, NOW + 2 * HOUR) == 1


def test_one_post_that_fails_stops_no_other(channel, server):
    for name in ("p1", "p2", "p3"):
        a_publication(channel, name)
        server.told[f"/posts/{name}"] = {"views": 1}
    server.fails["/posts/p2"] = 500
    assert readings.read_posts(channel, NOW + 2 * HOUR) == 2
    assert [p.views for p in Publication.objects.order_by("remote_id")] == [1, None, 1]


def test_a_network_that_tells_nothing_is_not_asked(server):
    silent = a_channel("silent")
    a_publication(silent)
    assert readings.read_posts(silent, NOW + 2 * HOUR) == 0
    assert readings.read_channel(silent, NOW) is False
    assert server.calls == []


def test_followers_once_a_day(channel, server):
    server.told["/account"] = {"followers": 1200, "reach": None}
    moments = [NOW, NOW + HOUR, NOW + 21 * HOUR, NOW + 22 * HOUR, NOW + 45 * HOUR]
    assert [readings.read_channel(channel, now) for now in moments] == [True, False, False, True, True]
    channel.refresh_from_db()
    assert channel.followers == 1200
    assert [(r.metric, r.value, r.channel) for r in actions.followers(alice())] == [
        ("followers", 1200, channel)
    ] * 3


def test_a_channel_that_does_not_answer_keeps_its_followers(channel, server):
    Channel.objects.update(followers=1000)
    server.fails["/account"] = 503
    assert readings.read_channel(channel, NOW) is False
    server.fails.clear()
    server.told["/account"] = {"reach": 5}  # nothing about followers this time
    assert readings.read_channel(channel, NOW) is True
    channel.refresh_from_db()
    assert channel.followers == 1000


def test_the_verb_reads_everything_that_is_due(channel, server):
    a_sent(channel)
    server.told |= {"/posts/p1": {"views": 10}, "/account": {"followers": 5}}
    with clock.at(NOW + 2 * HOUR):
        assert actions.read_numbers(alice()) == {"posts": 1, "channels": 1}
        assert actions.read_numbers(worker_of(a_brand())) == {"posts": 0, "channels": 0}
    with pytest.raises(Forbidden):
        actions.read_numbers(bob())


def test_a_paused_channel_is_not_asked(channel, server):
    a_publication(channel)
    Channel.objects.update(state="paused")
    with clock.at(NOW + 2 * HOUR):
        assert actions.read_numbers(alice()) == {"posts": 0, "channels": 0}
    jobs.read_numbers(NOW + 2 * HOUR)
    assert server.calls == []


def test_the_jobs_do_the_same_for_every_brand(channel, server):
    other = a_channel(brand=charlie().brand)
    a_sent(channel)
    a_sent(other, "p2")
    server.told |= {"/posts/p1": {"views": 10}, "/posts/p2": {"views": 20}, "/account": {"followers": 5}}
    jobs.keep_sent(NOW)
    jobs.read_numbers(NOW + 2 * HOUR)
    views = dict(Publication.objects.values_list("brand__slug", "views"))
    assert views == {"charlies-tea": 20, "kape-diwata": 10}
    assert Reading.objects.filter(metric="followers").count() == 2
    jobs.keep_sent(NOW + 2 * HOUR)
    jobs.read_numbers(NOW + 2 * HOUR)
    assert Publication.objects.count() == 2
    assert len(server.calls) == 4


def test_one_channel_whose_secrets_cannot_be_opened_stops_no_other(channel, server):
    sealed = a_channel(identity="sealed")
    Channel.objects.filter(pk=sealed.pk).update(secrets=Secrets(token="good"))
    a_publication(sealed, "p0")
    a_publication(channel)
    server.told["/posts/p1"] = {"views": 10}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_channel SET secrets = %s WHERE id = %s", ["gAAAAnobodys", sealed.pk])
    assert not Channel.objects.get(pk=sealed.pk).secrets.readable
    jobs.read_numbers(NOW + 2 * HOUR)
    assert Publication.objects.get(remote_id="p1").views == 10
