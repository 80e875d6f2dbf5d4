"""Log lines: each says which delivery it is about, as text or as JSON, and none ever holds a secret.

Every secret that was sealed or opened in this process is known here for a while (the latest few hundred), and is
taken out of whatever a line, an error or its traceback would say.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

HIDDEN = "•••"
MOST = 500  # secrets known at a time
SHORTEST = 6  # shorter ones are words of every day
_PROOF = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=:-]{6,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_known: dict[str, tuple[str, ...]] = {}
_about: ContextVar[int | None] = ContextVar("about", default=None)
log = logging.getLogger("diskarte.outbox")
Record = Callable[[dict[str, Any]], None]


@contextmanager
def about(delivery: int) -> Iterator[None]:
    """Every line written inside, in this thread, is about this delivery."""
    token = _about.set(delivery)
    try:
        yield
    finally:
        _about.reset(token)


def keep_quiet(value: Any) -> None:
    """No line will hold this secret, or any text inside this dict."""
    for text in _texts(value):
        if len(text) >= SHORTEST:
            _known[text] = _known.pop(text, ()) or tuple({text, quote(text, safe=""), json.dumps(text)[1:-1]})
    for old in list(_known)[: max(0, len(_known) - MOST)]:
        _known.pop(old, None)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)


def hide(text: str) -> str:
    """The text without any secret that is known here, or that looks like a proof of who we are."""
    for forms in list(_known.values()):
        for form in forms:
            if form in text:
                text = text.replace(form, HIDDEN)
    return _PROOF.sub(HIDDEN, text)


def heard(record: Record | None) -> Record:
    """A network's exchange as a log line, then on to whoever keeps it. Paths come without secrets already."""

    def tell(exchange: dict[str, Any]) -> None:
        told = {name: exchange.get(name) for name in ("method", "path", "status", "ms")}
        log.info("%(method)s %(path)s: %(status)s in %(ms)s ms", told, extra=told)
        if record:
            record(exchange)

    return tell


class Text(logging.Formatter):
    """A line for people: time, level, where, the delivery, the words."""

    def format(self, record: logging.LogRecord) -> str:
        delivery = _delivery(record)
        record.about = "" if delivery is None else f"delivery={delivery} "
        return hide(super().format(record))


class Json(logging.Formatter):
    """A line for programs: one JSON object with time, level, logger, message, delivery and what else is known."""

    EXTRA = ("method", "path", "status", "ms", "before", "after", "network", "worker")

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (delivery := _delivery(record)) is not None:
            told["delivery"] = delivery
        told |= {name: getattr(record, name) for name in self.EXTRA if hasattr(record, name)}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(_hidden(told), ensure_ascii=False, default=str)


def _hidden(value: Any) -> Any:
    """Every text inside without secrets, so that hiding never breaks the JSON around it."""
    if isinstance(value, dict):
        return {name: _hidden(inner) for name, inner in value.items()}
    return hide(value) if isinstance(value, str) else value


def _delivery(record: logging.LogRecord) -> int | None:
    told = getattr(record, "delivery", None)
    return _about.get() if told is None else told
