"""First numbers of goals: the brand's own where it told them, else the playbook's guess, each saying which."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

MONTH = 30  # days of a first goal's month
PRICE = re.compile(
    r"^(?P<name>.*?)[\s:;,–-]*(?:₱|php|p)?\s*(?P<price>\d[\d,]*(?:\.\d{1,2})?)\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class First:
    """A first target: the number, the brand's own number behind it if there is one, and its last day."""

    target: int
    base: int | None  # what the brand told; None: the target is the playbook's guess
    times: float
    deadline: date


def first(goal: dict[str, Any], told: dict[str, int | None], today: date) -> First:
    """The first target of a playbook's goal from what the brand told about itself."""
    base = told.get(goal["base"]) or None
    target = nicely(base * goal["times"]) if base else int(goal["at_least"])
    if base and goal["metric"] == "followers":
        target = max(target, base + 1)
    return First(target, base, float(goal["times"]), today + timedelta(days=MONTH * goal["months"] - 1))


def rhythm(wanted: Sequence[tuple[int, float]], hours: float | None) -> list[int]:
    """Posts a week of each platform within the hours there are: one more for each in turn, up to what is wanted.

    `wanted`: (posts a week, hours a post), the most important first, which gets one in any case. None: as wanted.
    """
    if hours is None:
        return [most for most, _each in wanted]
    given = [0] * len(wanted)
    left = hours
    for turn in range(max((most for most, _each in wanted), default=0)):
        for i, (most, each) in enumerate(wanted):
            if given[i] == turn < most and (each <= left + 1e-9 or not any(given)):
                given[i] += 1
                left -= each
    return given


def nicely(value: float) -> int:
    """A number as people set it: two digits that count, at least one. 1234 becomes 1200."""
    if value < 1:
        return 1
    step = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return int(round(value / step) * step)


def priced(line: str) -> tuple[str, Decimal | None]:
    """«Spanish latte 150» as a name and a price; without a number the whole line is the name."""
    text = " ".join(line.split())
    match = PRICE.match(text)
    if match is None or not match["name"].strip():
        return text, None
    try:
        return match["name"].strip(), Decimal(match["price"].replace(",", ""))
    except InvalidOperation:
        return text, None


def lines(text: str) -> list[str]:
    """The lines of an answer, each once, without blanks."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def whole(text: Any) -> int | None:
    """A count as somebody typed it, or None when nothing was said."""
    digits = re.sub(r"[\s,]", "", str(text or ""))
    return int(float(digits)) if re.fullmatch(r"\d+(\.\d+)?", digits) else None
