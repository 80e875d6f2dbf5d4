"""Every verb of contests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from secrets import token_hex, token_urlsafe
from typing import Any, Literal

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diskarte.core import clock
from diskarte.core.actions import read, write
from diskarte.core.given import Moment, Upload
from diskarte.core.outbox.models import Delivery
from diskarte.core.people.who import Who
from diskarte.core.secrets import Secrets
from diskarte.words import Problem

from . import drawing, rules, saying, taking
from .models import Contest, Entry

KEPT = gettext_noop("Nothing was changed.")
TEXTS = ("name", "prize", "who_may", "how", "permit", "contact", "beacon_name")
LONGEST = {"name": 120, "permit": 120, "contact": 200, "beacon_name": 200}
Beacon = Literal["drand", "lottery", "none"]


@dataclass(frozen=True)
class Listed:
    """A contest with how many tickets count and how many do not."""

    contest: Contest
    count: int
    out: int


@read(may="plan.see")
def contests(who: Who) -> list[Listed]:
    """Every contest of the brand, the latest first."""
    tally = Count("entries", Q(entries__out="")), Count("entries", ~Q(entries__out=""))
    rows = who.own(Contest).annotate(count=tally[0], gone=tally[1])
    return [Listed(row, row.count, row.gone) for row in rows]


@read(may="plan.see")
def contest(who: Who, contest: int) -> Listed:
    """One contest."""
    row: Contest = who.one(Contest, contest)
    return Listed(row, row.entries.filter(out="").count(), row.entries.exclude(out="").count())


@read(may="plan.edit")
def entries(who: Who, contest: int, out: bool = False, most: int = 200, find: str = "") -> list[Entry]:
    """People in a contest: winners first, then the newest; or those who do not count. `find` is part of a name."""
    counting = Q(out="")
    rows = who.one(Contest, contest).entries.filter(~counting if out else counting)
    if find.strip():
        rows = rows.filter(Q(name__icontains=find.strip()) | Q(ticket__startswith=find.strip().lower()))
    return list(rows.order_by("place", "-at", "-pk")[: max(1, min(most, 2000))])


@write(may="plan.edit", done=gettext_noop("{name} is prepared. Read its rules, then open it."))
def add_contest(
    who: Who, name: str, prize: str, how: str, opens: Moment, closes: Moment, winners: int = 1, standby: int = 2,
    who_may: str = "", worth: Decimal | None = None, purchase: bool = False, by_form: bool = True, permit: str = "",
    contact: str = "", beacon_kind: Beacon = "drand", beacon_name: str = "",
) -> Contest:  # fmt: skip
    """Prepare a contest: prize, dates, how people enter, how many win, which public number decides."""
    given = dict(locals())
    given.pop("who")
    row = Contest(brand=who.brand, key=token_urlsafe(9))
    row.sealed = Secrets(secret=token_hex(32), tickets=token_hex(32))
    _fill(row, given)
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("Saved."))
def edit_contest(
    who: Who, contest: int, name: str, prize: str, how: str, opens: Moment, closes: Moment, winners: int = 1,
    standby: int = 2, who_may: str = "", worth: Decimal | None = None, purchase: bool = False, by_form: bool = False,
    permit: str = "", contact: str = "", beacon_kind: Beacon = "drand", beacon_name: str = "", rules_text: str = "",
) -> Contest:  # fmt: skip
    """Change a contest that is not open yet; `rules_text` replaces the rules made from the answers."""
    given = dict(locals())
    row = _draft(given.pop("who"), given.pop("contest"))
    row.rules = given.pop("rules_text").replace("\r\n", "\n").strip()
    _fill(row, given)
    row.save()
    return row


def _fill(row: Contest, given: dict[str, Any]) -> None:
    for name in TEXTS:
        setattr(row, name, " ".join(str(given.pop(name)).split())[: LONGEST.get(name, 300)])
    for name in ("name", "prize", "how"):
        if not getattr(row, name):
            raise Problem(_("It is needed."), kept=_(KEPT), field=name)
    if not 1 <= given["winners"] <= rules.MOST_WINNERS or not 0 <= given["standby"] <= rules.MOST_WINNERS:
        said = _("From 1 to %(n)d winners, and as many who stand by.") % {"n": rules.MOST_WINNERS}
        raise Problem(said, kept=_(KEPT), field="winners")
    if given["worth"] is not None and given["worth"] < 0:
        raise Problem(_("A prize is worth nothing or more."), kept=_(KEPT), field="worth")
    why = rules.wrong_dates(rules.Dates(given["opens"], given["closes"], clock.now()))
    if why:
        raise Problem(_(why), kept=_(KEPT), field="closes")
    for name, value in given.items():
        setattr(row, name, value)


def _draft(who: Who, pk: int) -> Contest:
    row: Contest = who.one(Contest, pk)
    if row.state != "draft":
        do = _("Cancel it and prepare another one.")
        raise Problem(_("The rules of an open contest cannot be changed."), kept=_(KEPT), do=do)
    return row


@write(
    may="plan.edit",
    done=gettext_noop("{name} is open; its rules and the fingerprint of its secret are public."),
)
def open_contest(who: Who, contest: int) -> Contest:
    """Publish rules, closing time and the fingerprint of the secret; from now on none of them can change."""
    row = _draft(who, contest)
    why = rules.wrong_dates(taking.dates(row, clock.now()))
    if why:
        raise Problem(_(why), kept=_(KEPT), do=_("Change its dates first."))
    assert who.brand is not None
    return drawing.opened(row, row.rules or saying.rules_text(row, who.brand))


@write(may="plan.edit", done=gettext_noop("{name} is cancelled."))
def cancel_contest(who: Who, contest: int) -> Contest:
    """Call a contest off; who entered can still read its page."""
    row: Contest = who.one(Contest, contest)
    return drawing.moved(row, ("draft", "open", "closed"), state="cancelled")


@write(may="plan.edit", done=gettext_noop("Removed."))
def delete_contest(who: Who, contest: int) -> None:
    """Remove a contest nobody could enter yet."""
    _draft(who, contest).delete()


@write(may="plan.edit", done=gettext_noop("{said}"))
def add_entries(who: Who, contest: int, names: str) -> taking.Taken:
    """Add people by their handles or names, one a line: commenters as they were copied. Duplicates are merged."""
    row = _taking(who, contest)
    return taking.by_list(row, [(n, line) for n, line in enumerate(names.splitlines(), 1) if line.strip()], "comment",
                          clock.now())  # fmt: skip


@write(may="plan.edit", done=gettext_noop("{said}"))
def take_comments(who: Who, contest: int, posts: list[int] | None = None) -> taking.Taken:
    """Give a ticket to everybody who commented under these posts in time, by the inbox; later ones get theirs too."""
    row = _taking(who, contest)
    chosen = taking.own_posts(row) if posts is None and not row.posts else posts
    if chosen is not None:
        row.posts = [who.one(Delivery, pk).pk for pk in chosen]
        row.save()
    if not row.posts:
        raise Problem(
            _("Say under which posts a comment counts."), kept=_("No entry was added."), field="posts"
        )
    return taking.by_comments(row, clock.now())


@write(may="plan.edit", done=gettext_noop("{said}"))
def import_entries(who: Who, contest: int, file: Upload) -> taking.Taken:
    """Add people from a CSV or XLSX with a column of names; rows without a name are told one by one."""
    row = _taking(who, contest)
    return taking.by_list(row, taking.rows_of(file), "file", clock.now())


def _taking(who: Who, pk: int) -> Contest:
    """An open contest: what was commented in time may still be copied after closing, until the list is published."""
    row: Contest = who.one(Contest, pk)
    if row.state != "open":
        why = rules.cannot_enter(
            "closed" if row.state == "drawn" else row.state, taking.dates(row, clock.now())
        )
        raise Problem(_(why), kept=_("No entry was added."))
    if clock.now() < row.opens:
        raise Problem(_("This contest has not begun yet."), kept=_("No entry was added."))
    return row


@write(may="plan.edit", done=gettext_noop("{name} does not count."))
def disqualify(who: Who, entry: int, reason: str) -> Entry:
    """Take somebody out of a contest, with the reason; only before the list is published."""
    row: Entry = who.one(Entry, entry)
    if not reason.strip():
        raise Problem(_("Say why: whoever asks must get an answer."), kept=_(KEPT), field="reason")
    drawing.still_open(row.contest)
    row.out, row.out_by = reason.strip()[:300], who.person
    row.save()
    return row


@write(may="plan.edit", done=gettext_noop("{name} counts again."))
def readmit(who: Who, entry: int) -> Entry:
    """Let somebody back in who was taken out."""
    row: Entry = who.one(Entry, entry)
    drawing.still_open(row.contest)
    row.out, row.out_by = "", None
    row.save()
    return row


@write(
    may="plan.edit", done=gettext_noop("The list is published. Nobody can be added or taken out any more.")
)
def close_contest(who: Who, contest: int) -> Contest:
    """Publish the list of tickets after closing, and name the public number that will decide."""
    row: Contest = who.one(Contest, contest)
    now = clock.now()
    why = rules.cannot_list(row.state, taking.dates(row, now))
    if why:
        raise Problem(_(why), kept=_(KEPT))
    return drawing.listed(row, now)


@write(may="plan.edit", done=gettext_noop("The winners are drawn, and anyone can check it."))
def draw_contest(who: Who, contest: int, beacon: str = "", proof: str = "") -> Contest:
    """Draw the winners from the published list with the public number; happens once."""
    return drawing.drawn(who.one(Contest, contest), beacon, proof, clock.now())


@write(may="plan.edit", done=gettext_noop("Noted. The next one who stands by wins."))
def pass_over(who: Who, entry: int, reason: str) -> Entry:
    """A drawn winner gets no prize (no answer, not allowed): note why, so that the next one steps in."""
    row: Entry = who.one(Entry, entry)
    if row.place is None or not reason.strip():
        raise Problem(_("Say why one of the drawn gets no prize."), kept=_(KEPT), field="reason")
    row.passed = reason.strip()[:300]
    row.save()
    return row


@read(may="plan.see")
def contest_proof(who: Who, contest: int) -> dict[str, Any]:
    """Everything a stranger needs to check a draw, as the stand-alone verifier reads it."""
    return drawing.proof(who.one(Contest, contest))


def enter(row: Contest, name: str, contact: str, now: datetime) -> Entry:
    """One person through the public page; no sign-in."""
    return taking.by_form(row, name, contact, now)
