"""What a rule sees and does: breakouts, deliveries in trouble, goals behind; each once, failures told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from diskarte.core import clock
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.queue import queue
from diskarte.core.people.who import Stranger, worker_of
from diskarte.stages.automate import actions, firing
from diskarte.stages.automate.firing import Match
from diskarte.stages.automate.models import Firing
from diskarte.stages.publish.models import Post
from diskarte.words import Problem
from tests.goals.builders import a_goal, a_history
from tests.make import NOW, a_brand, alice, charlie
from tests.publish.builders import a_channel

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def mailing(when, who=None, **facts):
    return actions.add_rule(who or alice(), when, "mail", **({"to": "owner@example.com"} | facts))


def a_delivery(state="refused", brand=None, due_at=NOW, **facts):
    channel = a_channel(brand=brand or a_brand())
    row = queue(channel.brand, channel, {"text": "Open at 6"}, due_at, label="Open at 6")
    Delivery.objects.filter(pk=row.pk).update(
        state=state, **{"why": "Too long.", "do": "Shorten it."} | facts
    )
    return row


def posts(n=12, likes=10, brand=None, **facts):
    """`n` usual posts, the newest a day ago."""
    rows = [
        Publication(
            brand=brand or a_brand(), network="practice", remote_id=f"{likes}-{i}", at=NOW - DAY * (i + 1), likes=likes,
            text=f"Post {i}", **facts,
        )
        for i in range(n)
    ]  # fmt: skip
    return Publication.objects.bulk_create(rows)


def run():
    return actions.run_rules(alice())["fired"]


@pytest.mark.parametrize("state", ["refused", "unknown", "blocked", "lost"])
def test_a_delivery_in_trouble_is_mailed_once_with_why_and_what_to_do(state):
    mailing("trouble")
    a_delivery(state)
    assert (run(), run()) == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == ["owner@example.com"]
    assert "Kape Diwata" in letter.subject
    for words in ("Open at 6", "Too long.", "Shorten it."):
        assert words in letter.body


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "asked", "cancelled"])
def test_a_delivery_that_is_well_troubles_nobody(state):
    mailing("trouble")
    a_delivery(state)
    assert run() == 0


def test_a_new_trouble_of_the_same_delivery_is_told_anew():
    mailing("trouble")
    row = a_delivery("unknown")
    run()
    Delivery.objects.filter(pk=row.pk).update(state="lost")
    assert run() == 1
    assert len(mail.outbox) == 2


def test_old_troubles_and_those_of_others_are_left_out():
    rule = mailing("trouble")
    a_delivery(due_at=NOW - 15 * DAY)
    a_delivery(brand=charlie().brand)
    assert actions.dry_run(alice(), rule.pk) == []


def test_a_goal_behind_is_told_once_a_month():
    who = alice()
    a_history(who, days=100, reach=100)
    starts, deadline = (NOW - 20 * DAY).date(), (NOW + 40 * DAY).date()
    a_goal(who, "Reach 90,000 people", target=90_000.0, starts=starts, deadline=deadline)
    rule = mailing("behind")
    (match,) = actions.dry_run(who, rule.pk)
    assert "Reach 90,000 people" in match.said
    assert (run(), run()) == (1, 0)
    with clock.at(NOW + 10 * DAY):
        assert run() == 0
    with clock.at(NOW + 32 * DAY):
        assert run() == 1
    assert len(mail.outbox) == 2


def test_a_goal_on_its_way_or_unknown_is_not_behind():
    who = alice()
    a_goal(who)  # nobody knows: no numbers
    a_history(who, days=100, reach=5000)
    a_goal(who, "Easy", target=1000.0, starts=(NOW - 5 * DAY).date())
    assert actions.dry_run(who, mailing("behind").pk) == []


@pytest.mark.parametrize(("likes", "times", "fires"), [(31, 3, 1), (27, 3, 0), (27, 2.0, 1), (31, 10.0, 0)])
def test_a_breakout_is_so_many_times_the_usual(likes, times, fires):
    posts(40)
    posts(1, likes)
    rule = actions.add_rule(alice(), "breakout", "draft_again", times=times)
    assert len(actions.dry_run(alice(), rule.pk)) == fires


def test_nine_posts_are_no_usual():
    posts(8)
    posts(1, 900)
    rule = actions.add_rule(alice(), "breakout", "draft_again")
    assert actions.dry_run(alice(), rule.pk) == []
    posts(1, 11)
    assert len(actions.dry_run(alice(), rule.pk)) == 1


def test_old_posts_answers_and_posts_without_numbers_do_not_break_out():
    posts(40)
    for at, facts in ((NOW - 15 * DAY, {"likes": 900}), (NOW, {"likes": 900, "is_reply": True}), (NOW, {})):
        Publication.objects.create(
            brand=a_brand(), network="practice", remote_id=f"{at}{facts}", at=at, **facts
        )
    rule = actions.add_rule(alice(), "breakout", "draft_again")
    assert actions.dry_run(alice(), rule.pk) == []


def test_what_happens_after_a_rule_removed_the_reason_stays_done():
    posts(40)
    posts(1, 900)
    rule = actions.add_rule(alice(), "breakout", "draft_again")
    run()
    actions.remove_rule(alice(), rule.pk)
    assert Post.objects.count() == 1
    assert actions.firings(alice()) == []


def test_the_draft_says_where_it_came_from_and_waits_for_a_person():
    posts(40)
    (hit,) = posts(1, 900)
    rule = actions.add_rule(alice(), "breakout", "draft_again")
    run()
    post = Post.objects.get()
    assert (post.text, post.due_at) == (hit.text, None)
    assert not Delivery.objects.exists()  # nothing goes out by itself
    assert actions.firings(alice())[0].rule == rule


def test_a_publication_that_is_gone_meanwhile_is_a_stranger_and_changes_nothing():
    rule = actions.add_rule(alice(), "breakout", "draft_again")
    with pytest.raises(Stranger):
        firing.fire(worker_of(a_brand()), rule, Match("publication:999999", "Gone"))
    assert not Post.objects.exists()


def test_what_cannot_be_done_is_written_down_and_not_tried_again(monkeypatch):
    posts(40)
    posts(1, 900)
    actions.add_rule(alice(), "breakout", "draft_again")

    def full(*_given, **_facts):
        raise Problem("The disk is full.")

    monkeypatch.setattr(firing.publish, "write", full)
    assert (run(), run()) == (1, 0)
    (row,) = actions.firings(alice())
    assert row.problem == "The disk is full."


def test_a_post_of_many_lines_is_a_subject_of_one():
    mailing("breakout")
    mailing("trouble")
    posts(40)
    (hit,) = posts(1, 900)
    Publication.objects.filter(pk=hit.pk).update(text="Good\nmorning\r\nBcc: eve@example.com")
    a_delivery(label="Open\nat 6", why="The server said:\nno.")
    assert run() == 2
    assert all("\n" not in letter.subject and letter.bcc == [] for letter in mail.outbox)


def test_a_mail_that_does_not_leave_is_told_and_harms_no_other_rule(settings):
    """Nobody listens at port 1: without care the whole run would be taken back and its drafts made again for ever."""
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": smtp, "OPTIONS": {"host": "127.0.0.1", "port": 1}}}
    posts(40)
    posts(1, 900)
    actions.add_rule(alice(), "breakout", "draft_again")
    mailing("breakout")
    assert (run(), run()) == (2, 0)
    assert Post.objects.count() == 1
    assert [bool(row.problem) for row in Firing.objects.order_by("rule")] == [False, True]


def test_a_rule_that_mails_and_one_that_drafts_fire_each_for_themselves():
    posts(40)
    posts(1, 900)
    mailing("breakout")
    actions.add_rule(alice(), "breakout", "draft_again")
    assert run() == 2
    assert (len(mail.outbox), Post.objects.count(), Firing.objects.count()) == (1, 1, 2)


def test_of_two_workers_one_fires():
    rule = mailing("trouble")
    match = Match("delivery:1:lost", "Open at 6")
    first, second = (firing.fire(worker_of(a_brand()), rule, match) for _turn in range(2))
    assert first == second
    assert len(mail.outbox) == 1
