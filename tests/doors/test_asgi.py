"""The web process as it is served: tools at /mcp behind a token, pages beside them."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest

from diskarte.core.people import actions as people
from diskarte.core.people.models import Audit, Person
from diskarte.doors import asgi, mcp
from diskarte.stages.brand.models import Competitor
from tests.make import a_brand, alice, bob, charlie

pytestmark = pytest.mark.django_db(transaction=True)
ASKS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def server():
    return mcp.make()


@pytest.fixture
def ask(server, monkeypatch):
    """Ask the served application; every test wraps the tools anew, for the life of a wrapping is lived only once."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    fresh = server.streamable_http_app(stateless_http=True, json_response=True, transport_security=asgi.GUARD)
    monkeypatch.setattr(asgi, "tools", fresh)

    def run(*requests):
        return asyncio.run(_all(requests))

    return run


async def _all(requests):
    async with (
        alive(),
        httpx.AsyncClient(transport=httpx.ASGITransport(asgi.app), base_url="http://testserver") as web,
    ):
        return [await web.request(*one[:2], **one[2]) for one in requests]


@asynccontextmanager
async def alive():
    """The life of the process around the requests, as a server announces it."""
    inbox, outbox = asyncio.Queue(), asyncio.Queue()
    life = asyncio.create_task(
        asgi.app({"type": "lifespan", "asgi": {"version": "3.0"}}, inbox.get, outbox.put)
    )
    await inbox.put({"type": "lifespan.startup"})
    assert (await outbox.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        await inbox.put({"type": "lifespan.shutdown"})
        assert (await outbox.get())["type"] == "lifespan.shutdown.complete"
        await life


def call(secret, tool, given, path="/mcp"):
    """One tool call as a program sends it."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": given}}
    return "POST", path, {"json": body, "headers": ASKS | {"Authorization": f"Bearer {secret}"}}


def told(answer):
    """The tool's result, or the words of its error."""
    assert answer.status_code == 200, answer.text
    result = answer.json()["result"]
    text = result["content"][0]["text"]
    return text if result.get("isError") else json.loads(text)["result"]


def a_key(who, scopes=None):
    return people.make_token(who, "program", scopes).secret


def test_without_a_living_key_nobody_learns_even_which_tools_there_are(ask):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    given = ({}, *({"Authorization": word} for word in ("Bearer dk_wrong", "Bearer ", "Basic eDp5", "")))
    answers = ask(*[("POST", "/mcp", {"json": body, "headers": ASKS | header}) for header in given])
    told = {(a.status_code, a.headers["www-authenticate"], a.content) for a in answers}
    assert told == {(401, "Bearer", b"")}


def test_a_withdrawn_key_and_a_locked_person_are_out(ask):
    one, other = a_key(alice()), a_key(bob())
    people.withdraw_token(alice(), people.tokens(alice())[0].pk)
    Person.objects.filter(name="Bob").update(is_active=False)
    answers = ask(call(one, "plan_standing", {}), call(other, "plan_standing", {}))
    assert [answer.status_code for answer in answers] == [401, 401]


def test_a_tool_reads_and_writes_as_its_person(ask):
    who = alice()
    given = {"name": "Kape Ni Juan", "brand": "kape-diwata"}
    made, listed = ask(
        call(a_key(who), "brand_add_competitor", given),
        call(a_key(who), "brand_competitors", {}, path="/mcp/"),
    )
    assert told(made)["name"] == "Kape Ni Juan"
    assert len(told(listed)) == 1
    line = Audit.objects.get(verb="brand.add_competitor")
    assert (line.door, line.person) == ("mcp", who.person)


def test_no_is_said_in_words(ask):
    key = a_key(bob())
    forbidden, wrong, unknown = ask(
        call(key, "brand_add_competitor", {"name": "Mine"}),
        call(key, "plan_move_slot", {"slot": "soon", "at": "2026-12-01"}),
        call(key, "plan_lock", {"slot": 1, "colour": "red"}),
    )
    assert "does not allow" in told(forbidden)
    assert "slot" in told(wrong)
    assert "takes no colour" in told(unknown)
    assert not Competitor.objects.exists()


def test_a_stranger_does_not_learn_that_the_brand_is_there(ask):
    a_brand()
    key = a_key(charlie())
    theirs, nobodys = ask(*[call(key, "plan_standing", {"brand": b}) for b in ("kape-diwata", "nobodys")])
    assert told(theirs) == told(nobodys)
    assert told(theirs).endswith("Not found.")


def test_a_key_for_reading_does_not_write(ask):
    key = a_key(alice(), ["brand.see"])
    seen, refused = ask(
        call(key, "brand_competitors", {}), call(key, "brand_add_competitor", {"name": "Mine"})
    )
    assert told(seen) == []
    assert "does not allow" in told(refused)


def test_two_people_at_once_are_not_mixed_up(ask):
    mine, theirs = a_key(alice()), a_key(charlie())
    answers = ask(*[call(key, "people_brands", {}) for key in (mine, theirs) * 3])
    assert [told(a)[0]["slug"] for a in answers] == ["kape-diwata", "charlies-tea"] * 3


def test_the_list_of_tools_says_what_only_reads(ask):
    from diskarte.doors import verbs

    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = ASKS | {"Authorization": f"Bearer {a_key(alice())}"}
    (answer,) = ask(("POST", "/mcp", {"json": body, "headers": headers}))
    tools = {tool["name"]: tool for tool in answer.json()["result"]["tools"]}
    assert set(tools) == {name.replace(".", "_") for name in verbs()}
    for name, action in verbs().items():
        assert tools[name.replace(".", "_")]["annotations"]["readOnlyHint"] is not action.writes


def test_pages_and_api_stand_beside_the_tools(ask):
    secret = a_key(alice())
    headers = {"Authorization": f"Bearer {secret}"}
    health, page, api, nothing = ask(
        ("GET", "/healthz?only=database", {}),
        ("GET", "/kape-diwata/plan/", {}),
        ("GET", "/kape-diwata/api/brand/competitors", {"headers": headers}),
        ("GET", "/mcp/nothing", {}),
    )
    assert health.json()["ok"] is True
    assert page.headers["location"].startswith("/accounts/login/")
    assert api.json() == {"result": []}
    assert nothing.status_code in (302, 404)


def test_the_worker_lives_and_ends_with_the_process(ask, monkeypatch):
    from threading import Event, Thread

    stop = Event()
    monkeypatch.setenv("DISKARTE_WITH_WORKER", "1")
    monkeypatch.setattr(asgi, "start_worker", lambda: (stop, Thread()))
    ask(("GET", "/healthz", {}))
    assert stop.is_set()
