"""Entries come in: from the public form, from pasted comments, from a file; one ticket a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.given import Upload
from diskarte.science import draw
from diskarte.words import Problem

from . import rules
from .models import Contest, Entry

MOST = 1_000_000  # rows of one file
SYNONYMS = {
    "name": ("handle", "user", "username", "author", "from", "account", "pangalan", "имя", "ник", "автор")
}


@dataclass(frozen=True)
class Taken:
    """What became of a list: new tickets, people who had one, rows without a name."""

    new: int
    again: int
    refused: list[dict[str, Any]] = field(default_factory=list)  # {"row", "why"}

    @property
    def said(self) -> str:
        told = _("%(new)d new tickets, %(again)d had one already.") % {"new": self.new, "again": self.again}
        if self.refused:
            told += " " + _("%(n)d rows hold no name and were left out.") % {"n": len(self.refused)}
        return told


def dates(contest: Contest, now: datetime) -> rules.Dates:
    """Its dates and now, for the rules."""
    return rules.Dates(contest.opens, contest.closes, now)


def by_form(contest: Contest, name: str, contact: str, now: datetime) -> Entry:
    """One person through the public form; who comes again keeps the first ticket. Raises Problem."""
    why = rules.cannot_enter(contest.state, dates(contest, now))
    if why or not contest.by_form:
        raise Problem(_(why) if why else _("This contest takes no entries here."))
    name = " ".join(name.split())[:160]
    if not name:
        raise Problem(_("Say how you are called."), field="name")
    try:
        identity = draw.identity(rules.contact(contact))[:200]
    except ValueError:
        do = _("It is used for the prize only.")
        raise Problem(_("Write an e-mail address or a phone number."), do=do, field="contact") from None
    facts = {"name": name, "contact": contact.strip()[:200], "source": "form", "at": now}
    with transaction.atomic():
        row, new = Entry.objects.get_or_create(
            contest=contest, identity=identity,
            defaults={**facts, "brand_id": contest.brand_id, "ticket": _ticket(contest, identity)},
        )  # fmt: skip
        if not new:
            Entry.objects.filter(pk=row.pk).update(times=F("times") + 1)
    return row


def _ticket(contest: Contest, identity: str) -> str:
    return rules.ticket(contest.sealed["tickets"], identity)


def by_list(contest: Contest, names: Iterable[tuple[int, str]], source: str, now: datetime) -> Taken:
    """Many people at once: commenters as they were copied or exported. Duplicates are merged."""
    people, bad = rules.merged(names)
    refused = [
        {"row": number, "why": _("«%(name)s» is no name.") % {"name": name[:40]}} for number, name in bad
    ]
    known = set(Entry.objects.filter(contest=contest).values_list("identity", flat=True))
    fresh = [
        Entry(
            brand_id=contest.brand_id, contest=contest, name=one.name, identity=one.identity, source=source, at=now,
            ticket=_ticket(contest, one.identity), times=one.times,
        )
        for one in people if one.identity not in known
    ]  # fmt: skip
    Entry.objects.bulk_create(fresh, batch_size=2000)
    return Taken(len(fresh), sum(one.times for one in people) - len(fresh), refused)


def rows_of(file: Upload) -> list[tuple[int, str]]:
    """Numbered names of a CSV or XLSX; the column of names by its header. Raises Problem."""
    table = tables.read(file)
    found = tables.match_headers(table.headers, SYNONYMS)
    header = found.get("name") or (table.headers[0] if len(table.headers) == 1 else None)
    if header is None:
        raise Problem(
            _("The file has no column with names of people."), kept=_("No entry was added."),
            do=_("Its first row needs a header such as: name, username, handle."), field="file",
        )  # fmt: skip
    rows: list[tuple[int, str]] = []
    for number, row in table.rows:
        if len(rows) >= MOST:
            raise Problem(_("The file has more than %(n)d rows.") % {"n": MOST}, field="file")
        rows.append((number, row.get(header, "")))
    return rows
