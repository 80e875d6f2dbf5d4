"""What people wrote under our posts: the stage that keeps it tells, and any earlier one may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from diskarte.core.people.models import Brand


@dataclass(frozen=True)
class Comment:
    """One answer to a post of ours: the delivery it stands under, who wrote it and when."""

    under: int
    author: str
    text: str
    at: datetime


Source = Callable[[Brand, list[int], datetime, datetime], list[Comment]]
Wish = Callable[[datetime], Iterable[int]]
SOURCES: list[Source] = []
WISHES: list[Wish] = []


def keeps_comments(source: Source) -> Source:
    """A stage's way to tell what it keeps under some posts (deliveries) between two moments."""
    SOURCES.append(source)
    return source


def comments(brand: Brand, under: list[int], since: datetime, until: datetime) -> list[Comment]:
    """What was written under these posts from `since` on and before `until`, in order of time."""
    told = [comment for source in SOURCES for comment in source(brand, under, since, until)]
    return sorted(told, key=lambda comment: comment.at)


def wants_comments(wish: Wish) -> Wish:
    """A stage's way to say under which posts (deliveries) must be looked now, however old they are."""
    WISHES.append(wish)
    return wish


def wanted(now: datetime) -> set[int]:
    """The posts somebody waits for comments under."""
    return {pk for wish in WISHES for pk in wish(now)}
