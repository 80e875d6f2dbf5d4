"""Taking down what is out: once, from the end of a thread, by a person where no program may."""

import pytest

from diskarte.core import clock
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.worker import Worker
from diskarte.core.people.who import Forbidden, Stranger
from diskarte.stages.channels import actions as channels
from diskarte.stages.publish import actions, stories, undoing
from diskarte.words import Problem
from tests.make import NOW, a_member, alice, charlie
from tests.publish.builders import a_channel, a_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def out(text="Open at 6", channel=None):
    """A post that the worker really sent to the practice network."""
    post = a_post(text, channel or channels.connect(alice(), "practice", name="Practice"))
    actions.publish_now(alice(), post.pk)
    Worker().once(NOW)
    return post


def test_it_is_deleted_there_and_the_story_says_so(web):
    post = out()
    page = web.get(f"/kape-diwata/publish/{post.pk}/story").content.decode()
    assert "Take down" in page
    undoing.take_down(alice(), post.pk)
    undoing.take_down(alice(), post.pk)  # asked twice, done once
    down = Delivery.objects.get(action="delete")
    Worker().once(NOW)
    down.refresh_from_db()
    assert down.state == "sent"
    told = stories.story(alice(), post.pk, None).branch
    assert told.down == "sent"
    assert told.moments[-1].title == "Taken down"
    page = web.get(f"/kape-diwata/publish/{post.pk}/story").content.decode()
    assert "Taken down" in page
    assert "do/publish.take_down" not in page


def test_where_no_program_may_delete_a_person_is_asked():
    post = out(channel=a_channel("Page", network="by_hand", url="https://f.example/kape"))
    sent = Delivery.objects.get()
    Delivery.objects.filter(pk=sent.pk).update(state="sent", url="https://f.example/1", sent_at=NOW)
    undoing.take_down(alice(), post.pk)
    Worker().once(NOW)
    down = Delivery.objects.get(action="delete")
    assert down.state == "asked"
    assert "https://f.example/1" in down.why + down.do


def test_what_is_not_out_cannot_be_taken_down():
    post = a_post()
    with pytest.raises(Problem, match="Nothing of it is out"):
        undoing.take_down(alice(), post.pk)


def test_an_unknown_address_is_said():
    post = out()
    Delivery.objects.update(remote_id="", url="")
    with pytest.raises(Problem, match="Nobody knows"):
        undoing.take_down(alice(), post.pk)


def test_strangers_and_authors_cannot():
    post = out()
    with pytest.raises(Stranger):
        undoing.take_down(charlie(), post.pk)
    with pytest.raises(Forbidden):
        undoing.take_down(a_member("Dina", "author", alice().brand), post.pk)
    assert not Delivery.objects.filter(action="delete").exists()
