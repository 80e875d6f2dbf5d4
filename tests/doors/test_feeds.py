"""A brand's own feed: sent posts stand in it, deleted ones do not, and only its address opens it."""

import feedparser
import pytest

from diskarte.core import clock
from diskarte.core.files.keep import keep
from diskarte.core.outbox.queue import queue
from diskarte.core.outbox.worker import Worker
from diskarte.stages.channels import actions as channels
from tests.make import alice
from tests.networks.test_bluesky_server import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel():
    return channels.connect(alice(), "own_feed", {"handle": "Kape news"})


def sent(channel, **content):
    delivery = queue(channel.brand, channel, content, clock.now())
    Worker(1).once(clock.now())
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    return delivery


def read(client, channel):
    answer = client.get(channel.url)
    assert answer["Content-Type"].startswith("application/rss+xml")
    return feedparser.parse(answer.content)


def test_what_was_sent_stands_in_the_feed_for_anybody_who_has_its_address(client, channel):
    text = "Barako is back\nNow <b>stronger</b> & darker: https://kape.example/barako"
    delivery = sent(channel, text=text, parts=["See you"])
    told = read(client, channel)
    assert (told.bozo, told.feed.title) == (False, "Kape news")
    (entry,) = told.entries
    assert (entry.id, entry.title, entry.link) == (
        delivery.key,
        "Barako is back",
        "https://kape.example/barako",
    )
    assert "<p>Barako is back<br" in entry.description
    assert "&lt;b&gt;" in client.get(channel.url).content.decode().replace("&amp;", "&")
    assert delivery.url == f"{channel.url}#{delivery.key}"


def test_pictures_go_along_with_their_descriptions_and_no_others(client, channel):
    shown = keep(channel.brand, "cup.png", picture(), alt="A red cup")
    hidden = keep(channel.brand, "secret.png", picture() + b"\0", alt="Not published")
    delivery = sent(channel, text="A cup", media=[shown.pk])
    (file,) = read(client, channel).entries[0].media_content
    path = file["url"].partition("/feeds")[2]
    assert b"A red cup" in client.get(channel.url).content
    answer = client.get(f"/feeds{path}")
    assert (answer["Content-Type"], b"".join(answer.streaming_content)) == ("image/png", picture())
    assert client.get(f"/feeds/{channel.identity}/{delivery.pk}/{hidden.pk}").status_code == 404


def test_a_deletion_takes_the_entry_out(client, channel):
    first, second = sent(channel, text="One"), sent(channel, text="Two")
    queue(channel.brand, channel, {"remote_id": first.remote_id}, clock.now(), action="delete")
    Worker(1).once(clock.now())
    assert [entry.id for entry in read(client, channel).entries] == [second.key]


def test_another_address_and_another_kind_of_channel_are_404(client, channel):
    practice = channels.connect(alice(), "practice", name="Practice")
    for key in ("guess", practice.identity):
        assert client.get(f"/feeds/{key}.xml").status_code == 404
        assert client.get(f"/feeds/{key}/1/1").status_code == 404
    assert client.post(channel.url).status_code == 405
