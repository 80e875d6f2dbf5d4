"""Who wins a lot, so that anyone can check it afterwards (method k): commit, list, beacon, reveal.

Before entries open the organiser publishes `commitment`: nobody can exchange the secret, the rules or the closing
time later. After closing the list of entrants is published (`root`), before anybody knows the `beacon`, a public random
value of a moment after closing. The key is HMAC-SHA-256(secret, beacon and root); winners come from a partial
Fisher-Yates shuffle whose numbers are HMAC counters of 256 bits, those that would favour some entrants rejected.

Assumes: the organiser cannot foretell the beacon, the beacon's makers do not know the secret, and the list was
published before the beacon. It proves that the order follows from what was published, not that the list was honest.
Sources: Fisher & Yates 1938 / Durstenfeld 1964 (CACM 7:420); RFC 2104 (HMAC); Eastlake, RFC 3797 (publicly verifiable
random selection).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from unicodedata import normalize

FORMAT = "diskarte-draw-1"
BREAKS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # what ends a line, besides the line feed
SPACE = 1 << 256  # how many numbers one HMAC counter can be


def identity(name: str) -> str:
    """One spelling of a name: trimmed, NFC, without case, so that «José» and «JOSÉ» are one person.

    Raises ValueError for an empty name or one with a line break, which would make two lines of one.
    """
    name = name.strip()
    told = name.lower() if name.isascii() else normalize("NFC", normalize("NFC", name).casefold())
    if not told or len(told.splitlines()) != 1:
        raise ValueError("an entrant is one line of text that is not empty")
    return told


def canonical(names: Iterable[str]) -> list[str]:
    """Everybody once, in the order of code points: the list that is published. Raises ValueError like `identity`."""
    given = list(names)
    text = normalize("NFC", normalize("NFC", "\n".join(given)).casefold())
    lines = sorted(map(str.strip, text.split("\n"))) if given else []
    if len(lines) != len(given) or not all(lines[:1]) or any(mark in text for mark in BREAKS):
        lines = sorted(map(identity, given))  # one by one: slower, and it says what is wrong
    return [line for line, _same in groupby(lines)]


def root(entrants: Sequence[str]) -> str:
    """SHA-256 (hex) of the canonical lines, each ended by a line feed, in UTF-8."""
    return hashlib.sha256("".join([f"{line}\n" for line in entrants]).encode()).hexdigest()


def commitment(secret: str, rules: str, closes: str) -> str:
    """SHA-256 (hex) that binds secret, rules and closing time (ISO 8601, UTC) before anybody enters."""
    rules = normalize("NFC", rules).replace("\r\n", "\n").strip()
    parts = (FORMAT, secret, closes, hashlib.sha256(rules.encode()).hexdigest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def key_of(secret: str, beacon: str, rooted: str) -> bytes:
    """The key every number of the draw comes from: 32 bytes."""
    return hmac.digest(secret.encode(), f"{FORMAT}\n{beacon}\n{rooted}".encode(), "sha256")


def numbers(key: bytes) -> Iterator[int]:
    """256-bit numbers without end, HMAC-SHA-256(key, counter), the counter from 0 in 8 bytes, big end first."""
    counter = 0
    while True:
        yield int.from_bytes(hmac.digest(key, counter.to_bytes(8, "big"), "sha256"))
        counter += 1


def below(limit: int, source: Iterator[int], space: int = SPACE) -> int:
    """A number from 0 to `limit` - 1, each equally likely: numbers in the uneven rest of the space are rejected."""
    most = space - space % limit
    return next(number for number in source if number < most) % limit


def shuffled(size: int, wanted: int, source: Iterator[int]) -> list[int]:
    """The first `wanted` places of a shuffle of range(size): memory and time follow `wanted`, not `size`."""
    moved: dict[int, int] = {}
    chosen = []
    for place in range(min(wanted, size)):
        at = place + below(size - place, source)
        chosen.append(moved.get(at, at))
        moved[at] = moved.get(place, place)
    return chosen


def draw(entrants: Sequence[str], secret: str, beacon: str, wanted: int) -> list[str]:
    """The first `wanted` (≥ 0) of a canonical list: winners, then those who stand by; fewer if the list is shorter."""
    if wanted < 0:
        raise ValueError("nobody can draw fewer than no winners")
    source = numbers(key_of(secret, beacon, root(entrants)))
    return [entrants[at] for at in shuffled(len(entrants), wanted, source)]


def beacon_round(at: float, genesis: int, period: int) -> int:
    """The first round of a periodic beacon at or after a moment (both seconds since 1970); round 1 is at genesis."""
    return max(1, -int((genesis - at) // period) + 1)
