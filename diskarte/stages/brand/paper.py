"""The concept as a PDF of one page, set by typst."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import sentences

TEMPLATE = Path(__file__).with_name("concept.typ")
INK = "#0b6b67"  # where the brand has no colour of its own


def concept(told: Any, answers: list[tuple[sentences.Question, str]]) -> bytes:
    """The concept (an `actions.Concept`) as the bytes of a PDF."""
    import typst

    facts = {
        "title": _("%(name)s: the concept") % {"name": told.brand.name},
        "name": told.brand.name,
        "colour": told.canvas.colour or INK,
        "language": (get_language() or "en")[:2],
        "statement": told.statement.text,
        "logo": told.canvas.logo is not None,
        "footer": _(
            "Made with Diskarte. Every number names its source; what is unknown is listed as unknown."
        ),
        "parts": [part for part in _parts(told, answers) if part["rows"]],
    }
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(TEMPLATE, folder)
        if told.canvas.logo is not None:
            shutil.copy(told.canvas.logo.path, Path(folder) / "logo")
        made = typst.compile(Path(folder) / TEMPLATE.name, sys_inputs={"told": json.dumps(facts)})
    assert isinstance(made, bytes)
    return made


def _parts(told: Any, answers: list[tuple[sentences.Question, str]]) -> list[dict[str, Any]]:
    return [
        {"left": True, "head": _("Who we are"), "rows": [_row(q.ask, said) for q, said in answers if said]},
        {"left": True, "head": _("What we sell"), "rows": [_row("", _priced(p)) for p in told.products]},
        {"left": False, "head": _("Where we are ahead"), "rows": _lines(told, "ahead")},
        {"left": False, "head": _("Where they are ahead"), "rows": _lines(told, "behind")},
        {
            "left": False,
            "head": _("What we do not know yet"),
            "rows": [_row("", q.ask) for q, said in answers if not said] + _lines(told, "open"),
        },
    ]


def _lines(told: Any, side: str) -> list[dict[str, str]]:
    found = ((row.competitor.name, line) for row in told.compared for line in getattr(row, side))
    return [_row("", f"{name}: {line.sentence}", line.evidence) for name, line in found]


def _priced(product: Any) -> str:
    if product.price is None:
        return str(product.name)
    return f"{product.name}, {product.currency} {sentences.number(product.price)}"


def _row(ask: str, says: str, source: str = "") -> dict[str, str]:
    return {"ask": ask, "says": says, "source": source}
