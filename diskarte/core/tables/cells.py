"""Days and numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

PARTS = re.compile(r"(\d{1,4})[./\-](\d{1,2})[./\-](\d{1,4})(?:[ T,].*)?")
NAMED = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%b-%y")
NUMBER = re.compile(r"[+-]?\d[\d\s\u00a0.,']*")


def day_first(samples: Iterable[str], otherwise: bool) -> bool:
    """Whether 3/4/2026 means 3 April in this column: told by any value where only one reading is a day."""
    for text in samples:
        found = PARTS.fullmatch(text.strip())
        if found and len(found[1]) < 3:
            first, second = int(found[1]), int(found[2])
            if first > 12 >= second:
                return True
            if second > 12 >= first:
                return False
    return otherwise


def read_day(text: str, day_before_month: bool) -> date | None:
    """The day a text means, or None: ISO, 3/4/2026, 3.4.26, 3 Apr 2026, April 3, 2026; a time is dropped."""
    text = " ".join(text.split())
    found = PARTS.fullmatch(text)
    if not found:
        return _named(text)
    a, b, c = (int(part) for part in found.groups()[:3])
    if len(found[1]) == 4:
        return _day(a, b, c)
    year = c if len(found[3]) == 4 else 2000 + c if c < 70 else 1900 + c
    return _day(year, b, a) if day_before_month else _day(year, a, b)


def _named(text: str) -> date | None:
    for form in NAMED:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_number(text: str) -> float | None:
    """The number a text means, or None: 1,234.5 and 1.234,5; a comma before three digits is thousands."""
    text = re.sub(r"^[₱$€£₽]\s*|\s*%$", "", text.strip())
    if not NUMBER.fullmatch(text):
        return None
    text = re.sub(r"[\s\u00a0']", "", text)
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return float(text)
    mark, tail = text[last], text[last + 1 :]
    both = "." in text and "," in text
    thousands = text.count(mark) > 1 or (not both and len(tail) == 3 and mark == ",")
    whole = re.sub(r"[.,]", "", text if thousands else text[:last])
    return float(whole if thousands else f"{whole or '0'}.{tail or '0'}")
