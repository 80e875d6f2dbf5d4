"""A table of competitors' posts: CSV or XLSX, one competitor or many, good rows kept and bad rows given back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.given import Upload
from diskarte.core.people.models import Brand
from diskarte.words import Misread, Problem

from .keeping import keep
from .models import Competitor, RivalFile
from .rules import network_name, posts

MOST, BAD_KEPT, SAMPLE = 200_000, 20_000, 500


@dataclass
class _Found:
    """What a file held: posts by competitor, and the rows that could not be read."""

    posts: dict[str, list[posts.Given]] = field(default_factory=lambda: defaultdict(list))
    bad: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    rows: int = 0


def take(brand: Brand, upload: Upload, rival: Competitor | None, network: str, now: datetime) -> RivalFile:
    """Take a file in, in one transaction. Raises Problem when it holds no posts that can be read."""
    table = tables.read(upload, is_header=_is_header)
    columns = tables.match_headers(table.headers, posts.COLUMNS)
    _check(upload.name, columns, table.headers, rival, network)
    found = _read(table.rows, columns, brand, rival.name if rival else "", network_name(network), now)
    row = RivalFile(brand=brand, name=upload.name[:255], at=now)
    row.bad_rows = tables.rejected(table.headers, found.bad).decode("utf-8-sig") if found.bad else ""
    if not found.posts:
        why = found.bad[0][2] if found.bad else _("there is no row below the header")
        raise Problem(_("No row of «%(file)s» can be read: %(why)s.") % {"file": upload.name, "why": why},
                      kept=_("Nothing was imported."))  # fmt: skip
    with transaction.atomic():
        row.save()
        told = _keep(brand, found, rival, row, now)
        ignored = [h for h in table.headers if h not in columns.values()]
        row.told = {"rows": found.rows, "bad": len(found.bad), **told, "ignored": ignored[:40]}
        row.save()
    return row


def _is_header(cells: list[str]) -> bool:
    found = tables.match_headers(cells, posts.COLUMNS)
    return "date" in found and len(found) > 2


def _check(
    name: str, columns: dict[str, str], headers: list[str], rival: Competitor | None, network: str
) -> None:
    """Say at once what the whole file lacks, instead of once for each row."""
    if "date" not in columns:
        seen = ", ".join(headers[:6])
        raise Problem(
            _("«%(file)s» has no column with the date of each post: %(columns)s.") % {"file": name, "columns": seen},
            kept=_("Nothing was imported."),
            do=_("Name your columns page, network, date, text, likes, comments, shares."),
        )  # fmt: skip
    if "competitor" not in columns and rival is None:
        what = _("The file does not say whose posts these are.")
        raise Problem(what, do=_("Choose the competitor."), field="competitor")
    if "network" not in columns and not network.strip():
        what = _("The file does not say on which network these posts are.")
        raise Problem(what, do=_("Choose it."), field="network")


def _read(
    rows: Iterator[tuple[int, dict[str, str]]],
    columns: dict[str, str],
    brand: Brand,
    rival: str,
    network: str,
    now: datetime,
) -> _Found:
    head = list(islice(rows, SAMPLE))
    month_last = tables.day_first((row.get(columns["date"], "") for _n, row in head), brand.country != "US")
    found = _Found()
    for number, row in chain(head, rows):
        found.rows += 1
        if found.rows > MOST:
            raise Problem(_("The file has more than %(n)s rows.") % {"n": MOST}, kept=_("Nothing was imported."),
                          do=_("Split it and give the parts one by one."))  # fmt: skip
        told = {name: row.get(header, "") for name, header in columns.items()}
        try:
            given = posts.given(told, month_last, brand.zone, rival, network)
            posts.not_ahead(given, now)
        except Misread as e:
            _refuse(found, number, row, e)
            continue
        found.posts[rival or given.competitor].append(given)
    return found


def _refuse(found: _Found, number: int, row: dict[str, str], why: Misread) -> None:
    if len(found.bad) < BAD_KEPT:
        found.bad.append((number, row, _(why.what) % why.values))


def _keep(
    brand: Brand, found: _Found, rival: Competitor | None, file: RivalFile, now: datetime
) -> dict[str, Any]:
    """Every competitor's posts; a page nobody named yet becomes a competitor."""
    known = {row.name.casefold(): row for row in Competitor.objects.filter(brand=brand)}
    told: Counter[str] = Counter()
    added = []
    for page, given in found.posts.items():
        row = rival or known.get(page.casefold())
        if row is None:
            row = known[page.casefold()] = Competitor(brand=brand, name=page, source=file.name[:200])
            row.save()
            added.append(page)
        told += keep(row, given, file.name, now, file)
    return {**{name: told[name] for name in ("new", "updated", "same")}, "competitors": added}
