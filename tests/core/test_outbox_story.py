"""Whatever happens in whatever order, nothing is ever published twice, and nothing is forgotten."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.core.outbox import watch
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.channels import keep
from diskarte.core.outbox.machine import MOVES, cancel, take
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.queue import again as once_more
from diskarte.core.outbox.queue import amend
from diskarte.core.outbox.worker import Worker
from diskarte.core.people.models import Workspace
from diskarte.networks.base import Account
from tests.core.outbox_world import HOUR, MINUTE, NOW, Server, again

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("breaks"), st.sampled_from(["lost", "down", 429, 503, 422, 401, None])),
        st.tuples(st.just("later"), st.sampled_from([1, 10, 55, 70, 300])),
        st.tuples(st.just("pass"), st.none()),
        st.tuples(st.just("dies"), st.booleans()),
        st.tuples(st.just("twins"), st.none()),
        st.tuples(st.just("person"), st.sampled_from(["again", "move", "cancel", "connect"])),
    ),
    max_size=12,
)


class Story:
    """One delivery, a clock, and what may happen to it."""

    def __init__(self, world, network, late="publish"):
        world.server.__init__()
        world.server.memory = HOUR if network in ("remembering", "threaded") else timedelta(0)
        self.server: Server = world.server
        self.row = world.delivery(network, content={"parts": ["two"] if network == "threaded" else []})
        Workspace.objects.update(late=late)
        self.now = NOW

    def breaks(self, how):
        self.server.breaks.append(how)

    def later(self, minutes):
        self.now += minutes * MINUTE
        self.server.now = self.now

    def pass_(self, _=None):
        Worker(owner="anna").once(self.now)

    def dies(self, after_the_call):
        """A worker takes it and is killed, before the call or after it was carried out."""
        for delivery in take(1, "ben", self.now):
            if after_the_call:
                row = Delivery.objects.filter(pk=delivery.pk)
                self.server.during = partial(row.update, fence=10_000)  # so that its ending is not written
                attempt(delivery, self.now)
                self.server.during = None
                row.update(fence=delivery.fence)

    def twins(self, _=None):
        """Two workers read the same row and both go for it."""
        one, other = again(self.row), again(self.row)
        for delivery in (one, other):
            if delivery.state == "queued" and delivery.due_at <= self.now:
                attempt(delivery, self.now)

    def person(self, what):
        row = again(self.row)
        if what == "move":
            amend(row, self.now, due_at=self.now + MINUTE)
        elif what == "cancel" and "cancelled" in MOVES[row.state] and not row.memo:
            cancel(row, self.now, "no")
        elif what == "connect":
            account = Account(row.channel.identity, "", "", "", {"token": "good"})
            keep(row.brand, row.channel.network, account, self.now)
        elif what == "again" and row.state in ("refused", "asked"):
            once_more(row, self.now)

    def check(self):
        copies = {key: self.server.copies(key) for key in self.server.seen}
        assert all(n <= 1 for n in copies.values()), copies
        row = again(self.row)
        assert row.state in MOVES
        assert (row.lease != "") == (row.state == "sending")
        if row.state == "sent":
            assert self.server.posts

    def end(self):
        """The weather clears: it must come to rest, sent once or waiting for a person with a reason."""
        self.server.breaks.clear()
        for _ in range(5):
            self.later(50)
            self.pass_()
            self.check()
        row = again(self.row)
        if row.state not in ("sent", "cancelled"):
            told = {t.delivery.pk: t for t in watch.troubles(self.now + 2 * MINUTE)}
            assert told[row.pk].what
            assert told[row.pk].do


@pytest.mark.parametrize("network", ["remembering", "findable", "small", "threaded"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, late=st.sampled_from(["publish", "ask", "skip"]))
def test_never_twice_and_never_forgotten(world, network, events, late):
    with transaction.atomic():
        story = Story(world, network, late)
        for name, given_ in events:
            getattr(story, "pass_" if name == "pass" else name)(given_)
            story.check()
        story.end()
        transaction.set_rollback(True)


def test_the_story_notices_a_network_that_forgets_too_early(world):
    """The check itself is checked: with a memory shorter than promised a second copy appears and is seen."""
    story = Story(world, "remembering")
    story.server.memory = timedelta(minutes=5)
    story.breaks("lost")
    story.pass_()
    story.later(20)
    story.pass_()
    with pytest.raises(AssertionError):
        story.check()
