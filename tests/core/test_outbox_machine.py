"""One function moves a row; a lease, a fence and a turn decide who may."""

from datetime import timedelta

import pytest

from diskarte.core.outbox import leases, machine
from diskarte.core.outbox.machine import LEASE, cancel, hand_out, move, renew, rescue, take
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.queue import again as try_again
from diskarte.core.outbox.queue import amend
from diskarte.core.outbox.turns import next_due
from tests import make
from tests.core.outbox_world import HOUR, MINUTE, NOW, again


def test_a_move_is_won_by_exactly_one_of_two(world):
    one = world.delivery()
    twin = again(one)
    assert move(one, "cancelled", NOW)
    assert not move(twin, "cancelled", NOW)
    assert twin.state == "queued"  # the loser's row is as it was read


def test_a_move_that_does_not_exist_is_a_bug(world):
    with pytest.raises(ValueError, match="queued → sent"):
        move(world.delivery(), "sent", NOW)


def test_every_state_is_known_and_only_what_is_over_has_no_way_out():
    reached = {new for news in machine.MOVES.values() for new in news}
    assert reached == set(machine.MOVES)
    assert {state for state, news in machine.MOVES.items() if not news} == {"sent", "cancelled"}


def test_taking_leases_raises_the_fence_and_writes_the_intent(world):
    world.delivery()
    (taken,) = take(5, "anna", NOW)
    row = again(taken)
    assert (row.state, row.lease, row.fence, row.tries) == ("sending", "anna", 1, 1)
    assert row.lease_until == NOW + LEASE
    assert row.first_tried_at == row.last_tried_at == NOW
    attempt = row.attempts.get()
    assert (attempt.fence, attempt.owner, attempt.ended_at) == (1, "anna", None)


def test_what_is_taken_is_not_taken_again(world):
    world.delivery()
    assert len(take(5, "anna", NOW)) == 1
    assert take(5, "ben", NOW) == []


def test_only_what_is_due_on_a_ready_channel_is_taken(world):
    world.delivery(due_at=NOW + MINUTE)
    world.delivery(world.channel(state="paused"))
    world.delivery(world.channel(state="blocked"))
    assert take(5, "anna", NOW) == []
    assert len(take(5, "anna", NOW + MINUTE)) == 1


def test_a_late_worker_with_an_old_fence_writes_nothing(world):
    world.delivery()
    (late,) = take(1, "anna", NOW)
    rescue(NOW + LEASE + MINUTE)
    row = again(late)
    move(row, "queued", NOW + HOUR, due_at=NOW + HOUR)
    (other,) = take(1, "ben", NOW + HOUR)
    assert not move(late, "sent", NOW + HOUR, remote_id="ghost")
    row = again(other)
    assert (row.state, row.lease, row.fence, row.remote_id) == ("sending", "ben", 2, "")


def test_an_ending_gives_the_lease_back(world):
    world.delivery()
    (taken,) = take(1, "anna", NOW)
    move(taken, "sent", NOW, remote_id="1")
    row = again(taken)
    assert (row.lease, row.lease_until, row.sent_at) == ("", None, NOW)


def test_a_dead_worker_leaves_a_doubt_as_old_as_its_call_or_none(world):
    world.delivery()
    (taken,) = take(1, "anna", NOW)
    assert rescue(NOW + LEASE - MINUTE) == 0
    assert rescue(NOW + LEASE + MINUTE) == 1
    row = again(taken)
    assert (row.state, row.doubt_at) == ("queued", None)  # it had called nobody yet
    (taken,) = take(1, "ben", NOW + HOUR)
    assert leases.hold(taken, NOW + HOUR)
    assert rescue(NOW + HOUR + LEASE + MINUTE) == 1
    row = again(taken)
    assert (row.state, row.doubt_at) == ("unknown", NOW + HOUR)
    assert "stopped" in row.why
    assert row.attempts.last().ended_at is None  # nobody saw its end


