"""What a deal is worth, where it may go next, and what we write first. Values in, values out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

STATES = ("idea", "contacted", "agreed", "live", "checked", "done")
PARTNERS = ("brand", "creator", "media", "community")
KINDS = ("mutual", "barter", "paid", "guest")
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Balance:
    """What each side puts in. `net` is what we get minus what we give; None while a value is unknown.

    `fair` is the smaller side over the larger: 1 is even, None is unknown.
    """

    give: Decimal | None
    get: Decimal | None

    @property
    def net(self) -> Decimal | None:
        return None if self.give is None or self.get is None else self.get - self.give

    @property
    def fair(self) -> float | None:
        if self.give is None or self.get is None:
            return None
        most = max(self.give, self.get)
        return float(min(self.give, self.get) / most) if most else None

    @property
    def says(self) -> str:
        """A code: unknown, even (within a tenth), ours (we gain) or theirs."""
        if self.net is None:
            return "unknown"
        if self.fair is None or self.fair >= 0.9:
            return "even"
        return "ours" if self.net > 0 else "theirs"


def together(balances: Iterable[Balance]) -> tuple[Balance, int]:
    """The sum of all deals where both sides are valued, and how many were left out because one is not."""
    known, out = [], 0
    for one in balances:
        if one.net is None:
            out += 1
        else:
            known.append(one)
    if not known:
        return Balance(None, None), out
    give = sum((b.give for b in known if b.give is not None), Decimal(0))
    get = sum((b.get for b in known if b.get is not None), Decimal(0))
    return Balance(give, get), out


def after(state: str) -> str:
    """The next state of a deal, or empty at the end."""
    at = STATES.index(state)
    return STATES[at + 1] if at + 1 < len(STATES) else ""


def lacks(state: str, *, give: str, get: str, due: bool, proof: bool) -> str:
    """What must be known before a deal may be in `state`; a code: "", sides, due or proof."""
    at = STATES.index(state)
    if at >= STATES.index("agreed") and not (give and get):
        return "sides"
    if at >= STATES.index("live") and not due:
        return "due"
    if at >= STATES.index("checked") and not proof:
        return "proof"
    return ""


def lines(text: str) -> str:
    """The text with plain line ends: forms send two characters where a writer made one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def slug(name: str) -> str:
    """A name for addresses and codes: lower-case ASCII letters, digits and hyphens; may be empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def promo_code(partner: str, number: int) -> str:
    """A code people can say aloud: the partner's first word and the deal's number, «ANA7»."""
    word = (slug(partner).split("-") or [""])[0].upper()[:10]
    return f"{word or 'DEAL'}{number}"


def utm(link: str, partner: str, title: str) -> str:
    """The link with source, medium and campaign, so that visits can be told apart; empty for no link.

    What the address carries already stays; UTM values it had are replaced.
    """
    if not link:
        return ""
    parts = urlsplit(link)
    ours = {
        "utm_source": slug(partner) or "partner",
        "utm_medium": "partner",
        "utm_campaign": slug(title) or "deal",
    }
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in ours]
    return urlunsplit(parts._replace(query=urlencode([*kept, *ours.items()])))


def filled(template: str, facts: Mapping[str, str]) -> str:
    """The template with every {name} replaced; a line whose facts are unknown is left out."""
    lines = []
    for line in template.splitlines():
        wanted = PLACE.findall(line)
        if all(facts.get(name) for name in wanted):
            lines.append(PLACE.sub(lambda m: facts[m.group(1)], line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def per_thousand(price: Decimal | None, audience: int | None) -> Decimal | None:
    """Price for a thousand of their people, two places; None when either is unknown."""
    if price is None or not audience:
        return None
    return (price * 1000 / audience).quantize(Decimal("0.01"))
