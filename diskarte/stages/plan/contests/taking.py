"""Entries come in: from the public form, from pasted comments, from a file; one ticket a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from diskarte.core import tables
from diskarte.core.given import Upload
from diskarte.core.numbers.models import Publication
from diskarte.core.outbox.heard import comments, wants_comments
from diskarte.core.outbox.models import Delivery
from diskarte.science import draw
from diskarte.words import Problem

from ..models import Slot
from . import rules
from .models import Contest, Entry

BEFORE, AFTER = timedelta(days=7), timedelta(days=2)  # around a contest: posts that may be its own
OFFERED = 12  # posts to choose from
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
    said: str = field(init=False)  # the same in words

    def __post_init__(self) -> None:
        told = _("%(new)d new tickets, %(again)d had one already.") % {"new": self.new, "again": self.again}
        if self.refused:
            told += " " + _("%(n)d rows hold no name and were left out.") % {"n": len(self.refused)}
        object.__setattr__(self, "said", told)


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
    Entry.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    return Taken(len(fresh), sum(one.times for one in people) - len(fresh), refused)


def by_comments(contest: Contest, now: datetime) -> Taken:
    """Everybody who commented under the contest's posts while it was open, as the inbox keeps it."""
    told = comments(contest.brand, contest.posts, contest.opens, min(contest.closes, now))
    return by_list(contest, enumerate((comment.author for comment in told), 1), "comment", now)


def sent(contest: Contest) -> QuerySet[Delivery]:
    """The posts that went out around the contest, the newest first."""
    rows = Delivery.objects.filter(brand=contest.brand_id, action="publish", state="sent")
    near = rows.filter(sent_at__gte=contest.opens - BEFORE, sent_at__lt=contest.closes)
    return near.select_related("channel").order_by("-sent_at")


def own_posts(contest: Contest) -> list[int]:
    """Those of them that stand on places the plan made for the contest."""
    slots = Slot.objects.filter(brand=contest.brand_id, arc__startswith=f"contest:{contest.pk} ").values("pk")
    origins = Publication.objects.filter(brand=contest.brand_id, slot__in=slots).exclude(origin="")
    return list(sent(contest).filter(origin__in=origins.values("origin")).values_list("pk", flat=True))


def waiting(now: datetime) -> QuerySet[Contest]:
    """The contests that take comments: begun, their list not published, closed two days ago at most."""
    return Contest.objects.filter(state="open", opens__lte=now, closes__gt=now - AFTER).select_related(
        "brand"
    )


@wants_comments
def waited_for(now: datetime) -> set[int]:
    """The posts under which somebody may still enter."""
    return {pk for posts in waiting(now).values_list("posts", flat=True) for pk in posts}


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
