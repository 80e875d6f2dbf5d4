"""Where the rows of a file come from, written beside each of them; and the numbers kept free for its people."""

from __future__ import annotations

from dataclasses import dataclass

from diskarte.core.lake.tables import quoted

from ..columns import BUY, PERSON

KEPT = ", ".join(PERSON)


@dataclass(frozen=True)
class Origin:
    """An import: its number, its name, where its consents come from, and the last person's number when it began.

    A row that tells of somebody new has a number of its own from the moment it is read: `base` and its line in the
    file. So what is read is written once, as it stays, unless a row turns out to be somebody else.
    """

    intake: int
    name: str
    consent_from: str
    base: int = 0

    def people(self, rows: str) -> str:
        """Rows with `pid` and what they tell, as people."""
        since = f"CASE WHEN consent = 'unknown' THEN '' ELSE {quoted(self.consent_from)} END AS consent_from"
        name = f"{quoted(self.name)} AS source, {self.intake}::INTEGER AS intake"
        return f"SELECT pid, {KEPT}, {since}, {name} FROM {rows}"

    def purchases(self, rows: str) -> str:
        """Rows with `pid` and what was bought, as purchases."""
        return f"SELECT pid, {', '.join(BUY)}, {self.intake}::INTEGER AS intake FROM {rows}"
