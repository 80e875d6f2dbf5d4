"""What every network must honour. A new network file is tested here without a new test."""

import json
import re
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from diskarte import networks
from diskarte.networks import all_networks
from diskarte.networks.base import ABILITIES, Account, ByHand, Connect, OAuth2
from diskarte.words import Ask, Failure, Kind, Metric, Problem, Reconnect, Refused, Sent, TryLater, Unknown
from tests.networks.wire import POST, Replay, Shelf, api_that, post_for, sent, to_the_end, wire

ALL = sorted(all_networks())
BY_HAND = [name for name in ALL if isinstance(all_networks()[name].connect, ByHand)]
FEEDS = [name for name in ALL if all_networks()[name].is_feed]
ONLINE = sorted(set(ALL) - {*BY_HAND, *FEEDS})

OWN_LIMITS = {"by_hand", "own_feed", "practice", "webhook", "wordpress"}  # no limit is written anywhere


def having(ability):
    return [name for name in ONLINE if ability in all_networks()[name].can]


def plain(value):
    """A result as JSON would hold it, so that wire.json can say what is expected."""
    return json.loads(
        json.dumps(value, default=lambda v: v.isoformat() if hasattr(v, "isoformat") else asdict(v))
    )


@pytest.mark.parametrize("name", ALL)
def test_says_what_it_is(name):
    network = networks.get(name)
    assert network.name
    assert network.docs.startswith("https://") or network.docs == "docs/networks.md"
    assert date(2026, 1, 1) < network.checked
    assert network.limits.text > 0
    assert network.limits_from.startswith("https://") or name in OWN_LIMITS
    assert set(network.counts) <= set(Metric)
    assert network.kinds
    assert network.kinds <= set(Kind)
    assert re.fullmatch("#[0-9a-f]{6}", network.colour)
    icon = Path(networks.__file__).parent / "icons" / f"{name}.svg"
    assert icon.read_text().startswith("<svg")


@pytest.mark.parametrize("name", ALL)
def test_its_form_can_be_printed(name):
    connect = networks.get(name).connect
    assert isinstance(connect, Connect)
    labels = {field.name: field.label for field in connect.fields}
    assert len(labels) == len(connect.fields) > 0
    assert all(labels.values())
    if not networks.get(name).base and name in ONLINE:
        assert {"base", "webhook"} & set(labels)


@pytest.mark.parametrize("name", ALL)
def test_abilities_are_methods_and_each_has_its_wire(name):
    network = networks.get(name)
    assert network.can == {a for a in ABILITIES if callable(getattr(network, a, None))}
    assert {"publish", "sign_in"} <= network.can
    if name in ONLINE:
        assert network.can <= set(wire(name)), network.can - set(wire(name))


@pytest.mark.parametrize("name", ALL)
def test_admits_when_it_cannot_tell_a_repeat(name):
    """No key and no `find` is allowed, but must be said: the page and the engine rely on it."""
    network = networks.get(name)
    assert (network.remembers_key > timedelta(0) or "find" in network.can) != network.blind


@pytest.mark.parametrize("name", ALL)
def test_signs_in(name):
    if name not in ONLINE:
        account = networks.get(name).sign_in(api_that(name, None), {"handle": "@harbour"})
        assert account.handle == "@harbour"
        return
    replay = Replay(name, "sign_in")
    account = networks.get(name).sign_in(replay.api, wire(name)["sign_in"]["given"])
    assert isinstance(account, Account)
    assert plain(asdict(account)) | replay.expect == plain(asdict(account))
    assert replay.finished
    assert "secrets" not in repr(account)


@pytest.mark.parametrize("name", having("register"))
def test_makes_its_own_app(name):
    replay = Replay(name, "register")
    assert networks.get(name).register(replay.api, "https://us.example/back") == replay.expect
    assert replay.finished


@pytest.mark.parametrize("name", having("refresh"))
def test_refreshes(name):
    replay = Replay(name, "refresh")
    account = networks.get(name).refresh(replay.api, wire(name)["secrets"])
    assert plain(asdict(account)) | replay.expect == plain(asdict(account))
    assert replay.finished


