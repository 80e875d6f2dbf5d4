"""What each verb does, who may, and what a stranger learns (nothing)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diskarte.core import clock
from diskarte.core.actions import ALL, Wrong
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.models import Audit
from diskarte.core.people.undo import can_undo, undo
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.publish import actions, lists, rules
from diskarte.stages.publish.models import Attachment, Post, Variant
from diskarte.words import Problem
from tests.make import NOW, a_brand, alice, bob, charlie
from tests.publish.builders import LATER, a_channel, a_picture, a_post, a_slot, in_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(NOW):
        yield


def state(post: Post) -> str:
    return actions.post(alice(), post.pk).state


def sends(post: Post) -> list[Delivery]:
    return list(Delivery.objects.filter(origin=post.address).order_by("pk"))


def policy(value: str) -> None:
    workspace = a_brand().workspace
    workspace.approval = value
    workspace.save()


def test_a_free_post_is_a_draft():
    post = a_post("  Open at 6 ", link="https://kape.ph", parts=["one\n---\ntwo"])
    assert (post.text, post.parts, state(post)) == ("Open at 6", ["one", "two"], "draft")
    assert not sends(post)


def test_a_slot_tells_when_where_and_what_about():
    slot = a_slot(topic="Beans", kind="reel")
    post = actions.write(bob(), text="Slowly", slot=slot.pk)
    assert (post.due_at, post.kind, post.topic, post.pillar.name) == (slot.at, "reel", "Beans", "Useful")
    assert [v.channel for v in post.variants.all()] == [slot.channel]
    slot.refresh_from_db()
    assert (slot.state, actions.written_for(bob(), slot.pk)) == ("written", post)
    actions.delete(bob(), post.pk)
    slot.refresh_from_db()
    assert (slot.state, actions.written_for(bob(), slot.pk)) == ("open", None)


def test_what_is_not_given_stays_and_an_empty_text_goes():
    post = a_post(link="https://kape.ph", first_comment="Hi")
    actions.edit(bob(), post.pk, text="Open at 7")
    post.refresh_from_db()
    assert (post.text, post.link, post.first_comment) == ("Open at 7", "https://kape.ph", "Hi")
    actions.edit(bob(), post.pk, link="")
    post.refresh_from_db()
    assert (post.text, post.link) == ("Open at 7", "")


def test_a_link_is_checked():
    with pytest.raises(Problem, match="not a link") as told:
        a_post(link="javascript:alert(1)")
    assert told.value.field == "link"


def test_labels_come_and_go():
    post = a_post()
    pillar = a_slot().pillar
    actions.edit(bob(), post.pk, pillar=pillar.pk)
    assert Post.objects.get(pk=post.pk).pillar == pillar
    actions.edit(bob(), post.pk, pillar=0)
    assert Post.objects.get(pk=post.pk).pillar is None


def test_media_are_kept_described_and_taken_off():
    post = a_post()
    one = actions.attach(bob(), post.pk, a_picture(), alt="A cup")
    two = actions.attach(bob(), post.pk, a_picture("hall.png", shade=9))
    assert [(a.order, a.file.alt) for a in post.attachments.all()] == [(0, "A cup"), (1, "")]
    actions.describe(bob(), two.pk, "The hall")
    assert [m["alt"] for m in actions.post(bob(), post.pk).media] == ["A cup", "The hall"]
    with pytest.raises(Problem, match="already"):
        actions.attach(bob(), post.pk, a_picture())
    actions.detach(bob(), one.pk)
    assert [a.file.alt for a in post.attachments.all()] == ["The hall"]


def test_one_channel_may_say_it_differently():
    first, second = a_channel("Harbour"), a_channel("Hall")
    post = a_post("Open at 6", channels=[first.pk, second.pk])
    actions.set_variant(bob(), post.pk, second.pk, "Bukas na")
    assert [look.text for look in actions.preview(bob(), post.pk)] == ["Open at 6", "Bukas na"]
    actions.edit(bob(), post.pk, only_on=second.pk, own_text="Open at 6")
    assert [look.own for look in actions.preview(bob(), post.pk)] == [None, None]
    with pytest.raises(Problem, match="does not go"):
        actions.set_variant(bob(), post.pk, a_channel("Far").pk, "Hi")


def test_preflight_counts_as_the_network_does():
    sky = a_channel("Sky", network="bluesky")
    post = a_post("👨‍👩‍👧‍👦" * 301, sky)
    (look,) = actions.preview(bob(), post.pk)
    assert (look.length, look.limit, look.left, look.over) == (301, 300, -1, 1)
    ((name, troubles),) = actions.preflight(bob(), post.pk).items()
    assert name == "Sky"
    assert troubles[0].fatal
    assert "1 characters too long (301 of 300)" in troubles[0].what
    assert not [
        t for t in actions.preflight(bob(), a_post("Hi", a_channel("B", "bluesky")).pk)["B"] if t.fatal
    ]


def test_trying_out_keeps_nothing():
    channel = a_channel()
    before = Post.objects.count()
    (look,) = actions.try_out(bob(), "x" * 1001, [channel.pk], link="https://kape.ph")
    assert look.wrong == 1
    assert Post.objects.count() == before


def test_scheduling_writes_one_delivery_a_channel():
    post = a_post(channels=[a_channel("Harbour").pk, a_channel("Hall").pk], first_comment="Which brewer?")
    actions.attach(bob(), post.pk, a_picture(), alt="A cup")
    actions.schedule(alice(), post.pk, LATER)
    posts = [d for d in sends(post) if d.action == "publish"]
    comments = [d for d in sends(post) if d.action == "comment"]
    assert [(d.due_at, d.state, d.content["text"]) for d in posts] == [(LATER, "queued", "Open at 6")] * 2
    assert [len(d.content["media"]) for d in posts] == [1, 1]
    assert [(d.after, d.content["text"]) for d in comments] == [(d, "Which brewer?") for d in posts]
    assert state(post) == "scheduled"


def test_scheduling_again_moves_the_same_deliveries():
    post = a_post()
    actions.schedule(alice(), post.pk, LATER)
    actions.schedule(alice(), post.pk, LATER + timedelta(days=1))
    assert [d.due_at for d in sends(post)] == [LATER + timedelta(days=1)]


def test_what_waits_follows_the_words():
    post = a_post(first_comment="Hi")
    actions.schedule(alice(), post.pk, LATER)
    actions.edit(alice(), post.pk, text="Open at 7", first_comment="Hello")
    assert [d.content["text"] for d in sends(post)] == ["Open at 7", "Hello"]
    actions.edit(alice(), post.pk, first_comment="")
    assert [d.state for d in sends(post)] == ["queued", "cancelled"]


def test_taking_a_channel_off_takes_it_out_of_the_outbox():
    first, second = a_channel("Harbour"), a_channel("Hall")
    post = a_post(channels=[first.pk, second.pk])
    actions.schedule(alice(), post.pk, LATER)
    actions.edit(alice(), post.pk, channels=[first.pk])
    assert [(d.channel, d.state) for d in sends(post)] == [(first, "queued"), (second, "cancelled")]


def test_a_post_taken_back_is_a_draft_and_can_go_again():
    post = a_post()
    actions.schedule(alice(), post.pk, LATER)
    actions.cancel(alice(), post.pk)
    assert state(post) == "draft"
    with pytest.raises(Problem, match="Nothing of it waits"):
        actions.cancel(alice(), post.pk)
    actions.schedule(alice(), post.pk)
    assert [d.state for d in sends(post)] == ["cancelled", "queued"]


@pytest.mark.parametrize(
    ("given", "says"),
    [({"text": ""}, "empty"), ({"text": "x" * 1001}, "too long"), ({"channels": []}, "No channel")],
)
def test_what_a_network_would_refuse_is_never_handed_over(given, says):
    post = a_post()
    actions.edit(alice(), post.pk, **given)
    with pytest.raises(Problem, match=says):
        actions.schedule(alice(), post.pk, LATER)
    assert not sends(post)


def test_a_time_is_needed_and_must_be_to_come():
    post = a_post()
    with pytest.raises(Problem, match="no time"):
        actions.schedule(alice(), post.pk)
    with pytest.raises(Problem, match="passed"):
        actions.schedule(alice(), post.pk, NOW - timedelta(hours=1))


def test_now_means_now():
    post = a_post()
    actions.publish_now(alice(), post.pk)
    assert [d.due_at for d in sends(post)] == [NOW]


def test_what_is_out_does_not_change():
    post = a_post()
    actions.publish_now(alice(), post.pk)
    for now in ("sending", "sent", "unknown"):
        in_state(post, now)
        with pytest.raises(Problem, match=r"being sent|out already"):
            actions.edit(alice(), post.pk, text="Too late")
    assert Post.objects.get(pk=post.pk).text == "Open at 6"
    assert sends(post)[0].content["text"] == "Open at 6"


def test_a_refused_post_is_changed_and_scheduled_anew():
    post = a_post()
    actions.publish_now(alice(), post.pk)
    in_state(post, "refused", why="Too long")
    assert state(post) == "needs_you"
    actions.edit(alice(), post.pk, text="Shorter")
    assert state(post) == "draft"
    actions.publish_now(alice(), post.pk)
    assert [(d.state, d.content["text"]) for d in sends(post)] == [
        ("cancelled", "Open at 6"),
        ("queued", "Shorter"),
    ]


def test_what_is_partly_out_can_still_be_mended_elsewhere():
    first, second = a_channel("Harbour"), a_channel("Hall")
    post = a_post(channels=[first.pk, second.pk])
    actions.publish_now(alice(), post.pk)
    Delivery.objects.filter(channel=first).update(state="sent", sent_at=NOW)
    Delivery.objects.filter(channel=second).update(state="refused")
    actions.set_variant(alice(), post.pk, second.pk, "Shorter")
    actions.publish_now(alice(), post.pk)
    told = [(d.channel.name, d.state, d.content["text"]) for d in sends(post)]
    assert told == [
        ("Harbour", "sent", "Open at 6"),
        ("Hall", "cancelled", "Open at 6"),
        ("Hall", "queued", "Shorter"),
    ]


def test_required_approval_is_of_this_very_version():
    policy("required")
    post = a_post()
    with pytest.raises(Problem, match="needs approval"):
        actions.schedule(alice(), post.pk, LATER)
    actions.request_approval(bob(), post.pk)
    with pytest.raises(Problem, match="waits for approval"):
        actions.schedule(alice(), post.pk, LATER)
    actions.approve(alice(), post.pk)
    actions.edit(bob(), post.pk, text="Something else")
    assert state(post) == "draft"
    with pytest.raises(Problem, match="needs approval"):
        actions.schedule(alice(), post.pk, LATER)
    actions.approve(alice(), post.pk)
    actions.edit(alice(), post.pk, text="Alice agrees by changing")
    actions.schedule(alice(), post.pk, LATER)
    with pytest.raises(Problem, match="approved and scheduled"):
        actions.edit(bob(), post.pk, text="Behind her back")
    assert sends(post)[0].content["text"] == "Alice agrees by changing"


def test_sending_back_says_why():
    post = a_post()
    actions.request_approval(bob(), post.pk)
    assert state(post) == "waiting"
    with pytest.raises(Problem, match="Say what"):
        actions.send_back(alice(), post.pk, " ")
    actions.send_back(alice(), post.pk, "Shorter, please")
    assert (state(post), Post.objects.get(pk=post.pk).comment) == ("changes", "Shorter, please")


def test_where_nobody_approves_nobody_is_asked():
    policy("none")
    with pytest.raises(Problem, match="Nobody needs"):
        actions.request_approval(bob(), a_post().pk)


def test_saving_and_the_next_step_in_one_breath():
    post = a_post(then="schedule", at=LATER)
    assert state(post) == "scheduled"
    with pytest.raises(Forbidden):
        actions.write(bob(), text="Hi", channels=[a_channel("Hall").pk], at=LATER, then="schedule")
    assert Post.objects.count() == 1  # nothing half done


def test_a_copy_is_a_draft_without_a_time():
    post = a_post(at=LATER, link="https://kape.ph")
    actions.attach(bob(), post.pk, a_picture())
    actions.set_variant(bob(), post.pk, post.variants.get().channel_id, "Bukas na")
    copy = actions.duplicate(bob(), post.pk)
    assert (copy.text, copy.link, copy.due_at, copy.variants.get().text) == (
        post.text,
        post.link,
        None,
        "Bukas na",
    )
    assert copy.attachments.count() == 1


def test_only_a_draft_is_deleted_and_undo_brings_all_of_it_back():
    post = a_post()
    actions.attach(bob(), post.pk, a_picture())
    actions.delete(bob(), post.pk)
    assert not Post.objects.exists()
    undo(Audit.objects.get(verb="publish.delete"))
    assert (Post.objects.get().text, Variant.objects.count(), Attachment.objects.count()) == (
        "Open at 6",
        1,
        1,
    )
    actions.schedule(alice(), post.pk, LATER)
    with pytest.raises(Problem, match="not deleted"):
        actions.delete(bob(), post.pk)


def test_undo_never_parts_a_post_from_what_will_be_sent():
    post = a_post()
    actions.edit(alice(), post.pk, text="Open at 7")
    before = Audit.objects.get(verb="publish.edit")
    actions.schedule(alice(), post.pk, LATER)
    actions.edit(alice(), post.pk, text="Open at 8")
    assert can_undo(before)
    with pytest.raises(Problem, match="changed this since"):
        undo(before)
    assert not can_undo(Audit.objects.get(verb="publish.schedule"))
    assert not can_undo(Audit.objects.filter(verb="publish.edit").latest("pk"))
    assert sends(post)[0].content["text"] == "Open at 8"


def test_lists_know_the_state_of_every_post():
    posts = {}
    for number, now in enumerate(
        ("queued", "sending", "sent", "asked", "unknown", "refused", "lost", "cancelled")
    ):
        posts[now] = a_post(now, a_channel(f"C{number}"))
        actions.publish_now(alice(), posts[now].pk)
        in_state(posts[now], now)
    waiting = a_post("w", a_channel("W"))
    actions.request_approval(bob(), waiting.pk)
    told = {card.id: card.state for card in actions.posts(bob())}
    assert told == {post.pk: state(post) for post in (*posts.values(), waiting)}
    assert told[posts["cancelled"].pk] == "draft"
    counts = actions.counts(bob())
    assert (counts["needs_you"], counts["scheduled"], counts["sent"], counts["waiting"]) == (4, 2, 1, 1)
    assert {card.id for card in actions.posts(bob(), "waiting")} == {waiting.pk}
    assert set(counts) == set(rules.STATES)
    with pytest.raises(Problem, match="no state"):
        actions.posts(bob(), "lost in space")


def test_what_comes_next_is_posts_and_empty_slots():
    post = a_post("First", at=LATER)
    actions.schedule(alice(), post.pk)
    open_slot = a_slot(at=LATER + timedelta(hours=1), channel=a_channel("Hall"), title="Beans")
    written = a_slot(at=LATER + timedelta(hours=2), channel=a_channel("Pier"))
    actions.write(bob(), text="Said", slot=written.pk)
    rows = actions.coming(bob())
    assert [(row.title, row.state, row.at) for row in rows] == [
        ("First", "scheduled", LATER),
        ("Beans", "planned", open_slot.at),
    ]
    assert [row.title for row in actions.coming(bob(), limit=1)] == ["First"]


def test_standing_from_nothing_to_needing_a_person():
    assert actions.standing(alice()).state == "empty"
    post = a_post("Undas promo")
    assert (actions.standing(alice()).state, actions.standing(alice()).needs) == ("half", ())
    actions.request_approval(bob(), post.pk)
    assert [need.url for need in actions.standing(alice()).needs] == ["publish.list"]
    actions.approve(alice(), post.pk)
    actions.publish_now(alice(), post.pk)
    in_state(post, "unknown", do="Look at the channel.")
    (need,) = actions.standing(alice()).needs
    assert need.what % need.values == "Did «Undas promo» reach Harbour?"
    assert (need.args, actions.standing(alice()).state) == ({"post": post.pk}, "full")


def test_standing_asks_little(django_assert_max_num_queries):
    actions.publish_now(alice(), a_post().pk)
    who = alice()
    with django_assert_max_num_queries(3):
        actions.standing(who)


def test_lists_ask_the_same_for_many(django_assert_max_num_queries):
    channel = a_channel()
    for number in range(6):
        a_post(f"Post {number}", channel)
    who = alice()
    with django_assert_max_num_queries(4):
        assert len(lists.cards(lists.in_state(who.own(Post), ""))) == 6


CALLS = {
    "edit": {}, "post": {}, "preview": {}, "preflight": {}, "story": {}, "request_approval": {}, "approve": {},
    "send_back": {"comment": "No"}, "schedule": {}, "publish_now": {}, "cancel": {}, "duplicate": {}, "delete": {},
    "set_variant": {"channel": 1}, "attach": {"file": a_picture()}, "try_out": {"channels": [1]},
}  # fmt: skip


@pytest.mark.parametrize("verb", CALLS)
def test_a_stranger_learns_nothing(verb):
    post = a_post()
    with pytest.raises(Stranger):
        ALL[f"publish.{verb}"].call(charlie(), post=post.pk, **CALLS[verb])


def test_a_stranger_gets_no_file_no_picture_and_no_slot():
    one = actions.attach(alice(), a_post().pk, a_picture())
    channel = a_channel("Hall")
    for refused in (
        lambda: actions.media(charlie(), one.file_id),
        lambda: actions.detach(charlie(), one.pk),
        lambda: actions.describe(charlie(), one.pk, "mine"),
        lambda: actions.start(charlie(), a_slot(channel=channel).pk),
        lambda: actions.write(charlie(), text="Hi", channels=[channel.pk]),
    ):
        with pytest.raises(Stranger):
            refused()


def test_an_author_writes_and_an_approver_agrees():
    post = a_post(who=bob())
    for forbidden in (actions.schedule, actions.publish_now, actions.cancel, actions.approve):
        with pytest.raises(Forbidden):
            forbidden(bob(), post.pk)


def test_every_door_refuses_what_does_not_fit():
    with pytest.raises(Wrong, match="then"):
        ALL["publish.write"].run(alice(), {"text": "Hi", "then": "explode"})
