"""Entries by comment: from the inbox of the contest's posts, one ticket a person, taken by hand and by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diskarte.core import clock
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox import heard
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.engage import inbox
from diskarte.stages.engage.models import Message
from diskarte.stages.plan import jobs
from diskarte.stages.plan.contests import actions, taking
from diskarte.stages.plan.contests.models import Entry
from diskarte.words import Problem
from tests.engage.builders import a_sent_post
from tests.make import NOW, a_member, alice, bob, charlie
from tests.plan.builders import a_channel, a_slot
from tests.plan.test_contests import CLOSES, OPENS, opened

pytestmark = pytest.mark.django_db
DURING = OPENS + timedelta(hours=5)


@pytest.fixture(autouse=True)
def _during():
    with clock.at(NOW):
        yield


def said(post: Delivery, author: str, at=DURING) -> Message:
    facts = {"brand": post.brand, "channel": post.channel, "under": post, "text": "Me!", "author": author}
    return Message.objects.create(**facts, at=at, remote_id=f"{author}-{at}")


def tickets_of(row) -> list[str]:
    return sorted(Entry.objects.filter(contest=row).values_list("identity", flat=True))


def test_who_commented_in_time_gets_one_ticket_however_often():
    row, post, other = opened(), a_sent_post(), a_sent_post()
    for author in ("Ana", "@ana", "ANA", "ben"):
        said(post, author)
    said(post, "early", OPENS - timedelta(minutes=1))
    said(post, "late", CLOSES)
    said(other, "elsewhere")
    with clock.at(CLOSES + timedelta(hours=1)):
        told = actions.take_comments(bob(), row.pk, [post.pk])
        assert (told.new, told.again) == (2, 2)
        assert tickets_of(row) == ["ana", "ben"]
        assert actions.take_comments(bob(), row.pk).new == 0
    assert set(Entry.objects.values_list("source", flat=True)) == {"comment"}


def test_new_comments_are_taken_by_themselves_until_the_list_is_published():
    row, post = opened(), a_sent_post()
    with clock.at(DURING):
        actions.take_comments(bob(), row.pk, [post.pk])
    said(post, "ana")
    assert jobs.take_comments(DURING + timedelta(minutes=10)) == 1
    assert jobs.take_comments(DURING + timedelta(minutes=20)) == 0
    with clock.at(CLOSES + timedelta(minutes=1)):
        actions.close_contest(bob(), row.pk)
    said(post, "ben")
    assert jobs.take_comments(CLOSES + timedelta(minutes=10)) == 0
    assert tickets_of(row) == ["ana"]


def test_who_was_taken_out_does_not_come_in_again():
    row, post = opened(), a_sent_post()
    said(post, "ana")
    with clock.at(DURING + timedelta(hours=1)):
        actions.take_comments(bob(), row.pk, [post.pk])
        actions.disqualify(bob(), Entry.objects.get().pk, "our own colleague")
        assert actions.take_comments(bob(), row.pk).new == 0
    assert Entry.objects.get().out == "our own colleague"


def test_the_inbox_looks_under_a_contests_post_for_as_long_as_it_takes_entries():
    row, post = opened(closes=OPENS + timedelta(days=40)), a_sent_post()
    later = OPENS + timedelta(days=30)
    assert post not in inbox._posts(later)
    with clock.at(DURING):
        actions.take_comments(bob(), row.pk, [post.pk])
    assert post.pk in heard.wanted(later)
    assert post in inbox._posts(later)
    assert post not in inbox._posts(later + timedelta(days=30))


def test_posts_on_the_places_of_the_contest_are_chosen_first(web):
    row, channel = opened(), a_channel()
    slot, post = a_slot(channel, arc=f"contest:{row.pk} launch"), a_sent_post(origin="publish.post:7")
    a_sent_post(origin="publish.post:8")
    Publication.objects.create(
        brand=row.brand, channel=channel, network="practice", remote_id="x", at=NOW, slot=slot.pk,
        origin="publish.post:7",
    )  # fmt: skip
    assert taking.own_posts(row) == [post.pk]
    text = web.get(f"/kape-diwata/plan/contests/{row.pk}/").content.decode()
    assert "Comments from your inbox" in text
    assert f'value="{post.pk}" checked' in text
    with clock.at(DURING):
        actions.take_comments(bob(), row.pk)
    row.refresh_from_db()
    assert row.posts == [post.pk]


def test_the_page_says_how_many_tickets_there_are_now(web):
    """Read from the answer of the door: what is taken, pasted or read from a file is told in words."""
    row, post = opened(), a_sent_post()
    said(post, "ana")
    with clock.at(DURING + timedelta(hours=1)):
        ask = {"HTTP_ACCEPT": "application/json"}
        taken = web.post("/kape-diwata/do/plan.take_comments", {"contest": row.pk, "posts": [post.pk]}, **ask)
        pasted = web.post("/kape-diwata/do/plan.add_entries", {"contest": row.pk, "names": "ana\nben"}, **ask)
    assert taken.json()["said"] == "1 new tickets, 0 had one already."
    assert pasted.json()["said"] == "1 new tickets, 1 had one already."


def test_without_a_post_it_says_so_and_keeps_what_there_is(web):
    row = opened()
    with clock.at(DURING), pytest.raises(Problem, match="under which posts"):
        actions.take_comments(bob(), row.pk)
    assert (
        "its comments can be taken from your inbox"
        in web.get(f"/kape-diwata/plan/contests/{row.pk}/").content.decode()
    )


def test_only_members_who_edit_take_comments_and_only_of_their_own_posts():
    row, post = opened(), a_sent_post()
    with clock.at(DURING):
        with pytest.raises(Stranger):
            actions.take_comments(charlie(), row.pk, [post.pk])
        with pytest.raises(Forbidden):
            actions.take_comments(a_member("Gus", "guest"), row.pk, [post.pk])
        foreign = a_sent_post()
        Delivery.objects.filter(pk=foreign.pk).update(brand=charlie().brand)
        with pytest.raises(Stranger):
            actions.take_comments(alice(), row.pk, [foreign.pk])
    row.refresh_from_db()
    assert row.posts == []
