"""Nostr: signed notes kept by relays. The same note has the same id for ever, so sending it twice is sending it once.

Its moment is the one the post was planned for, never the clock's: every attempt signs the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import regex
from coincurve import PrivateKey

from diskarte.words import (
    MB,
    Failure,
    Kind,
    Limits,
    Media,
    Metric,
    Post,
    Reconnect,
    Refused,
    Reply,
    Sent,
    Told,
    TryLater,
    Unknown,
    gettext_noop,
)

from ._bech32 import decode, encode
from ._facets import hashtags
from ._notes import Event, answered, answering, called, genuine, last, npub, public_key, secret_key, signed
from ._thread import Part, Threaded
from .base import FOREVER, Account, Answer, Api, Counts, Field, Lack, NotThere, PublicPost, Token

PROFILE, NOTE, FOLLOWS, DELETION, REPOST, REACTION, ANY_REPOST, PERMIT = 0, 1, 3, 5, 6, 7, 16, 24242
RELAYS = "wss://relay.damus.io wss://nos.lol wss://relay.primal.net"
PAGE, PAGES = 500, 10
MENTION = regex.compile(r"nostr:(npub1[a-z0-9]+)")
NO_MEDIA = gettext_noop(
    "Pictures need a media server: put one into the channel, or take them out of the post."
)
ANOTHER = gettext_noop("This relay does not take your notes: choose another one.")
HOPE = (Refused, Reconnect, TryLater, Unknown)  # when no relay took it, the last of these that was heard


class Nostr(Threaded):
    name = "Nostr"
    docs = "https://github.com/nostr-protocol/nips"
    checked = date(2026, 11, 23)
    base = "wss://relay.damus.io"
    colour = "#8e30eb"
    note = "Pictures need a media server. A relay may ignore a deletion. Numbers are what your relays know."
    connect = Token(
        fields=(
            Field("token", "Secret key", "It signs here and is never sent.", "nsec1…", secret=True),
            Field("relays", "Relays", "Separated by spaces. Empty: these three.", RELAYS, needed=False),
            Field(
                "media",
                "Media server",
                "Blossom; only for pictures and video.",
                "https://blossom.band",
                needed=False,
            ),
        ),
        help="Your Nostr app → Settings → Keys.",
    )
    kinds = frozenset({Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL, Kind.VIDEO, Kind.REEL})
    limits_from = "https://github.com/nostr-protocol/nips/blob/master/11.md#server-limitations"
    limits = Limits(
        text=8000,
        text_bytes=8196,
        images=10,
        image_bytes=10 * MB,
        videos=1,
        video_bytes=50 * MB,
        parts=24,
        mixed=True,
    )
    remembers_key = FOREVER
    counts = {Metric.LIKES: "reactions", Metric.SHARES: "reposts", Metric.REPLIES: "replies"}
    lacks = {"views": Lack("Relays count no readers.", "https://github.com/nostr-protocol/nips")}

    def headers(self, api: Api) -> dict[str, str]:
        """The key signs and goes nowhere."""
        return {}

    def sort(self, answer: Answer) -> Failure | None:
        """A relay says no at the end of what it says: ["OK", id, false, why] or ["CLOSED", name, why]."""
        said = answer.body[-1] if isinstance(answer.body, list) and answer.body else None
        if not isinstance(said, list) or len(said) < 3:
            return None
        refused = said[0] == "CLOSED" or (said[0] == "OK" and not _taken(said))
        return _no(answer.host, str(said[-1])) if refused else None

    def limits_for(self, api: Api) -> Limits:
        """The shortest text any of the relays takes (NIP-11); no files without a media server."""
        asked = {"Accept": "application/nostr+json"}
        told = [api.get(relay.replace("ws", "http", 1), headers=asked) for relay in _relays(api)]
        sizes = [n for one in told if isinstance(n := one.get("limitation", "max_content_length"), int)]
        size = min([*sizes, self.limits.text_bytes or 0])
        files = {} if api.secrets.get("media") else {"images": 0, "videos": 0}
        return self.limits.with_(text=min(size, self.limits.text), text_bytes=size, **files)

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        key = secret_key(given["token"])
        relays = given.get("relays", "").replace(",", " ").split() or RELAYS.split()
        api.secrets = {"token": key.to_hex(), "relays": " ".join(dict.fromkeys(map(_address, relays)))}
        if given.get("media", "").strip():
            api.secrets["media"] = given["media"].strip().rstrip("/")
        me = public_key(key)
        name = _names(api, [me]).get(me, npub(me)[:12])
        return Account(me, npub(me), name, f"https://njump.me/{npub(me)}", dict(api.secrets))

    def uploaded(self, api: Api, post: Post) -> list[Any]:
        if post.media and not api.secrets.get("media"):
            raise Refused(Told(NO_MEDIA))
        return [_upload(api, one) for one in post.media]

    def send_part(self, api: Api, part: Part) -> Sent:
        words = "\n\n".join([part.text, *(one["url"] for one in part.media)]).strip()
        tags = [*self._answering(api, part), *_tags(part)]
        note = signed(_secret(api), _moment_of(api, part.post), NOTE, tags, words)
        return Sent(note["id"], _page(note["id"]), {"relays": _offered(api, note)})

    def _answering(self, api: Api, part: Part) -> list[list[str]]:
        if not part.answers:
            return []
        if part.post.answers:
            return answering(_one(api, part.answers), api.identity)
        marks = [["e", part.root, "", "root"]] if part.root != part.answers else []
        return answering({"id": part.answers, "pubkey": api.identity, "tags": marks}, api.identity)

    def find(self, api: Api, post: Post) -> Sent | None:
        """Our notes of exactly that second; parts hang one under the other. Absent only when every relay says so."""
        at = _moment_of(api, post)
        asked = {"authors": [api.identity], "kinds": [NOTE], "since": at - 1, "until": at + 1, "limit": PAGE}
        around, failures = _heard(api, asked)  # a second more: some relays leave the edges out
        notes = [e for e in around if e["created_at"] == at]
        found: list[str] = []
        for text in (post.text, *post.parts):
            under = found[-1] if found else post.answers
            same = [e for e in notes if e["content"].startswith(text.strip()) and answered(e) == under]
            if not same:
                if failures:
                    raise failures[0]
                return None
            found.append(str(same[0]["id"]))
        told = {"parts": found[1:], "links": [_page(one) for one in found[1:]]} if post.parts else {}
        return Sent(found[0], _page(found[0]), told)

    def delete(self, api: Api, remote_id: str) -> None:
        tags = [["e", remote_id], ["k", str(NOTE)]]
        _offered(api, signed(_secret(api), int(api.clock().timestamp()), DELETION, tags, ""), harmless=True)

    def measure(self, api: Api, remote_id: str) -> Counts:
        return _counts(
            _all(api, {"kinds": [NOTE, REPOST, ANY_REPOST, REACTION], "#e": [remote_id]}), remote_id
        )

    def measure_channel(self, api: Api) -> Counts:
        """Whose list of followed people names us, as far as our relays keep those lists."""
        found = _all(api, {"kinds": [FOLLOWS], "#p": [api.identity]})
        return {Metric.FOLLOWERS: None if found is None else len({e["pubkey"] for e in found})}

    def read_replies(self, api: Api, remote_id: str) -> list[Reply]:
        found = [
            e for e in _all(api, {"kinds": [NOTE], "#e": [remote_id]}) or [] if e["pubkey"] != api.identity
        ]
        names = _names(api, sorted({e["pubkey"] for e in found})) if found else {}
        told = [
            Reply(
                e["id"], names.get(e["pubkey"], npub(e["pubkey"])[:12]), e["content"], _at(e), _page(e["id"])
            )
            for e in found
        ]
        return sorted(told, key=lambda reply: reply.at)

    def read_public(self, api: Api, handle: str) -> list[PublicPost]:
        """By npub1…, by the key itself, or by name@domain (NIP-05)."""
        asked = {"authors": [_whose(api, handle.strip())], "kinds": [NOTE], "limit": 50}
        notes = sorted((e for e in _ask(api, asked) if not answered(e)), key=_at, reverse=True)
        if not notes:
            return []
        asked = {"kinds": [NOTE, REPOST, ANY_REPOST, REACTION], "#e": [e["id"] for e in notes]}
        about = _all(api, asked)
        return [
            PublicPost(e["id"], e["content"], _at(e), _page(e["id"]), _counts(about, e["id"])) for e in notes
        ]


def _no(host: str, why: str) -> Failure:
    """NIP-01 begins a no with one word that says what kind it is."""
    kind, told = why.partition(":")[0], why.partition(":")[2].strip() or why
    said = Told("%(host)s says no: %(said)s.", host=host, said=told or "?")
    if kind in {"auth-required", "restricted", "blocked"}:
        return Refused(said).advising(ANOTHER)
    return TryLater(said) if kind in {"error", "rate-limited"} else Refused(said)


def _taken(said: Any) -> bool:
    """A yes, or a relay's «I have that already», which some of them say as a no."""
    if not isinstance(said, list) or said[:1] != ["OK"] or len(said) < 3:
        return False
    return said[2] is True or str(said[-1]).startswith("duplicate:")


