"""The real servers of the shared folder, started once per run. Import the fixture you need into your test.

`DISKARTE_SHARED` says where the folder is (default `../shared`); `DISKARTE_SERVERS=0` switches them off, `all` starts
the slow ones too.
Nothing is ever copied from there, and a test without it is skipped with the reason.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import httpx
import pytest

from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
WORDPRESS = "apt-get install wordpress mariadb-server php-cli php-mysql php-gd php-curl php-xml php-mbstring"
FIRST_START = 300  # seconds; the first start of Bluesky downloads and compiles


def shared(*parts):
    """A path in the shared folder; skips the test when it is not there."""
    if os.environ.get("DISKARTE_SERVERS") == "0":
        pytest.skip("DISKARTE_SERVERS=0 switches the real servers off")
    folder = Path(os.environ.get("DISKARTE_SHARED", ROOT.parent / "shared"))
    path = folder.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the shared folder has no {'/'.join(parts)} (DISKARTE_SHARED)")
    return path


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@contextmanager
def running(command, **environment):
    """Start a server, yield the JSON line it prints when ready, and end it afterwards."""
    process = subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **environment},
        start_new_session=True,
    )
    try:
        yield json.loads(first_line(process))
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def first_line(process):
    """What a server says first; skips when it ends or stays silent too long."""
    said = Queue()
    Thread(target=lambda: said.put(process.stdout.readline()), daemon=True).start()
    try:
        line = said.get(timeout=FIRST_START)
    except Empty:
        line = ""
    if not line:
        pytest.skip(f"{process.args[0]} {process.args[1]} did not start")
    return line


@dataclass(frozen=True)
class BlueskyServer:
    """A personal data server on this machine, without any view of posts."""

    url: str
    accounts: list[dict[str, str]]  # handle, password, did


@pytest.fixture(scope="session")
def bluesky_server():
    """A real Bluesky server with the accounts alice.test and bob.test, emptied when the run ends."""
    script = shared("servers", "bluesky", "start.sh")
    for program in ("npm", "make", "g++"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed, which the Bluesky server needs")
    ports = {"PDS_PORT": str(free_port()), "PLC_PORT": str(free_port())}
    with running(["sh", script, "pds"], ACCOUNTS="alice,bob", **ports) as told:
        yield BlueskyServer(told["url"], told["accounts"])


@contextmanager
def quietly(command, **environment):
    """A server that says nothing anybody needs, ended afterwards."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    process = subprocess.Popen([*map(str, command)], env={**os.environ, **environment}, **quiet)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def listening(command, url, **environment):
    """Start a server that prints nothing when it is ready, wait until it answers, and end it afterwards."""
    with quietly(command, **environment) as process:
        deadline = time.monotonic() + FIRST_START
        while not answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.skip(f"{command[1]} did not start")
            time.sleep(0.1)
        yield url


def answers(url):
    try:
        return httpx.get(url, timeout=2).status_code < 500
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="session")
def bluesky_network():
    """Bluesky with its view of posts: likes, threads and answers are read back. Needs two databases."""
    if os.environ.get("DISKARTE_SERVERS") != "all":
        pytest.skip("the view of posts starts in half a minute: DISKARTE_SERVERS=all asks for it")
    script, folder, redis = (
        shared("servers", "bluesky", "start.sh"),
        postgres.programs(),
        shutil.which("redis-server"),
    )
    if not (folder and redis and shutil.which("npm")):
        pytest.skip("the view of posts needs PostgreSQL, redis-server and npm")
    port = str(free_port())
    names = ("PDS_PORT", "PLC_PORT", "BSKY_PORT", "OZONE_PORT")
    with (
        postgres.started(folder) as url,
        quietly([redis, "--port", port, "--save", "", "--bind", "127.0.0.1"]),
    ):
        told = {"DB_POSTGRES_URL": url, "REDIS_HOST": f"127.0.0.1:{port}"} | {
            n: str(free_port()) for n in names
        }
        with running(["sh", script, "network"], ACCOUNTS="alice,bob,mia", **told) as told:
            yield BlueskyServer(told["url"], told["accounts"])


@pytest.fixture(scope="session")
def nostr_relay():
    """A real relay: it checks signatures and keeps what it took. Its address, ws://…"""
    script, port = shared("servers", "nostr", "start.sh"), free_port()
    with listening(["sh", script], f"http://127.0.0.1:{port}/", PORT=str(port), PYTHON=sys.executable):
        yield f"ws://127.0.0.1:{port}"


@dataclass(frozen=True)
class Site:
    """A WordPress site on this machine, its administrator and an application password."""

    url: str
    user: str
    password: str


@pytest.fixture(scope="session")
def wordpress_site(tmp_path_factory):
    """A real WordPress site, one for each process of tests; skipped where its Debian packages are not installed."""
    script = shared("servers", "wordpress", "start.sh")
    for needed in ("php", "mariadbd", "mariadb-install-db"):
        if not shutil.which(needed, path=f"{os.environ['PATH']}:/usr/sbin"):
            pytest.skip(f"{needed} is not installed: {WORDPRESS}")
    if not Path("/usr/share/wordpress").is_dir():
        pytest.skip(f"WordPress is not installed: {WORDPRESS}")
    home = tmp_path_factory.mktemp("wordpress")
    place = {"PORT": str(free_port()), "KIT_HOME": str(home)}
    with running(["sh", script], **place):
        pass  # the first start chooses readable addresses, from the second on the site knows them
    with running(["sh", script], **place) as told:
        base = told["url"].removesuffix("/wp-json/wp/v2")
        yield Site(base, told["user"], told["application_password"])


class SpecFake:
    """The server that checks every request against the networks' own descriptions and keeps a journal."""

    def __init__(self, url):
        self.url, self.client = url, httpx.Client(base_url=url, timeout=20)

    def journal(self):
        return self.client.get("/_journal").json()

    def posts(self, network):
        told = self.client.get("/_posts", params={"network": network}).json()
        return [post for post in told if not post["deleted"]]

    def fault(self, network, match, kind, **more):
        asked = {"network": network, "match": match, "kind": kind, "times": 1} | more
        assert self.client.post("/_faults", json=asked).status_code < 300

    def forward(self, seconds):
        self.client.post("/_clock", json={"advance": seconds})


@pytest.fixture(scope="session")
def specfake_server():
    script = shared("servers", "specfake.py")
    specs = shared("specs")
    with running([sys.executable, "-B", script, "--port", "0", "--specs", specs]) as told:
        yield SpecFake(told["url"])


@pytest.fixture
def specfake(specfake_server):
    """The validating fake, emptied; the test ends with `assert specfake.journal() == []`."""
    specfake_server.client.post("/_reset")
    return specfake_server