def test_a_renewed_lease_is_not_rescued(world):
    world.delivery()
    taken = take(1, "anna", NOW)
    renew(taken, NOW + MINUTE)
    assert rescue(NOW + LEASE + timedelta(seconds=30)) == 0


def test_workspaces_take_turns(world):
    tea = make.a_brand("tea", workspace=make.a_workspace("tea"))
    crowd = world.channel()
    for n in range(20):
        world.delivery(crowd, due_at=NOW - 30 * MINUTE + n * timedelta(seconds=1))
    few = world.channel(brand=tea)
    quiet = [world.delivery(few, due_at=NOW - MINUTE) for _ in range(2)]
    taken = take(4, "anna", NOW)
    assert {d.pk for d in taken} >= {d.pk for d in quiet}
    assert len(taken) == 4


def test_channels_take_turns_so_that_a_slow_ones_backlog_hides_no_other(world):
    slow, other = world.channel("slow"), world.channel()
    for n in range(400):  # more than one look finds
        world.delivery(slow, due_at=NOW - 30 * MINUTE + n * timedelta(seconds=1))
    wanted = world.delivery(other, due_at=NOW - MINUTE)
    taken = take(4, "anna", NOW)
    assert wanted.pk in {d.pk for d in taken}


def test_a_client_with_many_channels_does_not_hide_one_with_a_single_post(world):
    for _n in range(250):
        world.delivery(world.channel(), due_at=NOW - 30 * MINUTE)
    tea = make.a_brand("tea", workspace=make.a_workspace("tea"))
    wanted = world.delivery(world.channel(brand=tea), due_at=NOW - MINUTE)
    assert wanted.pk in {d.pk for d in take(2, "anna", NOW)}


def test_what_a_workspace_has_in_hand_counts_against_its_turn(world):
    tea = make.a_brand("tea", workspace=make.a_workspace("tea"))
    crowd = world.channel()
    for _ in range(6):
        world.delivery(crowd, due_at=NOW - 2 * MINUTE)
    assert len(take(3, "anna", NOW)) == 3
    other = world.delivery(world.channel(brand=tea), due_at=NOW)
    assert [d.pk for d in take(1, "anna", NOW)] == [other.pk]


def test_priority_goes_first_then_the_older(world):
    channel = world.channel()
    later = world.delivery(channel, due_at=NOW - MINUTE)
    older = world.delivery(channel, due_at=NOW - 2 * MINUTE)
    urgent = world.delivery(channel, priority=5)
    assert [d.pk for d in take(3, "anna", NOW)] == [urgent.pk, older.pk, later.pk]


def test_a_first_comment_waits_for_its_post(world):
    post = world.delivery()
    comment = world.delivery(post.channel, "First!", action="comment", after=post)
    assert [d.pk for d in take(5, "anna", NOW)] == [post.pk]
    post.refresh_from_db()
    move(post, "sent", NOW, remote_id="1")
    assert [d.pk for d in take(5, "anna", NOW)] == [comment.pk]


def test_cancelling_a_post_cancels_its_first_comment_too(world):
    post = world.delivery()
    comment = world.delivery(post.channel, "First!", action="comment", after=post)
    assert cancel(post, NOW, "not today", "Alice")
    assert again(comment).state == "cancelled"
    assert [step.who for step in post.steps.all()] == ["Alice"]


@pytest.mark.parametrize(("rule", "state"), [("ask", "asked"), ("skip", "cancelled"), ("publish", "sending")])
def test_what_is_more_than_an_hour_late_goes_the_workspaces_way(world, rule, state):
    brand = make.a_brand()
    brand.workspace.late = rule
    brand.workspace.save()
    delivery = world.delivery(due_at=NOW - 3 * HOUR)
    take(5, "anna", NOW)
    row = again(delivery)
    assert row.state == state
    assert row.is_late == (rule == "ask")
    if rule != "publish":
        assert "3.0 h late" in row.why
        assert row.attempts.count() == 0


