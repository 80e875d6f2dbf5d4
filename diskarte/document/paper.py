"""An edition on paper, set by typst: cover, contents, a chapter a page; as PDF, and its first pages as pictures."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from . import pictures
from .manuscript import Manuscript

TEMPLATE = Path(__file__).with_name("document.typ")
SHOWN = (1, 3, 4, 5)  # pages drawn as pictures: the cover and what comes after the contents
SHARP = 80  # dots an inch: as wide as a picture is shown, on most screens twice


def pdf(edition: Manuscript) -> bytes:
    """The bytes of the PDF; equal editions give equal pages."""
    import typst

    with _laid_out(edition) as template:
        made = typst.compile(template)
    assert isinstance(made, bytes)
    return made


def first_pages(edition: Manuscript) -> dict[int, bytes]:
    """Its first pages without the contents, by number, as WebP pictures."""
    import pyvips
    import typst

    with _laid_out(edition) as template:
        drawn = typst.compile(template, format="png", ppi=SHARP)
    pages = drawn if isinstance(drawn, list) else [drawn]
    images = {n: pyvips.Image.new_from_buffer(pages[n - 1], "") for n in SHOWN if n <= len(pages)}
    return {n: bytes(image.flatten(background=255).webpsave_buffer(Q=80)) for n, image in images.items()}


@contextmanager
def _laid_out(edition: Manuscript) -> Iterator[Path]:
    """The template in a folder with everything it includes."""
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
        yield folder / TEMPLATE.name


def _logo(edition: Manuscript, folder: Path) -> bool:
    if not edition.logo:
        return False
    shutil.copy(edition.logo, folder / "logo")
    return True


def _draw(told: dict[str, Any], colour: str, folder: Path) -> None:
    """Every chart as a file the template includes; the block says which."""
    drawn = told.pop("pictures", None)
    for i, block in enumerate(pictures.charts(told)):
        block["file"] = f"chart-{i}.svg"
        picture = drawn[i] if drawn else pictures.svg(block, colour)
        (folder / block["file"]).write_text(picture, encoding="utf-8")
