"""What cannot work ends in a state with a sentence that says what to do; against real servers on this machine."""

import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from diskarte.core import fetch
from diskarte.core.files.models import File, path_of
from diskarte.core.outbox import wire
from diskarte.core.outbox.attempt import attempt
from diskarte.core.outbox.endings import GIVE_UP
from diskarte.core.outbox.models import Delivery
from diskarte.core.outbox.worker import Worker
from tests.core.outbox_world import DAY, HOUR, MINUTE, NOW, again

GB = 1024**3


@contextmanager
def serving(answer, context=None):
    """A real server on this machine; `answer` writes each response. Yields its address and the calls it got."""
    calls = []

    class Handler(BaseHTTPRequestHandler):
        def go(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            calls.append((self.command, self.path))
            answer(self)

        do_GET = do_POST = do_DELETE = go

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}", calls
    finally:
        server.shutdown()
        server.server_close()


def says(status, body=b"", **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def outside(world, monkeypatch):
    """The product's own client instead of the small world's."""
    monkeypatch.setattr(wire, "line", lambda base, channel=None: fetch.client())
    return world


def kept_trying(delivery, days=3):
    """The row after `days` of a running worker."""
    for hours in range(0, days * 24, 2):
        Worker().once(NOW + hours * HOUR)
    return again(delivery)


PAGE = b"<!doctype html><html><body>Under construction</body></html>"


def test_a_server_that_answers_a_web_page_leaves_a_doubt_and_is_not_asked_again(outside):
    with serving(says(200, PAGE, Content_Type="text/html")) as (url, calls):
        delivery = outside.delivery(outside.channel("small", base=url))
        attempt(delivery, NOW)
        row = kept_trying(delivery)
    assert row.state == "unknown"
    assert "web page" in row.why
    assert row.do
    assert calls == [("POST", "/posts")]


def test_a_page_in_place_of_an_answer_is_asked_again_where_repeats_are_refused_but_not_for_ever(outside):
    with serving(says(200, PAGE, Content_Type="text/html")) as (url, calls):
        row = kept_trying(outside.delivery(outside.channel("remembering", base=url)))
    assert row.state == "unknown"
    assert row.do
    assert len(calls) <= 8


def test_an_endless_redirect_is_called_once(outside):
    def onward(handler):
        says(307, Location=handler.path)(handler)

    with serving(onward) as (url, calls):
        delivery = outside.delivery(outside.channel("remembering", base=url))
        attempt(delivery, NOW)
        row = kept_trying(delivery)
    assert row.state == "refused"
    assert "sends us on" in row.why
    assert "address" in row.do
    assert len(calls) == 1


def test_looking_in_a_circle_ends_with_a_person(outside):
    def circle(handler):
        says(302, Location="/keys/a" if handler.path.endswith("b") else "/keys/b")(handler)

    with serving(circle) as (url, calls):
        delivery = outside.delivery(outside.channel("findable", base=url))
        Delivery.objects.filter(pk=delivery.pk).update(state="unknown", doubt_at=NOW, last_tried_at=NOW)
        row = kept_trying(delivery)
    assert row.state == "unknown"
    assert "circle" in row.why
    assert row.do
    assert {verb for verb, _ in calls} == {"GET"}


def certificate(issuer=None, key=None, *, ended=False):
    """A certificate for this machine and its key; signed by `issuer`, or one that signs others."""
    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here" if issuer else "our own authority")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject if issuer else name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now - timedelta(days=1) if ended else now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key or own, SHA256())
    )
    return made, own


def tls(folder, *, ended):
    """A server's side with a certificate that is valid or not any more, and a client's side that trusts its issuer."""
    authority, signing = certificate()
    made, own = certificate(authority, signing, ended=ended)
    both = folder / "server.pem"
    secret = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(both)
    trusting = ssl.create_default_context(cadata=authority.public_bytes(Encoding.PEM).decode())
    trusting.verify_flags &= ~ssl.VERIFY_X509_STRICT  # ours names no key identifiers
    return server, trusting


@pytest.mark.parametrize("ended", [False, True])
def test_a_certificate_that_expired_is_said_and_given_up_after_a_day(outside, monkeypatch, tmp_path, ended):
    server, trusting = tls(tmp_path, ended=ended)
    monkeypatch.setattr(fetch, "_certificates", lambda: trusting)
    with serving(says(200, b'{"id": "1"}', Content_Type="application/json"), server) as (url, calls):
        delivery = outside.delivery(outside.channel("small", base=url))
        attempt(delivery, NOW)
        row = again(delivery)
        if not ended:
            assert row.state == "sent"
            return
        assert row.state == "queued"
        assert "certificate" in row.why
        assert "expired" in row.why
        assert row.due_at - NOW >= HOUR
        row = kept_trying(delivery)
    assert row.state == "refused"
    assert row.do
    assert row.last_tried_at - NOW <= GIVE_UP + DAY
    assert calls == []


def test_a_deleted_parent_is_said_once(outside):
    with serving(says(404, b'{"error": "Record not found"}', Content_Type="application/json")) as (
        url,
        calls,
    ):
        channel = outside.channel("small", base=url)
        reply = outside.delivery(channel, "Thank you", action="reply", content={"answers": "77"})
        row = kept_trying(reply)
    assert row.state == "refused"
    assert "Record not found" in row.why
    assert row.do
    assert len(calls) == 1


def test_a_revoked_token_stops_the_channel_and_says_what_to_do(outside):
    with serving(says(401, b'{"error": "revoked"}', Content_Type="application/json")) as (url, calls):
        channel = outside.channel("small", base=url)
        first, second = outside.delivery(channel), outside.delivery(channel, due_at=NOW + MINUTE)
        row = kept_trying(first)
    assert (row.state, row.channel.state) == ("blocked", "blocked")
    assert "Connect" in row.do
    assert again(second).state == "queued"  # it waits for the channel, without a call
    assert len(calls) == 1


def test_a_file_of_5_gb_is_never_read(outside, monkeypatch):
    """Sparse on the disk, so it costs nothing here; reading it whole would end the worker."""
    channel = outside.channel("small")
    digest = "5" * 64
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(5 * GB)
    try:
        facts = {"name": "film.mp4", "mime": "video/mp4", "size": 5 * GB, "sha256": digest}
        film = File.objects.create(brand=channel.brand, **facts)
        monkeypatch.setattr(File, "read", lambda _file: pytest.fail("it was read"))
        delivery = outside.delivery(channel, content={"media": [film.pk]})
        attempt(delivery, NOW)
    finally:
        path.unlink()
    row = again(delivery)
    assert row.state == "refused"
    assert "film.mp4" in row.why
    assert "MB" in row.why
    assert row.do
