"""One channel's line to its network: base address, secrets, and every ending already sorted."""

from __future__ import annotations

import json as jsons
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlsplit

import httpx

from diskarte.words import MB, Failure, Media, Told

from ._endings import ADDRESS, Answer, doubtful, of_answer, of_error, rest
from ._hearing import Memory, Nothing

if TYPE_CHECKING:
    from .base import Network

LARGEST = 20 * MB
HIDDEN = "•••"
SCHEMES = ("https://", "http://", "wss://", "ws://")
SECRET_FIELD = re.compile(
    r'("[^"]*(?:token|jwt|secret|password|passwd|api_?key|webhook)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.I
)
Params = Mapping[str, Any]


@dataclass
class Api:
    """What a network's methods are handed. It opens nothing: `client` is the caller's.

    Every call returns an `Answer` or raises one of the four failures; none of them contains a secret.
    `harmless`: doing it twice hurts nobody, so a lost answer counts as TryLater instead of Unknown.
    `before` is called right before each call that is not; a failure it raises stops the call.
    `hold` is told until when the network wants no more calls with these secrets.
    `memory` keeps what the network told of its own accord, where it tells that only once.
    `record` gets `{"method", "path", "status", "ms", "body"}` of each exchange, secrets removed.
    """

    base: str
    secrets: dict[str, str] = field(repr=False)
    client: httpx.Client
    identity: str = ""
    network: Network | None = None
    record: Callable[[dict[str, Any]], None] | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    before: Callable[[], None] | None = None
    hold: Callable[[datetime], None] | None = None
    memory: Memory = field(default_factory=Nothing)

    def get(
        self, path: str, asked: Params | None = None, /, *, headers: Params | None = None, **params: Any
    ) -> Answer:
        """Read something (parameters by name, or in `asked`); follows redirects on the same host."""
        return self._call(
            "GET", path, params={**(asked or {}), **params} or None, headers=headers, harmless=True
        )

    def post(self, path: str, /, json: Any = None, *, harmless: bool = False, **more: Any) -> Answer:
        """Change something. `more`: data, files, params, headers, content, key (the Idempotency-Key)."""
        return self._call("POST", path, json=json, harmless=harmless, **more)

    def put(self, path: str, /, json: Any = None, *, harmless: bool = False, **more: Any) -> Answer:
        """Like `post`, with PUT."""
        return self._call("PUT", path, json=json, harmless=harmless, **more)

    def patch(self, path: str, /, json: Any = None, *, harmless: bool = False, **more: Any) -> Answer:
        """Like `post`, with PATCH."""
        return self._call("PATCH", path, json=json, harmless=harmless, **more)

    def delete(self, path: str, /, *, harmless: bool = True, **more: Any) -> Answer:
        """Take something away; deleting twice hurts nobody."""
        return self._call("DELETE", path, harmless=harmless, **more)

    def upload(
        self, path: str, media: Media, *, part: str = "", harmless: bool = True, **more: Any
    ) -> Answer:
        """Send a file: as the raw body, or as the multipart field `part` beside `data`."""
        if part:
            files = {part: (media.name, media.bytes, media.mime)}
            return self._call("POST", path, files=files, harmless=harmless, **more)
        headers = {"Content-Type": media.mime, **more.pop("headers", {})}
        return self._call("POST", path, content=media.bytes, headers=headers, harmless=harmless, **more)

    def talk(self, url: str, said: list[Any], last: frozenset[str], *, harmless: bool = True) -> Answer:
        """Say one JSON list over a WebSocket; hear all lists until one that begins with a word of `last`."""

        def ends(heard: Any) -> bool:
            return isinstance(heard, list) and str(heard[:1]) in {str([word]) for word in last}

        return self._call("WS", url, json=said, extensions={"last": ends}, harmless=harmless)

    def hide(self, text: str) -> str:
        """The text without any of this channel's secrets, nor any field that is called like one."""
        for secret in sorted(self._secret(), key=len, reverse=True):
            if len(secret) > 3:
                for form in (
                    secret,
                    quote(secret, safe=""),
                    quote(secret),
                    quote_plus(secret),
                    _in_json(secret),
                ):
                    text = text.replace(form, HIDDEN)
        return SECRET_FIELD.sub(rf'\1"{HIDDEN}"', text)

    def _secret(self) -> set[str]:
        """The secrets, what is made of them for the header, and the path of an address that is one."""
        proof = self.network.headers(self).get("Authorization", "") if self.network else ""
        paths = {urlsplit(s).path for s in self.secrets.values() if s.startswith("http")}
        return {*self.secrets.values(), *paths, proof.partition(" ")[2]}

    def _call(self, verb: str, path: str, *, harmless: bool, key: str = "", **more: Any) -> Answer:
        url = path if path.startswith(SCHEMES) else self.base.rstrip("/") + path
        own = urlsplit(url)[:2] == urlsplit(self.base)[:2]  # what proves who we are goes to nobody else
        headers = dict(self.network.headers(self) if self.network and own else {})
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= more.pop("headers", None) or {}
        host = urlsplit(url).netloc
        if self.before and not harmless:
            self.before()
        started, kept = time.monotonic(), dict(more, headers=headers)
        try:
            answer = self._exchange(verb, url, host, not harmless, kept)
        except Failure as failure:
            self._tell(verb, url, None, started, str(failure))
            raise self._clean(failure) from None
        self._tell(verb, url, answer.status, started, answer.text)
        failure_told = self._sorted(answer)
        silent = rest(answer, failure_told, self.clock())
        if silent and self.hold and not (harmless and self.network and self.network.calls_alone):
            self.hold(self.clock() + timedelta(seconds=silent))
        if failure_told:
            raise self._clean(failure_told)
        return answer

    def _sorted(self, answer: Answer) -> Failure | None:
        special = self.network.sort(answer) if self.network else None
        return special or of_answer(answer, self.clock()) or _not_json(answer)

    def _exchange(self, verb: str, url: str, host: str, changes: bool, more: dict[str, Any]) -> Answer:
        try:
            for _ in range(6):
                request = self.client.build_request(verb, url, **more)
                got = self.client.send(request, stream=True, follow_redirects=False)
                try:
                    onward = _onward(got) if verb == "GET" else None
                    if onward is None:
                        return _read(got, host, changes)
                    url, more = onward, {**more, "params": None}
                finally:
                    got.close()
            raise httpx.TooManyRedirects("too many")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise of_error(error, host, changes) from error

    def _clean(self, failure: Failure) -> Failure:
        failure.args = tuple(self._hidden(a) if isinstance(a, str) else a for a in failure.args)
        return failure

    def _hidden(self, text: str) -> str:
        return text.mapped(self.hide) if isinstance(text, Told) else self.hide(text)

    def _tell(self, verb: str, url: str, status: int | None, started: float, body: str) -> None:
        if self.record:
            path = self.hide(url if verb == "WS" else urlsplit(url).path)  # one of several servers: which
            ms = round((time.monotonic() - started) * 1000)
            said = self.hide(body[:20_000])[:500]
            self.record({"method": verb, "path": path, "status": status, "ms": ms, "body": said})


