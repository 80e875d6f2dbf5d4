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
from itertools import compress, groupby
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

FORMAT = "diskarte-draw-1"
BREAKS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # what ends a line, besides the line feed
LINE, SPACE_BYTE = 10, 32
MANY = 20_000  # from so many lines on it is worth to sort by numbers
CHUNK = 1 << 15  # lines
SPACE = 1 << 256  # how many numbers one HMAC counter can be

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


def identity(name: str) -> str:
    """One spelling of a name: trimmed, NFC, without case, so that «José» and «JOSÉ» are one person.

    Raises ValueError for an empty name or one with a line break, which would make two lines of one.
    """
    name = name.strip()
    told = name.lower() if name.isascii() else _folded(name)
    if not told or len(told.splitlines()) != 1:
        raise ValueError("an entrant is one line of text that is not empty")
    return told


def canonical(names: Iterable[str]) -> list[str]:
    """Everybody once, in the order of code points: the list that is published. Raises ValueError like `identity`."""
    given = list(names)
    if len(given) < MANY:
        return sorted(set(_identities(given)))
    data = ("\n".join(given) + "\n").encode()
    raw = np.frombuffer(data, np.uint8)
    begins, ends = _lines(raw)
    if len(ends) != len(given):  # a name with a line break in it
        return sorted(set(map(identity, given)))
    odd = (raw[begins] <= SPACE_BYTE) | (raw[ends - 1] <= SPACE_BYTE)
    odd[np.searchsorted(ends, np.flatnonzero((raw > 127) | ((raw < SPACE_BYTE) & (raw != LINE))))] = True
    more = "".join([f"{line}\n" for line in _identities(list(compress(given, odd.tolist())))]).encode()
    extra, until = _lines(np.frombuffer(more, np.uint8))
    plain = ~odd  # trimmed and of ASCII alone: small letters are all they need
    begins = np.concatenate((begins[plain], extra + len(data)))
    return _in_order(data.lower() + more, begins, np.concatenate((ends[plain], until + len(data))))


def _folded(text: str) -> str:
    return normalize("NFC", normalize("NFC", text).casefold())


def _identities(names: list[str]) -> list[str]:
    """Each name's identity, all of them folded at once. Raises ValueError like `identity`."""
    text = _folded("\n".join(names))
    lines = list(map(str.strip, text.split("\n"))) if names else []
    if len(lines) != len(names) or not all(lines) or any(mark in text for mark in BREAKS):
        return list(map(identity, names))  # one by one: slower, and it says what is wrong
    return lines


def _lines(raw: Bytes) -> tuple[Ints, Ints]:
    """Where the lines of a text begin, and where the line feeds behind them are."""
    ends = np.flatnonzero(raw == LINE)
    return np.concatenate((np.zeros(min(len(ends), 1), np.int64), ends[:-1] + 1)), ends


def in_order(lines: list[str]) -> list[str]:
    """The lines, each once, in the order of code points: as `sorted(set(lines))`, for many lines some times sooner."""
    data = "".join([f"{line}\n" for line in lines]).encode()
    return _in_order(data, *_lines(np.frombuffer(data, np.uint8)))


def _in_order(data: bytes, begins: Ints, ends: Ints) -> list[str]:
    """Sorted by two numbers, the sixteen bytes from where lines begin to differ; what is the same there, as text.

    The order of bytes of UTF-8 is that of code points.
    """
    raw = np.frombuffer(data, np.uint8)
    if not len(ends) or 0 in data:  # a zero byte would look like the end of a line
        return sorted(set(_parts(raw, begins, ends)))
    first, second = _heads(data, begins, ends)
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    same = np.concatenate(([False], (first[1:] == first[:-1]) & (second[1:] == second[:-1])))
    like = same & (second & 255 > 0)  # sixteen bytes and perhaps more: they may differ behind them
    once = ~same | like
    order = order[once]
    return _settled(_parts(raw, begins[order], ends[order]), like[once])


def _heads(data: bytes, at: Ints, ends: Ints) -> tuple[Words, Words]:
    """Two numbers of eight bytes for each line, from where the lines begin to differ; zero bytes behind its end."""
    words = np.ndarray((len(data),), ">u8", data + bytes(8), strides=(1,))
    masks = np.array([2**64 - 2 ** (64 - 8 * n) for n in range(9)], np.uint64)

    def head(at: Ints) -> Words:
        found: Words = words[np.minimum(at, len(data) - 1)] & masks[np.clip(ends - at, 0, 8)]
        return found

    while True:
        first = head(at)
        least, most = int(first.min()), int(first.max())
        common = 8 - ((least ^ most).bit_length() + 7) // 8
        if not common or not most:
            return first, head(at + 8)
        at = at + common


def _parts(raw: Bytes, begins: Ints, ends: Ints) -> list[str]:
    """These lines of a text, in this order."""
    told: list[str] = []
    for n in range(0, len(ends), CHUNK):
        first, sizes = begins[n : n + CHUNK], (ends - begins)[n : n + CHUNK] + 1
        moves = np.repeat(first - (np.cumsum(sizes) - sizes), sizes)
        told += raw[np.arange(len(moves)) + moves].tobytes().decode().split("\n")[:-1]
    return told


def _settled(lines: list[str], like: NDArray[np.bool_]) -> list[str]:
    """The same lines, each once; runs of those that are `like` the one before them are sorted as text."""
    begins = np.flatnonzero(~like)
    sizes = np.diff(begins, append=len(lines))
    for at, size in zip(begins[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        lines[at : at + size] = sorted(lines[at : at + size])
    return [line for line, _same in groupby(lines)] if like.any() else lines


def root(entrants: Sequence[str]) -> str:
    """SHA-256 (hex) of the canonical lines, each ended by a line feed, in UTF-8."""
    return hashlib.sha256("\n".join([*entrants, ""]).encode()).hexdigest()


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


def draw(entrants: Sequence[str], secret: str, beacon: str, wanted: int, rooted: str = "") -> list[str]:
    """The first `wanted` (≥ 0) of a canonical list: winners, then those who stand by; fewer if the list is shorter.

    `rooted` is the list's root where it was computed just before; else it is computed here.
    """
    if wanted < 0:
        raise ValueError("nobody can draw fewer than no winners")
    source = numbers(key_of(secret, beacon, rooted or root(entrants)))
    return [entrants[at] for at in shuffled(len(entrants), wanted, source)]


def beacon_round(at: float, genesis: int, period: int) -> int:
    """The first round of a periodic beacon at or after a moment (both seconds since 1970); round 1 is at genesis."""
    return max(1, -int((genesis - at) // period) + 1)
