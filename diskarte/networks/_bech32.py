"""bech32 as Nostr shows 32 bytes to people: npub1…, nsec1…, note1…. Pure. Source: BIP-173, NIP-19."""

from __future__ import annotations

from collections.abc import Iterable

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(kind: str, raw: bytes) -> str:
    """`raw` under the prefix `kind`."""
    values = _regroup(raw, 8, 5)
    check = _polymod([*_expanded(kind), *values, *[0] * 6]) ^ 1
    return f"{kind}1" + "".join(LETTERS[v] for v in [*values, *(check >> 5 * (5 - i) & 31 for i in range(6))])


def decode(kind: str, text: str) -> bytes:
    """The bytes behind `text`. Raises ValueError when its prefix, letters or check sum are wrong."""
    prefix, _, rest = text.strip().lower().rpartition("1")
    if prefix != kind or not set(rest) <= set(LETTERS):
        raise ValueError(f"It does not begin with {kind}1.")
    values = [LETTERS.index(letter) for letter in rest]
    if _polymod([*_expanded(kind), *values]) != 1:
        raise ValueError("A letter is wrong or missing.")
    bits = len(values[:-6]) * 5
    return bytes(_regroup(values[:-6], 5, 8)[: bits // 8])


def _expanded(kind: str) -> list[int]:
    return [ord(c) >> 5 for c in kind] + [0] + [ord(c) & 31 for c in kind]


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(GENERATORS):
            check ^= generator if top >> i & 1 else 0
    return check


def _regroup(values: Iterable[int], have: int, want: int) -> list[int]:
    """The same bits in groups of another size, the last one filled up with zeros."""
    kept, bits, groups = 0, 0, []
    for value in values:
        kept, bits = (kept << have | value) & 0xFFFF, bits + have
        while bits >= want:
            bits -= want
            groups.append(kept >> bits & (1 << want) - 1)
    return [*groups, kept << want - bits & (1 << want) - 1] if bits else groups
