"""The press: pictures, PDF, first pages and DOCX of an edition, set by a process of its own.

Typst and the drawing of charts take some 200 MB that a process never gives back; this one ends instead.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from diskarte.core.apart import asked

from . import paper, pictures, word
from .manuscript import Manuscript


def run(told: dict[str, Any], answer: Callable[[Any], None]) -> None:
    """Answer each part as soon as it is made; files are base64."""
    sheet = Manuscript(**told)
    if "pictures" not in sheet.content:
        sheet.content["pictures"] = [
            pictures.svg(one, sheet.colour) for one in pictures.charts(sheet.content)
        ]
    answer({"pictures": sheet.content["pictures"]})
    pdf = paper.pdf(sheet)
    pages = {number: _text(page) for number, page in paper.first_pages(sheet).items()}
    answer({"pdf": _text(pdf), "pages": pages})
    answer({"docx": _text(word.docx(sheet))})


def _text(made: bytes) -> str:
    return b64encode(made).decode()


if __name__ == "__main__":
    run(*asked())
