"""What a network tells once and then forgets: news, the cursor behind them, and the memory they are kept in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class News:
    """One thing told: something was said under a message, a thread opened elsewhere, somebody reacted."""

    number: int  # the network's own; the same news has the same number when it is told again
    about: str  # remote id of the message it belongs to; of a «door» the identity of the channel
    # "said", "thread", "reactions" (all together, up to now), "reaction" (of one person, up to now), "door" (whether
    # we are let in was changed by somebody: ask)
    kind: str
    at: datetime  # UTC
    what: str = ""  # remote id of what was said, or of the thread's first message
    by: str = ""  # whose it is, the network's own id
    who: str = ""  # and their name
    text: str = ""
    url: str = ""
    amount: int | None = None  # of reactions


@dataclass(frozen=True)
class Hearing:
    """What one question brought: `more` waits, and whether something was `lost` before it could be asked for."""

    news: list[News]
    cursor: str
    more: bool = False
    lost: bool = False


class Memory(Protocol):
    """Where news are kept, as an `Api` is handed it."""

    def about(self, ids: Collection[str]) -> list[News]:
        """Everything heard about these messages, in the order it was told."""

    def complete(self, remote_id: str) -> bool:
        """Was everything heard that happened to our post since it was sent?"""


class Nothing:
    """The memory of those who never listened."""

    def about(self, ids: Collection[str]) -> list[News]:
        return []

    def complete(self, remote_id: str) -> bool:
        return False
