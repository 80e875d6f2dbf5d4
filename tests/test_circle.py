"""The circle on real input: brief → strategy → plan → posts → numbers → finding → changed plan.

Five years of genuine exports of one organisation come in; the clock stands where they end, so the next month is
planned from what the history shows, published (to a real Bluesky server where there is one, and to the practice
network), read back, and learnt from.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.worker import Worker
from diskarte.core.people.who import who_in
from diskarte.stages.brand import actions as brand
from diskarte.stages.channels import actions as channels
from diskarte.stages.correct import actions as correct
from diskarte.stages.correct.rules import Told
from diskarte.stages.goals import actions as goals
from diskarte.stages.measure import actions as measure
from diskarte.stages.plan import actions as plan
from diskarte.stages.plan.models import Slot
from diskarte.stages.publish import actions as publish
from diskarte.words import Metric
from tests.conftest import shared
from tests.make import a_member
from tests.servers import bluesky_server  # noqa: F401 - the fixture

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2022, 1, 1, 9, 0, tzinfo=UTC)
JANUARY = date(2022, 1, 1)


class Walk:
    """One walk around; each method is one step, and checks what a person would check."""

    def __init__(self):
        person = a_member().person
        made = brand.create(
            who_in(person, "kape-diwata"), name="Open Packages", country="US", time_zone="America/Los_Angeles",
            currency="USD", languages=["en"],
        )  # fmt: skip
        self.who = who_in(person, made.slug)
        self.channels = []

    def brief(self):
        brand.edit(self.who, idea="Peer-reviewed packages for open science", sells="Software and a community")
        assert brand.canvas(self.who).idea

    def import_history(self):
        folder = shared("data", "x_exports_ropensci", "raw")
        files = [Upload(p.name, path=p) for p in sorted(folder.glob("tweet_activity_*.csv"))]
        rows = measure.import_numbers(self.who, files)
        assert {row.state for row in rows} == {"taken"}
        assert self.who.own(Publication).count() == 1668
        assert sum(row.report["replies"] for row in rows) > 0

    def set_goal(self):
        self.goal = goals.set_goal(
            self.who, sentence="Be seen 150,000 times in January", metric=Metric.VIEWS, target=150_000,
            deadline=date(2022, 1, 31), starts=JANUARY,
        )  # fmt: skip
        assert 50_000 < self.goal.baseline < 300_000  # from the real months before
        (pace,) = goals.pace(self.who)
        assert pace.goal == self.goal

    def connect(self, server=None):
        self.channels.append(channels.connect(self.who, "practice", name="Practice"))
        if server is not None:
            account = server.accounts[0]
            given = {"base": server.url, "handle": account["handle"], "password": account["password"]}
            self.channels.append(channels.connect(self.who, "bluesky", given))

    def draft(self):
        plan.draft_plan(self.who, JANUARY)
        rows = plan.slots(self.who, JANUARY, date(2022, 1, 31))
        assert len(rows) >= 8
        assert all(row.reasons for row in rows)
        assert {row.goal_id for row in rows} == {self.goal.pk}
        return rows

    def publish(self, rows):
        """Write the first posts of each channel into their slots, schedule them, and let time pass."""
        written = []
        for channel in self.channels:
            for row in [r for r in rows if r.channel_id == channel.pk][:2]:
                post = publish.write(
                    self.who, text=f"Review of week {row.at:%V} #rstats https://example.org/{row.pk}", slot=row.pk,
                    channels=[channel.pk], at=row.at, then="schedule",
                )  # fmt: skip
                written.append((row, post))
        assert Delivery.objects.filter(brand=self.who.brand).count() == len(written)
        for row, _post in sorted(written, key=lambda pair: pair[0].at):
            with clock.at(row.at + timedelta(minutes=1)):
                Worker(1, now=clock.now).once(clock.now())
        states = Counter(Delivery.objects.filter(brand=self.who.brand).values_list("state", flat=True))
        assert states == {"sent": len(written)}, list(Delivery.objects.values("state", "why", "do"))
        return written

    def read_back(self, written):
        last = max(row.at for row, _post in written)
        with clock.at(last + timedelta(days=8)):
            measure.read_numbers(self.who)
        mine = {p.origin: p for p in self.who.own(Publication).exclude(origin__startswith="import")}
        assert set(mine) == {f"publish.post:{post.pk}" for _row, post in written}
        for row, post in written:
            found = mine[f"publish.post:{post.pk}"]
            assert (found.slot, found.goal) == (row.pk, self.goal.pk)
            if row.channel.network == "practice":
                assert found.engaged is not None

    def learn(self):
        correct.learn(self.who)
        found, waiting = correct.findings(self.who), correct.proposals(self.who)
        assert found
        assert all(f.low <= f.lift <= f.high and f.n >= 5 for f in found)
        assert waiting
        return waiting

    def accept(self, proposal):
        before = {row.pk: facts(row) for row in ahead(self.who)}
        done = correct.accept(self.who, proposal.pk)
        after = {row.pk: facts(row) for row in ahead(self.who)}
        assert done.diff
        return before, after


def ahead(who):
    return list(who.own(Slot).filter(at__gt=clock.now()).exclude(state="dropped").order_by("at"))


def facts(row):
    return (row.at, row.channel_id, row.kind)


def allowed(proposal, fact, zone):
    """Whether a slot obeys the accepted change."""
    at = fact[0]
    finding = proposal.finding
    if finding.factor == "weekday":
        return (at.astimezone(zone).weekday() == int(finding.level)) == finding.good
    if finding.factor == "hour":
        start, end = (int(h) for h in finding.level.split("-"))
        hour = at.astimezone(zone).hour
        inside = start <= hour < end if start < end else hour >= start or hour < end
        return inside == finding.good
    return True


def test_the_circle_closes(request):
    server = request.getfixturevalue("bluesky_server") if bluesky_is_there() else None
    with clock.at(NOW):
        walk = Walk()
        walk.brief()
        walk.import_history()
        walk.set_goal()
        walk.connect(server)
        rows = walk.draft()
        written = walk.publish(rows)
        kept = {row.pk: facts(row) for row, _post in written}
    walk.read_back(written)
    with clock.at(NOW + timedelta(hours=1)):
        proposal = walk.learn()[0]
        before, after = walk.accept(proposal)
        assert {pk: facts(Slot.objects.get(pk=pk)) for pk in kept} == kept  # what was written stays
        assert_only_there(proposal, before, after, walk.who.brand.zone)
        assert plan.versions(walk.who)[0].origin == f"correct.proposal:{proposal.pk}"


def assert_only_there(proposal, before, after, zone):
    """The plan differs where the finding says so: what left disobeyed it, what came obeys it, the rest stands."""
    gone = [fact for pk, fact in before.items() if after.get(pk) != fact]
    came = [fact for pk, fact in after.items() if before.get(pk) != fact]
    assert gone or came, "the accepted change changed nothing"
    if proposal.finding.factor == "kind":
        (channel,) = proposal.patch["channels"]
        assert {fact[1] for fact in gone + came} == {int(channel)}
        better = proposal.finding.level
        count = [Counter(f[2] for f in facts.values() if f[1] == int(channel)) for facts in (before, after)]
        assert count[1][better] > count[0][better]
        return
    assert all(allowed(proposal, fact, zone) for fact in came)


def bluesky_is_there():
    import os
    import shutil

    return os.environ.get("DISKARTE_SERVERS") != "0" and bool(shutil.which("npm"))


def test_a_history_without_differences_teaches_nothing():
    from diskarte.stages.correct.rules import worth_telling

    flat = [Told("kind", "image", 50, 1.02, 0.9, 1.15, 0.6), Told("hour", "18-21", 50, 0.97, 0.85, 1.1, 0.4)]
    assert worth_telling(flat) == []
