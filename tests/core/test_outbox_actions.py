"""What a person decides in the outbox; and that a stranger decides nothing."""

from datetime import UTC, datetime

import pytest

from diskarte.core import clock
from diskarte.core.outbox import actions, channels
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.machine import take
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.queue import amend, call_off, queue
from diskarte.core.outbox.worker import Worker
from diskarte.core.people.models import Audit
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.networks.base import Account
from diskarte.words import Problem
from tests import make
from tests.core.outbox_world import HOUR, MINUTE, NOW, again


@pytest.fixture
def alice(world):
    return make.alice()


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def refused(world, **facts):
    world.server.breaks = [422]
    delivery = world.delivery(**facts)
    attempt(delivery, NOW)
    return again(delivery)


def doubtful(world, network="small"):
    world.server.breaks = ["lost"]
    delivery = world.delivery(network)
    attempt(delivery, NOW)
    Delivery.objects.filter(pk=delivery.pk).update(do="Look")
    return again(delivery)


def test_queueing_twice_with_one_key_is_one_delivery(world):
    channel = world.channel()
    first = queue(channel.brand, channel, {"text": "a"}, NOW, key="k", origin="publish.post:1")
    second = queue(channel.brand, channel, {"text": "b"}, NOW, key="k", origin="publish.post:1")
    assert first.pk == second.pk
    assert again(first).content == {"text": "a"}
    assert first.workspace_id == channel.brand.workspace_id


def test_a_key_is_made_once_for_each(world):
    assert world.delivery().key != world.delivery().key


def test_what_cannot_be_meant_is_refused(world):
    channel = world.channel()
    other = make.charlie().brand
    with pytest.raises(Problem, match="another brand"):
        queue(other, channel, {}, NOW)
    with pytest.raises(ValueError):
        queue(channel.brand, channel, {}, datetime(2026, 1, 1))
    with pytest.raises(ValueError):
        queue(channel.brand, channel, {}, NOW, action="shout")
    with pytest.raises(ValueError):
        queue(channel.brand, channel, {}, NOW, action="comment")


def test_amending_works_until_a_part_is_out(world):
    delivery = world.delivery("threaded", content={"parts": ["two"]})
    assert amend(delivery, NOW, content={"text": "Better", "parts": ["two"]}, label="New")
    assert again(delivery).label == "New"
    attempt(again(delivery), NOW)
    assert not amend(again(delivery), NOW, content={"text": "Too late"})
    assert amend(again(delivery), NOW, due_at=NOW + HOUR)  # the rest may still wait
    assert again(delivery).planned_at == NOW


def test_amending_loses_against_a_worker(world):
    delivery = world.delivery()
    take(1, "anna", NOW)
    assert not amend(delivery, NOW, due_at=NOW + HOUR)
    assert again(delivery).state == "sending"


def test_calling_off_everything_of_one_origin(world):
    kept = world.delivery(origin="publish.post:2")
    gone = [world.delivery(origin="publish.post:1") for _ in range(2)]
    attempt(gone[0], NOW)
    assert call_off("publish.post:1", NOW, "The post was deleted.") == 1
    assert [again(d).state for d in (kept, *gone)] == ["queued", "sent", "cancelled"]


def test_the_list_is_the_brands_own_newest_first(world, alice):
    first, second = world.delivery(), world.delivery(due_at=NOW + MINUTE)
    assert [d.pk for d in actions.deliveries(alice)] == [second.pk, first.pk]
    assert [d.pk for d in actions.deliveries(alice, limit=1)] == [second.pk]
    attempt(first, NOW)
    assert [d.pk for d in actions.deliveries(alice, state="sent,refused")] == [first.pk]
    assert [d.pk for d in actions.deliveries(alice, channel=first.channel_id)] == [first.pk]
    assert actions.deliveries(make.charlie()) == []


def test_the_story_tells_everything_in_order(world, alice):
    world.server.breaks = ["lost"]
    delivery = world.delivery()
    Delivery.objects.update(made_at=NOW - HOUR)
    attempt(again(delivery), NOW)
    Worker().once(NOW + MINUTE)
    told = actions.story(alice, delivery.pk)
    assert [h.what for h in told] == ["planned", "unknown", "queued", "sent"]
    assert "remembers" in told[2].why
    assert told[1].seconds is not None
    assert told[3].exchanges[0]["status"] == 200


def test_retrying_what_was_refused(world, alice):
    row = refused(world)
    actions.retry(alice, row.pk)
    Worker().once(NOW)
    assert again(row).state == "sent"
    assert Audit.objects.filter(verb="outbox.retry", person=alice.person).count() == 1


def test_a_late_one_is_sent_when_a_person_says_so(world, alice):
    delivery = world.delivery(due_at=NOW - 5 * HOUR)
    Worker().once(NOW)
    assert again(delivery).is_late
    actions.retry(alice, delivery.pk)
    Worker().once(NOW)
    assert again(delivery).state == "sent"


def test_a_doubtful_one_is_never_simply_retried(world, alice):
    row = doubtful(world)
    with pytest.raises(Problem, match="may be out already"):
        actions.retry(alice, row.pk)
    assert again(row).state == "unknown"


def test_a_blocked_one_needs_its_channel_first(world, alice):
    world.server.token = "other"
    delivery = world.delivery()
    attempt(delivery, NOW)
    with pytest.raises(Problem, match="Connect it again"):
        actions.retry(alice, delivery.pk)


def test_a_sent_one_cannot_be_retried_or_cancelled(world, alice):
    delivery = world.delivery()
    attempt(delivery, NOW)
    for verb in (actions.retry, actions.cancel):
        with pytest.raises(Problem, match="it is sent"):
            verb(alice, delivery.pk)


