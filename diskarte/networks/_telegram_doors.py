"""Whether a Telegram bot may still post where it was let in. Pure: what is told of a member in, a sentence out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diskarte.words import Told


def shut_out(member: Mapping[str, Any]) -> Told | None:
    """Why a bot with this membership cannot post, and what to do; None when it can.

    Source: core.telegram.org/bots/api#chatmember. A channel lets only administrators post, and tells of each whether
    this one may; in a group everybody may who is not restricted.
    """
    match member.get("status"):
        case "left" | "kicked":
            return Told(
                "The bot was put out of it. Make it an administrator there again: then it goes on by itself."
            )
        case "administrator" if member.get("can_post_messages") is False:
            return Told(
                "The bot may not post there any more. Give it that right again: then it goes on by itself."
            )
        case "restricted" if not (member.get("is_member", True) and member.get("can_send_messages")):
            return Told(
                "The bot may not write there any more. Give it that right again: then it goes on by itself."
            )
    return None
