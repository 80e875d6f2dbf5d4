"""The brand as files: its canvas and competitors as TOML, products and competitors' numbers as tables.

The logo is named by its digest; its bytes stay behind.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from diskarte.core.files.models import File
from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.core.toml import dump

from .models import Canvas, Competitor, Product, Snapshot

CANVAS = (
    "idea", "sells", "customers", "need", "promise", "proof", "earns", "price_level", "mission", "positioning",
    "tone", "do_words", "dont_words", "colour", "axes", "x", "y",
)  # fmt: skip
RIVAL = (
    "name",
    "site",
    "offer",
    "price_level",
    "strengths",
    "weaknesses",
    "source",
    "handles",
    "x",
    "y",
    "placed_by",
)
PRODUCT = ("name", "price", "currency", "margin", "url")
SEEN = ("competitor", "network", "at", "followers", "posts_a_week", "engagement", "posts", "source")


def export(brand: Brand) -> dict[str, str]:
    """Up to four files; what is empty is left out."""
    rivals = Competitor.objects.filter(brand=brand).order_by("name")
    products = Product.objects.filter(brand=brand).order_by("name")
    seen = Snapshot.objects.filter(brand=brand).select_related("competitor")
    tables = {
        "products.csv": (PRODUCT, [_cells(row, PRODUCT) for row in products]),
        "competitor_numbers.csv": (SEEN, sorted(_cells(row, SEEN) for row in seen)),
    }
    told = {
        "canvas.toml": _canvas(brand),
        "competitors.toml": {"competitor": [_filled(r, RIVAL) for r in rivals]},
    }
    files = {name: dump(facts) for name, facts in told.items() if any(facts.values())}
    return files | {name: _written(heads, rows) for name, (heads, rows) in tables.items() if rows}


def restore(brand: Brand, files: dict[str, str], who: Who) -> None:
    """Make canvas, products, competitors and their numbers again; a logo that is not there is left out."""
    facts = tomllib.loads(files.get("canvas.toml", ""))
    if facts:
        logo = File.objects.filter(brand=brand, sha256=facts.get("logo", "")).first()
        Canvas(brand=brand, logo=logo, **{name: facts[name] for name in CANVAS if name in facts}).save()
    rivals = {}
    for told in tomllib.loads(files.get("competitors.toml", "")).get("competitor", []):
        rivals[told["name"]] = Competitor(brand=brand, **{name: told[name] for name in RIVAL if name in told})
        rivals[told["name"]].save()
    for row in _rows(files, "products.csv"):
        money = {name: Decimal(row[name]) if row[name] else None for name in ("price", "margin")}
        Product(brand=brand, name=row["name"], currency=row["currency"], url=row["url"], **money).save()
    for row in _rows(files, "competitor_numbers.csv"):
        _snapshot(brand, rivals[row["competitor"]], row).save()


def _snapshot(brand: Brand, rival: Competitor, row: dict[str, str]) -> Snapshot:
    found = Snapshot(brand=brand, competitor=rival, network=row["network"], source=row["source"])
    found.at = datetime.fromisoformat(row["at"])
    found.followers, found.posts = (int(row[n]) if row[n] else None for n in ("followers", "posts"))
    found.posts_a_week, found.engagement = (
        float(row[n]) if row[n] else None for n in ("posts_a_week", "engagement")
    )
    return found


def _canvas(brand: Brand) -> dict[str, Any]:
    row = Canvas.objects.filter(brand=brand).select_related("logo").first()
    if row is None:
        return {}
    return _filled(row, CANVAS) | ({"logo": row.logo.sha256} if row.logo else {})


def _filled(row: Any, names: Iterable[str]) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in names}
    return {name: value for name, value in told.items() if value not in ("", None, [], {})}


def _cells(row: Any, names: Iterable[str]) -> list[str]:
    return [_text(getattr(row, name)) for name in names]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _written(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def _rows(files: dict[str, str], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(files.get(name, ""), newline="")))
