"""An edition as PDF, set by typst: cover, contents, a chapter a page."""

from __future__ import annotations

import json
import shutil
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

from . import pictures
from .models import Edition

TEMPLATE = Path(__file__).with_name("document.typ")


def pdf(edition: Edition) -> bytes:
    """The bytes of the PDF; equal editions give equal pages."""
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(TEMPLATE, folder)
        told = {
            **deepcopy(edition.content),  # charts are given their files, which is nothing to keep
            "colour": edition.colour,
            "language": edition.language[:2],
            "logo": _logo(edition, folder),
        }
        _draw(told, edition.colour, folder)
        (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")
        made = typst.compile(folder / TEMPLATE.name)
    assert isinstance(made, bytes)
    return made


def _logo(edition: Edition, folder: Path) -> bool:
    if edition.logo is None or not edition.logo.path.exists():
        return False
    shutil.copy(edition.logo.path, folder / "logo")
    return True


def _draw(told: dict[str, Any], colour: str, folder: Path) -> None:
    """Every chart as a file the template includes; the block says which."""
    drawn = told.pop("pictures", None)
    for i, block in enumerate(pictures.charts(told)):
        block["file"] = f"chart-{i}.svg"
        picture = drawn[i] if drawn else pictures.svg(block, colour)
        (folder / block["file"]).write_text(picture, encoding="utf-8")
