"""How a file of people is read: its columns, its dates, and whether a row is a person we may keep."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.people.who import Who
from diskarte.words import Problem

from .forgetting import Door
from .importing.way import Judged, Way
from .models import Intake
from .rules.people import ADDRESSES, Unfit
from .rules.purchases import MONEY
from .rules.vocabulary import SYNONYMS
from .waiting import sample_of

LOOKED_AT = 1000  # rows judged in a preview
MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})  # 3/4/2026 is 4 March there
DAYS = ("joined_at", "bought_at")


def how(who: Who, intake: Intake, columns: list[str] | None, **more: Any) -> tuple[Way, tables.Table]:
    """How to read this file, and its first rows; columns are recognised where none are given."""
    assert who.brand is not None
    found = tables.read(sample_of(intake))
    chosen = _recognised(found.headers) if columns is None else _chosen(columns, found.headers)
    first = who.brand.country not in MONTH_FIRST
    if dated := [chosen[name] for name in DAYS if name in chosen]:
        looked = islice(tables.read(sample_of(intake)).rows, LOOKED_AT * 5)
        first = tables.day_first(
            (row.get(header, "") for _n, row in looked for header in dated), otherwise=first
        )
    return Way(who.brand.country, who.brand.currency, chosen, first, **more), found


def _recognised(headers: list[str]) -> dict[str, str]:
    """Columns by their names. A single «date» beside money is the day of the purchase."""
    chosen = tables.match_headers(headers, SYNONYMS)
    if "joined_at" in chosen and "bought_at" not in chosen and any(name in chosen for name in MONEY):
        chosen["bought_at"] = chosen.pop("joined_at")
    return chosen


def unreachable(columns: dict[str, str]) -> Problem | None:
    """What we say to a list without any column by which a person could be known again."""
    if set(ADDRESSES) & set(columns):
        return None
    return Problem(
        _("No column is an e-mail, a phone or a customer number."),
        kept=_("Nothing was imported."),
        do=_("Say which column holds it."),
        field="columns",
    )


def _chosen(columns: list[str], headers: list[str]) -> dict[str, str]:
    """«email=E-mail Address» for each column; raises Problem for what does not exist."""
    chosen: dict[str, str] = {}
    for pair in columns:
        name, _equals, header = pair.partition("=")
        if name not in SYNONYMS or (header and header not in headers):
            what = _("There is no column «%(header)s» for «%(field)s».") % {"header": header, "field": name}
            known = _("Columns of this file: %(names)s.") % {"names": ", ".join(headers)}
            raise Problem(what, do=known, field="columns")
        if header:
            chosen[name] = header
    return chosen


def judged(row: Mapping[str, str], way: Way, door: Door) -> Judged:
    """The person in a row, unless it is none or asked to be forgotten. Raises Unfit."""
    one, line = way.read(row)
    if door.refuses(one):
        raise Unfit("forgotten")
    return one, line
