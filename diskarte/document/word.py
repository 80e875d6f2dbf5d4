"""An edition as DOCX, so that a client can write into it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from . import pictures
from .manuscript import Manuscript


def docx(edition: Manuscript) -> bytes:
    """The bytes of the Word file."""
    from docx import Document

    paper: Any = Document()
    words = edition.content["words"]
    _dressed(paper, edition.colour)
    paper.core_properties.title, paper.core_properties.author = words["title"], words["brand"]
    _cover(paper, edition, words)
    for one in edition.content["sections"]:
        paper.add_page_break()
        paper.add_heading(one["title"], 1)
        if one["lead"]:
            paper.add_paragraph(one["lead"], style="Subtitle")
        for block in one["blocks"]:
            WRITERS[block["kind"]](paper, block, edition.colour)
        for source in one["sources"]:
            paper.add_paragraph(source, style="Caption")
    _foot(paper, words)
    box = io.BytesIO()
    paper.save(box)
    return box.getvalue()


def _dressed(paper: Any, colour: str) -> None:
    from docx.shared import Mm, Pt, RGBColor

    ink = RGBColor.from_string(colour.lstrip("#").upper())
    for name, size in (
        ("Normal", 10),
        ("Heading 1", 20),
        ("Heading 2", 13),
        ("Title", 30),
        ("Subtitle", 11),
        ("Caption", 8),
    ):
        style = paper.styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        style.font.italic = False
        style.font.color.rgb = ink if name in ("Heading 1", "Title") else RGBColor(0x22, 0x28, 0x2E)
    for part in paper.sections:
        part.page_width, part.page_height = Mm(210), Mm(297)
        part.left_margin = part.right_margin = Mm(24)


def _cover(paper: Any, edition: Manuscript, words: dict[str, Any]) -> None:
    from docx.image.exceptions import UnrecognizedImageError
    from docx.shared import Mm

    if edition.logo:
        try:
            paper.add_picture(edition.logo, height=Mm(26))
        except UnrecognizedImageError:  # a WebP logo: Word does not take it, the cover goes without
            paper.add_paragraph()
    paper.add_paragraph(words["brand"], style="Title")
    paper.add_heading(words["title"], 2)
    for line in (words["edition"], words["simulated"], words["foot"]):
        if line:
            paper.add_paragraph(line)


def _foot(paper: Any, words: dict[str, Any]) -> None:
    """Brand and page number at the foot of every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    line = paper.sections[0].footer.paragraphs[0]
    line.text = f"{words['brand']} · {words['title']} · "
    run = line.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text
        run._r.append(part)


def _text(paper: Any, block: dict[str, Any], colour: str) -> None:
    paper.add_paragraph(block["text"])


def _quote(paper: Any, block: dict[str, Any], colour: str) -> None:
    paper.add_paragraph(block["text"], style="Intense Quote")


def _heading(paper: Any, block: dict[str, Any], colour: str) -> None:
    paper.add_heading(block["text"], 2)


def _facts(paper: Any, block: dict[str, Any], colour: str) -> None:
    from docx.shared import Mm

    if not block["rows"]:
        return
    grid = paper.add_table(rows=0, cols=2)
    for label, value in block["rows"]:
        cells = grid.add_row().cells
        cells[0].text, cells[1].text = label, value
        cells[0].width, cells[1].width = Mm(45), Mm(117)


def _list(paper: Any, block: dict[str, Any], colour: str) -> None:
    if block.get("head"):
        paper.add_paragraph().add_run(block["head"]).bold = True
    for says, source in block["items"]:
        line = paper.add_paragraph(says, style="List Bullet")
        if source:
            line.add_run(f"  ({source})").italic = True


def _table(paper: Any, block: dict[str, Any], colour: str) -> None:
    grid = paper.add_table(rows=1, cols=len(block["heads"]), style="Light Grid Accent 1")
    for cell, head in zip(grid.rows[0].cells, block["heads"], strict=True):
        cell.text = head
    for row in block["rows"]:
        for cell, value in zip(grid.add_row().cells, row, strict=True):
            cell.text = value


def _chart(paper: Any, block: dict[str, Any], colour: str) -> None:
    from docx.shared import Mm

    paper.add_picture(io.BytesIO(pictures.png(block, colour)), width=Mm(160))
    paper.add_paragraph(block["caption"], style="Caption")


def _note(paper: Any, block: dict[str, Any], colour: str) -> None:
    paper.add_paragraph(block["text"], style="Caption")


WRITERS: dict[str, Callable[[Any, dict[str, Any], str], None]] = {
    "text": _text, "quote": _quote, "heading": _heading, "facts": _facts, "list": _list, "table": _table,
    "chart": _chart, "note": _note,
}  # fmt: skip
