"""What a portrait still lacks, and its hours as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

QUESTIONS = (
    "summary",
    "size",
    "places",
    "languages",
    "jobs",
    "pains",
    "gains",
    "objections",
    "awake",
    "networks",
    "evidence",
)
LISTS = ("places", "languages", "interests", "jobs", "pains", "gains", "objections", "networks", "evidence")


def unanswered(portrait: Mapping[str, Any]) -> list[str]:
    """The questions of a portrait nobody has answered, in their order."""
    return [name for name in QUESTIONS if portrait.get(name) in (None, "", [])]


def lines(text: str) -> list[str]:
    """Short texts, one a line, as a list without empty ones and repeats."""
    return list(dict.fromkeys(line.strip(" \t-•*") for line in text.splitlines() if line.strip(" \t-•*")))


def hours(given: Iterable[int]) -> list[int]:
    """Hours of a day, sorted, each once. Raises ValueError for anything outside 0…23."""
    found = sorted(set(given))
    if any(not 0 <= hour <= 23 for hour in found):
        raise ValueError("an hour lies between 0 and 23")
    return found


def spans(awake: Iterable[int]) -> str:
    """Hours as spans: [6, 7, 12, 18, 19] is «06–08, 12–13, 18–20»."""
    parts: list[list[int]] = []
    for hour in hours(awake):
        if parts and parts[-1][1] == hour:
            parts[-1][1] = hour + 1
        else:
            parts.append([hour, hour + 1])
    return ", ".join(f"{start:02d}–{end:02d}" for start, end in parts)


def read_spans(text: str) -> list[int]:
    """The hours in «6-8, 12, 18:00–20:00»; over midnight too. Raises ValueError for anything else."""
    found: list[int] = []
    for part in text.replace(";", ",").split(","):
        if not part.strip():
            continue
        ends = [int(end.strip().removesuffix(":00")) for end in part.replace("–", "-").split("-")]
        if len(ends) == 1:
            ends.append(ends[0] + 1)
        start, end = ends
        if not (0 <= start <= 23 and 0 <= end <= 24) or start == end:
            raise ValueError("an hour lies between 0 and 24")
        found += [hour % 24 for hour in range(start, end if end > start else end + 24)]
    return hours(found)
