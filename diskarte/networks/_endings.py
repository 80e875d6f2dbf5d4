"""How a call can end, sorted once into the four failures. Pure: what came back in, a failure or None out."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from diskarte.words import Failure, Reconnect, Refused, Told, TryLater, Unknown, gettext_noop

DAY = 86400
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
OUR_FAULT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL)
A_DAY = (
    "x-user-limit-24hour",
    "x-app-limit-24hour",
)  # X, as its clients report: the short limit says nothing then
LEFT = ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining")
RESETS = (
    "retry-after",
    "x-ratelimit-reset-after",
    "ratelimit-reset",
    "x-ratelimit-reset",
    "x-rate-limit-reset",
)
SAID = ("error_description", "message", "detail", "description", "title", "error", "errors", "error_msg")

ADDRESS = gettext_noop("Put the right address into the channel: disconnect it, then connect it again.")
CERTIFICATE = gettext_noop(
    "Ask whoever runs that server to renew its certificate; we go on trying for a day."
)
GONE = gettext_noop("What this belongs to was taken away there: send it as a new post, or cancel it.")
SMALLER = gettext_noop("Make the file smaller or leave it out, then try again.")


class NotThere(Refused):
    """The thing asked for does not exist (404, 410)."""

    do = GONE


@dataclass(frozen=True)
class Answer:
    """What a network answered. `body` is the parsed JSON, None when there was none."""

    status: int
    headers: Mapping[str, str]
    body: Any
    text: str
    host: str
    changes: bool  # the call may have changed something there

    def get(self, *path: str | int) -> Any:
        """The value at a path of keys and positions, None where the way ends."""
        here = self.body
        for step in path:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                return None
        return here

    def need(self, *path: str | int) -> Any:
        """Like `get`, but its absence is a failure: an answer we cannot read settles nothing."""
        found = self.get(*path)
        if found is None:
            raise doubtful(
                self.changes,
                Told("%(host)s answered without «%(what)s».", host=self.host, what=".".join(map(str, path)))
                if path
                else Told("%(host)s answered nothing.", host=self.host),
                seconds=300,
            )
        return found

    def rows(self, *path: str | int) -> list[Any]:
        """The list at a path. An empty one is an answer; anything else in its place is a failure, not absence."""
        found = self.need(*path)
        if not isinstance(found, list):
            why = Told("%(host)s answered with something else than a list.", host=self.host)
            raise doubtful(self.changes, why, seconds=300)
        return found


def doubtful(changes: bool, why: str, seconds: float = 60) -> Failure:
    """A lost or unreadable answer: nothing lost if the call changed nothing, else it may have happened."""
    return Unknown(why) if changes else TryLater(why, seconds)


def of_error(error: Exception, host: str, changes: bool) -> Failure:
    """The failure behind an httpx error."""
    if isinstance(error, OUR_FAULT):
        return Refused(Told("«%(host)s» is not an address that can be called.", host=host)).advising(ADDRESS)
    if isinstance(error, httpx.TooManyRedirects):
        why = Told("%(host)s keeps redirecting in a circle.", host=host)
        return doubtful(changes, why, seconds=3600).advising(ADDRESS)
    if isinstance(error, NOT_SENT):
        return _not_reached(error, host)
    if isinstance(error, httpx.TimeoutException):
        return doubtful(changes, Told("%(host)s took too long to answer.", host=host))
    return doubtful(changes, Told("%(host)s hung up before answering.", host=host))


def _not_reached(error: BaseException, host: str) -> TryLater:
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _no_certificate(host, cause.verify_message)
        if "CERTIFICATE_VERIFY_FAILED" in str(cause):
            return _no_certificate(host, str(cause).partition("failed: ")[2].partition(" (")[0])
        cause = cause.__cause__ or cause.__context__
    return TryLater(Told("%(host)s cannot be reached.", host=host))


def _no_certificate(host: str, why: str) -> TryLater:
    told = Told("The certificate of %(host)s is refused: %(why)s.", host=host, why=why or "not valid")
    return TryLater(told, 3600).advising(CERTIFICATE)


def of_answer(answer: Answer, now: datetime) -> Failure | None:
    """The failure an answer means by its status, None for a yes."""
    status, host = answer.status, answer.host
    if status < 300:
        return None
    if status < 400:
        to = answer.headers.get("location", "elsewhere")
        return _moved(answer, Told("%(host)s sends us on to %(to)s.", host=host, to=to))
    told = {"host": host, "said": sentence(answer)}
    match status:
        case 401:
            return Reconnect(Told("%(host)s does not accept the sign-in%(said)s", **told))
        case 404 | 410:
            return NotThere(Told("%(host)s does not have that%(said)s", **told))
        case 408 | 425:
            return TryLater(Told("%(host)s was not ready%(said)s", **told), wait(answer.headers, now))
        case 413:
            return Refused(Told("%(host)s says it is too large%(said)s", **told)).advising(SMALLER)
        case 429:
            why = Told("%(host)s asks us to slow down%(said)s", **told)
            return TryLater(why, wait(answer.headers, now))
        case _ if status >= 500:
            why = Told("%(host)s has a fault of its own (%(status)s)%(said)s", status=status, **told)
            return doubtful(answer.changes, why, wait(answer.headers, now))
    return Refused(Told("%(host)s says no (%(status)s)%(said)s", status=status, **told))


def _moved(answer: Answer, why: str) -> Failure:
    """Only «303 See Other» means the call was carried out; the others did nothing."""
    return doubtful(True, why) if answer.status == 303 and answer.changes else Refused(why).advising(ADDRESS)


def sentence(answer: Answer) -> str:
    """The network's own words as the end of a sentence: «: why.» or «.»."""
    told = _words(answer.body)
    return f": {told.rstrip('.')[:300]}." if told else "."


def _words(body: Any) -> str:
    if isinstance(body, str):
        return " ".join(body.split())
    if isinstance(body, list):
        return _words(body[0]) if body else ""
    if isinstance(body, dict):
        return next((w for name in SAID if (w := _words(body.get(name)))), "")
    return ""


def rest(answer: Answer, failure: Failure | None, now: datetime) -> float:
    """Seconds for which no more calls are wanted: after «slow down», or when the last one allowed was made."""
    if answer.status == 429:
        return failure.seconds if isinstance(failure, TryLater) else wait(answer.headers, now)
    left = next((answer.headers[name] for name in LEFT if name in answer.headers), "")
    return wait(answer.headers, now, 0) if left.strip() in {"0", "0.0"} else 0


def wait(headers: Mapping[str, str], now: datetime, otherwise: float = 60) -> float:
    """Seconds to wait, from Retry-After (seconds or HTTP date) or a rate limit's reset; 1 second to 1 day."""
    spent = [f"{limit}-reset" for limit in A_DAY if headers.get(f"{limit}-remaining") == "0"]
    for name in (*spent, *RESETS):
        told = headers.get(name)
        seconds = _seconds(told, now) if told else None
        if seconds is not None:
            return min(max(seconds, 1.0), DAY)
    return otherwise


def _seconds(told: str, now: datetime) -> float | None:
    """A delay, a Unix time, an ISO time or an HTTP date; None when it is none of them."""
    if re.fullmatch(r"\d+(\.\d+)?", told):
        number = float(told)
        return number - now.timestamp() if number > 1e9 else number
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(told)
        except ValueError:
            continue
        return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return None