@pytest.mark.parametrize("name", having("publish"))
def test_publishes(name):
    replay = Replay(name, "publish")
    done = to_the_end(networks.get(name), replay.api, post_for(name))
    assert isinstance(done, Sent)
    assert plain(asdict(done)) | replay.expect == plain(asdict(done))
    assert replay.finished


@pytest.mark.parametrize("name", having("verify"))
def test_verifies_with_one_harmless_look(name):
    replay = Replay(name, "verify")
    networks.get(name).verify(replay.api)
    assert replay.finished
    assert {request.method for request in replay.seen} == {"GET"}


READS_LINKS = ["bluesky", "discord", "mastodon", "pinterest", "slack", "telegram", "vk", "x"]


@pytest.mark.parametrize("name", READS_LINKS)
def test_a_pasted_link_tells_the_remote_id(name):
    replay = Replay(name, "publish")
    network = networks.get(name)
    done = to_the_end(network, replay.api, post_for(name))
    assert network.id_of(done.url, wire(name)["identity"]) == done.remote_id
    assert network.id_of(f"{done.url}#here", wire(name)["identity"]) == done.remote_id


@pytest.mark.parametrize("name", ALL)
def test_a_link_to_elsewhere_tells_no_id(name):
    assert networks.get(name).id_of("https://harbour.example/about-us", "me") == ""


@pytest.mark.parametrize("name", having("publish"))
def test_a_repeat_asks_for_exactly_the_same(name):
    """Else a network that remembers could not recognise it, and a person could not either."""
    first, again = Replay(name, "publish"), Replay(name, "publish")
    to_the_end(networks.get(name), first.api, post_for(name))
    to_the_end(networks.get(name), again.api, post_for(name))
    keys = [[r.headers.get("Idempotency-Key") for r in one.seen] for one in (first, again)]
    assert keys[0] == keys[1]
    assert [sent(r) for r in first.seen] == [sent(r) for r in again.seen]


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_of_our_own_takes_everything_at_once_and_calls_nobody(name):
    network, told = networks.get(name), wire(name)["publish"]["expect"]
    api = api_that(name, None)
    assert plain(asdict(network.publish(api, POST, {}))) | told == plain(
        asdict(network.publish(api, POST, {}))
    )
    network.delete(api, told["remote_id"])
    first, again = (network.sign_in(api, {"handle": "Harbour"}).identity for _ in range(2))
    assert first != again, "nobody can guess the address of a feed"


@pytest.mark.parametrize("name", BY_HAND)
def test_what_only_a_person_can_do_is_asked(name):
    asked = networks.get(name).publish(api_that(name, None), POST, {})
    assert isinstance(asked, Ask)
    assert "by hand" in asked.what


@pytest.mark.parametrize("name", having("reply"))
def test_replies(name):
    replay = Replay(name, "reply")
    post = replace(POST, answers=wire(name)["reply"]["answers"])
    done = to_the_end(networks.get(name), replay.api, post, "reply")
    assert plain(asdict(done)) | replay.expect == plain(asdict(done))
    assert replay.finished


@pytest.mark.parametrize("name", having("find"))
def test_finds_what_is_there(name):
    replay = Replay(name, "find")
    found = networks.get(name).find(replay.api, POST)
    assert isinstance(found, Sent)
    assert plain(asdict(found)) | replay.expect == plain(asdict(found))
    assert replay.finished


@pytest.mark.parametrize("name", having("find"))
def test_says_none_when_it_is_surely_not_there(name):
    replay = Replay(name, "find_nothing")
    assert networks.get(name).find(replay.api, POST) is None
    assert replay.finished


@pytest.mark.parametrize("name", having("find"))
def test_does_not_take_a_broken_line_for_absence(name):
    with pytest.raises(TryLater):
        networks.get(name).find(api_that(name, lambda request: httpx.Response(502)), POST)


@pytest.mark.parametrize("name", having("measure"))
def test_measures_what_it_promises(name):
    replay = Replay(name, "measure")
    counts = networks.get(name).measure(replay.api, wire(name)["measure"]["of"])
    assert plain(counts) == replay.expect
    assert set(counts) == set(networks.get(name).counts)
    assert all(v is None or isinstance(v, int) for v in counts.values())
    assert replay.finished


