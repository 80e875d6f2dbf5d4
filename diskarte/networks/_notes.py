"""Nostr's events: signing, checking, and what their tags say. Pure. Source: NIP-01, NIP-10, NIP-19."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from coincurve import PrivateKey, PublicKeyXOnly

from diskarte.words import Refused, Told

from ._bech32 import decode, encode

Event = dict[str, Any]


def secret_key(text: str) -> PrivateKey:
    """The key behind nsec1… or 64 hexadecimal digits. Raises Refused with what is wrong."""
    told = text.strip()
    try:
        raw = decode("nsec", told) if told.lower().startswith("nsec") else bytes.fromhex(told)
        if len(raw) != 32:
            raise ValueError("Letters are missing.")
        return PrivateKey(raw)
    except ValueError as error:
        raise Refused(
            Told(
                "That is not a secret key: it begins with nsec1 or has 64 hexadecimal digits. Copy it again."
            )
        ) from error


def public_key(key: PrivateKey) -> str:
    """Who signs with this key: 64 hexadecimal digits."""
    return key.public_key_xonly.format().hex()


def npub(who: str) -> str:
    """A public key as people see it."""
    return encode("npub", bytes.fromhex(who))


def signed(key: PrivateKey, at: int, kind: int, tags: list[list[str]], content: str) -> Event:
    """An event with its id and signature (NIP-01); no randomness, so the same words give the same bytes."""
    event: Event = {
        "pubkey": public_key(key),
        "created_at": at,
        "kind": kind,
        "tags": tags,
        "content": content,
    }
    event["id"] = event_id(event)
    return event | {"sig": key.sign_schnorr(bytes.fromhex(event["id"]), bytes(32)).hex()}


def event_id(event: Event) -> str:
    """SHA-256 of the event as NIP-01 writes it."""
    parts = [0, *(event[name] for name in ("pubkey", "created_at", "kind", "tags", "content"))]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def genuine(event: Event) -> bool:
    """Is it what its author signed? A relay is nobody's witness."""
    try:
        author = PublicKeyXOnly(bytes.fromhex(event["pubkey"]))
        proof, digest = bytes.fromhex(event["sig"]), bytes.fromhex(event["id"])
        return event_id(event) == event["id"] and bool(author.verify(proof, digest))
    except ValueError:
        return False


def named(event: Event) -> list[list[str]]:
    return [t for t in event["tags"] if t[:1] == ["e"] and len(t) > 1]


def last(event: Event) -> str:
    """The note an event is about: its last `e`."""
    return named(event)[-1][1] if named(event) else ""


def first(event: Event) -> str:
    """The first note of the conversation, "" when this is the first: marked «root», or simply the first named."""
    tags = named(event)
    marked = [t[1] for t in tags if t[3:4] == ["root"]]
    return next(iter([*marked, *(t[1] for t in tags if len(t) < 4)]), "")


def answered(event: Event) -> str:
    """The note directly above, "" for none: marked «reply», else «root», else the last one named without a mark."""
    tags = named(event)
    marks = {t[3]: t[1] for t in tags if len(t) > 3}
    plain = [t[1] for t in tags if len(t) < 4 or not t[3]]
    return marks.get("reply") or marks.get("root") or (plain[-1] if plain else "")


def answering(parent: Event, me: str) -> list[list[str]]:
    """The tags of an answer: the conversation's first note, the one answered, and everybody who took part."""
    root, who = first(parent) or parent["id"], str(parent["pubkey"])
    people = dict.fromkeys([who, *(t[1] for t in parent["tags"] if t[:1] == ["p"] and len(t) > 1)])
    told = [["p", one] for one in people if one != me]
    if root == parent["id"]:
        return [["e", root, "", "root", who], *told]
    return [["e", root, "", "root"], ["e", parent["id"], "", "reply", who], *told]


def called(event: Event) -> str:
    """What somebody calls themselves (kind 0); "" when the profile does not say or cannot be read."""
    try:
        told = json.loads(event["content"])
        return str(told.get("display_name") or told.get("name") or "")
    except (ValueError, AttributeError):
        return ""
