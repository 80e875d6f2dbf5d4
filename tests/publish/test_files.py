"""Posts that are not out yet survive the way through a file."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diskarte.core import clock
from diskarte.stages.publish import actions, files
from diskarte.stages.publish.models import Post
from tests.make import NOW, a_brand, alice
from tests.publish.builders import LATER, a_channel, a_picture, a_post, a_slot, in_state

pytestmark = pytest.mark.django_db
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80) | st.just(
    'He said "hi"\n\n--- \\n'
)
posts = st.fixed_dictionaries({"text": words, "title": words, "first_comment": words, "topic": words})


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(posts, min_size=1, max_size=3), st.booleans())
def test_there_and_back(told, timed):
    Post.objects.all().delete()
    channel = a_channel()
    for one in told:
        post = actions.write(alice(), channels=[channel.pk], at=LATER if timed else None, **one)
        actions.set_variant(alice(), post.pk, channel.pk, one["title"])
    before = files.export(a_brand())
    Post.objects.all().delete()
    files.restore(a_brand(), before, alice())
    assert files.export(a_brand()) == before
    assert sorted(Post.objects.values_list("text", flat=True)) == sorted(one["text"].strip() for one in told)


def test_labels_slot_media_and_approval_come_along():
    slot = a_slot(topic="Beans")
    with clock.at(NOW):
        post = actions.write(alice(), text="Slowly", slot=slot.pk)
        actions.attach(alice(), post.pk, a_picture(), alt="A cup")
        actions.approve(alice(), post.pk)
        actions.schedule(alice(), post.pk)
    before = files.export(a_brand())
    assert "A cup" in before["posts.toml"]
    Post.objects.all().delete()
    files.restore(a_brand(), before, alice())
    again = Post.objects.get()
    assert (again.slot, again.pillar, again.due_at, again.attachments.count()) == (
        slot,
        slot.pillar,
        LATER,
        1,
    )
    assert (actions.post(alice(), again.pk).state, again.approved_version) == ("approved", again.version)


def test_what_is_out_is_no_draft():
    in_state(a_post(then="publish_now"), "sent")
    assert files.export(a_brand()) == {}


def test_what_another_brand_does_not_have_is_left_out():
    actions.write(alice(), text="Slowly", slot=a_slot().pk)
    other = a_brand("second", name="Second")
    files.restore(other, files.export(a_brand()), alice(other))
    post = Post.objects.get(brand=other)
    assert (post.text, post.slot, post.pillar, post.variants.count()) == ("Slowly", None, None, 0)
