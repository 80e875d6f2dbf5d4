"""Rules of groups: steps from left to right, each a condition that is kept, added or taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]  # a set of people, one bit each
Step = tuple[str, str, str]  # how, condition, value
HOWS: Final = ("and", "or", "not")
# condition → what its value is
CONDITIONS: Final = {
    "bought": "text", "not_since": "days", "since": "days", "times": "number", "spent": "number", "list": "text",
    "cell": "cell", "group": "group", "place": "text", "language": "text", "joined": "days", "consent": "consent",
    "email": "", "phone": "", "everybody": "",
}  # fmt: skip
MOST = 12  # steps of one rule


class Misfit(ValueError):
    """A step that cannot be: `code` says why."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code, value)
        self.code, self.value = code, value


def steps(hows: Sequence[str], conditions: Sequence[str], values: Sequence[str]) -> list[Step]:
    """The steps of a form: rows without a condition are left out. Raises Misfit."""
    told: list[Step] = []
    for at, condition in enumerate(conditions):
        if not condition:
            continue
        how = hows[at] if at < len(hows) and hows[at] in HOWS else "and"
        value = values[at].strip() if at < len(values) else ""
        told.append((how, condition, checked(condition, value)))
    if not told:
        raise Misfit("empty")
    if len(told) > MOST:
        raise Misfit("many", str(MOST))
    return told


def checked(condition: str, value: str) -> str:
    """The value of a condition as it is kept. Raises Misfit."""
    kind = CONDITIONS.get(condition)
    if kind is None:
        raise Misfit("condition", condition)
    if kind == "":
        return ""
    if not value:
        raise Misfit("value", condition)
    if kind == "days" and not (value.isdecimal() and 0 < int(value) <= 36500):
        raise Misfit("days", value)
    if kind == "number":
        try:
            figure = float(value.replace(",", ""))
        except ValueError:
            raise Misfit("number", value) from None
        return f"{figure:g}" if figure < 1e15 else value
    if kind == "consent" and value not in ("yes", "no", "unknown"):
        raise Misfit("condition", value)
    return value[:120]


def put_together(rule: Sequence[Step], of: Callable[[str, str], Bits], everybody: Bits) -> Bits:
    """The people of a rule. «and» keeps, «or» adds, «not» takes away; a first «not» takes away from everybody."""
    told = everybody.copy()
    for at, (how, condition, value) in enumerate(rule):
        here = of(condition, value)
        if how == "not":
            told &= ~here
        elif how == "or" and at:
            told |= here
        else:
            told &= here
    return told