@pytest.mark.parametrize("name", having("measure"))
def test_a_number_not_told_is_none_never_zero(name):
    replay = Replay(name, "measure")
    replay.api.memory = Shelf(whole=False)
    replay.steps = [
        {**step, "tell": [200, emptied(step["tell"][1])], "told_headers": {}} for step in replay.steps
    ]
    try:
        counts = networks.get(name).measure(replay.api, wire(name)["measure"]["of"])
    except TryLater:
        return
    assert set(counts.values()) <= {None}


def emptied(body):
    """The same answer without any number in it."""
    if isinstance(body, dict):
        return {k: emptied(v) for k, v in body.items() if not isinstance(v, int) or isinstance(v, bool)}
    return [emptied(one) for one in body] if isinstance(body, list) else body


@pytest.mark.parametrize("name", having("measure_channel"))
def test_measures_the_channel(name):
    replay = Replay(name, "measure_channel")
    assert plain(networks.get(name).measure_channel(replay.api)) == replay.expect
    assert replay.finished


@pytest.mark.parametrize("name", having("read_replies"))
def test_reads_replies(name):
    replay = Replay(name, "read_replies")
    told = networks.get(name).read_replies(replay.api, wire(name)["read_replies"]["of"])
    assert plain([asdict(one) for one in told]) == replay.expect
    assert all(one.at.tzinfo for one in told)
    assert replay.finished


@pytest.mark.parametrize("name", having("listen"))
def test_listens(name):
    replay, told = Replay(name, "listen"), wire(name)["listen"]
    hearing = networks.get(name).listen(replay.api, told["cursor"], None)
    assert [one.number for one in hearing.news] == replay.expect["numbers"]
    assert (hearing.more, hearing.lost) == (replay.expect["more"], replay.expect["lost"])
    assert hearing.cursor.startswith(replay.expect["cursor"])
    assert networks.get(name).ear(told.get("secrets", wire(name)["secrets"]))
    assert replay.finished
    assert all(one.at.tzinfo for one in hearing.news)
    assert len({(one.number, one.about) for one in hearing.news}) == len(hearing.news), (
        "what tells them apart"
    )


@pytest.mark.parametrize("name", having("read_public"))
def test_reads_what_is_public(name):
    replay = Replay(name, "read_public")
    told = networks.get(name).read_public(replay.api, wire(name)["read_public"]["of"])
    assert plain([asdict(one) for one in told]) == replay.expect
    assert replay.finished


@pytest.mark.parametrize("name", having("delete"))
def test_deletes_and_does_not_mind_when_it_is_gone(name):
    replay = Replay(name, "delete")
    networks.get(name).delete(replay.api, wire(name)["delete"]["of"])
    assert replay.finished
    gone = wire(name)["delete"].get("gone", [404, {"error": "not found"}])
    replay = Replay(name, "delete", ending=lambda request: httpx.Response(gone[0], json=gone[1]))
    networks.get(name).delete(replay.api, wire(name)["delete"]["of"])


@pytest.mark.parametrize(
    ("status", "failure"), [(401, Reconnect), (400, Refused), (422, Refused), (429, TryLater), (502, Unknown)]
)
@pytest.mark.parametrize("name", ONLINE)
def test_fails_in_one_of_four_ways(name, status, failure):
    replay = Replay(name, "publish", ending=lambda request: httpx.Response(status, json={"error": "no"}))
    with pytest.raises(failure) as caught:
        to_the_end(networks.get(name), replay.api, post_for(name))
    assert str(caught.value)


@pytest.mark.parametrize("name", ONLINE)
def test_a_cut_line_is_unknown_not_failed(name):
    def cut(request):
        raise httpx.ReadTimeout("cut")

    with pytest.raises(Unknown):
        to_the_end(networks.get(name), Replay(name, "publish", ending=cut).api, post_for(name))


@pytest.mark.parametrize("name", ONLINE)
def test_no_line_is_try_later(name):
    def down(request):
        raise httpx.ConnectError("down")

    with pytest.raises(TryLater):
        to_the_end(networks.get(name), api_that(name, down), post_for(name))


