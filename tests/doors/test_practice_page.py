"""Where a link to a practice post leads: the post, for members of its brand only."""

import pytest

from diskarte.core import clock
from diskarte.core.outbox.worker import Worker
from diskarte.stages.channels import actions as channels
from diskarte.stages.publish import actions as publish
from tests.make import alice, charlie

pytestmark = pytest.mark.django_db(transaction=True)


def a_post(who):
    channel = channels.connect(who, "practice", name="Practice")
    publish.write(who, text="Barako is back", channels=[channel.pk], then="publish_now")
    Worker(1).once(clock.now())
    return channel.deliveries.get()


def test_a_sent_post_can_be_opened(web):
    delivery = a_post(alice())
    path = delivery.url.partition("#")[0].removeprefix("http://127.0.0.1:8000")
    page = web.get(path).content.decode()
    assert "Barako is back" in page
    assert f'id="post-{delivery.remote_id}"' in page
    assert "simulated" in page


def test_a_stranger_gets_404(client):
    delivery = a_post(alice())
    client.force_login(charlie().person)
    path = delivery.url.partition("#")[0].removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 404


def test_an_account_without_posts_says_what_to_do(web):
    channel = channels.connect(alice(), "practice", name="Practice")
    assert "Nothing was posted here yet" in web.get(f"/practice/{channel.identity}/").content.decode()
