"""Calls to the outside world that can never be turned against the inside.

Whoever types an address (a feed, a competitor's site, a server) could aim it at this machine, its network or a
cloud's metadata. So every name is resolved here, every address it resolves to is judged, and the connection is
made to the very address that was judged: a name that changes its mind in between gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ssl import SSLContext
from typing import Any

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from diskarte.words import MB, Problem

from . import websocket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
TIMEOUT = httpx.Timeout(30, connect=10)
AGENT = "Diskarte/1 (social media planner)"
HOPS = 5


class Guarded(httpx.UnsupportedProtocol):
    """The address lies inside: it is not called, now or later."""


def allowed(address: Address) -> bool:
    """May this address be called: a public one, or loopback where the settings allow it."""
    inner = _within(address)
    if inner is not None:
        return allowed(inner)
    if address.is_loopback:
        return bool(settings.ALLOW_LOOPBACK)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _within(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 one carries: mapped, 6to4, Teredo or NAT64."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name that may be called. Raises Guarded when any of them lies inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as e:
        raise httpcore.ConnectError(f"{host} is not known") from e
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not addresses or not all(allowed(ipaddress.ip_address(address)) for address in addresses):
        raise Guarded(f"{host} is an address inside, not on the public internet")
    return addresses


class _Backend(httpcore.SyncBackend):
    """Connects only to addresses that were judged, and never to a socket file."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        last: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in resolve(host, port):
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as e:
                last = e
        raise last

    def connect_unix_socket(self, *_args: Any, **_more: Any) -> httpcore.NetworkStream:
        raise Guarded("socket files are not called")


@lru_cache(maxsize=1)
def _certificates() -> SSLContext:
    return httpx.create_ssl_context(trust_env=True)


class Transport(httpx.HTTPTransport):
    """httpx's own transport over a pool that judges before it connects."""

    def __init__(self) -> None:
        super().__init__(verify=_certificates(), trust_env=False)
        self._pool.close()  # httpx has no argument for the backend, so the pool is made anew
        self._pool = httpcore.ConnectionPool(
            ssl_context=_certificates(), network_backend=_Backend(), max_connections=20, keepalive_expiry=30
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme in {"ws", "wss"}:
            return websocket.exchange(request, resolve, _certificates())
        return super().handle_request(request)


def client(*, timeout: httpx.Timeout | float = TIMEOUT, **more: Any) -> httpx.Client:
    """A guarded client. It follows no redirect by itself: a changing call must never be repeated elsewhere."""
    headers = {"User-Agent": AGENT, **more.pop("headers", {})}
    return httpx.Client(
        transport=more.pop("transport", None) or Transport(),
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        headers=headers,
        **more,
    )


@dataclass(frozen=True)
class Page:
    """What an address answered."""

    url: str  # where it was found in the end
    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def mime(self) -> str:
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        kind = {"content-type": self.headers.get("content-type", "")}
        answer = httpx.Response(200, headers=kind, content=self.body)
        return str(answer.text)


def get(
    url: str,
    *,
    largest: int = 5 * MB,
    seconds: float = 30,
    headers: dict[str, str] | None = None,
    over: httpx.Client | None = None,
) -> Page:
    """Read one address, over redirects, each judged again. Raises Problem in words, whatever went wrong."""
    if not url.lower().startswith(("http://", "https://")):
        raise Problem(
            _("«%s» is not a web address.") % url[:100], do=_("Write it with https://."), field="url"
        )
    deadline = time.monotonic() + seconds
    try:
        if over is not None:
            return _get(over, url, largest, deadline, headers or {})
        with client(timeout=httpx.Timeout(seconds, connect=min(10, seconds))) as line:
            return _get(line, url, largest, deadline, headers or {})
    except Guarded as e:
        raise Problem(_("This address is not on the public internet."), field="url") from e
    except (httpx.HTTPError, httpx.InvalidURL) as e:
        raise Problem(
            _("%(host)s could not be read (%(why)s).")
            % {"host": url[:100], "why": str(e)[:100] or type(e).__name__},
            do=_("Check the address, or try again later."),
            field="url",
        ) from e


def _get(line: httpx.Client, url: str, largest: int, deadline: float, headers: dict[str, str]) -> Page:
    for _hop in range(HOPS + 1):
        with line.stream("GET", url, headers=headers) as answer:
            if not answer.has_redirect_location:
                body = _body(answer, largest, deadline)
                return Page(str(answer.url), answer.status_code, answer.headers, body)
            url = str(answer.url.join(answer.headers["location"]))
            if not url.startswith(("http://", "https://")):
                raise Guarded(f"a redirect to {url[:60]}")
    raise httpx.TooManyRedirects(_("it redirects in a circle"))


def _body(answer: httpx.Response, largest: int, deadline: float) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > largest:
            raise httpx.ReadError(_("it is larger than %s MB") % round(largest / MB, 1))
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout(_("it took too long"))
        parts.append(part)
    return b"".join(parts)