@pytest.mark.parametrize("name", ONLINE)
def test_no_failure_tells_a_secret(name):
    """Networks like to repeat in an error what they were sent."""
    secrets = wire(name)["secrets"]
    told = []

    def parrot(request):
        return httpx.Response(400, json={"error": f"bad call to {request.url} with {json.dumps(secrets)}"})

    api = api_that(name, parrot)
    api.record = told.append
    with pytest.raises(Exception) as caught:
        to_the_end(networks.get(name), api, post_for(name))
    story = f"{caught.value} {json.dumps(told, ensure_ascii=False)}"
    assert told
    assert not [value for value in secrets.values() if len(value) > 3 and value in story]


STRANGE = [
    None,
    [],
    {},
    5,
    "x",
    [5],
    [None],
    [{}],
    {"ok": True},
    {"result": 5},
    {"data": [5]},
    {"response": {"items": [5]}},
]
STRANGE += [
    {"feed": [{}], "thread": 5, "posts": 5, "messages": [{}], "items": [{}], "descendants": [{}], "id": {}}
]


@pytest.mark.parametrize("body", STRANGE, ids=str)
@pytest.mark.parametrize("name", ONLINE)
def test_a_strange_answer_is_a_failure_of_ours_or_nothing(name, body):
    """Whatever comes back, a caller meets one of the four failures and never a KeyError."""
    network, told = networks.get(name), wire(name)
    given = {
        "register": ("https://us.example/back",),
        "sign_in": (told["sign_in"]["given"],),
        "refresh": (told["secrets"],),
        "find": (POST,),
        "measure_channel": (),
        "read_public": ("@rival",),
        "listen": ("", None),
    }
    for ability in network.can - {"publish", "reply"}:
        api = api_that(name, lambda request: httpx.Response(200, json=body))
        try:
            result = getattr(network, ability)(api, *given.get(ability, (told.get(ability, {}).get("of"),)))
        except Failure as failure:
            ended = failure
        else:
            assert ability != "find" or result is not None or body == [], "absent is a strong word"
            continue
        assert str(ended)


@pytest.mark.parametrize("body", STRANGE, ids=str)
@pytest.mark.parametrize("name", ONLINE)
def test_a_strange_answer_to_a_post_is_a_doubt(name, body):
    replay = Replay(name, "publish", ending=lambda request: httpx.Response(200, json=body))
    try:
        done = to_the_end(networks.get(name), replay.api, post_for(name))
    except Failure as failure:
        ended = failure
    else:
        assert name == "webhook" or isinstance(body, dict), "only what names the post may count as a yes"
        assert done.remote_id
        return
    assert isinstance(ended, Unknown), ended


@pytest.mark.parametrize("name", ALL)
def test_preflight_says_before_what_the_network_would_refuse(name):
    network = networks.get(name)
    longest = replace(POST, text="a" * network.limits.text)
    too_long = replace(POST, text="a" * (network.limits.text + 1))
    assert "text_too_long" not in [c.code for c in network.preflight(longest)]
    told = {c.code: c for c in network.preflight(too_long)}
    assert "1 character" in str(told["text_too_long"])
    assert told["text_too_long"].fatal


def test_an_unknown_name_is_a_readable_problem():
    with pytest.raises(Problem, match="no network called «myspace»"):
        networks.get("myspace")


def test_an_authorisation_link_names_the_app_the_scopes_and_the_challenge():
    connect = OAuth2(authorize="/oauth/authorize", token="/oauth/token", scopes=("read", "write"))
    link = httpx.URL(
        connect.link("https://example.social/", "app-1", "https://us.example/back", "s-1", "c-1")
    )
    assert (link.host, link.path) == ("example.social", "/oauth/authorize")
    assert dict(link.params) == {
        "response_type": "code",
        "client_id": "app-1",
        "redirect_uri": "https://us.example/back",
        "scope": "read write",
        "state": "s-1",
        "code_challenge": "c-1",
        "code_challenge_method": "S256",
    }


def test_importing_the_package_is_cheap_and_never_needs_django():
    lines = (
        "import sys, diskarte.networks as networks",
        "print('httpx' in sys.modules)",
        "networks.all_networks()",
        "print('django' in sys.modules)",
    )
    done = subprocess.run(
        [sys.executable, "-c", "; ".join(lines)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
