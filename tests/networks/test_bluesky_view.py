"""Bluesky with its view of posts: what others see, like, share and answer is read back from the real network."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from diskarte.networks import get
from diskarte.words import Metric
from tests.networks.wire import POST, to_the_end
from tests.servers import bluesky_network

__all__ = ["bluesky_network"]
pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("bluesky-view")]


@pytest.fixture(scope="module")
def people(bluesky_network):
    """A line for each of alice, bob and mia."""
    with httpx.Client(timeout=30) as client:
        found = []
        for given in bluesky_network.accounts:
            account = get("bluesky").sign_in(get("bluesky").api(client, base=bluesky_network.url), given)
            found.append(get("bluesky").api(client, account.secrets, bluesky_network.url, account.identity))
        yield found


def now(name, **more):
    return replace(POST, key=f"view-{name}", due_at=datetime.now(UTC), **more)


def until(told, expected):
    """What `told()` says in the end: the view is a second behind."""
    deadline = time.monotonic() + 20
    while (said := told()) != expected and time.monotonic() < deadline:
        time.sleep(0.2)
    return said


def record(api, collection, **value):
    """What a person's app writes: a like, a share, a follow."""
    value |= {"$type": collection, "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
    asked = {"repo": api.identity, "collection": collection, "record": value}
    api.post("/xrpc/com.atproto.repo.createRecord", asked)


def cid(api, uri):
    repo, collection, rkey = uri.removeprefix("at://").split("/")
    told = api.get("/xrpc/com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=rkey)
    return told.need("cid")


def test_likes_shares_and_answers_are_counted_and_read(people):
    alice, bob, mia = people
    network = get("bluesky")
    sent = to_the_end(network, alice, now("asked", text="What shall we bake?", parts=("Vote below",)))
    subject = {"uri": sent.remote_id, "cid": cid(alice, sent.remote_id)}
    for person in (bob, mia):
        record(person, "app.bsky.feed.like", subject=subject)
    record(mia, "app.bsky.feed.repost", subject=subject)
    answer = to_the_end(network, bob, now("answer", text="Ensaymada!", answers=sent.remote_id), "reply")
    to_the_end(network, mia, now("deep", text="With cheese", answers=answer.remote_id), "reply")
    expected = {Metric.LIKES: 2, Metric.REPLIES: 2, Metric.SHARES: 1, Metric.SAVES: 0}
    assert until(lambda: network.measure(alice, sent.remote_id), expected) == expected
    heard = ["Ensaymada!", "With cheese"]
    assert until(lambda: [r.text for r in network.read_replies(alice, sent.remote_id)], heard) == heard
    (first, _) = network.read_replies(alice, sent.remote_id)
    assert (first.author, first.remote_id) == ("bob.test", answer.remote_id)
    thanks = to_the_end(network, alice, now("thanks", text="Thank you!", answers=first.remote_id), "reply")
    assert until(lambda: len(network.read_replies(bob, answer.remote_id)), 2) == 2
    assert network.find(alice, now("thanks", answers=first.remote_id)) is None, "another moment, another post"
    assert thanks.url.startswith("https://bsky.app/profile/")


def test_followers_and_the_public_page(people):
    alice, bob, _ = people
    network = get("bluesky")
    sent = to_the_end(network, bob, now("public", text="Open until ten"))
    record(alice, "app.bsky.graph.follow", subject=bob.identity)
    assert until(lambda: network.measure_channel(bob), {Metric.FOLLOWERS: 1}) == {Metric.FOLLOWERS: 1}
    texts = ["Open until ten"]
    assert until(lambda: [p.text for p in network.read_public(alice, "@bob.test")], texts) == texts
    (post,) = network.read_public(alice, "bob.test")
    assert (post.remote_id, post.counts[Metric.LIKES]) == (sent.remote_id, 0)
    network.delete(bob, sent.remote_id)
    assert until(lambda: network.read_public(alice, "bob.test"), []) == []
