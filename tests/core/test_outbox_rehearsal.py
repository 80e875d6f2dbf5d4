"""A dry run: what would happen until some day, and that nothing does."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diskarte import networks
from diskarte.core import clock
from diskarte.core.files.keep import keep
from diskarte.core.outbox import actions, dry, dryrun, rehearsal
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.models import Attempt, Delivery, Step
from diskarte.core.outbox.rehearsal import Fate, Lane, Promise, Thing, free_from, rehearse
from diskarte.core.outbox.worker import Worker
from diskarte.core.people.models import Workspace
from diskarte.core.people.who import Stranger
from diskarte.words import Kind, Media, Post, Problem
from tests import make
from tests.core.outbox_world import DAY, HOUR, MINUTE, NOW
from tests.publish.builders import a_picture

GAP = [(MINUTE, 1), (HOUR, 2)]


@pytest.fixture
def alice(world):
    with clock.at(NOW):
        yield make.alice()


def fates(things, habit="ask", now=NOW, **lane):
    return rehearse(things, {1: Lane(**lane)}, now, habit)


def test_everything_goes_at_its_time():
    assert fates([Thing(1, 1, NOW + HOUR)])[1] == Fate("goes", NOW + HOUR)
    assert fates([Thing(1, 1, NOW - MINUTE)])[1] == Fate("goes", NOW)


def test_pace_holds():
    told = fates([Thing(n, 1, NOW) for n in range(4)], spans=GAP)
    assert [told[n].at - NOW for n in range(4)] == [timedelta(0), MINUTE, HOUR, HOUR + MINUTE]
    assert told[1] == Fate("held", NOW + MINUTE, MINUTE)


def test_what_was_sent_before_counts():
    assert fates([Thing(1, 1, NOW)], spans=GAP, tried=[NOW - MINUTE / 2])[1].at == NOW + MINUTE / 2


@given(st.lists(st.integers(0, 7200), max_size=30), st.integers(1, 4))
def test_no_span_ever_holds_more_than_it_may(dues, most):
    things = [Thing(n, 1, NOW + timedelta(seconds=s)) for n, s in enumerate(dues)]
    out = sorted(f.at for f in fates(things, spans=[(timedelta(minutes=10), most)]).values())
    for n, at in enumerate(out):
        assert sum(at - timedelta(minutes=10) < other <= at for other in out[: n + 1]) <= most
    told = fates(things)
    assert all(told[thing.pk].at >= thing.due_at for thing in things)


@given(st.lists(st.integers(0, 50), max_size=12))
def test_free_from_is_never_before_and_is_free(seconds):
    tried = sorted(NOW + timedelta(seconds=s) for s in seconds)
    at = free_from(tried, [(timedelta(seconds=10), 1)], NOW + timedelta(seconds=25))
    assert at >= NOW + timedelta(seconds=25)
    assert not [t for t in tried if at - timedelta(seconds=10) < t <= at]


@pytest.mark.parametrize(("habit", "verdict"), [("ask", "late"), ("skip", "skipped")])
def test_late_ones_go_the_way_of_the_workspace(habit, verdict):
    assert fates([Thing(1, 1, NOW - 2 * HOUR)], habit)[1].verdict == verdict
    assert fates([Thing(1, 1, NOW - 2 * HOUR, begun=True)], habit)[1].verdict == "goes"


def test_late_ones_are_spread():
    told = fates([Thing(n, 1, NOW - 3 * HOUR + n * MINUTE) for n in range(4)], "publish")
    assert [told[n].at - NOW for n in range(4)] == [n * rehearsal.SPREAD for n in range(4)]


def test_states_that_stand_still():
    states = {"blocked": "blocked", "asked": "asks", "refused": "refused", "unknown": "doubt"}
    for state, verdict in states.items():
        assert fates([Thing(1, 1, NOW, state=state)])[1].verdict == verdict
    assert fates([Thing(1, 1, NOW)], state="paused")[1].verdict == "rests"
    assert fates([Thing(1, 1, NOW)], state="blocked")[1].verdict == "blocked"
    assert fates([Thing(1, 1, NOW + HOUR)], ends=NOW + MINUTE)[1].verdict == "ends"
    assert fates([Thing(1, 1, NOW, refused="too long")])[1].verdict == "refused"


def test_a_comment_goes_with_its_post():
    post, comment = Thing(1, 1, NOW + HOUR), Thing(2, 1, NOW + HOUR, "comment", after=1)
    told = fates([comment, post], spans=[(MINUTE, 1)])
    assert told[2] == Fate("held", NOW + HOUR + MINUTE, MINUTE)
    assert fates([comment, Thing(1, 1, NOW, state="asked")])[2].verdict == "waits"


def test_a_dry_run_writes_nothing_and_calls_nobody(world, alice, django_assert_max_num_queries):
    channel = world.channel("slow")
    for n in range(3):
        world.delivery(channel, due_at=NOW + HOUR, label=f"Post {n}")
    before = list(Delivery.objects.order_by("pk").values())
    with django_assert_max_num_queries(12):
        lines = actions.dry_run(alice, NOW + DAY)
    assert list(Delivery.objects.order_by("pk").values()) == before
    assert (Attempt.objects.count(), Step.objects.count(), world.server.calls) == (0, 0, [])
    assert [line.label for line in lines] == ["Post 0", "Post 1", "Post 2"]
    assert [line.verdict for line in lines] == ["goes", "held", "held"]
    assert [line.at - NOW for line in lines] == [HOUR, HOUR + MINUTE, 2 * HOUR]
    assert lines[0].calls == ("POST /posts",)
    assert "60 minutes" in lines[2].why


def test_what_the_rehearsal_says_is_what_the_engine_does(world, alice):
    """The same plan, once on paper and once with a worker and a clock that moves."""
    channel, other = world.channel("slow"), world.channel("remembering")
    for n in range(4):
        world.delivery(channel, due_at=NOW + n * 10 * MINUTE)
        world.delivery(other, due_at=NOW + n * 7 * MINUTE)
    said = {line.delivery: line.at for line in actions.dry_run(alice, NOW + DAY)}
    worker, moment = Worker(1), NOW
    while Delivery.objects.filter(state="queued").exists() and moment < NOW + DAY:
        worker.once(moment)
        moment += MINUTE
    done = dict(Delivery.objects.values_list("pk", "sent_at"))
    assert done == said


def test_what_a_network_would_refuse_is_said_with_its_reason(world, alice):
    world.delivery(text="x" * 600)
    (line,) = actions.dry_run(alice)
    assert line.verdict == "refused"
    assert "too long" in line.why
    assert line.calls == ()


def test_a_file_that_is_gone_and_one_that_is_there(world, alice):
    file = keep(alice.brand, "cup.png", a_picture().read())
    world.delivery(content={"media": [file.pk]}, label="There")
    world.delivery(content={"media": [999_999]}, label="Gone")
    told = {line.label: line for line in actions.dry_run(alice)}
    assert told["Gone"].verdict == "refused"
    assert told["There"].verdict == "goes"


def test_by_hand_asks_a_person(world, alice):
    world.delivery("mute")
    world.delivery("mute", action="reply", content={"answers": "5"})
    assert [line.verdict for line in actions.dry_run(alice)] == ["asks", "asks"]


def test_stages_tell_what_they_will_hand_over(world, alice, monkeypatch):
    channel = world.channel()
    promise = Promise(NOW + HOUR, "Not yet", channel.pk, "approval")
    elsewhere = Promise(NOW + HOUR, "Theirs", 999_999, "draft")
    monkeypatch.setattr(rehearsal, "SOURCES", [lambda who, now, until: [promise, elsewhere]])
    (line,) = actions.dry_run(alice)
    assert (line.label, line.verdict, line.at) == ("Not yet", "approval", None)
    assert "approval" in line.why


def test_as_a_file(world, alice):
    world.delivery(label="=Undas", due_at=NOW + HOUR)
    text = actions.dry_run_csv(alice)
    head, row, *_ = text.splitlines()
    assert head.startswith("at,planned,channel")
    assert "2026-12-01 18:00" in row  # Manila
    assert "'=Undas" in row or ",=Undas" not in row


def test_bad_input_and_strangers(world, alice):
    channel = world.channel()
    for until in (NOW - HOUR, NOW + 900 * DAY):
        with pytest.raises(Problem, match="400 days"):
            actions.dry_run(alice, until)
    world.delivery(channel)
    assert actions.dry_run(make.charlie()) == []
    with pytest.raises(Stranger):
        actions.dry_run(make.charlie(), channel=channel.pk)
    assert len(actions.dry_run(make.bob())) == 1


@pytest.mark.parametrize("name", sorted(networks.all_networks()))
@pytest.mark.parametrize("parts", [(), ("two", "three")])
def test_every_network_can_be_rehearsed_without_a_connection(name, parts, monkeypatch):
    def never(*_args, **_more):
        raise AssertionError("a dry run called out")

    monkeypatch.setattr(dry.httpx.Client, "send", never)
    post = Post(
        key="0123456789abcdef0123456789abcdef", text="Hello #harbour", parts=parts, due_at=NOW, kind=Kind.IMAGE,
        media=(Media("a.png", "image/png", bytes(100), "A cup"),),
    )  # fmt: skip
    told = dry.calls(networks.get(name), post, "publish", "https://harbour.example", "1/2/3", {})
    assert all(call.split(" ")[0].isupper() for call in told.calls)


def test_late_posts_never_go_out_all_at_once(world, alice):
    """A machine that slept eight hours over forty posts of two channels."""
    Workspace.objects.update(late="publish")
    places = [world.channel(), world.channel()]
    for n in range(20):
        for place in places:
            world.delivery(place, due_at=NOW - 9 * HOUR + n * MINUTE)
    on_time = world.delivery(places[0], due_at=NOW)
    said = {line.delivery: line.at for line in actions.dry_run(make.alice())}
    worker, moment, done = Worker(4), NOW, []
    while Delivery.objects.filter(state="queued").exists() and moment < NOW + 3 * HOUR:
        worker.once(moment)
        done.append((moment, Delivery.objects.filter(state="sent", sent_at=moment).count()))
        moment += MINUTE
    assert max(n for _at, n in done) <= 3  # one late of each channel, and the one that is on time
    on_time.refresh_from_db()
    assert on_time.sent_at <= NOW + MINUTE
    for place in places:
        times = Delivery.objects.filter(channel=place).exclude(pk=on_time.pk).order_by("planned_at")
        times = [d.sent_at for d in times]
        gaps = [(b - a) >= rehearsal.SPREAD for a, b in pairwise(times)]
        assert all(gaps), gaps
    said[on_time.pk] = on_time.sent_at
    assert dict(Delivery.objects.values_list("pk", "sent_at")) == said
    assert Step.objects.filter(why__contains="waits its turn").count() == 38


def test_late_ones_of_one_minute_are_spread_too_and_asked_or_skipped_as_told(world):
    channel = world.channel()
    for _ in range(5):
        world.delivery(channel, due_at=NOW - 2 * HOUR)
    Workspace.objects.update(late="publish")
    Worker(4).once(NOW)
    assert Delivery.objects.filter(state="sent").count() == 1
    Workspace.objects.update(late="skip")
    Delivery.objects.filter(state="queued").update(due_at=NOW - 2 * HOUR)
    Worker(4).once(NOW)
    assert Delivery.objects.filter(state="cancelled").count() == 4


def test_begun_threads_are_rehearsed_from_where_they_stand(world, alice):
    delivery = world.delivery("threaded", content={"parts": ["two", "three"]})
    attempt(delivery, NOW)
    (line,) = dryrun.run(alice, NOW, NOW + DAY)
    assert line.verdict == "goes"
    assert len(line.calls) == 2
