"""What a contest may do when: dates, entering, masks, tickets, the round of the beacon; pure values."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from diskarte.science import draw
from diskarte.words import gettext_noop as _

STATES = ("draft", "open", "closed", "drawn", "cancelled")
BEACONS = ("drand", "lottery", "none")
MOST_WINNERS = 500
# drand «quicknet», chain 52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971: https://docs.drand.love
GENESIS, PERIOD = 1692803367, 3  # s
ROUND_ADDRESS = "https://api.drand.sh/v2/beacons/quicknet/rounds/%d"
LATER = timedelta(minutes=10)  # the beacon's round is at least that long after the list was published
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")
PHONE = re.compile(r"\+?[\d\s().-]{7,20}")


@dataclass(frozen=True)
class Dates:
    """When entries are taken, and what it is now (all UTC)."""

    opens: datetime
    closes: datetime
    now: datetime


def wrong_dates(dates: Dates) -> str:
    """Why these dates make no contest; empty when they do."""
    if dates.closes <= dates.opens:
        return _("It would close before it opens.")
    if dates.closes <= dates.now:
        return _("The closing time is over already.")
    if dates.closes - dates.opens > timedelta(days=366):
        return _("A contest may last a year at most.")
    return ""


def cannot_enter(state: str, dates: Dates) -> str:
    """Why nobody can enter now; empty when everybody can."""
    if state in ("draft", "cancelled"):
        return _("This contest is not open.")
    if state != "open" or dates.now >= dates.closes:
        return _("This contest is closed: entries are no longer taken.")
    return _("This contest has not begun yet.") if dates.now < dates.opens else ""


def cannot_list(state: str, dates: Dates) -> str:
    """Why the list cannot be published yet; empty when it can."""
    if state in ("closed", "drawn"):
        return _("The list is published already: it cannot be changed any more.")
    if state != "open":
        return _("This contest is not open.")
    return (
        _("People can still enter: the list is published after closing.") if dates.now < dates.closes else ""
    )


def cannot_draw(state: str, kind: str, ready: datetime | None, now: datetime) -> str:
    """Why winners cannot be drawn now; empty when they can. `ready` is the moment of the beacon's round."""
    if state == "drawn":
        return _("The winners are drawn already: a second draw would make the first one worthless.")
    if state != "closed":
        return _("First the contest must be over and its list of entrants published.")
    if kind == "drand" and ready is not None and now < ready:
        return _("The public random number of this draw does not exist yet.")
    return ""


def closing(at: datetime) -> str:
    """The closing time as it is committed to: 2026-12-01T12:00:00Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def round_for(listed: datetime) -> int:
    """The beacon's round for a list published at this moment."""
    return draw.beacon_round((listed + LATER).timestamp(), GENESIS, PERIOD)


def round_time(number: int) -> datetime:
    """When a round of the beacon comes out."""
    return datetime.fromtimestamp(GENESIS + (number - 1) * PERIOD, UTC)


def round_of(name: str) -> int | None:
    """The round in «drand quicknet round 123»."""
    found = re.search(r"round (\d+)", name)
    return int(found[1]) if found else None


def beacon_wrong(kind: str, value: str, proof: str) -> str:
    """Why this cannot be the beacon's value; empty when it can."""
    if kind == "none":
        return ""
    if not value:
        return _("The public number is missing.")
    if kind == "lottery":
        return "" if re.search(r"\d", value) else _("A drawn number has digits in it.")
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        return _("The randomness of a drand round has 64 characters, 0–9 and a–f.")
    if proof and not (re.fullmatch(r"([0-9a-f]{2})+", proof) and _hash(proof) == value):
        return _("This signature does not belong to this randomness: look again at the round's page.")
    return ""


def _hash(proof: str) -> str:
    return hashlib.sha256(bytes.fromhex(proof)).hexdigest()


def ticket(key: str, identity: str) -> str:
    """What stands in the public list for a person: 20 characters nobody can turn back into a name without the key."""
    return hmac.new(key.encode(), identity.encode(), "sha256").hexdigest()[:20]


def masked(name: str) -> str:
    """«M•••a» for Maria: enough to know oneself, too little for others."""
    name = name.strip().lstrip("@").partition("@")[0]
    if len(name) < 3:
        return name[:1] + "•"
    return f"{name[0]}•••{name[-1]}"


def contact(text: str) -> str:
    """An e-mail address in small letters, or a phone number as digits with its plus. Raises ValueError for neither."""
    text = text.strip()
    if ADDRESS.fullmatch(text):
        return text.lower()
    if PHONE.fullmatch(text):
        return "".join(c for c in text if c.isdigit() or c == "+")
    raise ValueError(text)


@dataclass(frozen=True)
class Named:
    """One who wants to take part: name as written, identity as compared, how often it came."""

    name: str
    identity: str
    contact: str = ""
    times: int = 1


def merged(names: Iterable[tuple[int, str]]) -> tuple[list[Named], list[tuple[int, str]]]:
    """Everybody once, in the order of first coming; and the numbers of rows that hold no name."""
    seen: dict[str, Named] = {}
    bad: list[tuple[int, str]] = []
    for number, name in names:
        try:
            one = draw.identity(name.strip().removeprefix("@"))
        except ValueError:
            bad.append((number, name))
            continue
        known = seen.get(one)
        seen[one] = Named(known.name, one, "", known.times + 1) if known else Named(name.strip()[:160], one)
    return [n for n in seen.values() if len(n.identity) <= 200], bad