def test_retrying_all_that_is_safe(world, alice):
    rows = [refused(world), refused(world)]
    row = doubtful(world)
    assert actions.retry_safe(alice, channel=rows[0].channel_id) == 1
    assert actions.retry_safe(alice) == 1
    assert again(row).state == "unknown"


def test_cancelling(world, alice):
    delivery = world.delivery()
    actions.cancel(alice, delivery.pk)
    assert again(delivery).state == "cancelled"
    assert "Alice" in again(delivery).why
    assert Worker().once(NOW) == 0


def test_a_thread_that_is_half_out_is_not_cancelled(world, alice):
    delivery = world.delivery("threaded", content={"parts": ["two"]})
    attempt(delivery, NOW)
    with pytest.raises(Problem, match="is out already"):
        actions.cancel(alice, delivery.pk)


def test_another_time_is_kept_and_obeyed(world, alice):
    delivery = world.delivery()
    actions.reschedule(alice, delivery.pk, datetime(2026, 12, 2, tzinfo=UTC))
    row = again(delivery)
    assert row.planned_at == row.due_at == datetime(2026, 12, 2, tzinfo=UTC)
    assert Worker().once(NOW) == 0
    with pytest.raises(Problem):
        actions.reschedule(alice, doubtful(world).pk, NOW)


def test_a_person_found_it(world, alice):
    row = doubtful(world)
    actions.resolve(alice, row.pk, there=True, url=" https://small.test/1 ")
    row = again(row)
    assert (row.state, row.url, row.do) == ("sent", "https://small.test/1", "")


def test_a_person_did_not_find_it_and_sends_it_again(world, alice):
    row = doubtful(world)
    actions.resolve(alice, row.pk, there=False)
    row = again(row)
    assert (row.state, row.doubt_at) == ("lost", None)
    world.server.posts.clear()
    actions.retry(alice, row.pk)
    Worker().once(NOW)
    assert again(row).state == "sent"


def test_a_post_by_hand_is_done_with_its_link(world, alice):
    done, left = world.delivery("mute"), world.delivery("mute")
    Worker().once(NOW)
    actions.resolve(alice, done.pk, there=True, url="https://mute.test/p/1")
    actions.resolve(alice, left.pk, there=False)
    assert (again(done).state, again(done).url) == ("sent", "https://mute.test/p/1")
    assert again(left).state == "cancelled"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "small.test/1"])
def test_only_a_link_is_a_link(world, alice, link):
    row = doubtful(world)
    with pytest.raises(Problem, match="not a link"):
        actions.resolve(alice, row.pk, there=True, url=link)


def test_there_is_nothing_to_decide_about_what_is_certain(world, alice):
    with pytest.raises(Problem, match="nothing to decide"):
        actions.resolve(alice, world.delivery().pk, there=True)


def test_looking_again_is_asked_for_where_it_can_be(world, alice):
    blind, findable = doubtful(world), doubtful(world, "findable")
    with pytest.raises(Problem, match="cannot be asked"):
        actions.look(alice, blind.pk)
    actions.look(alice, findable.pk)
    Worker().once(NOW)
    assert again(findable).state == "sent"


def test_a_channel_rests_and_goes_on(world, alice):
    delivery = world.delivery()
    actions.pause(alice, delivery.channel_id)
    assert Worker().once(NOW) == 0
    actions.resume(alice, delivery.channel_id)
    assert Worker().once(NOW) == 1


def test_connecting_again_looks_into_doubts_that_waited(world):
    row = doubtful(world, "findable")
    channels.keep(row.brand, "findable", Account(row.channel.identity, "", "", "", {"token": "good"}), NOW)
    Worker().once(NOW)
    assert again(row).state == "sent"
    assert again(row).channel.secrets == {"token": "good"}


def test_troubles_are_the_brands_own(world, alice):
    row = refused(world)
    assert [t.delivery.pk for t in actions.troubles(alice)] == [row.pk]
    assert actions.troubles(make.charlie()) == []


VERBS = [
    lambda who, pk: actions.story(who, pk),
    lambda who, pk: actions.retry(who, pk),
    lambda who, pk: actions.cancel(who, pk),
    lambda who, pk: actions.reschedule(who, pk, NOW),
    lambda who, pk: actions.look(who, pk),
    lambda who, pk: actions.resolve(who, pk, there=True),
]


@pytest.mark.parametrize("verb", VERBS)
def test_charlie_is_kept_out(world, alice, verb):
    row = refused(world)
    with pytest.raises(Stranger):
        verb(make.charlie(), row.pk)
    assert again(row).state == "refused"


@pytest.mark.parametrize("verb", VERBS[1:])
def test_bob_may_look_but_not_decide(world, alice, verb):
    row = refused(world)
    assert actions.story(make.bob(), row.pk)
    with pytest.raises(Forbidden):
        verb(make.bob(), row.pk)


def test_what_waits_for_a_lost_post_is_asked_about_and_follows_when_that_goes_again(world, alice):
    post = doubtful(world)
    comment = world.delivery(post.channel, "First!", action="comment", after=post)
    actions.resolve(alice, post.pk, there=False)
    row = again(comment)
    assert (row.state, bool(row.why), bool(row.do)) == ("asked", True, True)
    with pytest.raises(Problem, match="did not arrive"):
        actions.retry(alice, comment.pk)
    actions.retry(alice, post.pk)
    assert (again(post).state, again(comment).state, again(comment).do) == ("queued", "queued", "")


def test_a_comment_follows_a_post_that_was_found_after_all(world, alice):
    post = doubtful(world)
    comment = world.delivery(post.channel, "First!", action="comment", after=post)
    actions.resolve(alice, post.pk, there=False)
    actions.resolve(alice, post.pk, there=True)
    assert (again(post).state, again(comment).state) == ("sent", "queued")
