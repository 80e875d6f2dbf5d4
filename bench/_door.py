"""A door before the fake: it gives X's new permissions, which the official description the fake goes by leaves out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import httpx

PASSED = ("Authorization", "Content-Type")
BACK = ("Content-Type", "Retry-After", "x-rate-limit-reset", "x-rate-limit-remaining")


class Door(ThreadingHTTPServer):
    """Everything but a new permission goes on to `behind`, and its answer back; a line cut there is cut here."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), Caller)
        self.behind = behind
        self.client = httpx.Client(timeout=None, limits=httpx.Limits(max_connections=None))


class Caller(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def do_GET(self) -> None:
        length = int(self.headers["Content-Length"] or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # the worker was killed in the middle of its sentence
            self.close_connection = True
        elif self.path.endswith("/oauth2/token"):
            # the account's own word comes back, so that its calls are still counted as its own
            own = parse_qs(body.decode())["refresh_token"][0]
            told = {"access_token": f"new-{own}", "refresh_token": own, "expires_in": 7200}
            told["token_type"] = "bearer"
            self._say(200, json.dumps(told).encode(), {"Content-Type": "application/json"})
        else:
            self._pass_on(body)

    do_POST = do_DELETE = do_GET

    def _pass_on(self, body: bytes) -> None:
        kept = {name: self.headers[name] for name in PASSED if self.headers[name]}
        try:
            told = self.server.client.request(
                self.command, self.server.behind + self.path, content=body, headers=kept
            )
        except httpx.HTTPError:
            self.close_connection = True
            return
        self._say(
            told.status_code,
            told.content,
            {name: told.headers[name] for name in BACK if name in told.headers},
        )

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # whoever called was killed

    def log_message(self, *_told: object) -> None:
        return None


@contextmanager
def door(behind: str) -> Iterator[str]:
    """The address of a door before this fake."""
    server = Door(behind)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        server.client.close()
