"""One exchange over a WebSocket: guarded and ended like every other call. A small server of our own answers."""

import json
from threading import Thread

import httpx
import pytest
from websockets.sync.server import serve

from diskarte.core import fetch
from diskarte.networks.base import Api
from diskarte.words import Reconnect, Refused, TryLater, Unknown

ENDS = frozenset({"END"})


def answer(line):
    """Does what the first message asks for."""
    asked = json.loads(line.recv())
    if asked == ["hang up"]:
        line.close()
    elif asked == ["huge"]:
        line.send("x" * (2 * 1024 * 1024))
    elif asked != ["silence"]:
        for said in (["FIRST", asked], 5, ["END"]):
            line.send(json.dumps(said))
    line.recv()


def door(line, request):
    if request.path == "/closed":
        return line.respond(401, "not you")
    return line.respond(503, "busy") if request.path == "/busy" else None


@pytest.fixture(scope="module")
def server():
    with serve(answer, "127.0.0.1", 0, process_request=door) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()


@pytest.fixture
def api(settings):
    settings.ALLOW_LOOPBACK = True
    with fetch.client(timeout=httpx.Timeout(0.5, connect=2)) as client:
        yield Api("https://network.example", {}, client)


def test_all_that_is_heard_until_the_end_is_the_answer(api, server):
    story = []
    api.record = story.append
    assert api.talk(server, ["hello"], ENDS).body == [["FIRST", ["hello"]], 5, ["END"]]
    assert (story[0]["method"], story[0]["path"], story[0]["status"]) == ("WS", server, 200)


@pytest.mark.parametrize("asked", ["hang up", "huge", "silence"])
def test_a_line_that_breaks_is_a_doubt_only_when_something_may_have_changed(api, server, asked):
    with pytest.raises(TryLater):
        api.talk(server, [asked], ENDS)
    with pytest.raises(Unknown):
        api.talk(server, [asked], ENDS, harmless=False)


def test_a_door_that_stays_closed_says_why_with_its_status(api, server):
    with pytest.raises(Reconnect):
        api.talk(f"{server}/closed", ["hello"], ENDS)
    with pytest.raises(TryLater, match="503"):
        api.talk(f"{server}/busy", ["hello"], ENDS)


@pytest.mark.parametrize("url", ["ws://127.0.0.1:9", "ws://no-such-host.invalid"])
def test_what_cannot_be_reached_is_try_later(api, url):
    with pytest.raises(TryLater, match="cannot be reached"):
        api.talk(url, ["hello"], ENDS, harmless=False)


def test_an_address_inside_is_never_called(api, server, settings):
    settings.ALLOW_LOOPBACK = False
    with pytest.raises(Refused):
        api.talk(server, ["hello"], ENDS)
