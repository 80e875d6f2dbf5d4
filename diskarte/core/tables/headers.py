"""Names of columns: made distinct, told from data, and matched with the words people use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
FIGURES = re.compile(r"[\d\s.,:/+()-]*\d[\d\s.,:/+()-]*")


def distinct(cells: list[str]) -> tuple[list[str], list[str]]:
    """Each header once: «email», «email 2», and «Column 3» for one without a name; with warnings."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    names: list[str] = []
    twice: list[str] = []
    for at, cell in enumerate(cells, 1):
        name = " ".join(cell.split()) or _("Column %(n)s") % {"n": at}
        if name in names:
            twice.append(name)
            name = next(f"{name} {n}" for n in range(2, len(cells) + 3) if f"{name} {n}" not in names)
        names.append(name)
    said = _("The column «%(name)s» stands there more than once; the later ones got a number.")
    return names, [said % {"name": name} for name in dict.fromkeys(twice)]


def is_data(cells: list[str]) -> bool:
    """A row with an e-mail address, or mostly of figures and dates, is no header."""
    filled = [cell for cell in cells if cell]
    figures = sum(1 for cell in filled if FIGURES.fullmatch(cell))
    return any(EMAIL.fullmatch(cell) for cell in filled) or figures * 2 > len(filled)


def plain_name(header: str) -> str:
    """A header as we compare it: small letters and digits, no accents. «E-Mail Address» → «emailaddress»."""
    flat = unicodedata.normalize("NFKD", header.casefold())
    return "".join(ch for ch in flat if ch.isalnum())


def match_headers(headers: Iterable[str], synonyms: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Field → header, by the first synonym that names a column; a column serves one field only."""
    known: dict[str, str] = {}
    for header in headers:
        known.setdefault(plain_name(header), header)
    found: dict[str, str] = {}
    for field, words in synonyms.items():
        for word in (field, *words):
            header = known.get(plain_name(word), "")
            if header and header not in found.values():
                found[field] = header
                break
    return found
