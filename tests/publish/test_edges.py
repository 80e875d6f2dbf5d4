"""Posts at the edge: partly out, called off meanwhile, spoken to differently, hinted at before it is too late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diskarte.core import clock
from diskarte.core.actions import ALL
from diskarte.core.outbox.models import Channel, Delivery
from diskarte.core.people.models import Audit
from diskarte.core.people.who import Forbidden
from diskarte.stages.publish import actions
from diskarte.stages.publish.models import Post, Variant
from diskarte.words import Problem
from tests.make import NOW, a_member, alice, bob
from tests.publish.builders import LATER, a_channel, a_picture, a_post, a_slot, in_state

pytestmark = pytest.mark.django_db
WRITES = sorted(name for name, action in ALL.items() if name.startswith("publish.") and action.writes)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def sends(post):
    return [(d.action, d.state) for d in Delivery.objects.filter(origin=post.address).order_by("pk")]


@pytest.mark.parametrize("state", ["sending", "sent", "unknown", "lost"])
def test_a_channel_where_it_is_out_or_in_doubt_stays_chosen(state):
    first, second = a_channel("Harbour"), a_channel("Hall")
    post = a_post(channels=[first.pk, second.pk], then="publish_now")
    Delivery.objects.filter(channel=first).update(state=state)
    with pytest.raises(Problem):
        actions.edit(alice(), post.pk, channels=[second.pk])
    assert Variant.objects.filter(post=post).count() == 2
    assert Delivery.objects.get(channel=first).state == state


def test_all_out_or_in_doubt_is_not_published_again():
    post = a_post(then="publish_now")
    for state in ("sent", "unknown", "lost"):
        in_state(post, state)
        with pytest.raises(Problem):
            actions.publish_now(alice(), post.pk)
    assert len(sends(post)) == 1


def test_what_is_being_sent_is_neither_changed_nor_taken_back():
    post = a_post(then="publish_now")
    in_state(post, "sending")
    for verb, given in ((actions.cancel, {}), (actions.edit, {"text": "Other"}), (actions.delete, {})):
        with pytest.raises(Problem):
            verb(alice(), post.pk, **given)
    assert sends(post) == [("publish", "sending")]
    assert Post.objects.get().text == "Open at 6"


def test_a_comment_that_was_forgotten_is_added_to_what_waits():
    post = a_post(then="schedule", at=LATER)
    actions.edit(alice(), post.pk, first_comment="Which brewer?")
    assert sends(post) == [("publish", "queued"), ("comment", "queued")]
    actions.schedule(alice(), post.pk, LATER + timedelta(days=1))
    assert {d.planned_at for d in Delivery.objects.all()} == {LATER + timedelta(days=1)}


def test_taking_back_takes_the_comment_too():
    post = a_post(then="schedule", at=LATER, first_comment="Which brewer?")
    actions.cancel(alice(), post.pk)
    assert {state for _action, state in sends(post)} == {"cancelled"}


def test_a_late_post_that_waits_for_an_answer_becomes_free_when_changed():
    post = a_post(then="schedule", at=LATER)
    in_state(post, "asked", tries=0, planned_at=NOW - timedelta(hours=3))
    actions.edit(alice(), post.pk, text="Open at 7")
    assert actions.post(alice(), post.pk).state in ("draft", "scheduled", "needs_you")
    assert Post.objects.get().text == "Open at 7"
    actions.publish_now(alice(), post.pk)
    (queued,) = Delivery.objects.filter(state="queued")
    assert queued.content["text"] == "Open at 7"


@pytest.mark.parametrize("own", ["no colon", ":text", "x:text", "-1:text"])
def test_a_text_of_its_own_names_its_channel(own):
    with pytest.raises(Problem) as told:
        actions.write(bob(), text="Hi", channels=[a_channel().pk], own=[own])
    assert told.value.field == "own"
    assert not Post.objects.exists()


def test_several_channels_each_with_words_of_their_own():
    first, second = a_channel("Harbour"), a_channel("Hall")
    given = [f"{first.pk}:Magandang umaga: bukas na", f"{second.pk}:"]
    post = actions.write(bob(), text="Good morning", channels=[first.pk, second.pk], own=given)
    told = {look.name: look.text for look in actions.preview(bob(), post.pk)}
    assert sorted(told.values()) == ["Good morning", "Magandang umaga: bukas na"]


def test_a_picture_given_with_the_text_is_described_and_used_again_described():
    post = actions.write(bob(), text="Hi", channels=[a_channel().pk], file=a_picture(), file_alt="A cup")
    assert post.attachments.get().file.alt == "A cup"
    other = a_post("Again")
    actions.attach(bob(), other.pk, a_picture(), alt="A blue cup")  # the same bytes are the same file
    assert post.attachments.get().file.alt == "A blue cup"


def hints(post):
    """Which kinds of hints each channel's look has, and whether any of them stops the post."""
    (look,) = actions.preview(alice(), post.pk)
    return {trouble.field for trouble in look.troubles if not trouble.fatal}


def test_a_channel_without_permission_is_hinted_at_before_the_hour():
    channel = a_channel()
    post = a_post(channel=channel)
    assert "channel" not in hints(post)
    Channel.objects.update(state="blocked")
    assert "channel" in hints(post)


@pytest.mark.parametrize(
    ("kind", "hinted"), [("image", True), ("reel", True), ("text", False), ("carousel", True)]
)
def test_a_kind_that_has_no_media_yet_is_hinted_at(kind, hinted):
    post = a_post(kind=kind)
    assert ("media" in hints(post)) is hinted
    actions.attach(alice(), post.pk, a_picture())
    if kind != "reel":  # a picture is no reel
        assert "media" not in hints(post)


def test_what_comes_next_names_every_channel_of_a_post():
    first, second = a_channel("Harbour"), a_channel("Hall")
    a_post(channels=[first.pk, second.pk], then="schedule", at=LATER)
    (row,) = actions.coming(bob())
    assert len(row.channels) == 2


def test_the_list_shows_the_first_picture():
    post = a_post()
    one = actions.attach(alice(), post.pk, a_picture())
    actions.attach(alice(), post.pk, a_picture("hall.png", shade=9))
    (card,) = actions.posts(bob())
    assert card.picture == one.file


def test_deleting_a_draft_opens_its_slot_and_undo_closes_it_again():
    from diskarte.core.people.undo import undo

    slot = a_slot()
    post = actions.write(alice(), text="Slowly", slot=slot.pk)
    actions.delete(alice(), post.pk)
    undo(Audit.objects.get(verb="publish.delete"))
    slot.refresh_from_db()
    assert (slot.state, actions.written_for(alice(), slot.pk)) == ("written", post)


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize("role", ["guest", "analyst"])
def test_who_only_looks_writes_nothing(verb, role):
    post = a_post()
    before = Audit.objects.count()
    with pytest.raises(Forbidden):
        ALL[verb].run(a_member("Gina", role), {"post": post.pk})
    assert (Audit.objects.count(), Post.objects.get().text) == (before, "Open at 6")


def test_an_approver_agrees_and_changes_nothing():
    post, dana = a_post(), a_member("Dana", "approver")
    actions.approve(dana, post.pk)
    assert Post.objects.get().approved_by == dana.person
    for verb, given in (("edit", {"text": "Mine"}), ("schedule", {}), ("delete", {})):
        with pytest.raises(Forbidden):
            ALL[f"publish.{verb}"].run(dana, {"post": post.pk} | given)
