"""What a day of note is, and the rule that finds it in any year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

TRADES = (
    "cafe", "shop", "clinic", "school", "salon", "property", "software", "creator", "ngo", "government", "business",
)  # fmt: skip
KINDS = ("holiday", "observance", "commercial", "culture", "faith", "awareness")
FITS = ("high", "some", "low")  # how much a day matters to a trade
EVERY = ("*",)


@dataclass(frozen=True)
class Day:
    """One day of note; posts may speak of it from `lead_days` before. `until` is its last day where it is a season."""

    day: date
    name: str  # English; a msgid unless it comes from the holidays package
    kind: str  # one of KINDS, or the brand's own: event, promotion, contest
    lead_days: int
    source: str  # a msgid: the rule by which this day was found
    country: str = ""
    until: date | None = None
    place: str = ""  # the city or region that keeps it; empty: the whole country
    high: tuple[str, ...] = ()  # trades it matters much to
    low: tuple[str, ...] = ()  # trades it hardly concerns
    sure: bool = True  # False: announced late or by the moon that is seen; may move by a day or two
    given_fit: str = ""  # what a person said it matters; empty: as its trade says

    @property
    def starts_by(self) -> date:
        """The day by which work on it should begin."""
        return self.day - timedelta(days=self.lead_days)

    def fit(self, trade: str) -> str:
        """How much it matters to a trade: high, some or low. Without a trade only what matters to all is high."""
        if self.given_fit:
            return self.given_fit
        if trade in self.low:
            return "low"
        return "high" if self.high == EVERY or trade in self.high else "some"


@dataclass(frozen=True)
class Rule:
    """A day computed for every year: `find` in the words of `finding`, for these countries (none: everywhere)."""

    name: str
    find: str
    kind: str
    lead_days: int
    source: str
    countries: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    but: tuple[str, ...] = ()  # countries that keep another day
    unless: tuple[str, ...] = ()  # left out when a public holiday near it has one of these in its name
    lasts: int = 1  # days
    place: str = ""
    sure: bool = True

    def kept_in(self, country: str) -> bool:
        return country not in self.but and (not self.countries or country in self.countries)
