"""A family: messages on Discord, whether a bot writes them or a webhook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from diskarte.words import MB, Kind, Limits, Media

from .base import Answer, Lack

KINDS = frozenset({Kind.TEXT, Kind.LINK, Kind.IMAGE, Kind.CAROUSEL, Kind.VIDEO, Kind.REEL})
LIMITS = (
    Limits(  # docs.discord.com: create message; uploading files (10 MiB without boosts), checked 2026-11-23
        text=2000,
        images=10,
        image_bytes=10 * MB,
        videos=1,
        video_bytes=10 * MB,
        video_types=("video/mp4", "video/webm", "video/quicktime"),
        mixed=True,
        alt_text=1024,
        parts=24,
    )
)

LINK = r"/channels/[^/]+/\d+/(\d+)"
UNSEEN = Lack(
    "Nobody is told how many have read a message.",
    "https://discord.com/developers/docs/resources/message#message-object",
)


def message(asked: dict[str, Any], files: Sequence[Media]) -> dict[str, Any]:
    """What a call carries: JSON, or a form with the files and their descriptions beside it."""
    if not files:
        return {"json": asked}
    told = [
        {"id": str(n), "filename": m.name, **({"description": m.alt} if m.alt else {})}
        for n, m in enumerate(files)
    ]
    form = {f"files[{n}]": (m.name, m.bytes, m.mime) for n, m in enumerate(files)}
    return {"data": {"payload_json": json.dumps(asked | {"attachments": told})}, "files": form}


def reactions(told: Answer) -> int | None:
    """All reactions together. A message without any has no such field, and that is a true zero."""
    told.need("id")
    numbers = [one.get("count") for one in told.get("reactions") or []]
    return None if None in numbers else sum(numbers)
