"""The make-believe readers of the practice network: what they press and what they answer."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from diskarte.science.simulator import Counts, World, maturity
from diskarte.words import Kind

from .models import PracticePost

TOPIC = "any"  # a server cannot know what a post is about
NAMES = ("anna", "ben", "carla", "dino", "ella", "franco", "gina", "hugo", "iris", "jomar")
SAYINGS = (
    "Love this!",
    "How much is it?",
    "Ang ganda! Saan po ito?",
    "Is this still open on Sunday?",
    "Been there, it was great.",
    "Not for me, sorry.",
    "Do you deliver?",
    "Magkano po?",
    "Waited 40 minutes last time.",
    "Tagging my friends.",
)


@lru_cache(maxsize=64)
def world_of(account: str) -> World:
    """Each account has a world of its own, the same on every machine."""
    seed = int.from_bytes(hashlib.blake2b(account.encode(), digest_size=4).digest(), "big")
    return World(seed, types=tuple(Kind), topics=(TOPIC,))


def ends_at(post: PracticePost) -> Counts:
    """The numbers the post will have in the end."""
    world = world_of(post.account)
    kind = post.kind if post.kind in tuple(Kind) else Kind.TEXT
    month = world.month_of(post.at.date())
    engagement = world.outcome(post.key, kind, TOPIC, post.weekday, post.hour, month)
    return world.counts(post.key, engagement)


def counts_of(post: PracticePost, now: datetime) -> dict[str, int]:
    """The numbers it has now; they only grow."""
    counts = ends_at(post).at(maturity((now - post.at).total_seconds() / 3600))
    names = ("views", "reach", "likes", "replies", "shares", "saves", "clicks", "engagements")
    return {name: getattr(counts, name) for name in names}


def answers_under(post: PracticePost, now: datetime) -> list[dict[str, Any]]:
    """What readers have answered so far, oldest first; as many as the count of replies says."""
    total = ends_at(post).replies
    told = [_answer(post, number, total) for number in range(1, counts_of(post, now)["replies"] + 1)]
    return sorted(told, key=lambda answer: str(answer["at"]))


def _answer(post: PracticePost, number: int, total: int) -> dict[str, Any]:
    luck = hashlib.blake2b(f"{post.key}/{number}".encode(), digest_size=4).digest()
    return {
        "id": f"{post.pk}-{number}",
        "author": f"{NAMES[luck[0] % len(NAMES)]}_practice",
        "text": SAYINGS[luck[1] % len(SAYINGS)],
        "at": (post.at + timedelta(hours=age_at(number / total))).isoformat(),
    }


def age_at(share: float, scale: float = 6.0) -> float:
    """Hours after which this share of everything has happened: `simulator.maturity` read backwards."""
    return float(scale * (-math.log(1 - min(share, 0.999))) ** (1 / 0.6))


def followers_of(account: str, now: datetime) -> int:
    """Followers: a start of the account's own, and one for every 25 engagements."""
    posts = PracticePost.objects.filter(account=account, answers=None, deleted_at=None)
    start = 200 + world_of(account).seed % 800
    return start + sum(counts_of(post, now)["engagements"] for post in posts) // 25
