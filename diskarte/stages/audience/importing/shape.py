"""The bytes of a file: how they are cut into parts that end where a row ends, whatever stands in quotation marks."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from diskarte.core import tables
from diskarte.core.given import Upload

PART = 32 * 1024 * 1024  # bytes read at once
SAMPLE = 1024 * 1024  # bytes a preview looks at
LARGEST = 64 * 1024**3
LONGEST = 4 * PART  # a mark that is not closed within so much never is
CACHED = 256 * 1024  # bytes looked through at once, few enough to stay near the processor
MORE = 8  # cells beyond the last header that are told from a broken row


@dataclass(frozen=True)
class Shape:
    """Text in UTF-8 after `start`; the row there has the number `first`, unless each row begins with its own."""

    encoding: str
    delimiter: str
    width: int  # columns with a header
    start: int = 0
    first: int = 2
    numbered: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON; `Shape(**plain)` is the same again."""
        return asdict(self)


def sample(upload: Upload, encoding: str) -> Upload:
    """The first rows as a file of their own: a preview costs the same for ten rows and ten million."""
    if encoding == "xlsx" or upload.size <= SAMPLE:
        return upload
    with upload.open() as file:
        text = codecs.getincrementaldecoder(_codec(encoding))().decode(file.read(SAMPLE))
    return Upload(upload.name, text[: text.rfind("\n") + 1].encode())


def _codec(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def prepared(upload: Upload, target: Path, encoding: str, width: int) -> tuple[Path, Shape]:
    """The file as UTF-8 rows: itself where it is that already, else written anew at `target`."""
    found = tables.read(sample(upload, encoding), largest=LARGEST)
    first = next((number for number, _row in found.rows), 0)
    if encoding == "xlsx" or upload.path is None or not first or _old_breaks(upload, encoding):
        return target, _converted(upload, target, width, encoding)
    if encoding == "utf-8":
        return upload.path, Shape(
            encoding, found.delimiter, width, _offset(upload, found.delimiter, first), first
        )
    with upload.path.open(encoding=_codec(encoding), newline="") as source, target.open("wb") as out:
        while piece := source.read(PART // 4):
            out.write(piece.encode())
    again = Upload(upload.name, path=target)
    return target, Shape(encoding, found.delimiter, width, _offset(again, found.delimiter, first), first)


def _old_breaks(upload: Upload, encoding: str) -> bool:
    """Lines that end with a carriage return alone, as on very old machines."""
    if encoding != "utf-8":
        return False
    with upload.open() as file:
        head = file.read(SAMPLE)
    return b"\r" in head and b"\n" not in head


def _offset(upload: Upload, delimiter: str, first: int) -> int:
    """Where the row with the number `first` begins, in bytes."""
    with upload.open() as file:
        head = file.read(SAMPLE)
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    lines = list(io.StringIO(head[mark:].decode(errors="ignore"), newline=""))
    reader = csv.reader(lines, delimiter=delimiter)
    for _before in range(first - 1):
        next(reader)
    return mark + sum(len(line.encode()) for line in lines[: reader.line_num])


def _converted(upload: Upload, target: Path, width: int, encoding: str) -> Shape:
    """Read row by row and written as rows that begin with their number: for spreadsheets and rare texts."""
    found = tables.read(upload, largest=LARGEST)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, row in found.rows:
            extra = [row[tables.EXTRA]] if tables.EXTRA in row else []
            writer.writerow([number, *(row[header] for header in found.headers), *extra])
    return Shape(encoding, ",", width, numbered=True)


def pieces_of(path: Path, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes of a file from `start` to before `end`, a little at a time."""
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        left = (path.stat().st_size if end is None else end) - start
        while left > 0 and (piece := file.read(min(CACHED, left))):
            left -= len(piece)
            yield piece


def parts(path: Path, start: int) -> Iterator[tuple[int, int]]:
    """(from, to) of each part after `start`; a part ends behind a row."""
    size = path.stat().st_size
    while start < size:
        end = start + PART
        while end < size and not _row_end(path, start, end) and end - start < LONGEST:
            end += PART
        end = size if end >= size else _row_end(path, start, end) or end
        yield start, end
        start = end


def lines_in(path: Path, start: int, end: int) -> int:
    """How many lines a part has: at least as many as it has rows."""
    told, before = 1, b""
    for piece in pieces_of(path, start, end):
        letters = np.frombuffer(piece, np.uint8)
        told += int(np.count_nonzero(letters == ord("\n")))
        if b"\r" in piece:
            told += piece.count(b"\r") - piece.count(b"\r\n")
        told -= before == b"\r" and piece[:1] == b"\n"
        before = piece[-1:]
    return told


def _row_end(path: Path, start: int, end: int) -> int:
    """Behind the last line break outside quotation marks; 0 where there is none."""
    every = sum(piece.count(b'"') for piece in pieces_of(path, start, end))
    for first in (max(start, end - CACHED), start):
        text, open_marks = b"".join(pieces_of(path, first, end)), every
        at = len(text)
        while (before := text.rfind(b"\n", 0, at)) >= 0:
            open_marks -= text.count(b'"', before, at)
            at = before
            if open_marks % 2 == 0:
                return first + at + 1
    return 0
