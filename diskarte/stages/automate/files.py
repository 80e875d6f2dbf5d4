"""The rules of a brand as a file."""

from __future__ import annotations

import tomllib

from diskarte.core.people.models import Brand
from diskarte.core.people.who import Who
from diskarte.core.toml import dump

from .models import Rule

FIELDS = ("when", "times", "then", "to", "on")


def export(brand: Brand) -> dict[str, str]:
    """Every rule, in the order it was made."""
    rows = [
        {name: getattr(rule, name) for name in FIELDS}
        for rule in Rule.objects.filter(brand=brand).order_by("id")
    ]
    return {"rules.toml": dump({"rule": rows})} if rows else {}


def restore(brand: Brand, files: dict[str, str], who: Who) -> None:
    """Make the rules again."""
    for row in tomllib.loads(files.get("rules.toml", "")).get("rule", []):
        Rule(brand=brand, made_by=who.person, **{name: row[name] for name in FIELDS}).save()
