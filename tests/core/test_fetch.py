"""Calls to the outside can never be turned against the inside."""

import gzip
import ipaddress
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from diskarte.core import fetch
from diskarte.core.fetch import Guarded, allowed, client, get
from diskarte.networks.base import Api
from diskarte.words import Problem, Refused

INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.fixture(autouse=True)
def _strict(settings):
    settings.ALLOW_LOOPBACK = False


@pytest.fixture
def names(monkeypatch):
    """A name server of our own: name → addresses, or a list of answers, one for each asking."""
    known = {}
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **more):
        if host not in known:
            return real(host, port, *args, **more)
        told = known[host]
        told = told.pop(0) if told and isinstance(told[0], list) else told
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in told]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


class Site(BaseHTTPRequestHandler):
    """Redirects where the query says; serves a little, too much, or packed."""

    def do_GET(self):
        self.server.seen.append(self.path)
        path, _, to = self.path.partition("?to=")
        body, headers = b"hello", {"Content-Type": "text/plain; charset=utf-8"}
        if path == "/bomb":
            body, headers["Content-Encoding"] = gzip.compress(bytes(5_000_000)), "gzip"
        self.send_response(302 if to else 200)
        for name, value in (headers | ({"Location": to} if to else {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def site(settings):
    """A real server on this machine, which this test allows to be called."""
    settings.ALLOW_LOOPBACK = True
    server = HTTPServer(("127.0.0.1", 0), Site)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", INSIDE)
def test_inside(address):
    assert not allowed(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_outside(address):
    assert allowed(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_loopback_only_where_the_settings_say_so(settings, address):
    settings.ALLOW_LOOPBACK = True
    assert allowed(ipaddress.ip_address(address))
    assert not allowed(ipaddress.ip_address("10.0.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/", "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/",
        "http://017700000001/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0/",
        "http://169.254.169.254/latest/meta-data/", "http://user@127.0.0.1/", "https://10.0.0.1:8443/",
    ],
)  # fmt: skip
def test_every_way_to_write_an_address_inside_is_refused(url):
    with client() as line, pytest.raises((Guarded, httpx.InvalidURL)):
        line.get(url)
    with pytest.raises(Problem):
        get(url)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/", "javascript:1", "", "example.com"]
)
def test_only_web_addresses(url):
    with pytest.raises(Problem, match="not a web address"):
        get(url)


def test_a_name_that_points_inside_is_refused(names):
    names["rebind.test"] = ["192.168.0.10"]
    with client() as line, pytest.raises(Guarded):
        line.get("http://rebind.test/")


def test_one_address_inside_among_others_is_enough(names):
    names["mixed.test"] = ["8.8.8.8", "10.0.0.1"]
    with pytest.raises(Guarded):
        fetch.resolve("mixed.test", 80)


def test_a_name_that_changes_its_mind_is_asked_only_once(names, monkeypatch):
    names["rebind.test"] = [["8.8.8.8"], ["127.0.0.1"]]
    connected = []

    def connect(address, timeout, source_address=None):
        connected.append(address)
        raise OSError("no way out of the test")

    monkeypatch.setattr(socket, "create_connection", connect)
    with client() as line, pytest.raises(httpx.ConnectError):
        line.get("http://rebind.test/")
    assert connected == [("8.8.8.8", 80)]


def test_an_unknown_name_is_a_problem_in_words(names):
    names["gone.test"] = []
    with pytest.raises(Problem):
        get("http://gone.test/")


def test_it_reads_and_follows_redirects_of_a_get(site):
    page = get(f"{site.url}/a?to={site.url}/b")
    assert (page.status, page.text, page.mime, page.url) == (200, "hello", "text/plain", f"{site.url}/b")
    assert site.seen == [f"/a?to={site.url}/b", "/b"]


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/", "http://10.0.0.1/", "file:///etc/passwd", "http://[fd00::1]/"]
)
def test_a_redirect_to_the_inside_is_refused(site, to):
    with pytest.raises(Problem, match="not on the public internet"):
        get(f"{site.url}/a?to={to}")
    assert len(site.seen) == 1


def test_a_circle_ends(site):
    loop = f"{site.url}/x"
    with pytest.raises(Problem, match="circle"):
        get(f"{loop}?to={loop}?to={loop}?to={loop}?to={loop}?to={loop}?to={loop}?to={loop}?to={loop}")


def test_a_changing_call_is_never_redirected(site):
    with client() as line:
        answer = line.post(f"{site.url}/a?to={site.url}/b")
    assert answer.status_code == 302
    assert site.seen == [f"/a?to={site.url}/b"]


def test_too_much_is_cut_off_even_when_packed(site):
    assert len(get(f"{site.url}/a").body) == 5
    with pytest.raises(Problem, match="larger"):
        get(f"{site.url}/a", largest=4)
    with pytest.raises(Problem, match="larger"):
        get(f"{site.url}/bomb", largest=100_000)


def test_too_slow_is_given_up(site):
    with client() as line, pytest.raises(httpx.ReadTimeout, match="too long"):
        fetch._get(line, f"{site.url}/a", 100, deadline=0, headers={})


def test_a_proxy_of_the_environment_is_not_used(site, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert get(f"{site.url}/a").status == 200


def test_a_network_at_an_address_inside_is_refused_not_retried():
    with client() as line, pytest.raises(Refused):
        Api("http://10.0.0.1", {}, line).get("/x")


def test_socket_files_are_not_called():
    with pytest.raises(Guarded):
        fetch._Backend().connect_unix_socket("/run/x.sock")
