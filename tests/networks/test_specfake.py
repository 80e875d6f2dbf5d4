"""Each network against the fake that checks every request with the network's own description.

Which networks take part is said in their wire.json: `specfake` holds the base, the identity and the call that
publishes. Every test ends with an empty journal: nothing we sent was outside the description.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from diskarte.networks import all_networks, get
from diskarte.words import Media, Reconnect, Sent, TryLater, Unknown, Wait
from tests.networks.wire import POST, wire
from tests.servers import specfake, specfake_server

__all__ = ["specfake", "specfake_server"]
pytestmark = pytest.mark.servers
TAKING_PART = [name for name in sorted(all_networks()) if "specfake" in wire(name)]
each_network = pytest.mark.parametrize("name", TAKING_PART)


@pytest.fixture
def api(name, specfake):
    told = wire(name)["specfake"]
    with httpx.Client(timeout=20) as client:
        base = specfake.url + told["base"]
        yield get(name).api(client, wire(name)["secrets"], base, told["identity"])


def a_post(name, **more):
    """A post planned for now (the fake's clock is real), with a picture where the network wants one."""
    post = replace(POST, due_at=datetime.now(UTC), **more)
    post = replace(post, text=wire(name)["specfake"].get("text", post.text))
    return replace(post, media=pictures(1)) if get(name).limits.needs_media and not post.media else post


def settles(name):
    """Whether a doubt can be settled here: the network remembers or shows, and the fake imitates that."""
    return not get(name).blind and wire(name)["specfake"].get("finds", True)


def has_threads(name):
    """Whether the network has threads, and the fake keeps them."""
    return bool(get(name).limits.parts) and wire(name)["specfake"].get("threads", True)


def pictures(number):
    return tuple(
        Media(f"{n}.png", "image/png", b"\x89PNG" + b"0" * 60, f"Boat {n}") for n in range(1, number + 1)
    )


def settled(network, api, post, fault=None, stop_at_doubt=False):
    """Publish as the engine does: on a doubt trust the network's memory, else look, and then go on."""
    memo, doubts = {}, 0
    for turn in range(80):
        if fault and turn == fault[0]:
            fault[1]()
        try:
            answer = network.publish(api, post, memo)
        except Unknown:
            if stop_at_doubt:
                raise
            doubts += 1
            found = None if network.remembers_key else network.find(api, post)
            if found:
                return found, doubts
            continue
        if isinstance(answer, Sent):
            return answer, doubts
        assert isinstance(answer, Wait)
        memo = answer.memo
    raise AssertionError("never finished")


@each_network
def test_a_post_lives_and_dies(name, api, specfake):
    network, kind = get(name), wire(name)["specfake"].get("label", name)
    parts = ("And more of it", "And the end") if has_threads(name) else ()
    post = a_post(name, parts=parts, media=pictures(min(2, network.limits.images)))
    assert not [c for c in network.preflight(post) if c.fatal]
    sent, _ = settled(network, api, post)
    files = wire(name)["specfake"].get("posts_per_file", 0) * (len(post.media) - 1) if post.media else 0
    assert len(specfake.posts(kind)) == 1 + len(parts) + files
    if parts:
        assert len(sent.told["parts"]) == len(parts)
    if "measure" in network.can and "listen" not in network.can:  # the fake has nobody who reacts
        specfake.forward(6 * 3600)
        counts = network.measure(api, sent.remote_id)
        assert any(isinstance(v, int) and v > 0 for v in counts.values())
    looks = "find" in network.can and wire(name)["specfake"].get("finds", True)
    if looks:
        assert network.find(api, post).remote_id == sent.remote_id
    for remote_id in (sent.remote_id, *sent.told.get("parts", ())):
        network.delete(api, remote_id)
        network.delete(api, remote_id)
    if looks:
        assert network.find(api, post) is None
    assert specfake.posts(kind) == [] or all(p["state"] == "draft" for p in specfake.posts(kind))
    assert specfake.journal() == []


@each_network
def test_a_lost_answer_is_settled_without_a_second_post(name, api, specfake):
    network, told = get(name), wire(name)["specfake"]
    specfake.fault(told.get("label", name), told["posting"], "timeout_after_commit")
    post = a_post(name)
    if not settles(name):
        with pytest.raises(Unknown):
            settled(network, api, post, stop_at_doubt=True)
    else:
        sent, doubts = settled(network, api, post)
        assert (bool(sent.remote_id), doubts) == (True, 1)
    assert len(specfake.posts(told.get("label", name))) == 1
    assert specfake.journal() == []


@each_network
def test_a_request_that_never_arrived_is_sent_again(name, api, specfake):
    network, told = get(name), wire(name)["specfake"]
    if not settles(name):
        pytest.skip("nobody can ask this network; a person looks")
    specfake.fault(told.get("label", name), told["posting"], "timeout_before")
    settled(network, api, a_post(name))
    assert len(specfake.posts(told.get("label", name))) == 1
    assert specfake.journal() == []


@each_network
def test_a_doubt_in_the_middle_of_a_thread_leaves_no_part_twice(name, api, specfake):
    network, told = get(name), wire(name)["specfake"]
    if not settles(name) or not has_threads(name):
        pytest.skip("no threads here, or nobody can ask")
    for turn in range(3):
        specfake.client.post("/_reset")

        def fault():
            specfake.fault(told.get("label", name), told["posting"], "timeout_after_commit")

        post = replace(a_post(name), key=f"doubt-{turn}", parts=(f"second {turn}", "third"))
        settled(network, api, post, (turn, fault))
        texts = [p["text"] for p in specfake.posts(told.get("label", name))]
        assert sorted(texts) == sorted([post.text, *post.parts])
    assert specfake.journal() == []


@each_network
@pytest.mark.parametrize("native", [False, True])
def test_too_many_calls_and_a_lost_permission_are_told_apart(name, api, specfake, native):
    network, told = get(name), wire(name)["specfake"]
    label = told.get("label", name)
    specfake.fault(label, told["posting"], "rate_limit", retry_after=30, native=native)
    with pytest.raises(TryLater) as caught:
        settled(network, api, a_post(name))
    assert caught.value.seconds >= 1
    specfake.fault(label, told["posting"], "expired_token", native=native)
    with pytest.raises(Reconnect):
        settled(network, api, a_post(name))
    assert specfake.posts(label) == []
    assert specfake.journal() == []


@each_network
def test_slow_pictures_are_waited_for(name, api, specfake):
    network, told = get(name), wire(name)["specfake"]
    if not network.limits.images:
        pytest.skip("no pictures here")
    specfake.fault(told.get("label", name), ".", "slow_media", polls=3)
    started = time.monotonic()
    settled(network, api, a_post(name, media=pictures(1)))
    assert time.monotonic() - started < 5
    assert len(specfake.posts(told.get("label", name))) == 1
    assert specfake.journal() == []


@pytest.mark.parametrize("name", [name for name in TAKING_PART if "listen" in get(name).can])
def test_listening_and_answering_are_within_the_description(name, api, specfake):
    network = get(name)
    hearing = network.listen(api, wire(name)["listen"]["cursor"], None)
    assert (hearing.news, hearing.more, hearing.lost) == ([], False, False)
    answer = replace(POST, answers=wire(name)["reply"]["answers"])
    assert isinstance(network.reply(api, answer, {}), Sent)
    assert set(network.measure(api, wire(name)["measure"]["of"]).values()) == {None}, "nobody told anything"
    assert specfake.journal() == []


def test_some_networks_take_part():
    assert "mastodon" in TAKING_PART
