"""Is this row a purchase, and how much was it?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from .people import Unfit

SYMBOLS = {
    "₱": "PHP",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₽": "RUB",
    "¥": "JPY",
    "₹": "INR",
    "₫": "VND",
    "฿": "THB",
}
SIGN = "[₱$€£₽¥₹₫฿]|[A-Za-z]{3}"
MARKED = re.compile(
    rf"(?P<minus>[-(−]?)\s*(?P<mark>{SIGN}|[Pp])?\s*(?P<more>[-−]?)\s*(?P<figure>[\d.,\s']+?)\)?\s*(?P<after>{SIGN})?"
)
LARGEST = 10**13  # cents
Number = Callable[[str], float | None]
MONEY = ("amount", "price")


@dataclass(slots=True)
class Bought:
    """One line of a purchase; `cents` below nought is money given back, None is not told."""

    day: date
    cents: int | None
    currency: str = ""
    order_no: str = ""
    item: str = ""


def is_purchases(columns: Mapping[str, str]) -> bool:
    """Whether a file with these columns tells of purchases: a day, and money."""
    return "bought_at" in columns and any(name in columns for name in MONEY)


def bought(
    told: Mapping[str, str], day: Callable[[str], date | None], number: Number, currency: str
) -> Bought:
    """The purchase in a row of field → text; `currency` is meant where none is named. Raises Unfit."""
    at = day(told.get("bought_at", "")) if told.get("bought_at") else None
    if at is None or not 1970 <= at.year <= 2100:
        raise Unfit("bought_at", told.get("bought_at", ""))
    if told.get("amount"):
        cents, mark = money(told["amount"], number)
    else:
        price, mark = money(told.get("price", ""), number)
        cents = round(price * _quantity(told.get("quantity", "") or "1", number))
    if abs(cents) > LARGEST:
        raise Unfit("amount", told.get("amount") or told.get("price", ""))
    named = told.get("currency", "").upper() or symbol(mark, currency)
    return Bought(at, cents, named[:3], told.get("order_no", "")[:60], told.get("item", "")[:120])


def money(text: str, number: Number) -> tuple[int, str]:
    """Hundredths and the mark beside the figure: «₱1,234.50» is (123450, "₱"). Raises Unfit."""
    found = MARKED.fullmatch(text.strip())
    figure = number(found["figure"]) if found else None
    if found is None or figure is None:
        raise Unfit("amount", text)
    try:
        cents = int((Decimal(str(figure)) * 100).to_integral_value())
    except InvalidOperation:
        raise Unfit("amount", text) from None
    less = bool(found["minus"] or found["more"])
    return (-cents if less else cents), found["mark"] or found["after"] or ""


def _quantity(text: str, number: Number) -> Decimal:
    figure = number(text)
    if figure is None:
        raise Unfit("quantity", text)
    return Decimal(str(figure))


def symbol(mark: str, currency: str) -> str:
    """The currency a mark beside a figure means; «$» and «P» mean the brand's own where that is written so."""
    if not mark or mark in "Pp":
        return currency
    if mark == "$" and currency in DOLLARS:
        return currency
    return SYMBOLS.get(mark, mark.upper() if len(mark) == 3 else currency)


DOLLARS = frozenset({"USD", "AUD", "CAD", "SGD", "HKD", "NZD", "TWD", "MXN"})
