"""What an owner writes about competitors, read as names, a page, and what can be seen on it. Text in, values out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .site import NETWORKS

THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
COUNT = r"^(?P<n>\d+(?:\.\d+)?)\s*(?P<unit>[km])?\+?\s*"
FOLLOWERS = re.compile(COUNT + r"(?:followers?|fans|likes|subscribers?|members|tagasunod)$", re.IGNORECASE)
POSTS = re.compile(COUNT + r"posts?\b(?P<span>.*)$", re.IGNORECASE)
MONTHLY = ("month", "buwan", "mo")
WEEKS_OF_MONTH = 365.25 / 7 / 12
UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
SHORT = {"fb": "Facebook", "ig": "Instagram", "yt": "YouTube", "tt": "TikTok"}
LABELS = {name.casefold(): name for name in NETWORKS.values()} | SHORT


@dataclass(frozen=True)
class Rival:
    """A competitor as told: `handle` is «Facebook: kanto» or an address; a number nobody told is None."""

    name: str
    handle: str = ""
    followers: int | None = None
    a_week: float | None = None

    @property
    def counted(self) -> bool:
        """Whether a number was told."""
        return self.followers is not None or self.a_week is not None


def told(text: str) -> list[Rival]:
    """Competitors, each name once; what follows a name in its line (page, followers, posts a week) belongs to it."""
    found: dict[str, Rival] = {}
    for line in re.split(r"[\n;]", THOUSANDS.sub("", text)):
        last = ""
        for part in (part.strip() for part in line.split(",")):
            if not part:
                continue
            facts = _facts(part) if last else {}
            if facts:
                found[last] = replace(found[last], **facts)
            else:
                last = part[:120]
                found.setdefault(last, Rival(last))
    return list(found.values())


def _facts(part: str) -> dict[str, str | int | float]:
    if match := FOLLOWERS.match(part):
        return {"followers": round(_number(match))}
    if match := POSTS.match(part):
        monthly = any(word in match["span"].casefold() for word in MONTHLY)
        return {"a_week": round(_number(match) / (WEEKS_OF_MONTH if monthly else 1), 1)}
    handle = place(part)
    return {"handle": handle} if handle else {}


def _number(match: re.Match[str]) -> float:
    return float(match["n"]) * UNITS[(match["unit"] or "").lower()]


def place(text: str) -> str:
    """«FB: kanto», «facebook kanto» or «facebook.com/kanto» as the place it names; empty when it names none."""
    bare = text.removeprefix("https://").removeprefix("http://").removeprefix("www.").removeprefix("m.")
    host, slash, path = bare.partition("/")
    if slash and path and (host in NETWORKS or "://" in text):
        return text if "://" in text else f"https://{bare}"
    network, sign, handle = text.partition(":")
    if not sign:
        network, _blank, handle = text.partition(" ")
    label = LABELS.get(network.strip().casefold())
    return f"{label}: {handle.strip()}" if label and handle.strip() else ""