def _in_json(text: str) -> str:
    return jsons.dumps(text)[1:-1]


def _onward(got: httpx.Response) -> str | None:
    """Where a redirect on the same host (or to https on it) leads, None when there is nothing to follow."""
    if not got.has_redirect_location:
        return None
    to = got.request.url.join(got.headers["location"])
    same = to.host == got.request.url.host and (to.scheme, to.port) in {
        (got.request.url.scheme, got.request.url.port),
        ("https", None),
    }
    return str(to) if same else None


def _read(got: httpx.Response, host: str, changes: bool) -> Answer:
    """The whole answer, unless it is larger than anything a network has reason to say."""
    chunks, size = [], 0
    for chunk in got.iter_bytes():
        size += len(chunk)
        if size > LARGEST:
            why = Told("%(host)s answered with more than %(mb)s MB.", host=host, mb=LARGEST // MB)
            raise doubtful(changes, why, seconds=3600)
        chunks.append(chunk)
    raw = b"".join(chunks)
    text = raw.decode("utf-8", "replace")
    try:
        body = jsons.loads(text) if text.strip() else None
    except ValueError:
        body = None
    return Answer(got.status_code, got.headers, body, text, host, changes)


def _not_json(answer: Answer) -> Failure | None:
    """A yes we cannot read. A bare «ok» in plain text is a yes."""
    if answer.body is not None or not answer.text.strip():
        return None
    kind = answer.headers.get("content-type", "")
    if "html" in kind or answer.text.lstrip()[:1] == "<":
        why, do = Told("%(host)s answered with a web page instead of data.", host=answer.host), ADDRESS
    elif "json" in kind:
        why, do = Told("%(host)s answered with JSON that cannot be read.", host=answer.host), ""
    else:
        return None
    return doubtful(answer.changes, why, seconds=300).advising(do)