def _offered(api: Api, event: Event, harmless: bool = False) -> list[str]:
    """Offer an event to every relay; those that took it. Raises the most hopeful failure when none did."""
    taken, failures = [], []
    for relay in _relays(api):
        try:
            answer = api.talk(relay, ["EVENT", event], frozenset({"OK"}), harmless=harmless)
            if not any(_taken(said) for said in answer.rows()):
                answer.need("OK")
        except Failure as failure:
            failures.append(failure)
        else:
            taken.append(relay)
    if not taken:
        raise max(failures, key=lambda f: next(i for i, kind in enumerate(HOPE) if isinstance(f, kind)))
    return taken


def _heard(api: Api, asked: Event) -> tuple[list[Event], list[Failure]]:
    """What the relays know, each event once, and the failures of those that did not answer."""
    found: dict[str, Event] = {}
    failures: list[Failure] = []
    for relay in _relays(api):
        try:
            answer = api.talk(relay, ["REQ", "diskarte", asked], frozenset({"EOSE", "CLOSED"}))
            told = [m for m in answer.rows() if isinstance(m, list)]
            if ["EOSE"] not in [m[:1] for m in told]:
                answer.need("EOSE")
        except Failure as failure:
            failures.append(failure)
        else:
            found |= {m[2]["id"]: m[2] for m in told if m[:1] == ["EVENT"] and genuine(m[2])}
    return list(found.values()), failures