def test_within_the_hour_nobody_is_asked(world):
    world.delivery(due_at=NOW - HOUR)
    assert len(take(5, "anna", NOW)) == 1


@pytest.mark.parametrize(
    "facts", [{"memo": {"sent": ["1"]}}, {"doubt_at": NOW - 3 * HOUR}, {"action": "delete"}]
)
def test_what_has_begun_or_has_no_hour_is_finished_however_late(world, facts):
    delivery = world.delivery(due_at=NOW - 3 * HOUR)
    Delivery.objects.filter(pk=delivery.pk).update(**facts)
    assert len(take(5, "anna", NOW)) == 1


def test_a_long_queue_is_handed_out_once(world):
    channel = world.channel()
    for n in range(50):
        world.delivery(channel, due_at=NOW - n * timedelta(seconds=1), priority=n % 2)
    seen = []
    while taken := take(7, "anna", NOW):
        seen += [d.pk for d in taken]
    assert len(seen) == len(set(seen)) == 50


def crowd(channel, many, **facts):
    """So many due deliveries of one channel, written at once."""
    rows = [
        Delivery(
            workspace_id=channel.brand.workspace_id, brand=channel.brand, channel=channel,
            content={"text": str(n)}, planned_at=NOW - MINUTE, due_at=NOW - MINUTE, **facts,
        )
        for n in range(many)
    ]  # fmt: skip
    return Delivery.objects.bulk_create(rows)


def order_taken(batches, at_once=8):
    """The workspaces in the order in which they were served, each batch sent before the next is taken."""
    served = []
    for _ in range(batches):
        for delivery in take(at_once, "anna", NOW):
            served.append(delivery.workspace_id)
            move(delivery, "sent", NOW)
    return served


@pytest.mark.parametrize("priority", [0, 1])
def test_five_thousand_posts_of_one_client_delay_no_other(world, priority):
    """Also when the one wants all of them now: each of three others has five posts, out among the first 32."""
    crowd(world.channel(), 5000, priority=priority)
    others = [make.a_brand(name, workspace=make.a_workspace(name)) for name in ("tea", "rice", "salt")]
    for brand in others:
        crowd(world.channel(brand=brand), 5)
    served = order_taken(4)
    assert len(served) == 32
    for brand in others:
        assert served.count(brand.workspace_id) == 5
        assert served.index(brand.workspace_id) < 4  # the first of each at once


def test_what_is_wanted_now_passes_five_thousand_of_its_own_and_goes_at_once(world):
    channel = world.channel()
    crowd(channel, 5000)
    assert len(take(8, "anna", NOW)) == 8  # all hands full, the next are chosen
    now = world.delivery(channel, due_at=NOW + HOUR)
    assert amend(now, NOW, due_at=NOW)
    assert take(8, "ben", NOW)[0].pk == now.pk
    failed = world.delivery(channel)
    Delivery.objects.filter(pk=failed.pk).update(state="refused")
    failed.refresh_from_db()
    assert try_again(failed, NOW)
    assert take(8, "ben", NOW)[0].pk == failed.pk


def test_the_next_moment_is_known_so_that_nothing_waits_for_a_look(world):
    assert next_due(NOW, 0.5) == 0.5
    world.delivery(due_at=NOW + timedelta(milliseconds=120))
    assert next_due(NOW, 0.5) == pytest.approx(0.12)
    assert next_due(NOW - MINUTE, 0.5) == 0.5


def test_one_taken_by_hand_is_not_taken_twice_nor_with_an_old_fence(world):
    one = world.delivery()
    stale = again(one)
    assert hand_out(one, "anna", NOW)
    assert (one.state, one.fence, again(one).lease) == ("sending", 1, "anna")
    assert not hand_out(stale, "ben", NOW)
    move(one, "queued", NOW, due_at=NOW)
    assert not hand_out(stale, "ben", NOW)
    assert one.attempts.count() == 1
