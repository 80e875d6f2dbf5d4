"""A permission that ends, two real worker processes on one database, and a fake that checks every request.

Whatever the two do at the same moment: it is renewed once, a line that breaks costs nobody the channel, and a no
leaves the old permission where it is.
"""

import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from django.utils import timezone

from diskarte.core import secrets
from diskarte.core.outbox.models import Channel
from diskarte.core.outbox.queue import queue
from diskarte.core.secrets import Secrets
from tests import make
from tests.core.test_outbox_processes import Base
from tests.servers import specfake, specfake_server

__all__ = ["specfake", "specfake_server"]
pytestmark = pytest.mark.servers
POSTS = 8
NETWORK = "x"  # the one whose permission ends that the fake knows
OLD = {"token": "access-0", "refresh": "refresh-0", "client_id": "app-1", "client_secret": "hush-1"}


class Door:
    """Gives permissions, which the fake cannot, and lets to the fake only who shows the newest one.

    `says` is how the next renewals end: «cut» (no answer), «no», else a new permission.
    """

    def __init__(self, behind):
        self.behind, self.says, self.given, self.newest = behind, [], [], 0
        self.lock, self.client = threading.Lock(), httpx.Client(timeout=20)

    def renewed(self, form):
        with self.lock:
            how = self.says.pop(0) if self.says else "yes"
            self.given.append(how)
            if how == "cut":
                return None
            if how == "no" or f"refresh_token=refresh-{self.newest}" not in form:
                return httpx.Response(400, json={"error": "invalid_grant"})
            self.newest += 1
            told = {"access_token": f"access-{self.newest}", "refresh_token": f"refresh-{self.newest}"}
            return httpx.Response(200, json=told | {"token_type": "bearer", "expires_in": 7200})

    def answer(self, call, body):
        if call.path.endswith("/2/oauth2/token"):
            return self.renewed(body.decode())
        if not self.newest or call.headers["Authorization"] != f"Bearer access-{self.newest}":
            return httpx.Response(401, json={"title": "Unauthorized"})
        kept = {name: call.headers[name] for name in ("Authorization", "Content-Type") if call.headers[name]}
        return self.client.request(call.command, self.behind + call.path, content=body, headers=kept)


def calls_of(door):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            told = door.answer(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            if told is None:
                self.close_connection = True
                return
            self.send_response(told.status_code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told.content)))
            self.end_headers()
            self.wfile.write(told.content)

        do_GET = do_POST

        def log_message(self, *_):
            pass

    return Handler


@pytest.fixture
def door(specfake):
    there = Door(specfake.url)
    server = ThreadingHTTPServer(("127.0.0.1", 0), calls_of(there))
    there.url = f"http://127.0.0.1:{server.server_address[1]}/x"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield there
    server.shutdown()
    server.server_close()


@pytest.fixture
def base(transactional_db, tmp_path, settings, door):
    """Eight posts, due at once, on an account whose permission ended a minute ago."""
    brand, now = make.a_brand(), timezone.now()
    channel = Channel.objects.create(
        brand=brand, network=NETWORK, identity="1000", base=door.url, secrets=Secrets(OLD),
        expires_at=now - timedelta(minutes=1),
    )  # fmt: skip
    for n in range(POSTS):
        queue(brand, channel, {"text": f"Post {n}"}, now, key=f"key-{n}")
    found = Base(tmp_path, settings.SECRET_KEY)
    found.env["DISKARTE_ALLOW_LOOPBACK"] = "true"
    return found


@pytest.fixture
def two_workers(base):
    """They start when the test asks for them; whatever happens they end."""
    running = []

    def start():
        running.extend([base.worker(), base.worker()])

    yield start
    for process in running:
        process.kill()
        process.wait()


def until(base, true, seconds=60):
    """Wait for it; what waits for its turn gets it at once."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, base.run("SELECT state, why, tries FROM outbox_delivery")
        base.run("UPDATE outbox_delivery SET due_at = planned_at WHERE state = 'queued'")
        time.sleep(0.1)


def all_sent(base):
    return lambda: base.count("state = 'sent'") == POSTS


def channel(base):
    """Its state, its secrets as they stand in the database, and how often they changed."""
    ((state, sealed, version),) = base.run("SELECT state, secrets, version FROM outbox_channel")
    return state, secrets.open(sealed), version


def test_two_processes_renew_once(base, door, specfake, two_workers):
    two_workers()
    until(base, all_sent(base))
    assert door.given == ["yes"]
    assert channel(base) == ("ready", OLD | {"token": "access-1", "refresh": "refresh-1"}, 1)
    assert sorted(post["text"] for post in specfake.posts(NETWORK)) == [f"Post {n}" for n in range(POSTS)]
    assert specfake.journal() == []


def test_a_blip_is_no_disconnect(base, door, specfake, two_workers):
    door.says = ["cut", "cut"]
    two_workers()
    until(base, all_sent(base))
    assert door.given == ["cut", "cut", "yes"]
    assert (channel(base)[0], channel(base)[2]) == ("ready", 1)
    assert base.run("SELECT count(*) FROM outbox_attempt WHERE outcome = 'blocked'") == [(0,)]
    assert len(specfake.posts(NETWORK)) == POSTS


def test_a_refused_renewal_stops_the_channel_and_keeps_the_old_permission(base, door, specfake, two_workers):
    door.says = ["no"] * 99
    two_workers()
    until(base, lambda: channel(base)[0] == "blocked" and not base.count("state = 'sending'"))
    asked = len(door.given)
    assert channel(base) == ("blocked", OLD, 0)
    assert specfake.posts(NETWORK) == []
    assert asked <= 6  # those in hand at that moment, three a worker; nobody begins another
    door.says = []
    base.run("UPDATE outbox_channel SET state = 'ready'")  # as when a person says: try it again
    base.run("UPDATE outbox_delivery SET state = 'queued' WHERE state = 'blocked'")
    until(base, all_sent(base))
    assert door.given[asked:] == ["yes"], "the old permission was good enough to get a new one"
