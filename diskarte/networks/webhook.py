"""Any program of yours that takes a signed request: what it does with the post is its own affair.

Signed as «Standard Webhooks» describes: `webhook-id` is the post's key, the same at every attempt, so that the
receiver can drop a repeat; whether it does, nobody can know from here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from diskarte.words import MB, Kind, Limits, Media, Memo, Post, Sent

from .base import Account, Answer, Api, Field, Lack, Network, Webhook

ONE_WAY = Lack("Your program is told and tells nothing back: its numbers and answers are typed in.")


class SignedWebhook(Network):
    name = "Webhook"
    docs = "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"
    checked = date(2026, 11, 22)
    base = ""
    colour = "#0b7285"
    note = 'Your program gets each post as signed JSON; it may answer with {"id": …, "url": …}.'
    connect = Webhook(
        fields=(
            Field(
                "webhook",
                "Address",
                "Gets a POST for each post.",
                "https://harbour.example/hook",
                secret=True,
            ),
            Field(
                "key", "Signing secret", "The one your program checks with; starts with whsec_.", secret=True
            ),
            Field("handle", "Name", "How this channel is called here.", "Harbour newsletter"),
        ),
    )
    kinds = frozenset(Kind)
    limits = Limits(
        text=100_000, images=20, image_bytes=20 * MB, videos=1, video_bytes=20 * MB, parts=100, mixed=True
    )
    blind = True
    lacks = dict.fromkeys(("measure", "measure_channel", "read_replies", "read_public", "views"), ONE_WAY)

    def headers(self, api: Api) -> dict[str, str]:
        return {}

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        """Ask the program whether it is there: a post of type `ping` that it may ignore."""
        address, handle = given["webhook"].strip(), given["handle"].strip()
        api.secrets = {"webhook": address, "key": given["key"].strip()}
        digest = hashlib.sha256(address.encode()).hexdigest()[:16]
        _send(api, f"ping-{digest}", "ping", {}, harmless=True)
        return Account(digest, handle, handle, f"https://{urlsplit(address).netloc}", dict(api.secrets))

    def publish(self, api: Api, post: Post, memo: Memo) -> Sent:
        told = _send(api, post.key, "post.published", _wire(post))
        return Sent(str(told.get("id") or post.key), str(told.get("url") or ""))

    def reply(self, api: Api, post: Post, memo: Memo) -> Sent:
        return self.publish(api, post, memo)

    def delete(self, api: Api, remote_id: str) -> None:
        _send(api, f"delete-{remote_id}", "post.deleted", {"id": remote_id}, harmless=True)


def _send(api: Api, key: str, kind: str, data: dict[str, Any], harmless: bool = False) -> Answer:
    body = json.dumps({"type": kind, "data": data}, ensure_ascii=False, sort_keys=True).encode()
    at = str(int(api.clock().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{signature(api.secrets['key'], key, at, body)}",
    }
    return api.post(api.secrets["webhook"], content=body, headers=headers, harmless=harmless)


def signature(secret: str, key: str, at: str, body: bytes) -> str:
    """HMAC-SHA256 over «id.timestamp.body», base64; a secret after «whsec_» is base64 itself."""
    raw = secret.removeprefix("whsec_")
    try:
        signed_with = base64.b64decode(raw, validate=True) if raw != secret else secret.encode()
    except ValueError:
        signed_with = secret.encode()
    return base64.b64encode(
        hmac.new(signed_with, f"{key}.{at}.".encode() + body, hashlib.sha256).digest()
    ).decode()


def _wire(post: Post) -> dict[str, Any]:
    return {
        "key": post.key,
        "text": post.text,
        "parts": list(post.parts),
        "kind": post.kind.value,
        "languages": list(post.languages),
        "answers": post.answers,
        "due_at": post.due_at.isoformat() if post.due_at else None,
        "media": [_file(m) for m in post.media],
    }


def _file(media: Media) -> dict[str, str]:
    data = base64.b64encode(media.bytes).decode()
    return {"name": media.name, "mime": media.mime, "alt": media.alt, "base64": data}
