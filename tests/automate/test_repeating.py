"""Posts that come again: each turn is made ahead of its time, exactly once, on the brand's clock."""

from datetime import date, timedelta

import pytest

from diskarte.core import clock
from diskarte.core.outbox import actions as lane
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.models import Workspace
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.automate import actions, jobs, repeating
from diskarte.stages.automate.models import Repeat, Turn
from diskarte.stages.publish import actions as publish
from diskarte.stages.publish.models import Post
from diskarte.words import Problem
from tests.make import NOW, a_brand, alice, bob, charlie
from tests.publish.builders import LATER, a_channel, a_post

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def weekly(**more):
    post = more.pop("post", None) or a_post("Open at 6", at=LATER, then="schedule")
    return repeating.repeat_post(alice(), post.pk, "week", **more)


def dues():
    return sorted(Delivery.objects.filter(state="queued").values_list("due_at", flat=True))


def test_the_post_itself_is_the_first_turn_and_two_weeks_are_made_ahead():
    weekly()
    assert dues() == [LATER, LATER + WEEK]  # the turn after that lies further ahead
    copy = Turn.objects.get().post
    assert (copy.text, copy.due_at, copy.pk) != ("Open at 6", LATER, 1)
    assert copy.text == "Open at 6"


def test_making_again_makes_nothing_and_time_makes_the_next():
    weekly()
    assert [jobs.make_turns(NOW) for _ in range(3)] == [0, 0, 0]
    with clock.at(NOW + 2 * WEEK):
        assert jobs.make_turns(NOW + 2 * WEEK) == 2
        assert jobs.make_turns(NOW + 2 * WEEK) == 0
    assert dues() == [LATER + n * WEEK for n in range(4)]


def test_a_turn_that_another_worker_made_meanwhile_is_not_made_twice():
    repeat = weekly()
    later = LATER + 2 * WEEK
    Turn.objects.create(repeat=repeat, local="2026-12-15T12:00", at=later)
    with clock.at(NOW + WEEK):
        jobs.make_turns(NOW + WEEK)
    assert later not in dues()


def test_a_draft_repeats_from_the_time_it_is_given():
    post = a_post("Payday", channel=a_channel())
    with pytest.raises(Problem, match="no time"):
        repeating.repeat_post(alice(), post.pk)
    repeating.repeat_post(alice(), post.pk, "day", start=LATER, count=3)
    assert dues() == [LATER + timedelta(days=n) for n in range(3)]


def test_the_hour_stays_over_a_clock_change():
    brand = a_brand()
    brand.time_zone = "Europe/Berlin"
    brand.save()
    start = NOW.replace(month=3, day=23, year=2027, hour=17, minute=0)  # 18:00 in Berlin's winter
    post = a_post("Evening", channel=a_channel())
    with clock.at(start - timedelta(hours=1)):
        repeating.repeat_post(alice(), post.pk, "week", start=start, count=2)
    assert [at.hour for at in dues()] == [17, 16]


def test_what_was_changed_is_what_comes_next():
    repeat = weekly()
    with clock.at(NOW + WEEK):
        Post.objects.filter(pk=repeat.post_id).update(text="Open at 7")
        jobs.make_turns(NOW + WEEK)
    assert Turn.objects.first().post.text == "Open at 7"


def test_stopping_keeps_what_is_handed_over():
    repeat = weekly()
    actions.repeating.stop_repeat(alice(), repeat.pk)
    with clock.at(NOW + 4 * WEEK):
        assert jobs.make_turns(NOW + 4 * WEEK) == 0
    assert len(dues()) == 2
    assert repeating.repeats(alice())[0].next == []


def test_approval_goes_along_when_the_very_words_were_agreed_to_and_else_it_is_asked_for():
    alice()
    Workspace.objects.update(approval="required")
    post = a_post("Agreed", channel=a_channel(), at=LATER)
    publish.approve(alice(), post.pk)
    publish.schedule(alice(), post.pk)
    repeating.repeat_post(alice(), post.pk)
    assert len(dues()) == 2
    other = a_post("Not agreed", channel=a_channel("Hall"), at=LATER)
    repeating.repeat_post(alice(), other.pk, count=1)
    turn = Turn.objects.get(repeat__post=other)
    assert "approval" in turn.problem
    turn.post.refresh_from_db()
    assert (turn.post.step, turn.post.due_at) == ("review", LATER)
    assert len(dues()) == 2


def test_what_a_network_would_refuse_becomes_a_draft_with_the_reason():
    post = a_post("x" * 5000, channel=a_channel())
    repeating.repeat_post(alice(), post.pk, start=LATER, count=1)
    assert "would refuse" in Turn.objects.get().problem
    assert dues() == []


def test_a_dry_run_sees_turns_that_are_not_made_yet():
    weekly()
    lines = lane.dry_run(alice(), NOW + 5 * WEEK)
    assert [line.at for line in lines] == [LATER + n * WEEK for n in range(5)]
    assert "repeats" in lines[-1].why


@pytest.mark.parametrize(
    "given",
    [
        {"rule": "FREQ=SECONDLY"},
        {"interval": 0},
        {"count": 3, "until": date(2027, 1, 1)},
        {"until": date(2026, 1, 1)},
    ],
)
def test_bad_rules_are_told_and_keep_nothing(given):
    with pytest.raises(Problem):
        weekly(**given)
    assert Repeat.objects.count() == 0


def test_the_page_offers_repeats_and_stops(web, django_assert_max_num_queries):
    page = "/kape-diwata/automate/repeats/"
    assert "No post comes again yet" in web.get(page).content.decode()
    post = a_post("Open at 6", at=LATER, then="schedule")
    form = {"post": post.pk, "every": "week", "interval": 1, "days": ["TU", "FR"], "next": page}
    answer = web.post("/kape-diwata/do/automate.repeat_post", form, follow=True)
    assert Repeat.objects.get().rule == "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU,FR", answer.content
    with django_assert_max_num_queries(20):
        told = web.get(page).content.decode()
    assert "FREQ=WEEKLY" in told
    assert "Next:" in told


def test_bob_and_charlie_are_kept_out():
    repeat = weekly()
    for who in (bob(),):
        with pytest.raises(Forbidden):
            repeating.repeat_post(who, repeat.post_id)
        with pytest.raises(Forbidden):
            repeating.stop_repeat(who, repeat.pk)
    with pytest.raises(Stranger):
        repeating.stop_repeat(charlie(), repeat.pk)
    with pytest.raises(Stranger):
        repeating.repeat_post(charlie(), repeat.post_id)
    assert repeating.repeats(charlie()) == []
