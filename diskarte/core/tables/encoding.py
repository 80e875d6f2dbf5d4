"""Which encoding and which delimiter a text file has, by its bytes."""

from __future__ import annotations

import codecs
import csv
import re
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from django.utils.translation import gettext as _

from diskarte.words import Problem

SAMPLE = 256 * 1024
PIECE = 1024 * 1024
DELIMITERS = ",;\t|"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HIGH = re.compile(rb"[\x80-\xff]+")
WORD = re.compile(r"[^\W\d_]+")


def unreadable() -> Problem:
    """The one sentence for text whose letters we cannot tell."""
    return Problem(
        _("The letters of this file cannot be read: its encoding is unknown or mixed."),
        do=_("Open it in your spreadsheet and save it as «CSV UTF-8», then give it again."),
    )


def no_table(kind: str) -> Problem:
    """What we say to a file of another kind."""
    return Problem(
        _("This file is not a table: it is %(kind)s.") % {"kind": kind},
        do=_("Save it as CSV or XLSX and give it again."),
    )


def encoding_of(file: BinaryIO) -> str:
    """The Python name of the encoding; raises Problem when none fits the whole file."""
    head = file.read(SAMPLE)
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return _without_mark(head)
    file.seek(0)
    if _decodes(file, "utf-8"):
        return "utf-8"
    file.seek(0)
    name = _one_byte(_foreign(file))
    file.seek(0)
    if not _decodes(file, name):
        raise unreadable()
    return name


def _without_mark(head: bytes) -> str:
    """UTF-16 without its mark: every other byte of Latin text is nought. Else the file is no text."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 > len(head) and min(even, odd) * 20 < max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    raise no_table(_("binary data"))


def _decodes(file: BinaryIO, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with ThreadPoolExecutor(2) as pool:  # numpy lets others work meanwhile
            while some := [piece for _hand in range(4) if (piece := file.read(PIECE))]:
                for told in pool.map(_telling, some) if name == "utf-8" else some:
                    decoder.decode(told)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _telling(piece: bytes) -> bytes:
    """Eight bytes at a time, those with any beyond ASCII and the eight that follow: whether they are UTF-8 tells of the
    whole piece, and most texts have few."""
    if len(piece) < PIECE:
        return piece
    import numpy as np  # heavy, so only for a large file

    eights = np.frombuffer(piece, np.uint64)
    kept = (eights & np.uint64(0x8080808080808080)) > 0
    kept[1:] |= kept[:-1]
    kept[0] = True  # they may follow some of the piece before
    return eights[kept].tobytes()


def _foreign(file: BinaryIO) -> bytes:
    """The words with letters beyond ASCII, as many as tell the encoding."""
    found = b""
    while len(found) < SAMPLE and (piece := file.read(PIECE)):
        found += b" ".join(re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", piece)) + b" "
    return found[:SAMPLE]


def _one_byte(sample: bytes) -> str:
    """Cyrillic stands in runs of letters beyond ASCII, Western accents stand alone among ASCII letters."""
    runs = [len(run) for run in HIGH.findall(sample)]
    together = sum(run for run in runs if run > 1)
    if together * 2 < sum(runs):
        return "cp1252"
    words = WORD.findall(sample.decode("cp1251", errors="replace"))
    letters = sum(map(len, words))
    natural = sum(len(w) for w in words if w.islower() or w.isupper() or w.istitle())
    if letters and natural >= 0.8 * letters and letters >= 0.9 * sum(runs):
        return "cp1251"
    raise unreadable()


def delimiter_of(text: str) -> str:
    """The delimiter whose rows agree best about their number of cells; a comma for a single column."""
    if text.lower().startswith("sep=") and len(text) > 4 and text[4] not in "\r\n":
        return text[4]
    return max(DELIMITERS, key=lambda mark: (_agreement(text, mark), -DELIMITERS.index(mark)))


def _agreement(text: str, mark: str) -> float:
    lines = text.splitlines()[:60]
    if len(lines) > 2 and len(text) >= SAMPLE // 4:
        lines = lines[:-1]  # the sample may end in the middle of a row
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if any(row)]
    except csv.Error:
        return 0
    if not widths:
        return 0
    common = max(set(widths), key=lambda w: (w > 1, widths.count(w), w))
    return 0 if common < 2 else widths.count(common) / len(widths) * (1 + common / 100)
