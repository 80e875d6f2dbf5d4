"""The watchdog sees what did not go out, and tells a person once."""

import pytest
from django.core import mail

from diskarte.core.outbox import notices, watch
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.machine import take
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.worker import alive, beat
from tests import make
from tests.core.outbox_world import HOUR, MINUTE, NOW, again


@pytest.fixture
def alice(world):
    return make.alice()


def whats(now=NOW, brand=None):
    return [(trouble.delivery.pk, trouble.what) for trouble in watch.troubles(now, brand)]


def test_all_is_well(world):
    world.delivery(due_at=NOW + HOUR)
    attempt(world.delivery(), NOW)
    assert whats(NOW + MINUTE) == []


def test_what_should_have_gone_out_a_minute_ago_is_seen(world):
    delivery = world.delivery()
    assert whats(NOW + MINUTE / 2) == []
    ((pk, what),) = whats(NOW + MINUTE)
    assert pk == delivery.pk
    assert "no worker is running" in what


def test_with_a_worker_alive_the_reason_is_another(world):
    world.delivery()
    beat("anna", NOW + 2 * MINUTE)
    ((_, what),) = whats(NOW + 2 * MINUTE)
    assert "more to do" in what
    assert alive(NOW + 2 * MINUTE)
    assert not alive(NOW + 4 * MINUTE)


def test_a_dead_workers_delivery_is_seen_even_before_it_is_rescued(world):
    delivery = world.delivery()
    take(1, "anna", NOW)
    assert [pk for pk, _ in whats(NOW + 4 * MINUTE)] == [delivery.pk]


def test_a_blocked_channel_a_refusal_a_doubt_and_a_question_are_troubles(world):
    waits = world.delivery(world.channel(state="blocked"))
    asked = world.delivery("mute")
    refused, doubtful = world.delivery(), world.delivery("small")
    attempt(asked, NOW)
    world.server.breaks = [422, "lost"]
    attempt(refused, NOW)
    attempt(doubtful, NOW)
    Delivery.objects.filter(state="unknown").update(do="Look")
    found = {t.delivery.pk: t for t in watch.troubles(NOW + 2 * MINUTE)}
    assert set(found) == {waits.pk, asked.pk, refused.pk, doubtful.pk}
    assert "lost its permission" in found[waits.pk].what
    assert found[asked.pk].urgency == "look"
    assert found[refused.pk].urgency == "fix"
    assert all(t.do for t in found.values())


def test_what_rests_on_purpose_is_no_trouble(world):
    post = world.delivery("slow")
    attempt(post, NOW)
    world.delivery(post.channel)  # its pace holds it for a minute
    world.delivery(world.channel(state="paused"))
    waiting = world.delivery(due_at=NOW + HOUR)
    world.delivery(waiting.channel, action="comment", after=waiting)
    assert whats(NOW + MINUTE / 2) == []


def warn(now):
    """One round of the watchdog, letters and calls included."""
    found = watch.warn(now)
    notices.send_due(now)
    return found


def test_one_letter_per_workspace_and_only_once(world, alice):
    make.a_member("Mara", "manager")
    make.bob()
    for _ in range(2):
        world.delivery()
    assert warn(NOW + 2 * MINUTE) == 2
    assert warn(NOW + 3 * MINUTE) == 0
    assert sorted(m.to[0] for m in mail.outbox) == ["alice@example.com", "mara@example.com"]
    assert "2 posts" in mail.outbox[0].subject
    assert "no worker is running" in mail.outbox[0].body


def test_nobody_hears_of_another_workspace(world, alice):
    make.charlie()
    delivery = world.delivery()
    warn(NOW + 2 * MINUTE)
    assert [m.to for m in mail.outbox] == [["alice@example.com"]]
    assert whats(NOW + 2 * MINUTE, make.charlie().brand) == []
    assert whats(NOW + 2 * MINUTE, delivery.brand) != []


def test_a_person_who_acted_hears_of_new_trouble(world, alice):
    world.server.breaks = [422, 422]
    delivery = world.delivery()
    attempt(delivery, NOW)
    warn(NOW)
    from diskarte.core.outbox.queue import again as once_more

    once_more(again(delivery), NOW)
    attempt(again(delivery), NOW)
    assert warn(NOW) == 1
    assert len(mail.outbox) == 2
