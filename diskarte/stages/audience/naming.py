"""Groups of customers as portraits: what the purchases show of them, in words."""

from __future__ import annotations

from typing import Any

from diskarte.core import clock
from diskarte.core.lake.models import Shelf
from diskarte.core.lake.tables import opened
from diskarte.core.people.who import Who

from . import sentences
from .columns import PEOPLE, PURCHASES, VALUE
from .models import Segment

FEW = 3  # the most common places, languages and purchases that are named


def portrait(who: Who, cell: dict[str, Any], shelf: Shelf) -> Segment:
    """A segment drawn from one group of customers; what the purchases do not show stays open."""
    assert who.brand is not None
    title, means, todo = sentences.CELLS[cell["name"]]
    row = Segment(
        brand=who.brand, name=str(title), summary=str(means)[:300], size=cell["n"], cell=cell["name"]
    )
    row.size_from, row.source, row.made_at = str(sentences.FROM_PURCHASES), "customers", clock.now()
    with opened(who.brand, shelf) as t:
        mine = f"pid IN (SELECT pid FROM {t.of('value', VALUE)} WHERE cell = $1)"
        for name in ("place", "language"):
            asked = f"SELECT {name} FROM {t.of('people', PEOPLE)} WHERE {name} <> '' AND {mine}"
            found = t.rows(f"{asked} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {FEW}", [cell["name"]])
            setattr(row, f"{name}s", [text for (text,) in found])
        sql = f"SELECT item FROM {t.of('purchases', PURCHASES)} WHERE item <> '' AND cents > 0 AND {mine}"
        items = t.rows(f"{sql} GROUP BY 1 ORDER BY count(DISTINCT pid) DESC, 1 LIMIT {FEW}", [cell["name"]])
    row.interests = [text for (text,) in items]
    row.jobs = [str(todo)]
    row.save()
    return row
