"""The few kinds of blocks a document is made of. Plain values: what is kept is what every form of it is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """One chapter: its question as title, the answer in a sentence, its blocks, and what nobody knows yet."""

    key: str
    title: str
    lead: str
    blocks: list[Block]
    unknown: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As it is kept in an edition."""
        return asdict(self)


def text(words: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": words}


def quote(words: str) -> Block:
    """The one sentence of a page."""
    return {"kind": "quote", "text": words}


def heading(words: str, page: bool = False) -> Block:
    """A heading inside a chapter; with `page` it begins a new one on paper."""
    return {"kind": "heading", "text": words, "page": page}


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    """Label and value, a line each; empty values are left out."""
    return {"kind": "facts", "rows": [[str(label), str(value)] for label, value in rows if str(value)]}


def listed(items: Iterable[tuple[str, str]], tone: str = "") -> Block:
    """Sentences, each with its source; `tone` is good, bad or empty."""
    return {"kind": "list", "items": [[str(says), str(source)] for says, source in items], "tone": tone}


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], amounts: Sequence[int] = ()) -> Block:
    """A table; `amounts` are the columns of numbers."""
    return {
        "kind": "table",
        "heads": [str(h) for h in heads],
        "rows": [["" if c is None else str(c) for c in row] for row in rows],
        "amounts": list(amounts),
    }


def chart(spec: dict[str, Any], caption: str, height: int = 180) -> Block:
    """A drawing with the sentence it shows."""
    return {"kind": "chart", "spec": spec, "caption": caption, "height": height}


def tenths(chance: float) -> str:
    """A chance in tenths; the ends are never called certain: «> 9», «< 1»."""
    n = round(chance * 10)
    return "< 1" if n == 0 else "> 9" if n == 10 else str(n)


def note(words: str) -> Block:
    """A remark beside the matter, such as where numbers come from."""
    return {"kind": "note", "text": words}
