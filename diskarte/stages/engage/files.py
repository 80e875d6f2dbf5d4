"""Partners and deals of a brand as files. Messages are not strategy and stay behind."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who

from . import planned
from .models import Check, Deal, Partner

PARTNER = ("name", "kind", "audience", "price", "currency", "topics", "contact", "link", "note")
DEAL = (
    "title", "kind", "state", "give", "give_value", "get", "get_value", "currency", "due", "promo_code", "link",
    "proof", "note",
)  # fmt: skip
CHECK = ("at", "there", "url", "note")
READ: dict[str, Callable[[str], Any]] = {
    "audience": int, "price": Decimal, "give_value": Decimal, "get_value": Decimal, "due": date.fromisoformat,
    "at": datetime.fromisoformat,
}  # fmt: skip
SEPARATOR = "; "


def export(brand: Brand) -> dict[str, str]:
    """Up to three tables; deals and checks name their partner and deal."""
    partners = Partner.objects.filter(brand=brand).order_by("name")
    deals = (
        Deal.objects.filter(brand=brand).select_related("partner").order_by("partner__name", "title", "pk")
    )
    checks = Check.objects.filter(deal__brand=brand).select_related("deal__partner").order_by("at", "pk")
    tables = {
        "partners.csv": (PARTNER, [_told(row, PARTNER) for row in partners]),
        "deals.csv": (
            ("partner", *DEAL),
            [{"partner": row.partner.name} | _told(row, DEAL) for row in deals],
        ),
        "checks.csv": (
            ("partner", "deal", *CHECK),
            [{"partner": c.deal.partner.name, "deal": c.deal.title} | _told(c, CHECK) for c in checks],
        ),
    }
    return {name: _written(heads, rows) for name, (heads, rows) in tables.items() if rows}


def restore(brand: Brand, files: dict[str, str], who: Who) -> None:
    """Make partners, deals and checks again; a deal finds its day in the plan again."""
    partners: dict[str, Partner] = {}
    for row in _rows(files, "partners.csv"):
        topics = [topic for topic in row["topics"].split(SEPARATOR) if topic]
        partners[row["name"]] = Partner(brand=brand, **_read(row, PARTNER) | {"topics": topics})
        partners[row["name"]].save()
    deals: dict[tuple[str, str], Deal] = {}
    for row in _rows(files, "deals.csv"):
        deal = Deal(brand=brand, partner=partners[row["partner"]], **_read(row, DEAL))
        deal.occasion = planned.known(deal)
        deal.save()
        deals[row["partner"], row["title"]] = deal
    for row in _rows(files, "checks.csv"):
        there = {"there": row["there"] == "yes"}
        Check(deal=deals[row["partner"], row["deal"]], **_read(row, CHECK) | there).save()


def _told(row: Any, names: Iterable[str]) -> dict[str, str]:
    return {name: _text(getattr(row, name)) for name in names}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return SEPARATOR.join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(row: Mapping[str, str], names: Iterable[str]) -> dict[str, Any]:
    return {n: (READ[n](row[n]) if row[n] else None) if n in READ else row[n] for n in names}


def _written(heads: Iterable[str], rows: list[dict[str, str]]) -> str:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, list(heads), lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _rows(files: dict[str, str], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(files.get(name, ""), newline="")))
