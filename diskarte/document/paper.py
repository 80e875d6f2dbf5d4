"""An edition as PDF, set by typst: cover, contents, a chapter a page."""

from __future__ import annotations

import json
import shutil
import tempfile
from copy import deepcopy
from pathlib import Path

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
        _draw(told["sections"], edition.colour, folder)
        (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")
        made = typst.compile(folder / TEMPLATE.name)
    assert isinstance(made, bytes)
    return made


def _logo(edition: Edition, folder: Path) -> bool:
    if edition.logo is None or not edition.logo.path.exists():
        return False
    shutil.copy(edition.logo.path, folder / "logo")
    return True


def _draw(sections: list[dict[str, object]], colour: str, folder: Path) -> None:
    """Every chart as a file the template includes; the block says which."""
    blocks = [b for one in sections for b in one["blocks"] if b["kind"] == "chart"]  # type: ignore[attr-defined]
    for i, block in enumerate(blocks):
        block["file"] = f"chart-{i}.svg"
        (folder / block["file"]).write_text(pictures.svg(block, colour), encoding="utf-8")