def _ask(api: Api, asked: Event) -> list[Event]:
    """Like `_heard`; one relay that answers is enough."""
    found, failures = _heard(api, asked)
    if len(failures) == len(_relays(api)):
        raise failures[0]
    return found


def _all(api: Api, asked: Event) -> list[Event] | None:
    """Everything, page after page back in time; None when there is more than we are ready to read."""
    found: dict[str, Event] = {}
    for _ in range(PAGES):
        page = _ask(api, {**asked, "limit": PAGE})
        found |= {e["id"]: e for e in page}
        if len(page) < PAGE:
            return list(found.values())
        asked = {**asked, "until": min(int(e["created_at"]) for e in page)}
    return None


def _one(api: Api, note: str) -> Event:
    found, failures = _heard(api, {"ids": [note], "limit": 1})
    if not found:
        raise failures[0] if failures else NotThere(Told("No relay has the note that this answers."))
    return found[0]


def _counts(about: list[Event] | None, note: str) -> Counts:
    if about is None:
        return dict.fromkeys(Nostr.counts)
    likes = {e["pubkey"] for e in about if e["kind"] == REACTION and e["content"] != "-" and last(e) == note}
    shares = {e["pubkey"] for e in about if e["kind"] in {REPOST, ANY_REPOST} and last(e) == note}
    replies = [e for e in about if e["kind"] == NOTE and answered(e) == note]
    return {Metric.LIKES: len(likes), Metric.SHARES: len(shares), Metric.REPLIES: len(replies)}


def _tags(part: Part) -> list[list[str]]:
    """Topics, people and files that the words name, and the language they are in."""
    tags = [["t", tag] for tag in hashtags(part.text)]
    tags += [["p", decode("npub", one).hex()] for one in dict.fromkeys(MENTION.findall(part.text))]
    for one in part.media:
        facts = [f"{name} {value}" for name, value in one.items() if value]
        tags.append(["imeta", *facts])
    spoken = part.post.languages[:1]
    return [*tags, *([["L", "ISO-639-1"], ["l", spoken[0], "ISO-639-1"]] if spoken else [])]


def _upload(api: Api, media: Media) -> dict[str, str]:
    """Put a file on the media server (Blossom, BUD-02); its address is its content's, so twice is once."""
    digest, now = hashlib.sha256(media.bytes).hexdigest(), int(api.clock().timestamp())
    ends = str(now + int(timedelta(minutes=10).total_seconds()))
    tags = [["t", "upload"], ["x", digest], ["expiration", ends]]
    permit = json.dumps(signed(_secret(api), now - 5, PERMIT, tags, f"Upload {media.name}")).encode()
    proof = base64.urlsafe_b64encode(permit).decode().rstrip("=")
    headers = {"Authorization": f"Nostr {proof}", "Content-Type": media.mime, "X-SHA-256": digest}
    told = api.put(f"{api.secrets['media']}/upload", content=media.bytes, headers=headers, harmless=True)
    return {"url": str(told.need("url")), "m": media.mime, "x": digest, "alt": " ".join(media.alt.split())}


def _names(api: Api, people: Iterable[str]) -> dict[str, str]:
    """What people call themselves (kind 0)."""
    found = sorted(_ask(api, {"kinds": [PROFILE], "authors": list(people), "limit": PAGE}), key=_at)
    told = {e["pubkey"]: called(e) for e in found}
    return {who: name for who, name in told.items() if name}


def _whose(api: Api, handle: str) -> str:
    """The public key of somebody, whatever way they are named."""
    if handle.startswith("npub1"):
        return decode("npub", handle).hex()
    name, _, domain = handle.removeprefix("@").rpartition("@")
    if not domain or "." not in domain:
        return bytes.fromhex(handle).hex()
    told = api.get(f"https://{domain}/.well-known/nostr.json", name=name or "_")
    return str(told.need("names", name or "_"))


def _address(relay: str) -> str:
    address = relay if "://" in relay else f"wss://{relay}"
    if not address.startswith(("wss://", "ws://")):
        what = Told("«%(relay)s» is not the address of a relay: it begins with wss://.", relay=relay[:80])
        raise Refused(what)
    return address.rstrip("/")


def _relays(api: Api) -> list[str]:
    return api.secrets["relays"].split()


def _secret(api: Api) -> PrivateKey:
    return secret_key(api.secrets["token"])


def _moment_of(api: Api, post: Post) -> int:
    return int((post.due_at or api.clock()).timestamp())


def _at(event: Event) -> datetime:
    return datetime.fromtimestamp(event["created_at"], UTC)


def _page(note: str) -> str:
    return f"https://njump.me/{encode('note', bytes.fromhex(note))}"
