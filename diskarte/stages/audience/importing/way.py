"""How a file's cells are read, and what became of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from diskarte.core import tables

from ..rules.people import Person, Unfit, person
from ..rules.purchases import Bought, bought, is_purchases

Bad = tuple[int, Mapping[str, str], str, str]  # number, row, code, value
Judged = tuple[Person, Bought | None]


@dataclass
class Way:
    """Which column is what, how dates are meant, what the list as a whole says about consent."""

    country: str
    currency: str
    columns: dict[str, str]  # field → header
    day_first: bool
    consent: str = "unknown"
    consent_from: str = ""
    others: bool = True  # keep the other columns as facts
    list_name: str = ""

    @property
    def buys(self) -> bool:
        """Whether each row is a purchase."""
        return is_purchases(self.columns)

    def day(self, text: str) -> Any:
        """The day a cell means, or None."""
        return tables.read_day(text, day_before_month=self.day_first)

    def read(self, row: Mapping[str, str]) -> Judged:
        """The person in one row of the file, and the purchase. Raises Unfit."""
        if row.get(tables.EXTRA):
            raise Unfit("extra", row[tables.EXTRA])
        told = {name: row.get(header, "") for name, header in self.columns.items()}
        found = person(
            told, self.country, partial(tables.read_day, day_before_month=self.day_first), self.consent
        )
        if self.buys:
            return found, bought(told, self.day, tables.read_number, self.currency)
        if self.others:
            used = {header for name, header in self.columns.items() if name != "country"}
            found.facts = {header: text[:300] for header, text in row.items() if header not in used and text}
        return found, None

    def plain(self) -> dict[str, Any]:
        """As JSON; `Way(**plain)` is the same again."""
        return asdict(self)


@dataclass
class Tally:
    """What became of the rows."""

    rows: int = 0
    refused: int = 0
    slow: int = 0  # judged one by one
    reasons: Counter[str] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)

    def refuse(self, number: int, row: Mapping[str, str], unfit: Unfit) -> None:
        """Count a row that was not taken, and keep it."""
        self.refused += 1
        self.reasons[unfit.code] += 1
        self.bad.append((number, row, unfit.code, unfit.value))
