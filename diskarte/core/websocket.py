"""One exchange over a WebSocket, as an httpx request: its body is said, what is heard comes back as one JSON list.

So faults, the guard against inside addresses, the story of a call and the tests' transports are those of every
other request. The connection lives as long as the exchange.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from ssl import SSLContext
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from diskarte.words import MB

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

LARGEST = 1 * MB  # one message
MESSAGES = 5000  # of one exchange
Resolve = Callable[[str, int], list[str]]


def exchange(request: httpx.Request, resolve: Resolve, certificates: SSLContext) -> httpx.Response:
    """Say the body; hear JSON messages until `request.extensions["last"]` says yes to one.

    The server's refusal to open the line comes back as its own HTTP status. Raises httpx errors: Connect… when
    nothing was said, Read… and RemoteProtocolError when it was.
    """
    from websockets.exceptions import ConnectionClosed, InvalidStatus

    told = request.extensions.get("timeout") or {}
    try:
        with _opened(request, resolve, certificates, told.get("connect") or 10) as line:
            heard = _talk(line, request, told.get("read") or 30)
    except InvalidStatus as e:
        body = bytes(e.response.body or b"")
        kept = {
            k: v for k, v in e.response.headers.raw_items() if k.lower() in {"retry-after", "content-type"}
        }
        return httpx.Response(e.response.status_code, headers=kept, content=body, request=request)
    except ConnectionClosed as e:
        raise httpx.RemoteProtocolError(str(e), request=request) from e
    return httpx.Response(200, json=heard, request=request)


def _opened(
    request: httpx.Request, resolve: Resolve, certificates: SSLContext, seconds: float
) -> ClientConnection:
    """A line to the very address that was judged; anything but a server's plain refusal is a ConnectError."""
    from websockets.exceptions import InvalidHandshake, InvalidStatus
    from websockets.sync.client import connect

    secure, host = request.url.scheme == "wss", request.url.host
    sock = _reached(host, request.url.port or (443 if secure else 80), resolve, seconds)
    try:
        return connect(
            str(request.url), sock=sock, ssl=certificates if secure else None,
            server_hostname=host if secure else None, proxy=None, open_timeout=seconds, close_timeout=1,
            ping_interval=None, max_size=LARGEST, user_agent_header=request.headers.get("user-agent"),
        )  # fmt: skip
    except InvalidStatus:
        sock.close()
        raise
    except (InvalidHandshake, OSError, EOFError) as e:
        sock.close()
        raise httpx.ConnectError(f"{host} opens no line: {e}", request=request) from e


def _reached(host: str, port: int, resolve: Resolve, seconds: float) -> socket.socket:
    last: Exception = OSError("no address")
    try:
        for address in resolve(host, port):
            try:
                return socket.create_connection((address, port), seconds)
            except OSError as e:
                last = e
    except httpcore.ConnectError as e:
        last = e
    raise httpx.ConnectError(f"{host} cannot be reached") from last


def _talk(line: ClientConnection, request: httpx.Request, seconds: float) -> list[Any]:
    last, heard = request.extensions["last"], []
    line.send(request.read().decode())
    for message in _messages(line, time.monotonic() + seconds):
        heard.append(message)
        if last(message):
            return heard
        if len(heard) >= MESSAGES:
            break
    raise httpx.ReadTimeout("it never came to an end", request=request)


def _messages(line: ClientConnection, deadline: float) -> Iterator[Any]:
    """What is said until the deadline, whatever pauses are made between; what is no JSON is None."""
    while (left := deadline - time.monotonic()) > 0:
        try:
            told = line.recv(timeout=left)
        except TimeoutError:
            return
        try:
            yield json.loads(told)
        except ValueError:
            yield None
